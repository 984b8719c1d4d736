"""Weights that a file holds in parts open as the weights of the live module."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune, spectral_norm, weight_norm

from rnnviz.core.errors import CheckpointError
from tests.nn.checkpoints.bringing import bring
from tests.support.odd_layers import WeightDrop, last_states, state_of
from tests.support.refusals import refused

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

WAYS: dict[str, Any] = {
    "weight-norm-by-hooks": weight_norm,
    "weight-norm-by-hooks-of-columns": lambda m, name: weight_norm(m, name, dim=1),
    "weight-norm-by-hooks-of-all": lambda m, name: weight_norm(m, name, dim=None),
    "weight-norm": parametrizations.weight_norm,
    "weight-norm-of-columns": lambda m, name: parametrizations.weight_norm(m, name, dim=1),
    "spectral-norm-by-hooks": spectral_norm,
    "spectral-norm-by-hooks-of-columns": lambda m, name: spectral_norm(m, name, dim=1),
    "spectral-norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
    "orthogonal-by-reflections": lambda m, name: parametrizations.orthogonal(
        m, name, "householder", use_trivialization=False
    ),
    "pruned": lambda m, name: prune.random_unstructured(m, name, 0.4),
}


def trained(module: nn.RNNBase, x: Tensor) -> nn.RNNBase:
    """The module after some updates, so that no part of a weight is as it was made."""
    optimiser = torch.optim.SGD(module.parameters(), 0.1)
    for _ in range(3):
        optimiser.zero_grad()
        module(x)[0].square().sum().backward()
        optimiser.step()
    module.eval()(x)
    return module


@pytest.mark.parametrize("cell", [nn.LSTM, nn.GRU, nn.RNN])
@pytest.mark.parametrize("way", WAYS)
def test_parts_are_put_together(tmp_path: Path, way: str, cell: Any) -> None:
    module, x = cell(3, 4), torch.randn(5, 2, 3)
    for name in ("weight_hh_l0", "weight_ih_l0"):
        WAYS[way](module, name)
    trained(module, x)
    found = bring(tmp_path, state_of(module, "enc.rnn."))
    layer = found["enc.rnn"]
    for name in ("weight_hh_l0", "weight_ih_l0"):
        torch.testing.assert_close(getattr(layer, name), getattr(module, name), rtol=0, atol=1e-6, check_stride=False)
    torch.testing.assert_close(layer(x)[0], last_states(module, x), rtol=0, atol=1e-6)
    assert len(found.notes) == (2 if way.startswith("orthogonal") else 0)


def test_another_orthogonal_map_is_told_to_be_possible(tmp_path: Path) -> None:
    module = nn.RNN(3, 4)
    parametrizations.orthogonal(module, "weight_hh_l0", "cayley")
    (note,) = bring(tmp_path, module.state_dict()).notes
    assert note.startswith("'weight_hh_l0' is computed by torch's default map to orthogonal matrices;")


class Doubled(nn.Module):
    """A parametrisation of somebody's own."""

    def forward(self, weight: Tensor) -> Tensor:
        """Twice the weight."""
        return 2 * weight


