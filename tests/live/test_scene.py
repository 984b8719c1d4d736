"""What is told once about a page: plain data for every experiment, and no number of a run."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

import rnnviz as rv
from rnnviz.live import scene
from rnnviz.live.pages import PAGES
from rnnviz.tasks import TASKS
from rnnviz.tasks.translating import Translating
from tests.live.runs import SIX, experiment
from tests.support.strategies import experiments

FILLED_BY_RUNS = ("lines", "gaps", "floor", "now")  # tables of the charts
SHADES = ("color", "stroke", "fill", "strokeDash", "opacity", "shape", "size")


def plain(told: dict[str, Any]) -> dict[str, Any]:
    """Fails unless it is what JSON can say: texts, numbers that are finite, lists, and dicts by text."""
    json.dumps(told, allow_nan=False)
    assert all(isinstance(name, str) for part in parts(told) for name in part)
    return told


def parts(spec: object) -> Iterator[dict[str, Any]]:
    """Everything in it that is an object."""
    if isinstance(spec, dict):
        yield spec
    for one in spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list | tuple) else ():
        yield from parts(one)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("task", TASKS)
def test_every_page_of_every_task_is_plain_data_without_numbers_of_a_run(task: str, page: str) -> None:
    told = plain(scene(experiment(task), page))
    assert told["page"] == page and told["steps"] == 4
    for name, chart in told["charts"].items():
        tables = chart["spec"]["datasets"]
        assert not any(tables.get(table) for table in FILLED_BY_RUNS), name
        assert chart["alt"] and chart["title"]


@pytest.mark.slow
@settings(max_examples=12)
@given(experiments())
def test_whatever_the_experiment_its_scenes_are_plain_data(chosen: rv.Experiment) -> None:
    for page in PAGES:
        plain(scene(chosen, page))


@pytest.mark.parametrize("task", ["adding", "dates"])
def test_specs_bring_no_legend_and_no_title_of_the_vertical_axis(task: str) -> None:
    for page in PAGES:
        for chart in scene(experiment(task), page)["charts"].values():
            for part in parts(chart["spec"]):
                assert part.get("legend") is None
                assert not any(
                    "field" in part[name] and "legend" not in part[name] and part[name].get("scale") is not None
                    for name in SHADES
                    if isinstance(part.get(name), dict)
                ), "a scale without a word on legends has one"
                if isinstance(part.get("y"), dict) and isinstance(part["y"].get("axis"), dict):
                    assert part["y"]["axis"]["title"] is None


def test_what_every_model_looks_like_and_has_inside() -> None:
    told = scene(experiment("adding"), "states")
    assert [(one["label"], one["units"], one["layers"], one["directions"]) for one in told["models"]] == [
        ("lstm", 4, 2, 2), ("gru", 5, 1, 1), ("rnn", 3, 2, 1),
    ]  # fmt: skip
    assert len({one["colour"] for one in told["models"]}) == 3
    bands = {one["label"]: [band["name"] for band in one["bands"]] for one in told["pictures"]}
    assert bands == {"lstm": ["hidden", "cell"], "gru": ["hidden"], "rnn": ["hidden"]}
    for picture in told["pictures"]:
        for band in picture["bands"]:
            assert band["low"] < band["high"] and band["lowName"] and band["highName"] and band["title"]


def test_six_models_of_three_cells_can_be_told_apart() -> None:
    told = scene(experiment("adding", SIX), "compare")
    assert len({one["label"] for one in told["models"]}) == len({one["name"] for one in told["models"]}) == 6
    assert len({(one["colour"], tuple(one["dash"])) for one in told["models"]}) == 6
    assert len({picture["key"] for picture in told["pictures"]}) == 6


def test_a_model_without_gates_has_no_picture_of_them() -> None:
    labels = [one["label"] for one in scene(experiment("waves"), "gates")["pictures"]]
    assert labels == ["lstm", "gru"]


def test_sequences_are_as_long_as_their_pictures_and_say_what_is_asked() -> None:
    for task in ("adding", "recall", "brackets", "waves", "text"):
        chosen = experiment(task)
        told = scene(chosen, "states")
        for one in told["sequences"]:
            assert len(one["tokens"]) == told["times"] == chosen.task.steps
            assert len(one["asked"]) == (1 if told["answers"] == "last" else chosen.task.steps)
            assert one["read"] == 0
            assert ("values" in one) == (task == "waves")


@pytest.mark.parametrize("task", ["sentiment", "tagging"])
def test_sentences_are_each_as_long_as_they_are(task: str) -> None:
    chosen = experiment(task)
    told = scene(chosen, "states")
    for one, length in zip(told["sequences"], chosen.task.probes().batch.lengths, strict=True):
        assert len(one["tokens"]) == length and all(one["tokens"])
        assert len(one["asked"]) == (1 if told["answers"] == "last" else length)
    assert len({len(one["tokens"]) for one in told["sequences"]}) > 1


@pytest.mark.parametrize("task", [name for name, kind in TASKS.items() if issubclass(kind, Translating)])
def test_sequences_of_halves_are_each_as_long_as_they_are(task: str) -> None:
    chosen = experiment(task)
    told = scene(chosen, "states")
    assert isinstance(chosen.task, Translating)
    probes = chosen.task.probes()
    for probe, one in enumerate(told["sequences"]):
        real = [str(token) for token in probes.tokens[:, probe] if str(token)]
        assert [token for token in one["tokens"] if token] == real
        assert 0 < one["read"] < len(one["tokens"])
        assert len(one["asked"]) == 1
    if task not in ("reverse", "sort"):
        assert len({len(one["tokens"]) for one in told["sequences"]}) > 1


def test_attention_is_of_decoders_alone() -> None:
    told = scene(experiment("adding"), "attention")
    assert not told["pictures"] and not told["charts"] and not told["pairs"]
    without = scene(experiment("sort", (rv.ModelSpec("gru", 4),)), "attention")
    assert "entropy" not in without["charts"] and "entropy" in scene(experiment("sort"), "attention")["charts"]


def test_an_axis_that_is_better_downwards_says_so() -> None:
    assert scene(experiment("adding"), "compare")["better"] == "down"
    assert scene(experiment("recall"), "compare")["better"] == "up"


def test_of_each_gate_it_is_said_whether_its_1_keeps_the_state() -> None:
    """By that a browser puts units in order and draws the lines of those that keep most; it knows no gate by name."""
    pictures = scene(experiment("adding", SIX), "gates")["pictures"]
    bands = {band["name"]: band["keeps"] for picture in pictures for band in picture["bands"]}
    assert {name for name, keeps in bands.items() if keeps} == {"forget_gate", "update_gate"}


def test_dashes_are_said_to_be_of_a_cell_state_only_where_there_is_one() -> None:
    both = [experiment("recall", (rv.ModelSpec(cell, 3), rv.ModelSpec(cell, 4))) for cell in ("lstm", "gru")]
    titles = [scene(one, "gradients")["charts"]["both_gradients"]["title"] for one in both]
    assert ["∂L/∂c" in title for title in titles] == [True, False]


@pytest.mark.parametrize("task", TASKS)
def test_a_gradient_is_drawn_first_where_it_comes_from_the_last_step_alone(task: str) -> None:
    of = rv.Experiment(rv.task(task))
    told, asked = scene(of, "compare"), of.task.answers.at_end and of.task.equally_long
    layers = [layer["data"]["name"] for layer in told["charts"]["gradient"]["spec"]["layer"]]
    assert layers.count("guess") == (1 if asked else 0)
    assert (told["back"] is not None) == asked and scene(of, "gradients")["back"] is None
    if asked:
        assert told["back"]["label"] == of.labels[0]


@pytest.mark.parametrize(("task", "said"), [("recall", "the task is solved"), ("text", "clearly better than guessing")])
def test_what_is_guessed_can_come_true(task: str, said: str) -> None:
    assert said in scene(experiment(task), "compare")["learned"]
    assert not scene(experiment(task), "states")["learned"]
