"""Throws at a basket: the flight, what touches what, and what can be known of it."""

import numpy as np
import pytest

from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.throws import Throws, flight

USUAL = flight.prior(flight.USUAL)[:, :1]


def throws(**params: float) -> Throws:
    found = task("throws", **params)
    assert isinstance(found, Throws)
    return found


def test_the_usual_throw_goes_straight_through_the_ring() -> None:
    found = flight.thrown(flight.USUAL, USUAL, 40)
    assert found.goes_in.tolist() == [True] and found.touches.tolist() == [0]
    np.testing.assert_allclose(found.places[0, 0], [0.0, flight.RELEASE, 0.0])


@pytest.mark.parametrize(
    ("off", "touched", "goes_in"),
    [
        ((0.0, 0.18, 0.0, 0.0), "ring", None),
        ((0.0, 1.0, 0.0, 0.0), "board", None),
        ((0.0, -1.5, 0.0, 0.0), "nothing", False),
    ],
)
def test_a_faster_throw_hits_the_ring_then_the_board_and_a_slow_one_nothing(
    off: tuple[float, ...], touched: str, goes_in: bool | None
) -> None:
    found = flight.thrown(flight.USUAL, USUAL + np.array(off)[:, None], 60)
    assert flight.KINDS[found.touches[0]] == touched
    assert goes_in is None or found.goes_in[0] == goes_in


def test_without_air_it_is_a_parabola(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight, "DRAG", 0.0)
    monkeypatch.setattr(flight, "LIFT", 0.0)
    speeds, _ = flight.launched(flight.USUAL, USUAL)
    places, times = flight.flown(flight.USUAL, USUAL, 30)[:, 0], np.arange(30) / flight.FRAMES
    np.testing.assert_allclose(places[:, 0], speeds[0, 0] * times, atol=1e-9)
    parabola = flight.RELEASE + speeds[1, 0] * times - flight.GRAVITY / 2 * times**2
    np.testing.assert_allclose(places[:, 1], parabola, atol=0.06)


@pytest.mark.parametrize("distance", [3.0, 4.2, 8.0])
def test_both_ends_are_common_and_every_throw_is_asked_for_a_while(distance: float) -> None:
    batch = throws(distance=distance).sample(np.random.default_rng(0), 200)
    asked = batch.targets != PAD
    assert 0.25 < batch.targets[0].mean() < 0.75
    assert asked[:10].all() and not (np.diff(asked.astype(int), axis=0) > 0).any()


@pytest.mark.slow
def test_a_better_camera_lets_one_know_sooner() -> None:
    sharp, blurred = throws(camera_error=1.0), throws(camera_error=6.0)
    assert sharp.best > blurred.best + 5 > blurred.baseline + 5


def test_what_can_be_known_is_a_chance_and_of_a_throw_past_the_rim_it_ends_where_the_ball_does() -> None:
    chosen = throws()
    for probe in range(3):
        known = chosen.known(probe)
        asked = ~np.isnan(known)
        assert asked.sum() == (chosen.probes().batch.targets[:, probe] != PAD).sum()
        assert (known[asked] >= 0).all() and (known[asked] <= 1).all()
    assert chosen.known(2)[chosen.probes().batch.targets[:, 2] != PAD][-1] < 0.1


def test_metres_are_those_that_were_seen() -> None:
    chosen = throws(camera_error=0.0)
    inputs = chosen.probes().batch.inputs
    np.testing.assert_allclose(chosen.metres(inputs)[0], [[0.0, flight.RELEASE, 0.0]] * 3, atol=1e-6)
    typed, tokens = chosen.encode(chosen.written(inputs[:, 0]))
    np.testing.assert_allclose(typed[:, 0], inputs[:, 0], atol=0.01)
    assert tokens[0] == "0.00 2.10 0.00"
