"""The answers are right: read off the inputs alone, slowly, symbol by symbol."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.tasks import Task, task
from rnnviz.tasks.batch import Batch

SEEDS = st.integers(0, 2**32 - 1)


def drawn(chosen: Task, seed: int) -> Batch:
    return chosen.sample(np.random.default_rng(seed), 4)


def symbols(batch: Batch, sample: int) -> list[int]:
    """The symbols of one sequence; every step must have exactly one."""
    steps = batch.inputs[:, sample]
    assert set(np.unique(steps)) <= {0.0, 1.0}
    assert (steps.sum(axis=1) == 1.0).all()
    return [int(np.flatnonzero(step)[0]) for step in steps]


@given(length=st.integers(4, 80), seed=SEEDS)
def test_adding(length: int, seed: int) -> None:
    batch = drawn(task("adding", length=length), seed)
    for sample in range(4):
        marked = [t for t in range(length) if batch.inputs[t, sample, 1] == 1.0]
        assert len(marked) == 2
        assert marked[0] < length // 2 <= marked[1]
        total = sum(float(batch.inputs[t, sample, 0]) for t in marked)
        assert abs(total - batch.targets[sample, 0]) < 1e-6
    assert ((batch.inputs[..., 0] >= 0) & (batch.inputs[..., 0] < 1)).all()


def test_adding_is_as_hard_to_guess_as_the_literature_says() -> None:
    assert abs(task("adding").baseline - 1 / 6) < 0.03


@given(lag=st.integers(1, 60), letters=st.integers(2, 26), distractors=st.integers(2, 26), seed=SEEDS)
def test_recall(lag: int, letters: int, distractors: int, seed: int) -> None:
    chosen = task("recall", lag=lag, letters=letters, distractors=distractors)
    batch = drawn(chosen, seed)
    for sample in range(4):
        first, *others = symbols(batch, sample)
        assert first == batch.targets[sample] < letters
        assert len(others) == lag
        assert all(letters <= other < letters + distractors for other in others)


def test_recall_asks_for_every_letter_equally_often() -> None:
    assert task("recall").baseline == 12.5
    assert len(np.unique(drawn_many("recall").targets)) == 8


def drawn_many(name: str, **params: Any) -> Batch:
    return task(name, **params).sample(np.random.default_rng(0), 500)


def test_recall_probes_differ_in_the_letter_alone() -> None:
    inputs = task("recall").probes().batch.inputs
    assert not np.array_equal(inputs[0, 0], inputs[0, 1])
    np.testing.assert_array_equal(inputs[1:, 0], inputs[1:, 1])


def depths_of(read: list[str]) -> list[int]:
    """How many brackets are open after each symbol."""
    depth, depths = 0, []
    for symbol in read:
        depth += {"(": 1, ")": -1}.get(symbol, 0)
        depths.append(depth)
    return depths


@given(length=st.integers(4, 80), deepest=st.integers(1, 20), letters=st.floats(0.1, 0.9), seed=SEEDS)
def test_brackets(length: int, deepest: int, letters: float, seed: int) -> None:
    chosen = task("brackets", length=length, deepest=deepest, letters=letters)
    batch = drawn(chosen, seed)
    for sample in range(4):
        counted = depths_of(["()abc"[symbol] for symbol in symbols(batch, sample)])
        assert counted == batch.targets[:, sample].tolist()
        assert 0 <= min(counted) <= max(counted) <= deepest
    probes = chosen.probes()
    for sample in range(3):
        assert depths_of(list(probes.tokens[:, sample])) == probes.batch.targets[:, sample].tolist()


def test_brackets_have_the_asked_share_of_letters_and_reach_every_depth() -> None:
    batch = drawn_many("brackets", letters=0.5)
    assert abs(batch.inputs[..., 2:].sum(-1).mean() - 0.5) < 0.02
    assert set(np.unique(batch.targets)) == set(range(task("brackets").output_size))


def test_brackets_cannot_be_named_from_the_symbol_and_the_step_alone() -> None:
    """The best that one without memory can do: the most frequent depth for each symbol at each step."""
    batch = drawn_many("brackets")
    read, right = batch.inputs.argmax(-1), 0
    for step in range(len(read)):
        for symbol in range(5):
            asked = batch.targets[step][read[step] == symbol]
            right += np.bincount(asked).max() if len(asked) else 0
    assert 100 * right / read.size < 50


@given(length=st.integers(4, 80), noise=st.floats(0, 1), seed=SEEDS)
def test_waves_ask_for_the_next_value(length: int, noise: float, seed: int) -> None:
    batch = drawn(task("waves", length=length, noise=noise), seed)
    np.testing.assert_array_equal(batch.inputs[1:], batch.targets[:-1])


@given(seed=SEEDS)
def test_waves_without_noise_are_two_sines(seed: int) -> None:
    """Two sines obey a recurrence of order four: x(t+4) = a (x(t+3) + x(t+1)) + b x(t+2) − x(t)."""
    values = drawn(task("waves", length=100, noise=0), seed).inputs[..., 0].astype(np.float64)
    for x in values.T:
        known = np.stack([x[3:-1] + x[1:-3], x[2:-2]], axis=1)
        wanted = x[4:] + x[:-4]
        found = np.linalg.lstsq(known, wanted, rcond=None)[0]
        assert np.abs(known @ found - wanted).max() < 1e-3
        assert np.abs(x).max() <= 1.4 + 1e-6


def test_the_noise_of_waves_has_the_asked_size_and_is_the_floor() -> None:
    calm, noisy = (task("waves", noise=noise).sample(np.random.default_rng(3), 400) for noise in (0, 0.2))
    difference = noisy.targets - calm.targets
    assert abs(difference.std() - 0.2) < 0.005
    assert abs(difference.mean()) < 0.005
    best = task("waves", noise=0.2).best
    assert abs(best - 0.04) < 1e-12
    assert abs(task("waves", noise=0.2).score(calm.targets, noisy.targets) - best) < 0.001


def test_waves_score_repeating_the_last_value_as_their_guess() -> None:
    chosen = task("waves")
    held_out = chosen.held_out()
    seen, asked = held_out.inputs.astype(float), held_out.targets.astype(float)
    assert abs(chosen.baseline - ((seen - asked) ** 2).mean()) < 1e-9
    assert chosen.baseline < asked.var()


def test_the_tops_of_waves_are_marked_where_they_are() -> None:
    probes = task("waves", noise=0).probes()
    values = probes.batch.inputs[..., 0]
    for sample in range(3):
        for t in range(1, len(values) - 1):
            before, here, after = values[t - 1 : t + 2, sample]
            token = probes.tokens[t, sample]
            assert (token == "▲") == (here > before and here >= after)
            assert (token == "▼") == (here < before and here <= after)
