"""A branch as a browser is told of it: what was changed, and its original as a ghost with its own numbers."""

import dataclasses
import functools
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz import live
from rnnviz.charts.theme import style_of
from rnnviz.live import moving
from rnnviz.live.branch import GHOST, told
from rnnviz.live.pages import PAGES
from rnnviz.live.view import View
from rnnviz.runs.run import Run
from rnnviz.specs.branch import Branch
from tests.live.reader import unpack
from tests.live.runs import experiment, run

STEP = 2
TRENDS = ("score", "loss", "norm", "clipped", "exposure", "entropy", "peak", "fit")
WITH_GHOST = (*TRENDS, "gradient", "both_gradients")


def slower(parent: rv.Experiment) -> rv.Experiment:
    return dataclasses.replace(parent, training=dataclasses.replace(parent.training, lr=parent.training.lr / 10))


@functools.cache
def branched(task: str) -> Run:
    original = run(task)
    return rv.run(slower(original.experiment), start=Branch(original.experiment, STEP))


def said(after: rv.Experiment, parent: rv.Experiment) -> str:
    return told(after, Branch(parent, STEP))["changed"]


def test_what_was_changed_is_said_with_both_values() -> None:
    parent = experiment("recall")
    training = parent.training
    assert told(parent, None) is None
    assert told(slower(parent), Branch(parent, STEP)) == {
        "step": STEP,
        "changed": "learning rate 0.003 → 0.0003",
        "original": "learning rate 0.003",
        "alike": True,
    }
    clipless = dataclasses.replace(parent, training=dataclasses.replace(training, clip=None))
    assert said(clipless, parent) == "gradient clipping 1 → none"
    longer = dataclasses.replace(parent, task=dataclasses.replace(parent.task, lag=9))  # type: ignore[type-var]
    assert said(longer, parent) == "lag 6 → 9" and not told(longer, Branch(parent, STEP))["alike"]
    assert said(parent, parent) == "nothing was changed"
    models = tuple(dataclasses.replace(m, forget_bias=3.0) if m.cell == "lstm" else m for m in parent.models)
    assert said(dataclasses.replace(parent, models=models), parent) == "forget bias of the LSTM none → 3"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("task", ["recall", "reverse", "waves"])
def test_every_chart_over_training_has_a_place_for_the_other_run_below_its_lines(task: str, page: str) -> None:
    original, branch = run(task), branched(task)
    plain = live.scene(original.experiment, page)
    scene = live.scene(branch.experiment, page, branch.start)
    assert plain["branch"] is None and scene["branch"]["step"] == STEP
    assert live.scene(branch.experiment, page) is not scene and live.scene(branch.experiment, page)["branch"] is None
    for name, chart in scene["charts"].items():
        grey = plain["charts"][name]
        for one in (chart, grey):
            names = [layer["data"]["name"] for layer in one["spec"]["layer"]]
            assert (GHOST in one["spec"]["datasets"]) == (name in WITH_GHOST) == (GHOST in names)
        if name in WITH_GHOST:
            assert names.index(GHOST) < names.index("lines")
            ghost, last, own = (of(one, table) for one, table in ((chart, GHOST), (grey, GHOST), (chart, "lines")))
            assert ghost["encoding"]["color"] == own["encoding"]["color"] and ghost["mark"]["opacity"] < 1
            assert ghost["mark"]["strokeWidth"] == last["mark"]["strokeWidth"] < own["mark"]["strokeWidth"]
            assert "color" not in last["encoding"] and last["mark"]["color"] == "#888888"
            assert {"field": "series", "type": "nominal"} in last["encoding"]["detail"], "a line for each model"
    assert live.pack(scene)


def of(chart: dict[str, Any], table: str) -> dict[str, Any]:
    """The one layer of a chart that draws lines of a table."""
    return next(one for one in chart["spec"]["layer"] if one["data"]["name"] == table and one["mark"]["type"] == "line")


def test_the_originals_of_two_models_of_one_colour_have_other_dots() -> None:
    two = experiment("recall", (rv.ModelSpec("lstm", 3), rv.ModelSpec("lstm", 4)))
    chart = live.scene(slower(two), "compare", Branch(two, STEP))["charts"]["loss"]
    (ghost,) = [layer for layer in chart["spec"]["layer"] if layer["data"]["name"] == GHOST]
    dots = [one["value"] for one in ghost["encoding"]["strokeDash"]["condition"]]
    assert len(dots) == 2 and dots[0] != dots[1]


@pytest.mark.parametrize("page", ["compare", "gradients", "attention"])
def test_the_ghost_holds_the_numbers_of_the_original_at_all_its_moments(page: str) -> None:
    original, view = run("reverse"), View(page)
    ghost = unpack(live.pack(live.ghost(original, view, branched("reverse"))))
    tail = unpack(live.pack(live.tail(original, view, -1, len(original.frames) - 1)))
    assert list(ghost["steps"]) == list(original.steps)
    assert ghost["numbers"].keys() == tail["numbers"].keys()
    for name, values in tail["numbers"].items():
        np.testing.assert_array_equal(ghost["numbers"][name], values)
    scores = original.losses().set_index(["step", "model"])["score"]
    for label in original.experiment.labels:
        assert ghost["scored"][label][-1].removesuffix(" %") in f"{scores[original.steps[-1], label]:.1f}"


def test_at_the_step_of_the_branch_both_are_the_same_and_later_they_are_not() -> None:
    original, branch = run("recall"), branched("recall")
    view = View("compare")
    ghost = live.ghost(original, view, branch)
    own = live.tail(branch, view, -1, len(branch.frames) - 1)
    at, models = list(ghost["steps"]).index(STEP), len(branch.experiment.labels)
    score = ghost["numbers"]["score"].reshape(-1, models)
    np.testing.assert_array_equal(score[at], own["numbers"]["score"].reshape(-1, models)[0])
    loss = [one["numbers"]["loss"].reshape(-1, models)[-1] for one in (ghost, own)]
    assert (loss[0] != loss[1]).all()
    moment = live.moment(branch, view, len(branch.frames) - 1)
    assert live.pack(moment) != live.pack(live.moment(original, view, len(original.frames) - 1))


@pytest.mark.parametrize(
    ("task", "page", "chart"), [("recall", "compare", "gradient"), ("reverse", "gradients", "both_gradients")]
)
def test_the_gradient_at_each_time_step_of_the_original_is_that_of_its_own_chart(
    task: str, page: str, chart: str
) -> None:
    original, branch, view = run(task), branched(task), View(page)
    ghost = unpack(live.pack(live.ghost(original, view, branch)))
    began = ghost["began"]
    assert original.steps[began] == STEP and began
    for place, step in enumerate(original.steps[began:]):
        table = moving.CHARTS[chart](original.at(step), view).tables["lines"]
        for label in original.experiment.labels:
            own = [v for v, name in zip(table["value"], table["series"], strict=True) if name == style_of(label).name]
            row = ghost["gradients"][label].reshape(-1, original.experiment.task.steps)[place]
            np.testing.assert_array_equal(row, np.array(own, np.float32))


def test_of_an_encoder_decoder_of_another_length_no_gradient_is_drawn_beside() -> None:
    original = run("reverse")
    task = dataclasses.replace(original.experiment.task, length=original.experiment.task.length + 1)  # type: ignore
    longer = Run(dataclasses.replace(original.experiment, task=task), start=Branch(original.experiment, STEP))
    assert live.ghost(original, View("gradients"), longer)["gradients"] == {}
    assert "gradients" not in live.ghost(original, View("attention"), longer)
