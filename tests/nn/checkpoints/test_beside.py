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
    module, x = make(3, 5).double(), torch.randn(7, 2, 3).double()  # rounding grows in random weights
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


def test_a_cell_opens_and_what_may_act_in_its_loop_is_told(tmp_path: Path) -> None:
    state = state_of(nn.LSTMCell(3, 4), "layer.cells.0.") | state_of(nn.LayerNorm(4), "layer.norm.")
    found = bring(tmp_path, state)
    assert found.notes == ("'layer.cells.0' is a cell, shown as a layer. What stands beside it is not computed: norm.",)


@pytest.mark.parametrize("of", ["", "cell.", "decoder.layers.1."])
@pytest.mark.parametrize(("make", "layer"), [(nn.LSTMCell, nn.LSTM), (nn.GRUCell, nn.GRU), (nn.RNNCell, nn.RNN)])
def test_a_cell_that_stands_alone_needs_no_word(tmp_path: Path, of: str, make: Any, layer: Any) -> None:
    cell, x = make(3, 4), torch.randn(6, 2, 3)
    beside = state_of(nn.Embedding(9, 3), "decoder.embed.") if of.count(".") > 1 else {}
    found = bring(tmp_path, state_of(cell, of) | beside)
    (module,) = found.values()
    assert isinstance(module, layer) and not found.notes
    state, states = None, []
    for x_t in x:
        state = cell(x_t, state)
        states.append(state[0] if isinstance(state, tuple) else state)
    torch.testing.assert_close(module(x)[0], torch.stack(states), rtol=0, atol=1e-6)


def test_a_name_that_says_another_cell_than_the_shape_is_told(tmp_path: Path) -> None:
    for module, name, says in (
        (nn.GRU(3, 4), "cifg_lstm", "cifg"),
        (nn.GRU(3, 4), "my_lstm.cell", "LSTM"),
        (nn.LSTM(3, 4), "GRUDecoder.0", "GRU"),
        (nn.RNN(3, 4), "antisymmetric_rnn", "antisymmetric"),
        (nn.LSTM(3, 4), "net.PhasedLSTM.cell", "phased"),
        (nn.LSTM(3, 4), "mLSTM", "mlstm"),
    ):
        found = bring(tmp_path, state_of(module, f"{name}.") | state_of(nn.LSTM(3, 4), "rnn."))
        title = {nn.GRU: "GRU", nn.LSTM: "LSTM", nn.RNN: "RNN"}[type(module)]
        assert found.notes == (f"'{name}' is shown as {title}, by its shape; its name says {says}.",)


@pytest.mark.parametrize("name", ["gru", "birnn0", "lstm_of_gru", "encoder.lstm_layers.0", "coupledness", "minimally"])
def test_a_name_that_says_nothing_against_the_shape_is_left_alone(tmp_path: Path, name: str) -> None:
    module = nn.LSTM(3, 4) if "lstm" in name else nn.GRU(3, 4)
    assert not bring(tmp_path, state_of(module, f"{name}.")).notes


@pytest.mark.parametrize("name", ["lstm_backward", "bwd", "layers.0.directions.1.cell", "encoder.rev.rnn"])
def test_a_layer_that_may_read_from_the_end_is_told(tmp_path: Path, name: str) -> None:
    found = bring(tmp_path, state_of(nn.LSTMCell(3, 4), f"{name}."))
    assert found.notes == (f"'{name}' may read from the end, by its name; here it reads from the start.",)
    both = bring(tmp_path, state_of(nn.LSTM(3, 4, bidirectional=True), f"{name}."))
    assert not any("from the end" in note for note in both.notes)


@pytest.mark.parametrize("name", [
    "rnn.lora_A.default.weight_hh_l0", "lora.rnn.A", "adapters.rnn.down.weight", "rnn.weight_hh_l0_lora_A",
    "loraB.encoder.rnn",
])  # fmt: skip
def test_an_adapter_of_a_layer_is_seen_wherever_it_stands(tmp_path: Path, name: str) -> None:
    state = state_of(nn.GRU(3, 4), "rnn.") | {name: torch.ones(2, 4)}
    assert "'rnn' has an adapter " in str(refused(lambda: bring(tmp_path, state), CheckpointError))
    other = state_of(nn.GRU(3, 4), "rnn.") | {name.replace("rnn", "attention"): torch.ones(2, 4)}
    assert "rnn" in bring(tmp_path, other)


@pytest.mark.parametrize("name", [
    "layernorm_i.weight", "norm_hh.weight", "lnorms.0.gamma", "rms.weight", "normalizer.scale", "weight_ln_ih",
    "bn_ih.running_mean", "layerNormIH.bias", "LN.weight", "ln_gates_bias",
])  # fmt: skip
def test_a_normalisation_in_any_spelling(tmp_path: Path, name: str) -> None:
    state = state_of(nn.LSTMCell(3, 4), "rnn.cell.") | {f"rnn.cell.{name}": torch.ones(4)}
    assert "'rnn.cell' has a normalisation inside" in str(refused(lambda: bring(tmp_path, state), CheckpointError))


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
