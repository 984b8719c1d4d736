"""Traffic on a network: what goes in comes out, and jams travel upstream at their own speed."""

import numpy as np
import pytest

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.places import Graph, Nodes
from rnnviz.tasks.traffic import simulation
from rnnviz.tasks.traffic.network import CELL, NETWORK, Network, Stretch
from rnnviz.tasks.traffic.simulation import CAPACITY, FREE, STEPS, UPSTREAM, Cells, Incidents

ROAD = Network(
    {f"A{at}": Stretch("A", 2, 4, 2.0 * at, 0.0) for at in range(1, 11)},
    tuple((f"A{at}", f"A{at + 1}") for at in range(1, 10)),
)
HOUR = round(FREE / CELL)  # substeps


def blocked(cell: int, begins: int, ends: int, passes: float) -> Incidents:
    return Incidents(np.array([0]), np.array([cell]), np.array([begins]), np.array([ends]), np.array([passes]))


def wanted(network: Network, share: float) -> np.ndarray:
    """A demand that stays the same, as a share of the capacity of each origin."""
    lanes = np.array([network.stretches[name].lanes for name in network.origins])
    return np.broadcast_to(share * CAPACITY * lanes, (1, STEPS, len(lanes)))


def test_vehicles_are_conserved_at_every_step_also_where_roads_join_and_part() -> None:
    cells, rng = Cells(NETWORK), np.random.default_rng(0)
    held, waiting = np.zeros((3, cells.count)), np.zeros((3, len(cells.origins)))
    arrived = gone = 0.0
    for step in range(800):
        passes = np.where(rng.random(held.shape) < 0.05, 0.2, 1.0) if step % 100 < 50 else np.ones_like(held)
        came = np.full_like(waiting, 0.7 * CAPACITY * 2 / HOUR)
        waiting += came
        _, left = cells.step(held, passes, waiting, 0.6)
        arrived, gone = arrived + came.sum(), gone + left.sum()
        assert held.min() >= -1e-9 and (held <= simulation.JAM * CELL * cells.lanes + 1e-9).all()
    assert gone > 0 and arrived == pytest.approx(held.sum() + waiting.sum() + gone, rel=1e-12)


def test_without_jams_all_that_is_wanted_flows_at_the_speed_of_free_traffic() -> None:
    days = simulation.run(Cells(ROAD), wanted(ROAD, 0.5), blocked(0, 0, 0, 1.0))
    assert days.flow[0, 20:] == pytest.approx(0.5 * CAPACITY, rel=1e-5)
    assert (days.speed[0] > 0.9 * FREE).all()


def test_a_jam_and_its_end_travel_upstream_at_their_own_speed_and_dissolve() -> None:
    """The tail at the speed of the shock wave, (q₁ − q₂) / (k₁ − k₂); the head at that of waves in jams."""
    share, left = 0.8, 0.25
    begins, ends = 4 * HOUR, 5 * HOUR
    last = Cells(ROAD).count - 6  # in the stretch before the last
    days = simulation.run(Cells(ROAD), wanted(ROAD, share), blocked(last, begins, ends, left))
    slow = days.speed[0] < 0.2 * FREE  # half as dense as in the jam
    sensors = np.arange(3, 8)
    came = np.array([slow[:, sensor].argmax() for sensor in sensors]) / 12.0
    went = np.array([STEPS - slow[::-1, sensor].argmax() for sensor in sensors]) / 12.0
    km = CELL * Cells(ROAD).sensors[sensors]
    tail, head = (np.polyfit(hours, km, 1)[0] for hours in (came, went))
    jammed = simulation.JAM - left * CAPACITY / UPSTREAM
    shock = (share - left) * CAPACITY / (share * CAPACITY / FREE - jammed)
    assert tail == pytest.approx(shock, rel=0.1) and tail < 0
    assert head == pytest.approx(-UPSTREAM, rel=0.1)
    assert not slow[-1].any() and not slow[:, -1].any()  # it is over at last; downstream of it there is none


def test_two_roads_that_join_have_their_shares_and_who_cannot_leave_holds_up_all() -> None:
    cells = Cells(NETWORK)
    held = simulation.JAM * CELL * np.broadcast_to(cells.lanes, (1, cells.count)).copy()
    full = held.copy()
    ends = np.cumsum([one.cells for one in NETWORK.stretches.values()]) - 1
    last = dict(zip(NETWORK.names, ends.tolist(), strict=True))
    first_of_m3 = last["M3"] - 3
    held[0, first_of_m3] = 0.0
    left, _ = cells.step(held, np.ones_like(held), np.zeros((1, len(cells.origins))), 0.6)
    assert left[0, last["M2"]] / left[0, last["S3"]] == pytest.approx(3 / 2)
    held = full.copy()
    held[0, last["M7"] - 3] = 0.0  # one way is free, the other full
    left, _ = cells.step(held, np.ones_like(held), np.zeros((1, len(cells.origins))), 0.6)
    assert left[0, last["M6"]] == 0.0


def test_a_stretch_that_is_joined_to_nothing_works() -> None:
    alone = Network({**ROAD.stretches, "B1": Stretch("B", 2, 4, 0.0, 3.0)}, ROAD.links)
    days = simulation.simulate(alone, np.random.default_rng(0), 2, 10.0)
    assert np.isfinite(days.speed).all() and days.flow[..., -1].max() > 500
    assert not alone.weights[-1].any() and not alone.weights[:, -1].any()
    edges = tuple((a, b, float(alone.weights[a, b])) for a, b in np.argwhere(alone.weights > 0).tolist())
    mixing = Nodes(Graph(alone.names, edges)).mixing(2)
    np.testing.assert_array_equal(mixing[:, -1, -1], [1, 0, 0, 0, 0])
    assert not mixing[1:, -1].any() and alone.route("B") == ["B1"]


@pytest.mark.parametrize(
    ("links", "said"),
    [
        ([("A1", "A9"), ("A9", "B7")], "two different stretches that are there; got A9–B7"),
        ([("A1", "A1")], "two different stretches that are there; got A1–A1"),
        ([("A1", "A2"), ("A1", "A2")], "once; got A1–A2 twice"),
        ([("A1", "A5"), ("A2", "A5"), ("A3", "A5")], "entered from at most two others; got 3 for A5"),
        ([("A1", "A5"), ("A1", "A6"), ("A2", "A5")], "several ways out and in; got A1–A5"),
        ([("A1", "A2"), ("A2", "A3"), ("A3", "A1")], "no way in a circle; got A1–A2–A3–A1"),
    ],
)
def test_a_graph_that_cannot_be_driven_on_is_refused_in_a_sentence(links: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(ExperimentError, match=said):
        Network(ROAD.stretches, tuple(links))


def test_the_same_generator_gives_the_same_days_and_every_day_is_another() -> None:
    one, same = (simulation.simulate(NETWORK, np.random.default_rng(3), 3, 10.0) for _ in range(2))
    np.testing.assert_array_equal(one.speed, same.speed)
    assert not np.array_equal(one.speed[0], one.speed[1])


def test_there_are_two_rush_hours_and_nights_without_jams() -> None:
    days = simulation.simulate(NETWORK, np.random.default_rng(0), 30, 0.0)
    hours = simulation.BEGINS + np.arange(STEPS) / 12.0
    slow = (days.speed < 50.0).mean((0, 2))
    morning, noon, evening = (slow[np.abs(hours - at) < 1].mean() for at in (8.5, 12.5, 17.5))
    assert morning > 2 * noon + 0.01 and evening > 2 * noon + 0.01 and slow[0] == 0.0
