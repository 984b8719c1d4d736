"""First weights: their singular values, what they share, and where they come from."""

import hashlib

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.nn.models.initial import orthogonal
from rnnviz.nn.models.model import make_model

TASK = rv.task("adding", length=10)


def first(spec: rv.ModelSpec, seed: int = 0) -> dict[str, Tensor]:
    return {name: weight.clone() for name, weight in make_model(spec, TASK, seed).state_dict().items()}


def blocks(spec: rv.ModelSpec, seed: int = 0) -> Tensor:
    """Every gate's block of every W_hh: (layers·directions·gates, H, H)."""
    named = first(spec, seed)
    gates = len(spec.kind.blocks)
    return torch.cat([w.reshape(gates, spec.hidden, -1) for n, w in named.items() if "weight_hh" in n])


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.recurrent])
@given(hidden=st.integers(1, 40), layers=st.integers(1, 2), both=st.booleans(), sigma=st.floats(0.01, 10))
def test_every_singular_value_is_what_was_asked_for(
    cell: str, hidden: int, layers: int, both: bool, sigma: float
) -> None:
    for init, given_sigma, expected in (("orthogonal", None, 1.0), ("scaled", sigma, sigma)):
        spec = rv.ModelSpec(cell, hidden, layers, both, init=init, sigma_max=given_sigma)
        found = torch.linalg.svdvals(blocks(spec).double())
        torch.testing.assert_close(found, torch.full_like(found, expected), rtol=1e-5, atol=0)


@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.recurrent])
def test_identity_is_one_and_its_biases_are_zero(cell: str) -> None:
    spec = rv.ModelSpec(cell, 5, layers=2, bidirectional=True, init="identity")
    assert torch.equal(blocks(spec), torch.eye(5).expand(4 * len(CELLS[cell].blocks), 5, 5))
    biases = [w for n, w in first(spec).items() if n.startswith("recurrent.bias")]
    assert len(biases) == 8 and not torch.cat(biases).any()


@pytest.mark.parametrize("init", ["orthogonal", "identity", "scaled"])
@pytest.mark.parametrize("cell", [name for name, cell in CELLS.items() if cell.recurrent])
def test_all_else_stays_as_it_was(cell: str, init: str) -> None:
    plain, changed = first(rv.ModelSpec(cell, 6)), first(rv.ModelSpec(cell, 6, init=init))
    for name, weight in plain.items():
        replaced = "weight_hh" in name or (init == "identity" and "recurrent.bias" in name)
        assert torch.equal(weight, changed[name]) == (not replaced), name


def test_the_blocks_differ_from_each_other_and_from_seed_to_seed() -> None:
    spec = rv.ModelSpec("lstm", 6, init="orthogonal")
    found = torch.cat([blocks(spec), blocks(spec, seed=1)])
    assert len(torch.unique(found, dim=0)) == 8
    assert torch.equal(blocks(spec), blocks(spec))


@pytest.mark.parametrize("init", ["orthogonal", "identity", "scaled"])
def test_a_forget_bias_holds_under_every_init(init: str) -> None:
    weights = first(rv.ModelSpec("lstm", 6, init=init, forget_bias=1.5))
    total = weights["recurrent.bias_ih_l0"] + weights["recurrent.bias_hh_l0"]
    assert torch.equal(total[6:12], torch.full((6,), 1.5))


def test_orthogonal_matrices_favour_no_direction() -> None:
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([orthogonal(3, generator) for _ in range(4000)])
    assert drawn.mean(0).abs().max() < 0.04  # without the signs of R the diagonal's mean is about -0.5
    assert (drawn.square().mean(0) - 1 / 3).abs().max() < 0.03
    assert abs((torch.linalg.det(drawn) > 0).double().mean() - 0.5) < 0.04


def test_torchs_default_is_drawn_as_it_always_was() -> None:
    """A link must give next year the run that it gives today."""
    found = hashlib.sha256()
    for cell in ("rnn", "lstm", "gru"):
        for weight in first(rv.ModelSpec(cell, 4, layers=2)).values():
            found.update(weight.numpy().tobytes())
    assert found.hexdigest()[:16] == "87a653f76c6b3ceb"
