"""Small films: shapes on their ways, what a camera sees, how a film is read and typed."""

import math

import numpy as np
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.motion import films, paths, told
from rnnviz.tasks.motion.films import Poses
from rnnviz.tasks.motion.paths import KINDS


def shape(name: str, at: tuple[float, float], angle: float = 0.0) -> Poses:
    return Poses(np.array([films.SHAPES.index(name)]), np.array([[at]], float), np.full((1, 1), angle), np.array([3.0]))


@pytest.mark.parametrize("name", films.SHAPES)
def test_a_shape_is_white_in_its_middle_black_outside_and_moves_by_whole_pixels_as_it_is(name: str) -> None:
    here = films.drawn(shape(name, (8.0, 8.0)))[0, 0]
    assert here[7:9, 7:9].min() == 1.0 and here[0].max() == here[-1].max() == 0.0
    there = films.drawn(shape(name, (10.0, 7.0)))[0, 0]
    np.testing.assert_allclose(there, np.roll(here, (-1, 2), (0, 1)), atol=1e-5)


@pytest.mark.parametrize("name", films.SHAPES)
def test_what_leaves_on_one_side_comes_in_on_the_other(name: str) -> None:
    middle = films.drawn(shape(name, (8.0, 8.0), 0.3), around=True)[0, 0]
    corner = films.drawn(shape(name, (0.0, 16.0), 0.3), around=True)[0, 0]
    np.testing.assert_allclose(corner, np.roll(middle, (8, -8), (0, 1)), atol=1e-5)


def test_a_disc_is_as_large_as_its_radius_says() -> None:
    assert films.drawn(shape("disc", (8.3, 7.6)))[0, 0].sum() == pytest.approx(math.pi * 9.0, rel=0.02)


def test_numbers_stand_place_after_place_and_become_the_same_frames_again() -> None:
    frames = np.arange(2 * 256, dtype=np.float32).reshape(2, 16, 16)
    numbers = films.as_read(frames)
    np.testing.assert_array_equal(numbers[0, :4], [0, 1, 16, 17])
    np.testing.assert_array_equal(numbers[0, 8 * 4 : 8 * 4 + 4], [32, 33, 48, 49])
    np.testing.assert_array_equal(films.as_frames(numbers), frames)


@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("rightwards", (3.0, 0.0)),
        ("leftwards", (-3.0, 0.0)),
        ("upwards", (0.0, -3.0)),
        ("downwards", (0.0, 3.0)),
        ("still", (0.0, 0.0)),
    ],
)
def test_ways_that_are_straight(kind: str, after: tuple[float, float]) -> None:
    np.testing.assert_allclose(way(kind)[3] - way(kind)[0], after, atol=1e-9)


@pytest.mark.parametrize(("kind", "after"), [("clockwise", (1.0, 1.0)), ("anticlockwise", (-1.0, 1.0))])
def test_from_the_top_a_circle_leads_to_the_right_or_to_the_left_and_back_after_a_period(
    kind: str, after: tuple[float, float]
) -> None:
    found = way(kind)
    assert tuple(np.sign(found[3] - found[0])) == after
    np.testing.assert_allclose(found[12], found[0], atol=1e-9)
    np.testing.assert_allclose(np.hypot(*np.diff(found, axis=0).T), 12 / np.pi * np.sin(np.pi / 12))


def way(kind: str) -> np.ndarray:
    start, one = np.full((1, 2), 8.0), np.ones(1)
    return paths.moving(np.array([KINDS.index(kind)]), start, one, 12 * one, -math.pi / 2 * one, 13)[:, 0]


def test_walls_turn_a_way_back() -> None:
    found = paths.kept_inside(np.array([2.5, 13.0, 13.5, 14.5, 24.5, 25.5, 1.5]))
    np.testing.assert_allclose(found, [2.5, 13.0, 13.5, 12.5, 2.5, 3.5, 3.5])


def test_the_noise_that_is_left_is_what_one_errs_by_who_knows_the_rest() -> None:
    rng, clean = np.random.default_rng(0), np.linspace(0.0, 1.0, 7)
    for noise in (0.03, 0.3):
        seen = films.seen(rng, np.broadcast_to(clean, (40_000, 7)).astype(np.float32), noise).astype(np.float64)
        assert films.noise_left(clean, noise) == pytest.approx(seen.var(0).mean(), rel=0.03)
    assert films.noise_left(clean, 0.0) == 0.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("square", "a shape .disc, .* and how it moves .rightwards, .*; got 'square'"),
        ("dog left", "got 'dog left'"),
        ("square sideways", "got 'square sideways'"),
        ("square left fast", "a speed from 0 to 4 pixels from frame to frame; got 'fast'"),
        ("square left 1 2", "got 'square left 1 2'"),
        ("square left 9", "got '9'"),
        ("square left nan", "got 'nan'"),
        ("0f0f", "256 digits for each frame; got 4 digits, 4 after the last frame"),
        ("0" * 300, "got 300 digits, 44 after the last frame"),
        ("", "got none"),
        ("0" * 256_000, "1 to 400 frames; got 1,000 frames"),
        (f"{'0' * 256} " * 400 + "zzz", "256 digits from 0 to f for each frame; got 'zzz'"),
        ("square left " * 1_000, "1 to 400 words or frames; got 2,000 words or frames"),
        ("GIF89a;", "got 'gif89a;'"),
    ],
)
def test_what_is_no_film_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ExperimentError, match=f"^input must be .*{said}") as refused:
        told.read(text)
    assert refused.value.field == "input" and "\n" not in str(refused.value)


def test_a_film_that_is_told_and_one_that_is_written() -> None:
    assert told.read(" Square,  LEFT 1.5 ") == told.Told(films.SHAPES.index("square"), KINDS.index("leftwards"), 1.5)
    assert told.read("square leftwards 1.5") == told.read("square left 1.5")
    frames = np.random.default_rng(0).integers(0, 16, (3, 16, 16)).astype(np.float32) / np.float32(15)
    np.testing.assert_array_equal(told.read(told.written(frames)), frames)
