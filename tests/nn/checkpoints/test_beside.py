"""What stands beside a layer's weights: nothing is shown as a plain cell that is none."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from rnnviz.core.errors import CheckpointError
from tests.nn.checkpoints.bringing import bring
from tests.support.odd_layers import (
    AdaptedGRU,
    BatchNormGRU,
    LeakyRNN,
    NormedLSTM,
    OneBiasLSTM,
    OneBiasRNN,
    PeepholeLSTM,
    last_states,
    state_of,
)
from tests.support.refusals import refused

ODD = [
    (NormedLSTM(3, 4), "has a normalisation inside (ln_ih, ln_hh and ln_ho), as no plain cell has"),
    (BatchNormGRU(3, 4), "has a normalisation inside (input_norm), as"),
    (PeepholeLSTM(3, 4), "has peepholes inside (weight_ci, weight_cf and weight_co)"),
    (AdaptedGRU(3, 4), "has an adapter inside (lora_A and lora_B)"),
    (LeakyRNN(3, 4), "has leak beside its weights, which may change what it computes"),
    (nn.LSTM(3, 4, proj_size=2), "is an LSTM with a projection (proj_size), which is not supported"),
]


@pytest.mark.parametrize(("module", "why"), ODD, ids=[type(module).__name__ for module, _ in ODD])
def test_a_layer_that_is_no_plain_one_is_refused_and_others_open(tmp_path: Path, module: nn.Module, why: str) -> None:
    error = refused(lambda: bring(tmp_path, state_of(module, "model.rnn.")), CheckpointError)
    assert f"'model.rnn' {why}" in str(error)
    found = bring(tmp_path, state_of(module, "model.rnn.") | state_of(nn.GRU(3, 4), "other."))
    assert [*found] == ["other"] and len(found.notes) == 1
    assert found.notes[0].startswith(f"Left out: 'model.rnn' {why}") and found.notes[0] in repr(found)


def test_an_adapter_around_a_layer_is_seen_past_its_wrapper(tmp_path: Path) -> None:
    state = state_of(nn.GRU(3, 4), "rnn.base_layer.") | {"rnn.lora_A.default.weight": torch.zeros(2, 4)}
    assert "'rnn' has an adapter inside" in str(refused(lambda: bring(tmp_path, state), CheckpointError))


@pytest.mark.parametrize("make", [OneBiasLSTM, OneBiasRNN])
def test_a_single_bias_is_the_sum_of_both(tmp_path: Path, make: Any) -> None:
    module, x = make(3, 5), torch.randn(7, 2, 3)
    found = bring(tmp_path, state_of(module, "encoder.rnn."))
    torch.testing.assert_close(found["encoder.rnn"](x)[0], last_states(module, x), rtol=0, atol=1e-6)
    assert not found.notes


def test_a_single_bias_of_every_layer_and_direction(tmp_path: Path) -> None:
    module = nn.LSTM(3, 4, 2, bidirectional=True)
    state = {name: w for name, w in module.state_dict().items() if name.startswith("weight")}
    for end in ("l0", "l0_reverse", "l1", "l1_reverse"):
        state[f"bias_{end}"] = getattr(module, f"bias_ih_{end}") + getattr(module, f"bias_hh_{end}")
    x = torch.randn(5, 2, 3)
    (layer,) = bring(tmp_path, state).values()
    torch.testing.assert_close(layer(x)[0], last_states(module, x), rtol=0, atol=1e-6)


def test_a_single_bias_of_a_gru_is_said_to_be_that_of_its_input(tmp_path: Path) -> None:
    state = nn.GRU(3, 4).state_dict()
    bias = state.pop("bias_ih_l0")
    state.pop("bias_hh_l0")
    found = bring(tmp_path, {**state, "bias": bias})
    assert torch.equal(found["gru"].state_dict()["bias_ih_l0"], bias) and not found["gru"].bias_hh_l0.any()
    assert found.notes == ("The single bias of 'gru' is taken as that of its input, outside the reset gate.",)


@pytest.mark.parametrize("bias", [torch.zeros(5), torch.zeros(16, 1), torch.zeros(16, dtype=torch.int64)], ids=range(3))
def test_a_single_bias_that_does_not_fit(tmp_path: Path, bias: torch.Tensor) -> None:
    state = {name: w for name, w in nn.LSTM(3, 4).state_dict().items() if name.startswith("weight")}
    assert "'bias' must " in str(refused(lambda: bring(tmp_path, {**state, "bias": bias}), CheckpointError))


def test_one_bias_beside_two_is_refused(tmp_path: Path) -> None:
    state = {**nn.LSTM(3, 4).state_dict(), "bias": torch.zeros(16)}
    assert "'bias' stands beside 'bias_ih_l0', and there is one" in str(
        refused(lambda: bring(tmp_path, state), CheckpointError)
    )


def test_modules_whose_part_is_not_known_are_named(tmp_path: Path) -> None:
    state = state_of(nn.LSTM(3, 4), "net.") | state_of(nn.Linear(4, 2), "net.head.") | state_of(nn.GRU(1, 2), "net.in.")
    found = bring(tmp_path, state)
    assert [*found] == ["net", "net.in"]
    assert found.notes == ("What stands inside 'net' beside its weights is not computed: head and in.",)


@pytest.mark.parametrize("name", ["h0", "c_0", "init_hidden", "h0.1"])
def test_a_learned_first_state_is_told(tmp_path: Path, name: str) -> None:
    found = bring(tmp_path, state_of(nn.GRU(3, 4), "rnn.") | {f"rnn.{name}": torch.zeros(1, 4)})
    assert found.notes == (f"The first state of 'rnn' ({name}) is left out: here it starts at zeros.",)


def test_counters_and_states_of_generators_are_no_weights(tmp_path: Path) -> None:
    state = {**nn.GRU(3, 4).state_dict(), "n_averaged": torch.tensor(3), "rng_state": torch.zeros(9, dtype=torch.uint8)}
    assert not bring(tmp_path, state).notes


def test_a_cell_opens_and_the_loop_around_it_is_said_to_be_unknown(tmp_path: Path) -> None:
    state = state_of(nn.LSTMCell(3, 4), "layer.cells.0.") | state_of(nn.LayerNorm(4), "layer.norm.")
    found = bring(tmp_path, state)
    assert found.notes == (
        "'layer.cells.0' is a single cell: its model's loop over time is not read, nor is norm beside it.",
    )
    assert bring(tmp_path, nn.GRUCell(3, 4).state_dict()).notes == (
        "It is a single cell: its model's loop over time is not read.",
    )


def test_a_name_that_says_another_cell_than_the_shape_is_told(tmp_path: Path) -> None:
    found = bring(tmp_path, state_of(nn.GRU(3, 4), "cifg_lstm.") | state_of(nn.LSTM(3, 4), "rnn."))
    assert found.notes == ("'cifg_lstm' is shown as GRU, by its shape; its name says LSTM.",)


def test_what_stands_beside_deeper_in_the_file_or_is_no_tensor_is_seen(tmp_path: Path) -> None:
    layer = {**nn.GRU(3, 4).state_dict(), "norm": {"weight": torch.ones(4)}}
    deep = {"a": {"b": {"c": {"d": layer}}}}
    assert "'a.b.c.d' has a normalisation inside" in str(refused(lambda: bring(tmp_path, deep), CheckpointError))
    extra = state_of(nn.GRU(3, 4), "rnn.") | {"rnn._extra_state": {"scale": 2.0}}
    assert "'rnn' has _extra_state beside" in str(refused(lambda: bring(tmp_path, extra), CheckpointError))


@pytest.mark.parametrize("name", ["weight_ih_l0_scale", "bias_n"])
def test_what_is_called_like_a_weight_refuses_a_layer_without_a_prefix_too(tmp_path: Path, name: str) -> None:
    state = {**nn.GRU(3, 4).state_dict(), name: torch.ones(4)}
    assert f"it has {name} beside its weights" in str(refused(lambda: bring(tmp_path, state), CheckpointError))


@pytest.mark.parametrize("name", ["module", "base_layer", "_orig_mod"])
def test_a_parameter_that_is_called_like_a_wrapper_is_seen(tmp_path: Path, name: str) -> None:
    error = refused(
        lambda: bring(tmp_path, state_of(nn.GRU(3, 4), "rnn.") | {f"rnn.{name}": torch.ones(3)}), CheckpointError
    )
    assert f"'rnn' has {name} beside its weights" in str(error)


def test_a_normalisation_inside_a_cell_refuses_it(tmp_path: Path) -> None:
    state = state_of(nn.LSTMCell(3, 4), "layers.0.cell.") | state_of(nn.LayerNorm(16), "layers.0.cell.layernorm_i.")
    assert "'layers.0.cell' has a normalisation inside" in str(refused(lambda: bring(tmp_path, state), CheckpointError))
