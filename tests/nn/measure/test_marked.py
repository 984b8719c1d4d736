"""How many of the answers are right that a task marks: every frame has it, as the model itself answers."""

import math

import pytest
import torch

from rnnviz.analysis import marked_score
from rnnviz.findings import findings
from rnnviz.live.verdicts import verdict
from rnnviz.nn.models.model import restored
from rnnviz.nn.train.training import run
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.tasks.autocomplete.task import MANUAL
from tests.support.tasks import task

MARKING = ("tagging", "autocomplete", "music")


@pytest.mark.parametrize("name", MARKING)
def test_a_frame_has_the_share_of_marked_answers_that_are_right(name: str) -> None:
    chosen, spec = task(name), ModelSpec("gru", 6)
    found = run(Experiment(chosen, (spec,), TrainingSpec(steps=3)))
    model, held_out = found.model_frame("gru"), chosen.held_out()
    with torch.no_grad():
        given = restored(spec, chosen, model.weights)(torch.tensor(held_out.inputs)).numpy()
    marked = chosen.marked(held_out)
    assert marked is not None and marked.any() and chosen.marks
    assert marked_score(model) == pytest.approx(100 * (given.argmax(-1) == held_out.targets)[marked].mean())
    right = (chosen.guess(held_out).argmax(-1) == held_out.targets)[marked]
    assert chosen.marked_guess[0] == (50.0 if name == "tagging" else pytest.approx(100 * right.mean()))
    said = next(one for one in findings(found) if one.kind == "marked")
    assert said.text.lower().startswith(f"{chosen.marked_name}: the gru ") and " right. Guessing: " in said.text


@pytest.mark.parametrize("chosen", [task("text"), task("autocomplete", corpus=MANUAL)])
def test_where_nothing_is_marked_nothing_is_measured(chosen: object) -> None:
    found = run(Experiment(chosen, (ModelSpec("gru", 4),), TrainingSpec(steps=1)))  # type: ignore[arg-type]
    assert math.isnan(marked_score(found.model_frame("gru"))) and not found.experiment.task.marks
    assert not any(one.kind == "marked" for one in findings(found))


def test_who_has_only_the_easy_answers_right_is_not_said_to_have_solved_the_task() -> None:
    found = run(Experiment(task("tagging"), (ModelSpec("gru", 4),), TrainingSpec(steps=1)))
    last, said = found.frames[-1], []
    for share in (50.0, 100.0, math.nan):
        better = last.models["gru"].replace(**{"score": 100.0, "marked/score": share})
        said.append(verdict(Run(found.experiment, [Frame(last.step, {"gru": better}, last.ended)]).at(), "gru"))
    assert said == ["Only easy ones", "Solved", "Solved"]
