"""The network of 1982: what is stored, recalled, named and held, and its modern form."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import hopfield
from rnnviz.core.errors import ExperimentError

seeds = st.integers(0, 2**32 - 1)


def random_patterns(seed: int, many: int, units: int) -> np.ndarray:
    return np.random.default_rng(seed).choice((-1.0, 1.0), (many, units))


@settings(deadline=None, max_examples=60)
@given(seed=seeds, many=st.integers(0, 12), units=st.integers(2, 40), biased=st.booleans())
def test_the_energy_never_rises_and_falls_with_every_change(seed: int, many: int, units: int, biased: bool) -> None:
    generator = np.random.default_rng(seed)
    theta = generator.normal(size=units) if biased else None
    network = hopfield.store(random_patterns(seed, many, units), theta)
    found = hopfield.recall(network, generator.choice((-1.0, 1.0), units), generator)
    assert found.settled and (np.diff(found.energies) <= 0).all()
    states = found.states()
    assert np.allclose(found.energies, [network.energy(state) for state in states], atol=1e-9)
    assert ((np.diff(found.energies) < 0) == found.changed).all()
    last = found.final
    assert (states[-1] == last).all() and (network.field(last) * last > -1e-9).all()
    assert all((found.state(step) == states[step]).all() for step in range(0, found.steps, 7))


@settings(deadline=None, max_examples=30)
@given(seed=seeds, power=st.integers(2, 5), many=st.integers(1, 4))
def test_orthogonal_patterns_are_fixed_points(seed: int, power: int, many: int) -> None:
    rows = np.array([[1.0]])
    for _ in range(power):
        rows = np.block([[rows, rows], [rows, -rows]])
    units = len(rows)
    patterns = rows[np.random.default_rng(seed).choice(units, min(many, units - 1), replace=False)]
    network = hopfield.store(patterns)
    for pattern in patterns:
        found = hopfield.recall(network, pattern, np.random.default_rng(seed))
        assert (found.final == pattern).all() and found.working_sweeps == 0 and found.sweeps == 1


@settings(deadline=None, max_examples=30)
@given(seed=seeds, many=st.integers(1, 8), units=st.integers(3, 40))
def test_recall_is_the_same_under_the_same_seed_and_overlaps_are_bounded(seed: int, many: int, units: int) -> None:
    patterns = random_patterns(seed, many, units)
    network = hopfield.store(patterns)
    start = hopfield.flipped(patterns[0], 0.3, np.random.default_rng(seed))
    one, two = (hopfield.recall(network, start, np.random.default_rng(seed)) for _ in range(2))
    assert (one.order == two.order).all() and one.energies.tobytes() == two.energies.tobytes()
    m = hopfield.overlaps(patterns, one.states())
    assert m.shape == (one.steps + 1, many) and (np.abs(m) <= 1).all()


@settings(deadline=None, max_examples=40)
@given(seed=seeds, many=st.integers(1, 8), units=st.integers(2, 40), beta=st.floats(0.001, 20.0))
def test_the_modern_energy_never_rises_and_its_update_is_attention(
    seed: int, many: int, units: int, beta: float
) -> None:
    generator = np.random.default_rng(seed)
    patterns, start = random_patterns(seed, many, units), generator.uniform(-1, 1, units)
    found = hopfield.modern_recall(patterns, start, beta)
    slack = 1e-9 * (1 + np.abs(found.energies).max())
    assert (np.diff(found.energies) <= slack).all() and (found.energies >= -slack).all()
    other = hopfield.attention(start, patterns, patterns, beta)
    assert np.abs(found.states[1] - other).max() < 1e-12
    assert found.weights.sum() == pytest.approx(1) and (np.abs(found.states[1:]) <= 1 + 1e-12).all()


def test_the_attention_is_that_of_the_models() -> None:
    import torch

    from rnnviz.nn.models.attention import Dot, weights_of_scores

    keys = torch.tensor(random_patterns(1, 5, 30))
    query = torch.tensor(np.random.default_rng(2).uniform(-1, 1, 30))
    scores = Dot().scores(0.1 * query[None, None], keys[None])  # β scales the query
    weights = weights_of_scores(scores, torch.ones(1, 5, dtype=torch.bool))
    context = (weights @ keys[None])[0, 0].numpy()
    ours = hopfield.attention(query.numpy(), keys.numpy(), keys.numpy(), 0.1)
    assert np.abs(context - ours).max() < 1e-12
    assert np.abs(context - hopfield.modern_update(keys.numpy(), query.numpy(), 0.1)).max() < 1e-12


def test_many_recalls_at_once_end_in_fixed_points_of_their_own_networks() -> None:
    generator = np.random.default_rng(3)
    patterns, starts = generator.choice((-1.0, 1.0), (20, 4, 30)), generator.choice((-1.0, 1.0), (20, 30))
    ends = hopfield.settle(patterns, starts, np.random.default_rng(4))
    for own, start, end in zip(patterns, starts, ends, strict=True):
        network = hopfield.store(own)
        assert (network.field(end) * end > -1e-9).all() and network.energy(end) <= network.energy(start)
    alike = hopfield.settle(patterns[:1], starts, np.random.default_rng(4))
    network = hopfield.store(patterns[0])
    assert all((network.field(end) * end > -1e-9).all() for end in alike)


def test_what_was_found_has_a_name() -> None:
    patterns = random_patterns(5, 5, 100)
    known = hopfield.Known(patterns)
    assert known.name(patterns[2]) == hopfield.Outcome("pattern", (2,), (1,))
    assert known.name(-patterns[1]) == hopfield.Outcome("negative", (1,), (-1,))
    near = patterns[0].copy()
    near[:4] *= -1
    assert known.name(near) == hopfield.Outcome("near", (0,), (1,), 4) and not known.name(near).spurious
    assert known.name(-near) == hopfield.Outcome("near negative", (0,), (-1,), 4)
    three = np.sign(patterns[0] - patterns[2] + patterns[4])
    assert known.name(three) == hopfield.Outcome("mixture", (0, 2, 4), (1, -1, 1)) and known.name(three).spurious
    five = np.sign(patterns.sum(0))
    assert known.name(five) == hopfield.Outcome("mixture", (0, 1, 2, 3, 4), (1,) * 5)
    other = known.name(np.ones(100))
    m = hopfield.overlaps(patterns, np.ones(100))
    assert other.kind == "other" and other.of == (np.abs(m).argmax(),) and other.spurious
    assert other.wrong == round(50 * (1 - np.abs(m).max())) > 5 and known.mixed == (3, 5)
    assert hopfield.Known(patterns[:2]).mixed == () and hopfield.Known(random_patterns(6, 9, 50)).mixed == (3,)
    assert hopfield.Known(np.empty((0, 100))).name(np.ones(100)).kind == "other"


def test_random_starts_find_patterns_negatives_and_mixtures() -> None:
    patterns = np.array(hopfield.start_set())
    found = hopfield.search(patterns, 200, np.random.default_rng(0))
    assert sum(one.count for one in found) == 200
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert {"pattern", "negative", "mixture"} <= {one.outcome.kind for one in found}
    again = hopfield.search(patterns, 200, np.random.default_rng(0))
    assert [(one.count, one.outcome) for one in again] == [(one.count, one.outcome) for one in found]


def test_the_start_set_is_recalled() -> None:
    patterns = hopfield.start_set()
    network, known = hopfield.store(np.array(patterns)), hopfield.Known(np.array(patterns))
    for at, pattern in enumerate(patterns):
        assert (network.field(pattern) * pattern > 0).all()
        for seed in range(20):
            generator = np.random.default_rng(seed)
            start = hopfield.flipped(pattern, 0.2, generator)
            assert (start != pattern).sum() == 20
            assert known.name(hopfield.recall(network, start, generator).final).of == (at,)
        covered = hopfield.recall(network, hopfield.covered(pattern), np.random.default_rng(0))
        assert known.name(covered.final) == hopfield.Outcome("pattern", (at,), (1,))


def test_recall_breaks_down_above_the_critical_load() -> None:
    found = hopfield.capacity(100, loads=(0.05, 0.28))
    assert found.recalled[0] == found.draws and found.recalled[1] < found.draws / 2
    assert (found.exact <= found.recalled).all() and found.loads[0] < hopfield.CRITICAL_LOAD < found.loads[1]
    alone = hopfield.capacity(100, loads=(0.28,))
    assert alone.recalled[0] == found.recalled[1], "a load does not depend on the others"
    assert (hopfield.capacity(100, loads=(0.05, 0.28)).overlap == found.overlap).all()


def test_drawings_are_written_in_digits() -> None:
    for pattern in (*hopfield.start_set(), np.ones(100), -np.ones(100)):
        bits = hopfield.bits_of(pattern)
        assert len(bits) == 25 and (hopfield.drawing(bits) == pattern).all()
    for wrong in ("", "f" * 24, "f" * 26, "g" * 25, "é" * 25, "0x" + "f" * 23):
        with pytest.raises(ExperimentError, match="25 hexadecimal digits"):
            hopfield.drawing(wrong)


@pytest.mark.parametrize("patterns", [
    np.ones((2, 100)), np.array([np.ones(100), -np.ones(100)]), np.ones((1, 100)), -np.ones((1, 100)), np.ones((3, 1)),
    np.empty((0, 100)),
])  # fmt: skip
def test_edge_cases_of_patterns_work(patterns: np.ndarray) -> None:
    """Identical patterns, a pattern and its negative, all pixels on, none: the recall ends, and has a name."""
    units = patterns.shape[1]
    found = hopfield.recall(hopfield.store(patterns), random_patterns(0, 1, units)[0], np.random.default_rng(0))
    assert found.settled and hopfield.Known(patterns).name(found.final).kind in ("pattern", "negative", "near", "other")


def test_what_cannot_be_is_refused_in_one_sentence() -> None:
    ones = np.ones(10)
    generator = np.random.default_rng(0)
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: hopfield.store(np.zeros((1, 10))), "patterns must be made of"),
        (lambda: hopfield.store(np.ones((1, 1_001))), "patterns must be of 1 to 1000 units"),
        (lambda: hopfield.store(np.ones(10)), "patterns must be an array of 2 dimensions"),
        (lambda: hopfield.Network(np.eye(3), np.zeros(3)), "W must be symmetric"),
        (lambda: hopfield.Network(np.zeros((2, 3)), np.zeros(3)), "W must be square"),
        (lambda: hopfield.Network(np.zeros((3, 3)), np.zeros(2)), "theta must be of shape"),
        (lambda: hopfield.Network(np.full((3, 3), np.nan), np.zeros(3)), "W and theta must be finite"),
        (lambda: hopfield.recall(hopfield.store(np.ones((1, 9))), ones, generator), "start must be of 9 units"),
        (lambda: hopfield.flipped(ones, 1.5, generator), "share must be 0 to 1"),
        (lambda: hopfield.capacity(5), "units must be 10 to 1000"),
        (lambda: hopfield.capacity(100, draws=0), "draws must be 1 to"),
        (lambda: hopfield.capacity(100, share=0.7), "share must be 0 to 0.5"),
        (lambda: hopfield.capacity(100, loads=()), "loads must be one or more"),
        (lambda: hopfield.modern_recall(np.empty((0, 5)), np.ones(5), 1.0), "patterns must be one or more"),
        (lambda: hopfield.modern_recall(np.ones((1, 5)), np.ones(5), 0.0), "beta must be a number above 0"),
    ]
    for make, words in refused:
        with pytest.raises(ExperimentError, match=words):
            make()
