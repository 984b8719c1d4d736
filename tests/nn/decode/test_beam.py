"""Beam search: wide enough it finds what trying everything finds; of width 1 it is greedy; its tree holds together."""

import itertools
from typing import Any

import numpy as np
import pytest
import torch

from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.decode import beam, decoding
from rnnviz.nn.models.model import make_model
from rnnviz.runs.translation import Decoding
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.tasks import task

TASK = task("reverse", length=3, letters=3)  # four classes, four steps
KINDS = (None, *ATTENTIONS)


def random_model(seed: int) -> tuple[ModelSpec, dict[str, np.ndarray], np.ndarray]:
    """A spec, weights and an input, all by chance."""
    rng = np.random.default_rng(seed)
    kind = KINDS[seed % 4]
    spec = ModelSpec(
        str(rng.choice([name for name, cell in CELLS.items() if cell.recurrent])),
        4,
        int(rng.integers(1, 3)),
        bool(kind != "dot" and rng.random() < 0.5),
        attention=kind,
    )
    weights = {
        name: float(rng.uniform(1, 4)) * w.numpy() for name, w in make_model(spec, TASK, seed).state_dict().items()
    }
    return spec, weights, rng.integers(0, 3, int(rng.integers(1, 4)))


def everything(spec: ModelSpec, weights: dict[str, np.ndarray], codes: np.ndarray, most: int) -> dict[tuple, float]:
    """Every output that can be written in `most` steps, with the logarithm of its probability."""
    model = make_model(spec, TASK, 0)
    model.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    outputs = {
        (*(itertools.takewhile(bool, places)), *((0,) if 0 in places else ()))
        for places in itertools.product(range(4), repeat=most)
    }
    found = {}
    with torch.no_grad():
        rows = sorted(outputs)
        fed = torch.zeros(most, len(rows), dtype=torch.int64)
        fed[0] = model.start
        for b, places in enumerate(rows):
            fed[1 : len(places) + 1, b] = torch.tensor(places)[: most - 1]
        reading = model.encode(torch.tensor(codes)[:, None].expand(-1, len(rows)))
        logs = model.write(reading, fed)[0].double().log_softmax(-1)
        for b, places in enumerate(rows):
            found[places] = float(sum(logs[t, b, place] for t, place in enumerate(places)))
    return found


def grown(spec: ModelSpec, weights: Any, codes: np.ndarray, width: int, most: int) -> list[tuple[tuple, float]]:
    """Outputs of a beam of any width, the likeliest first."""
    model = make_model(spec, TASK, 0)
    model.load_state_dict({name: torch.tensor(w) for name, w in weights.items()})
    with torch.no_grad():
        nodes, ended = beam.grow(model, model.encode(torch.tensor(codes)[:, None]), most, width)
    return [(tuple(nodes[n].place for n in beam.path(nodes, last)), nodes[last].logp) for last in ended]


