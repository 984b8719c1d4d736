"""Packed sequences are looked at as each would be alone: NaN behind each end, in the caller's order."""

from typing import Any

import numpy as np
import pytest
import torch
import xarray as xr
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pack_sequence, pad_packed_sequence

import rnnviz as rv
from tests.nn.reference import make_module, numbers

LENGTHS = (2, 5, 1, 5)
SEQUENCES = [numbers(length, 3, seed=length + place) for place, length in enumerate(LENGTHS)]
PACKED = pack_sequence(SEQUENCES, enforce_sorted=False)
KINDS = ["rnn", "rnn_relu", "lstm", "gru", "gru_before"]


def of(cell: str, **more: Any) -> nn.RNNBase:
    return make_module(cell, inputs=3, hidden=4, num_layers=2, bidirectional=True, **more)


def assert_each_is_alone(found: xr.Dataset, alone: list[xr.Dataset], names: list[str], along: str) -> None:
    """Each sample of `found` is the sequence alone, and NaN behind its end."""
    for place, (one, length) in enumerate(zip(alone, LENGTHS, strict=True)):
        for name in names:
            mine = found[name].isel(sample=place).transpose("layer", "direction", along, ...).values
            wanted = one[name].isel(sample=0).transpose("layer", "direction", along, ...).values
            np.testing.assert_allclose(mine[:, :, :length], wanted, rtol=1e-9, atol=1e-12, err_msg=name)
            assert np.isnan(mine[:, :, length:]).all(), name


@pytest.mark.parametrize("cell", ["rnn", "rnn_relu", "lstm", "gru"])
@pytest.mark.parametrize("batch_first", [False, True], ids=["time first", "batch first"])
def test_states_are_those_of_the_module_itself(cell: str, batch_first: bool) -> None:
    module = of(cell, batch_first=batch_first)
    x = nn.utils.rnn.pad_sequence(SEQUENCES, batch_first)
    packed = pack_padded_sequence(x, torch.tensor(LENGTHS), batch_first, enforce_sorted=False)
    wanted, _ = pad_packed_sequence(module(packed)[0], padding_value=np.nan)
    found = rv.trace(module, packed).hidden.isel(layer=-1).transpose("time", "sample", "direction", "unit").values
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted.detach(), rtol=0, atol=1e-12)


def test_first_states_and_tokens_are_in_the_callers_order() -> None:
    module, state = of("lstm"), (numbers(4, 4, 4, seed=5), numbers(4, 4, 4, seed=6))
    wanted, _ = pad_packed_sequence(module(PACKED, state)[0], padding_value=np.nan)
    tokens = np.arange(20).reshape(5, 4).astype(str)
    found = rv.trace(module, PACKED, state, tokens)
    top = found.hidden.isel(layer=-1).transpose("time", "sample", "direction", "unit").values
    np.testing.assert_allclose(top.reshape(wanted.shape), wanted.detach(), atol=1e-12)
    assert found.token.values.tolist() == tokens.tolist()


@pytest.mark.parametrize("cell", KINDS)
def test_every_state_gate_and_gradient_is_that_of_the_sequence_alone(cell: str) -> None:
    module = of(cell)

    def loss(output: Tensor, final: Any) -> Tensor:
        return output.square().sum() + sum(part.sum() for part in (final if isinstance(final, tuple) else (final,)))

    def packed_loss(output: PackedSequence, final: Any) -> Tensor:
        return loss(pad_packed_sequence(output)[0], final)

    alone = [rv.gradient_flow(module, sequence[:, None], loss) for sequence in SEQUENCES]
    for loss_fn in (packed_loss, loss):  # one that knows what the module returns, one that is written for tensors
        found = rv.gradient_flow(module, PACKED, loss_fn)
        names = [str(name) for name in found.data_vars if not str(name).endswith("norm")]
        assert_each_is_alone(found, alone, names, "time")
        norms = np.sqrt(sum(np.nan_to_num(one.hidden_grad_norm.reindex(time=range(5))) ** 2 for one in alone))
        np.testing.assert_allclose(found.hidden_grad_norm, norms, rtol=1e-9)
        assert found.attrs["loss"] == pytest.approx(sum(one.attrs["loss"] for one in alone))


