"""Packed batches in somebody's training are recorded as they were read, in the caller's order."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence

import rnnviz as rv
from tests.nn.reference import numbers

LENGTHS = (2, 5, 3, 5)


class Classifier(nn.Module):
    """A classifier that packs its batch, as somebody writes it."""

    def __init__(self, kind: Any, **more: Any) -> None:
        super().__init__()
        self.recurrent = kind(3, 4, 2, batch_first=True, bidirectional=True, **more).double()

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        output, final = self.recurrent(packed)
        last = final[0] if isinstance(final, tuple) else final
        return last.square().sum() + output.data.sum()


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_classifier_that_packs_its_batch(kind: Any) -> None:
    model, x = Classifier(kind), numbers(4, 5, 3)
    packed = pack_padded_sequence(x, torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
    with rv.recording(model, every=1, samples=4) as recorder:
        model(x, torch.tensor(LENGTHS)).backward()
    assert not recorder.notes
    found = recorder.dataset("recurrent").isel(step=0)
    wanted, _ = pad_packed_sequence(model.recurrent(packed)[0], padding_value=np.nan)
    top = found.hidden.isel(layer=-1).transpose("time", "sample", "direction", "unit").values
    np.testing.assert_allclose(top.reshape(wanted.shape), wanted.detach(), atol=1e-12)

    def loss(output: Any, final: Any) -> Tensor:
        last = final[0] if isinstance(final, tuple) else final
        return last.square().sum() + output.data.sum()

    flow = rv.gradient_flow(model.recurrent, packed, loss)
    for name in set(flow.data_vars) - {"hidden_grad", "cell_grad"}:
        np.testing.assert_allclose(found[name], flow[name], rtol=1e-9, atol=1e-12, err_msg=name)
    for row in recorder.gates().itertuples():
        values = flow[row.gate].isel(layer=row.layer).sel(direction=row.direction)
        assert row.mean == pytest.approx(float(values.mean()), abs=1e-12), "padding does not count"


def test_dropout_between_the_layers_of_packed_sequences_is_drawn_again() -> None:
    model = Classifier(nn.GRU, dropout=0.5)
    with rv.recording(model, every=1) as recorder:
        model(numbers(4, 5, 3), torch.tensor(LENGTHS)).backward()
    assert not recorder.notes and float(recorder.dataset("recurrent").difference.max()) < 1e-12
    assert float(recorder.dataset("recurrent").hidden_grad_norm.min()) > 0


def test_a_batch_of_one_length_and_one_that_is_sorted_already() -> None:
    module = nn.LSTM(3, 4).double()
    for lengths in ((4, 4), (4, 2)):
        packed = pack_sequence([numbers(length, 3, seed=length) for length in lengths])
        with rv.recording(module, every=1) as recorder:
            module(packed)[0].data.sum().backward()
        wanted, _ = pad_packed_sequence(module(packed)[0], padding_value=np.nan)
        np.testing.assert_allclose(recorder.dataset().hidden[0, 0, 0], wanted.detach(), atol=1e-12)
