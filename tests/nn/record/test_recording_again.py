"""What a recorder runs again is what the model ran: dropout, masks, half precision, weights that are computed."""

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.nn.cells.lstm import LSTM
from rnnviz.nn.record.recording import Recorder
from tests.nn.record.helpers import first_model, train
from tests.nn.reference import numbers


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("more", [{}, {"batch_first": True, "bidirectional": True}])
def test_dropout_of_torchs_own_is_drawn_again(kind: Callable[..., nn.RNNBase], more: dict[str, bool]) -> None:
    module = kind(3, 4, 3, dropout=0.4, **more).double()
    with rv.recording(module, every=1) as recorder:
        for seed in range(3):
            module(numbers(5, 6, 3, seed=seed))[0].square().sum().backward()
    found = recorder.dataset()
    assert float(found.difference.max()) < 1e-12 and not recorder.notes
    assert float(found.hidden_grad_norm.min()) > 0
    plain = rv.trace(module.eval(), numbers(5, 6, 3))
    assert float(abs(found.hidden[0, -1] - plain.hidden[-1, :, :, :4]).max()) > 0.01, "units were dropped"


def test_gradients_under_dropout_are_those_that_the_weights_got() -> None:
    """‖∂L/∂h_t‖ of the lowest layer from the recording against autograd's, through the layers one by one."""
    module = nn.LSTM(3, 4, 2, dropout=0.5).double()
    below, above = nn.LSTM(3, 4).double(), nn.LSTM(4, 4).double()
    below.load_state_dict({n: w for n, w in module.state_dict().items() if n.endswith("l0")})
    above.load_state_dict({n.replace("l1", "l0"): w for n, w in module.state_dict().items() if n.endswith("l1")})
    x = numbers(5, 6, 3)
    torch.manual_seed(4)
    with rv.recording(module) as recorder:
        module(x)[0].square().sum().backward()
    torch.manual_seed(4)
    states = below(x)[0]
    direct = torch.autograd.grad(above(nn.functional.dropout(states, 0.5))[0].square().sum(), states)[0]
    flow = rv.gradient_flow(below, x, lambda output: (output * direct).sum())
    np.testing.assert_allclose(recorder.dataset().hidden_grad_norm[0, 0], flow.hidden_grad_norm[0], rtol=1e-9)


def test_dropout_that_cannot_be_drawn_again_hides_the_gradients_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wrong = torch.Generator().manual_seed(99).get_state()
    monkeypatch.setattr(Recorder, "_remember", lambda self, name, *_: self._dice.update({name: wrong}))
    model = first_model(dropout=0.5)
    with rv.recording(model, every=1) as recorder:
        train(model, 1)
    encoder = recorder.dataset("parts.encoder")
    assert np.isnan(encoder.hidden_grad_norm).all() and float(encoder.difference.max()) > 0.01
    assert not np.isnan(recorder.dataset("decoder").hidden_grad_norm).any()
    assert "drops states between its layers" in recorder.notes[0]


def test_masks_of_our_own_layers_are_seen() -> None:
    module, x = LSTM(3, 4, 2, skip=True), torch.ones(5, 2, 3)
    masks = [torch.tensor([0.0, 2.0, 2.0, 0.0]).expand(5, 2, 4)]
    with rv.recording(module) as recorder:
        module(x, masks=masks)[0].sum().backward()
    found = recorder.dataset()
    assert float(found.difference.max()) < 1e-6 and float(found.hidden_grad_norm.min()) > 0


def test_autocast_half_precision_and_weights_that_are_computed() -> None:
    x = torch.randn(6, 2, 3, generator=torch.Generator().manual_seed(0))
    module = nn.GRU(3, 4)
    with rv.recording(module) as recorder, torch.autocast("cpu", torch.bfloat16):
        module(x)[0].float().sum().backward()
    np.testing.assert_allclose(recorder.dataset().hidden[0], rv.trace(module, x).hidden, atol=1e-6)
    small = copy.deepcopy(module).bfloat16()
    with rv.recording(small) as recorder:
        small(x.bfloat16())[0].sum().backward()
    assert recorder.dataset().hidden.dtype == np.float32 and 0 < float(recorder.dataset().difference.max()) < 0.05
    normed = nn.utils.parametrizations.weight_norm(copy.deepcopy(module), "weight_hh_l0")
    with rv.recording(normed) as recorder:
        normed(x)
    assert recorder.names == ("ParametrizedGRU",) and float(recorder.dataset().difference.max()) < 1e-6