class Scaled(Doubled):
    """One with a parameter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))


@pytest.mark.parametrize(("make", "why"), [
    (Doubled, "'rnn.weight_hh_l0' is computed from something by a parametrisation that is not known"),
    (Scaled, "'rnn.weight_hh_l0' is stored in parts that are not known (0.scale and original)"),
])  # fmt: skip
def test_a_parametrisation_of_ones_own_is_refused(tmp_path: Path, make: Any, why: str) -> None:
    module = nn.GRU(3, 4)
    parametrize.register_parametrization(module, "weight_hh_l0", make())
    assert why in str(refused(lambda: bring(tmp_path, state_of(module, "rnn.")), CheckpointError))
    found = bring(tmp_path, state_of(module, "rnn.") | state_of(nn.RNN(2, 2), "other."))
    assert [*found] == ["other"] and found.notes == (f"Left out: {why}.",)


PARTS = {
    "g-of-another-shape": {"weight_hh_l0_g": torch.ones(5, 1), "weight_hh_l0_v": torch.ones(12, 4)},
    "u-of-another-length": {"weight_hh_l0_orig": torch.ones(12, 4), "weight_hh_l0_u": torch.ones(9),
                            "weight_hh_l0_v": torch.ones(4)},
    "two-matrices": {"parametrizations.weight_hh_l0.original0": torch.ones(12, 2),
                     "parametrizations.weight_hh_l0.original1": torch.ones(2, 4)},
    "a-mask-of-another-shape": {"weight_hh_l0_orig": torch.ones(12, 4), "weight_hh_l0_mask": torch.ones(12)},
    "a-base-of-another-shape": {"parametrizations.weight_hh_l0.original": torch.ones(12, 4),
                                "parametrizations.weight_hh_l0.0.base": torch.ones(4, 4)},
    "only-one": {"weight_hh_l0_v": torch.ones(12, 4)},
    "no-matrices": {"weight_hh_l0_g": torch.ones(()), "weight_hh_l0_v": torch.ones(())},
}  # fmt: skip


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS)
def test_parts_that_do_not_fit(tmp_path: Path, parts: dict[str, Tensor]) -> None:
    state = nn.GRU(3, 4).state_dict()
    del state["weight_hh_l0"]
    assert "'weight_hh_l0' " in str(refused(lambda: bring(tmp_path, {**state, **parts}), CheckpointError))


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("names", [("weight_hh_l0",), ("weight_hh_l0", "weight_ih_l0")])
def test_dropout_on_weights_around_a_layer(tmp_path: Path, keeps: bool, names: tuple[str, ...]) -> None:
    modules = [nn.LSTM(4, 6), nn.LSTM(6, 4)]
    state = state_of(nn.Embedding(9, 4), "0.encoder.") | state_of(nn.Linear(4, 9), "1.decoder.")
    state |= {f"0.encoder_dp.emb.{name}": w for name, w in state_of(nn.Embedding(9, 4)).items()}
    for index, module in enumerate(modules):
        copy = nn.LSTM(module.input_size, module.hidden_size)
        copy.load_state_dict(module.state_dict())
        state |= state_of(WeightDrop(copy, names, keeps), f"0.rnns.{index}.")
    found = bring(tmp_path, {"model": state})
    assert [*found] == ["model.0.rnns.0", "model.0.rnns.1"] and not found.notes
    for module, layer in zip(modules, found.values(), strict=True):
        for name, weight in module.state_dict().items():
            torch.testing.assert_close(layer.state_dict()[name], weight, rtol=0, atol=0)


def test_dropout_on_weights_of_the_first_fastai_inside_the_layer(tmp_path: Path) -> None:
    module = nn.LSTM(3, 4)
    state = {f"0.rnns.0.module.{name}": w for name, w in module.state_dict().items()}
    state["0.rnns.0.module.weight_hh_l0_raw"] = state.pop("0.rnns.0.module.weight_hh_l0")
    found = bring(tmp_path, state)
    assert [*found] == ["0.rnns.0"] and not found.notes
    assert torch.equal(found["0.rnns.0"].state_dict()["weight_hh_l0"], module.state_dict()["weight_hh_l0"])


@pytest.mark.parametrize("wrap", ["module.", "_orig_mod.", "module._orig_mod.", "_fsdp_wrapped_module."])
def test_wrappers_of_other_trainings(tmp_path: Path, wrap: str) -> None:
    module = nn.GRU(3, 4)
    assert [*bring(tmp_path, state_of(module, f"{wrap}encoder."))] == ["encoder"]


def test_an_average_of_weights_opens_beside_them(tmp_path: Path) -> None:
    module = nn.GRU(3, 4)
    averaged = torch.optim.swa_utils.AveragedModel(module)
    found = bring(tmp_path, averaged.state_dict())
    assert [*found] == ["gru"] and not found.notes
    found = bring(tmp_path, {"state_dict": state_of(module, "rnn."), "ema": state_of(nn.GRU(3, 4), "rnn.")})
    assert [*found] == ["rnn", "ema.rnn"]


def test_copies_of_one_layer_are_counted_once_and_others_stay_apart(tmp_path: Path) -> None:
    module, other = nn.GRU(3, 4), nn.GRU(3, 4)
    twice = {"state_dict": state_of(module, "rnn."), "model_state_dict": state_of(module, "rnn.")}
    assert [*bring(tmp_path, twice)] == ["rnn"]
    normed = {"module.rnn.norm.weight": torch.ones(4)}
    apart = state_of(module, "module.rnn.") | normed | state_of(other, "rnn.")
    found = bring(tmp_path, apart)
    assert [*found] == ["rnn"] and torch.equal(
        found["rnn"].state_dict()["weight_hh_l0"], other.state_dict()["weight_hh_l0"]
    )
    assert "'module.rnn' has a normalisation inside" in found.notes[0]


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float64])
def test_parts_in_other_precisions(tmp_path: Path, kind: torch.dtype) -> None:
    module = nn.LSTM(3, 4)
    parametrizations.weight_norm(module, "weight_hh_l0")
    found = bring(tmp_path, module.to(kind).state_dict())["lstm"]
    atol = {torch.float16: 1e-3, torch.bfloat16: 1e-2, torch.float64: 1e-12}[kind]
    torch.testing.assert_close(found.weight_hh_l0.double(), module.weight_hh_l0.double(), rtol=0, atol=atol)
