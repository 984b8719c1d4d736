"""Pairs of one's own in a link, in JSON and from the command line."""

import json
from pathlib import Path

import pytest

from rnnviz.cli import main
from rnnviz.core.errors import TextNeeded
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.query import to_params
from rnnviz.tasks.pairs import Pairs
from tests.support.tasks import task

SHORT = task("pairs", text="a;b\nשלום;e\u0301", unit="words")
LONG = task("pairs", text="".join(f"row {number};zeile {number}\n" for number in range(100)))
QUICK = ["--steps", "2", "--batch", "2", "--models", "gru:hidden=3"]


def test_a_short_table_travels_in_the_link_and_a_long_one_by_its_hash() -> None:
    experiment = Experiment(SHORT)
    assert to_params(experiment) == {"task": "pairs", "unit": "words", "text": "a,b\nשלום,é\n"}
    assert Experiment.from_query(experiment.to_query()) == experiment
    experiment = Experiment(LONG)
    assert to_params(experiment) == {"task": "pairs", "text_hash": LONG.digest}
    assert Experiment.from_query(experiment.to_query(), {LONG.digest: LONG.text}) == experiment
    with pytest.raises(TextNeeded):
        Experiment.from_query(experiment.to_query())
    assert to_params(Experiment(task("pairs"))) == {"task": "pairs"}


@pytest.mark.parametrize("chosen", [SHORT, LONG])
def test_json_holds_the_whole_table(chosen: Pairs) -> None:
    experiment = Experiment(chosen)
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert json.loads(experiment.to_json())["task"]["text"] == chosen.text


def test_a_table_from_a_file(tmp_path: Path) -> None:
    table, run = tmp_path / "pairs.csv", tmp_path / "a.run"
    table.write_bytes("\ufeffinput;output\r\nrot;red\r\nblau;blue\r\n".encode())
    assert main(["train", "--pairs-file", str(table), "--unit", "words", *QUICK, "-o", str(run)]) == 0
    assert Run.load(run).experiment.task == task("pairs", text="rot,red\nblau,blue\n", unit="words")


def test_flags_change_an_experiment_with_a_long_table(tmp_path: Path) -> None:
    given = Experiment(LONG, (ModelSpec("gru", 3),), TrainingSpec(2, 2))
    (tmp_path / "exp.json").write_text(given.to_json())
    run = tmp_path / "a.run"
    assert main(["train", "--experiment", str(tmp_path / "exp.json"), "--seed", "7", "-o", str(run)]) == 0
    assert Run.load(run).experiment.task == LONG


@pytest.mark.parametrize(("text", "said"), [("", "got no row"), ("a\n", "got one column."), ("a,b", "")])
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text(text)
    more = [] if said else ["--text-file", str(table)]
    assert main(["train", "--pairs-file", str(table), *QUICK, *more]) == 2
    assert (said or "--text-file: not allowed with argument --pairs-file") in capsys.readouterr().err
