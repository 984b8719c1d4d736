"""How a shape moves, and what the next frame is: what a single frame tells, and what it does not."""

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.specs import architectures
from rnnviz.specs.defaults import default_models
from rnnviz.tasks import task
from rnnviz.tasks.motion import Frames, Motion, films
from rnnviz.tasks.motion.frames import STRIP
from rnnviz.tasks.motion.paths import KINDS


def frames(**params: object) -> Frames:
    found = task("frames", **params)
    assert isinstance(found, Frames)
    return found


def test_a_single_frame_tells_nothing_of_the_kind() -> None:
    """Of no kind a pixel is brighter, at any frame, than chance makes it."""
    batch = task("motion", noise=0.0).sample(np.random.default_rng(0), 4_000)
    for time in (0, -1):
        means = np.stack([batch.inputs[time, batch.targets == kind].mean(0) for kind in range(len(KINDS))])
        error = batch.inputs[time].std(0) / np.sqrt(len(batch.targets) / len(KINDS))
        assert (np.abs(means - batch.inputs[time].mean(0)) < 5 * error).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_that_is_told_is_of_its_kind(kind: str) -> None:
    found, tokens = task("motion").encode(f"disc {kind}")
    seen = films.as_frames(found)[:, 0]
    assert tokens == tuple(str(time) for time in range(1, 15))
    y, x = (np.exp(1j * 2 * np.pi * (np.arange(16) + 0.5) / 16) @ seen.sum(axis).T for axis in (2, 1))
    moved = np.angle(np.stack([x[1:] / x[:-1], y[1:] / y[:-1]])) * 8 / np.pi
    way = moved.sum(1)
    assert {
        "rightwards": way[0] > 9,
        "leftwards": way[0] < -9,
        "upwards": way[1] < -9,
        "downwards": way[1] > 9,
    }.get(kind, True)
    if kind == "still":
        np.testing.assert_array_equal(seen, seen[[0]].repeat(14, 0))
    turns = np.diff(np.unwrap(np.arctan2(moved[1], moved[0])))
    if "clockwise" in kind:
        assert (turns > 0.1).all() if kind == "clockwise" else (turns < -0.1).all()


@pytest.mark.parametrize("name", ["motion", "frames"])
def test_by_default_a_flattened_lstm_has_about_as_many_parameters_as_the_one_whose_places_share_theirs(
    name: str,
) -> None:
    chosen = task(name)
    shapes = [architectures.of(chosen).weight_shapes(model, chosen) for model in default_models(chosen)]
    shared, equal, wide = (sum(int(np.prod(shape)) for shape in one.values()) for one in shapes)
    assert 0.8 < equal / shared < 1.3 and wide > 10 * shared


def test_the_next_frame_is_what_comes_next_and_the_strip_hides_what_is_behind_it() -> None:
    chosen = frames(noise=0.0)
    batch = chosen.sample(np.random.default_rng(0), 20)
    np.testing.assert_array_equal(batch.inputs[1:], batch.targets[:-1])
    seen = films.as_frames(batch.inputs)
    grey = (np.abs(seen - films.GREY) < 0.04).all((0, 2))
    assert (grey.sum(1) >= STRIP).all()
    assert not np.array_equal(frames(noise=0.0, strip=False).sample(np.random.default_rng(0), 20).inputs, batch.inputs)


def test_nobody_foresees_the_noise_and_without_it_all_can_be_known() -> None:
    assert frames(noise=0.0).best == 0.0
    assert 0.0 < frames(noise=0.02).best < frames().best < frames(noise=0.1).best
    assert frames().best < 0.3 * frames().baseline


def test_the_films_that_are_looked_at_show_what_they_are_called() -> None:
    chosen = frames(noise=0.0)
    assert chosen.probes().names == ("behind the strip", "off floor and ceiling", "fast")
    seen = films.as_frames(chosen.probes().batch.inputs)[:, 0]
    strip = np.flatnonzero((np.abs(seen - films.GREY) < 0.04).all((0, 1)))
    left, right = seen[:, :, : strip[0]].sum((1, 2)), seen[:, :, strip[-1] + 1 :].sum((1, 2))
    assert left[0] > left[-1] + 3 and right[-1] > right[0] + 3
    assert frames(strip=False).probes().names[0] == "from left to right"


@pytest.mark.slow
def test_shared_weights_beat_as_many_that_are_not() -> None:
    chosen = rv.Experiment(frames(), default_models(frames())[:2], rv.TrainingSpec(steps=100, lr=1e-2))
    done = rv.run(chosen)
    shared, flat = (done.frames[-1].models[label].score for label in chosen.labels)
    assert shared < chosen.task.baseline < flat


def test_motion_is_a_task_that_reads_places() -> None:
    chosen = task("motion")
    assert isinstance(chosen, Motion) and chosen.reads.count == 64 and chosen.reads.each == 4