@pytest.mark.parametrize("cell", KINDS)
def test_jacobians_are_those_of_the_sequence_alone(cell: str) -> None:
    module = of(cell)
    found = rv.jacobians(module, PACKED, matrices=True)
    alone = [rv.jacobians(module, sequence[:, None], matrices=True) for sequence in SEQUENCES]
    lags = [str(name) for name in found.data_vars if str(name).endswith("lag_norm")]
    assert_each_is_alone(found, alone, lags, "lag")
    assert_each_is_alone(found, alone, [str(n) for n in found.data_vars if n not in [*lags, "bound"]], "time")
    assert found.sizes["lag"] == 5 and ("bound" in found) == ("bound" in alone[1])


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_influence_is_that_of_the_sequence_alone(cell: str, direction: str) -> None:
    module = of(cell)

    def losses(output: Tensor) -> Tensor:
        return output.square().sum((1, 2))

    for loss_fn in (losses, lambda packed: losses(pad_packed_sequence(packed)[0])):
        found = rv.influence(module, PACKED, loss_fn, layer=0, direction=direction, vectors=True)
        total = np.zeros((5, 5))
        for place, sequence in enumerate(SEQUENCES):
            one = rv.influence(module, sequence[:, None], losses, layer=0, direction=direction, vectors=True)
            mine, length = found.influence_vectors.values[:, :, place], len(sequence)
            np.testing.assert_allclose(mine[:length, :length], one.influence_vectors[:, :, 0], rtol=1e-9, atol=1e-12)
            assert np.isnan(mine[:, length:]).all() and not mine[length:, :length].any()
            total = total + np.pad(one.influence.values, (0, 5 - length)) ** 2
        np.testing.assert_allclose(found.influence, np.sqrt(total), rtol=1e-9, atol=1e-12)


def test_sorted_ones_and_those_of_one_length() -> None:
    module = nn.GRU(3, 4).double()
    for lengths in ((5, 3), (4, 4)):
        packed = pack_sequence([numbers(length, 3, seed=length) for length in lengths])
        wanted, _ = pad_packed_sequence(module(packed)[0], padding_value=np.nan)
        np.testing.assert_allclose(rv.trace(module, packed).hidden[0, 0], wanted.detach(), atol=1e-12)


def test_edits_of_one_direction_and_what_is_refused_of_two() -> None:
    module = nn.LSTM(3, 4).double()
    found = rv.trace(module, PACKED, edit={"forget_gate": 1.0}, reset=[1])
    alone = [rv.trace(module, one[:, None], edit={"forget_gate": 1.0}, reset=[1][: len(one) - 1]) for one in SEQUENCES]
    assert_each_is_alone(found, alone, [str(name) for name in found.data_vars], "time")
    with pytest.raises(ValueError, match="inputs must be padded where a bidirectional module is edited; got a Packed"):
        rv.trace(of("lstm"), PACKED, edit={"forget_gate": 1.0})


def test_growing_states_behind_an_end_reach_no_gradient() -> None:
    """A ReLU whose states grow without bound: those of padding, which overflow, mean nothing."""
    module = nn.RNN(1, 2, nonlinearity="relu")
    with torch.no_grad():
        for weight in module.parameters():
            weight.fill_(1e3)
    packed = pack_sequence([torch.ones(40, 1), torch.ones(2, 1)])
    found = rv.gradient_flow(module, packed, lambda output: pad_packed_sequence(output)[0][:2, 1].sum())
    short = found.hidden_grad.isel(sample=1)[0, 0, :2]
    assert np.isfinite(short).all() and float(short.min()) > 0


def test_packed_sequences_that_are_none() -> None:
    module = nn.GRU(3, 4).double()
    wrong = [
        PACKED._replace(data=PACKED.data[:, :2]),
        PACKED._replace(batch_sizes=torch.tensor([9, 1])),
        PACKED._replace(data=PACKED.data * 1j),
        PACKED._replace(data=None),
    ]
    for inputs in wrong:
        with pytest.raises(ValueError):
            rv.trace(module, inputs)
