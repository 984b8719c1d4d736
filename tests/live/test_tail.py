"""What is added to everything over the training: all tails together are the whole."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import analysis
from rnnviz.live import View, pack, tail
from rnnviz.live.pages import PAGES
from rnnviz.live.trends import NUMBERS
from rnnviz.runs.frames import Frame
from rnnviz.runs.run import Run
from tests.live.reader import unpack
from tests.live.runs import run

LAST = len(run("adding").frames) - 1


def without(whole: Run, label: str, place: int) -> Run:
    """A run in which a model has ended before the moment at `place`."""
    frames = [
        frame
        if number < place
        else Frame(frame.step, {name: one for name, one in frame.models.items() if name != label}, {label: "It ended."})
        for number, frame in enumerate(whole.frames)
    ]
    return Run(whole.experiment, frames)


@given(st.sets(st.integers(0, LAST)), st.sampled_from(sorted(PAGES)), st.sampled_from(["adding", "reverse"]))
def test_all_tails_one_after_another_are_the_whole(cuts: set[int], page: str, task: str) -> None:
    whole, places = run(task), sorted(cuts | {LAST})
    parts = [tail(whole, View(page), after, to) for after, to in zip([-1, *places], places, strict=False)]
    once = tail(whole, View(page), -1, LAST)
    assert np.concatenate([part["steps"] for part in parts]).tolist() == list(whole.steps) == once["steps"].tolist()
    for kind in ("numbers", "gradients"):
        for name, values in once.get(kind, {}).items():
            joined = np.concatenate([part[kind][name].reshape(-1) for part in parts])
            np.testing.assert_array_equal(joined, values.reshape(-1))
            assert joined.dtype == values.dtype


def test_numbers_are_those_of_the_frames() -> None:
    whole = run("adding")
    clip = whole.experiment.training.clip
    told = tail(whole, View("compare"), -1, LAST)["numbers"]
    rows = {name: told[name].reshape(LAST + 1, -1) for name in NUMBERS}
    for place, frame in enumerate(whole.frames):
        for column, label in enumerate(whole.experiment.labels):
            model = frame.models[label]
            clipped = 100 * (model.grad_norms > clip).mean()
            wanted = (model.losses.mean(), model.score, model.grad_norms.max(), clipped, model["held_out_loss"])
            assert [rows[name][place, column] for name in NUMBERS] == [np.float32(one) for one in wanted]


def test_without_clipping_nothing_is_clipped() -> None:
    whole = run("adding")
    training = dataclasses.replace(whole.experiment.training, clip=None)
    bare = Run(dataclasses.replace(whole.experiment, training=training), list(whole.frames))
    assert not tail(bare, View("gradients"), -1, LAST)["numbers"]["clipped"].any()


def test_a_model_that_has_ended_has_no_numbers_from_then_on() -> None:
    whole = without(run("adding"), "gru", 2)
    told = tail(whole, View("compare"), -1, LAST)
    column = whole.experiment.labels.index("gru")
    for values in told["numbers"].values():
        ended = np.isnan(values.reshape(LAST + 1, -1))
        assert ended[2:, column].all() and not ended[:2].any() and not np.delete(ended, column, axis=1).any()
    history = told["gradients"]["gru"].reshape(LAST + 1, -1)
    assert np.isnan(history[2:]).all() and not np.isnan(history[:2]).any()


def test_the_history_is_the_logarithm_of_every_measured_norm() -> None:
    whole = run("adding")
    told = tail(whole, View("gradients", layer=0, direction="backward"), -1, LAST)["gradients"]
    assert list(told) == ["lstm"], "the others have no such direction"
    for values, frame in zip(told["lstm"].reshape(LAST + 1, -1), whole.frames, strict=True):
        norms = frame.models["lstm"].hidden_grad_norm[0, 1]
        np.testing.assert_array_equal(values, np.log10(norms).astype(np.float16))


def test_a_gradient_of_nothing_is_minus_infinity_and_none_is_no_number() -> None:
    whole = run("adding")
    gru = whole.frames[0].models["gru"]
    norms = gru.hidden_grad_norm.copy()
    norms[..., :3] = 0
    first = Frame(0, whole.frames[0].models | {"gru": gru.replace(hidden_grad_norm=norms)}, {})
    values = tail(Run(whole.experiment, [first]), View("compare"), -1, 0)["gradients"]["gru"]
    assert (values[:3] == -math.inf).all() and np.isfinite(values[3:]).all()


def test_the_history_of_halves_is_blank_where_no_sequence_is_that_long() -> None:
    whole = run("dates")
    experiment = whole.experiment
    values = tail(whole, View("compare"), LAST - 1, LAST)["gradients"]["gru"]
    norms = whole.frames[LAST].models["gru"].hidden_grad_norm[0, 0]
    wanted = analysis.within(norms, analysis.read_steps(experiment))
    np.testing.assert_array_equal(values, np.log10(wanted.astype(np.float32)).astype(np.float16))
    assert len(values) == experiment.task.steps


@pytest.mark.parametrize("task", ["adding", "reverse"])
@pytest.mark.parametrize("page", PAGES)
def test_only_pages_that_show_the_history_are_sent_it(task: str, page: str) -> None:
    assert ("gradients" in tail(run(task), View(page), -1, LAST)) == PAGES[page].history


def test_no_moments_are_an_empty_tail_that_can_be_sent() -> None:
    told = unpack(pack(tail(Run(run("adding").experiment), View("compare"), -1, -1)))
    assert told["steps"].size == 0 and all(values.size == 0 for values in told["numbers"].values())
