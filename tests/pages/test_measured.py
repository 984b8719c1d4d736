"""Numbers in prose come from measured files, and those belong to today's defaults."""

import json
import re

import pytest

from pages._ui.run import measured
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks import task

NAMES = sorted(path.stem for path in (measured.FOLDER / "texts").glob("*.md"))
FOUND = {
    "experiment": {"task": {"name": "recall", "lag": 20}},
    "seeds": 3,
    "target": 95.0,
    "guessing": 12.5,
    "best": 100.0,
    "unit": "%",
    "length_trained": 9,
    "models": {
        "gru": {"score": [99.5, 100.0, 99.9], "reached": [154, 292, 200], "marked": [80.0, 91.0, 85.0]},
        "gru-without": {
            "score": [40.0, 50.0, 45.0],
            "reached": [None, None, 310],
            "by_length": [
                {"from": 2, "to": 5, "score": [90.0, 80.0, 85.0]},
                {"from": 6, "to": 9, "score": [10.0, 0.0, 5.0]},
                {"from": 10, "to": 14, "score": [0.0, 0.0, 2.0]},
            ],
        },
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_a_paragraph_was_measured_under_todays_defaults(name: str) -> None:
    found = json.loads((measured.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert found["experiment"] == Experiment(task(name)).to_dict(), (
        f"the defaults of {name} have changed: run python -m tests.benchmarks.measured {name}"
    )
    said = measured.paragraph(name)
    assert said and "{" not in said and f"{measured.word(found['seeds'])} seeds" in said


@pytest.mark.parametrize("name", NAMES)
def test_no_figure_is_typed_by_hand(name: str) -> None:
    text = re.sub(r"\{[^}]*\}", "", (measured.FOLDER / "texts" / f"{name}.md").read_text(encoding="utf-8"))
    settings = ("0.95", "forget bias 3", "0.73", "forget bias 1")  # what was set, not what came of it
    for setting in settings:
        text = text.replace(setting, "")
    assert not re.search(r"\d", text), text


def test_runs_are_told_from_the_worst_to_the_best() -> None:
    assert measured.filled("{gru.marked}", FOUND) == "80 to 91 %"
    text = "{gru.score}; {gru.learned}; {gru_without.learned}; {gru_without.length[2-9]}; {gru_without.longer}; {seeds}"
    assert measured.filled(text, FOUND) == (
        "99.5 to 100 %; in every run, after 154 to 292 training steps; in one of three runs, after 310 training steps; "
        "40 to 50 %; 0 to 2.0 %; three seeds"
    )


def test_what_was_not_measured_is_not_claimed() -> None:
    assert measured.paragraph("no such task") == ""