@pytest.mark.parametrize("seed", range(24))
def test_a_wide_beam_finds_the_likeliest_of_all_outputs(seed: int) -> None:
    spec, weights, codes = random_model(seed)
    every = everything(spec, weights, codes, 4)
    assert sum(np.exp(list(every.values()))) == pytest.approx(1, abs=1e-5)
    best = max(every, key=lambda places: every[places])
    (found, logp), *others = grown(spec, weights, codes, 200, 4)
    assert found == best and logp == pytest.approx(every[best], abs=1e-5)
    for places, value in others:
        if places[-1] == 0 or len(places) == 4:
            assert value == pytest.approx(every[places], abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_a_wider_beam_of_two_steps_holds_all_of_them_in_order(seed: int) -> None:
    spec, weights, codes = random_model(seed)
    every = everything(spec, weights, codes, 2)
    found = grown(spec, weights, codes, 50, 2)
    if found[0][0] != (0,):  # else it is over after a single step
        assert {places for places, _ in found} == set(every)
        assert [v for _, v in found] == pytest.approx(sorted(every.values(), reverse=True), abs=1e-5)


def test_a_beam_of_one_is_greedy_on_two_hundred_models() -> None:
    for seed in range(200):
        spec, weights, codes = random_model(seed)
        greedy = decoding.translate(spec, TASK, weights, codes)
        found = beam.search(spec, TASK, weights, codes, 1)
        np.testing.assert_array_equal(found["classes"], greedy["classes"])
        np.testing.assert_allclose(found["answers"], greedy["answers"], atol=1e-6)
        logs = np.log(greedy["answers"].astype(float)[np.arange(len(greedy["classes"])), greedy["classes"]])
        assert found["logp"][found["ended"][0]] == pytest.approx(logs.sum(), abs=1e-4)
        if spec.attention:
            np.testing.assert_allclose(found["weights"], greedy["weights"], atol=1e-6)


@pytest.mark.parametrize("width", [1, 2, 3, 5, 12])
def test_the_tree_holds_together(width: int) -> None:
    for seed in range(30):
        spec, weights, codes = random_model(seed)
        found = beam.search(spec, TASK, weights, codes, width)
        parent, step, rank, place, logp, kept, ended = (
            found[name] for name in ("parent", "step", "rank", "place", "logp", "kept", "ended")
        )
        steps, nodes = step.max() + 1, np.arange(len(step))
        assert (np.diff(step) >= 0).all() and (parent < nodes).all() and (step < decoding.longest(TASK, codes)).all()
        for t in range(steps):
            here = nodes[step == t]
            np.testing.assert_array_equal(rank[here], np.arange(len(here)))
            assert (np.diff(logp[here]) <= 1e-12).all()
            done = sum(place[n] == 0 for n in nodes[(step < t) & kept] if n in _still(found, t))
            assert kept[here].sum() + done <= width and len(here) <= width + beam.SHOWN_PRUNED
            assert list(kept[here]) == sorted(kept[here], reverse=True)  # the likeliest are followed
            pairs = {(parent[n], place[n]) for n in here}
            assert len(pairs) == len(here)
            for n in here:
                above = parent[n]
                assert (above == -1) == (t == 0)
                if t:
                    assert step[above] == t - 1 and kept[above] and place[above] != 0 and logp[n] <= logp[above] + 1e-9
        assert 1 <= len(ended) <= width and len(set(ended)) == len(ended) and kept[ended].all()
        assert (np.diff(logp[ended]) <= 0).all()
        assert (place[ended[0]] == 0) or steps == decoding.longest(TASK, codes)
        path, node = [], int(ended[0])
        while node >= 0:
            path.insert(0, node)
            node = int(parent[node])
        np.testing.assert_array_equal(place[path], found["classes"])
        chances = found["answers"].astype(float)[np.arange(len(path)), found["classes"]]
        np.testing.assert_allclose(np.cumsum(np.log(chances)), logp[path], atol=1e-4)


def _still(found: dict[str, np.ndarray], step: int) -> set[int]:
    """What has ended before a step and is among what the search ended with."""
    return {int(n) for n in found["ended"] if found["step"][n] < step}


def test_a_wider_beam_is_usually_better_and_the_best_path_is_read_off_its_own_row() -> None:
    better = 0
    for seed in range(60):
        spec, weights, codes = random_model(seed)
        found = [beam.search(spec, TASK, weights, codes, width) for width in (1, 12)]
        one, wide = (float(f["logp"][f["ended"][0]]) for f in found)
        better += wide > one + 1e-9
        assert wide >= one - 1e-5  # with four classes and four steps nothing good falls out of twelve
        if spec.attention:
            np.testing.assert_allclose(found[1]["weights"].sum(-1), 1, atol=1e-5)
    assert better >= 3


@pytest.mark.parametrize("width", [0, 13, -1, 2.5, "3", None, True])
def test_a_width_that_is_none_is_refused(width: Any) -> None:
    spec, weights, codes = random_model(0)
    with pytest.raises(ExperimentError, match="beam must be a whole number from 1 to 12"):
        beam.search(spec, TASK, weights, codes, width)


def test_decoding_and_beam_leave_the_weights_alone() -> None:
    spec, weights, codes = random_model(3)
    before = {name: w.copy() for name, w in weights.items()}
    beam.search(spec, TASK, weights, codes, 4)
    decoding.translate(spec, TASK, weights, codes, Decoding(temperature=1.0))
    assert all(np.array_equal(weights[name], w) for name, w in before.items())


def test_numbers_that_overflow_are_no_answer() -> None:
    spec, weights, codes = random_model(1)
    with pytest.raises(ExperimentError, match="input must be one on which the model's numbers stay finite; got"):
        beam.search(spec, TASK, {name: np.float32(1e37) * w for name, w in weights.items()}, codes, 3)
