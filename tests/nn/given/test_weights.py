"""What is looked at is computed with the weights that the module's next call uses, and the module stays as it is."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune

import rnnviz as rv
from tests.nn.reference import numbers

KINDS = [nn.RNN, nn.LSTM, nn.GRU]
OLD_WEIGHT_NORM, OLD_SPECTRAL_NORM = nn.utils.weight_norm, nn.utils.spectral_norm


class Doubled(nn.Module):
    """A parametrization of somebody's own."""

    def forward(self, weight: Tensor) -> Tensor:
        return 2 * weight


def _own(module: nn.RNNBase, name: str) -> Any:
    return parametrize.register_parametrization(module, name, Doubled())


COMPUTED: dict[str, Callable[..., Any]] = {
    "weight norm by hooks": OLD_WEIGHT_NORM,
    "spectral norm by hooks": OLD_SPECTRAL_NORM,
    "weight norm": parametrizations.weight_norm,
    "spectral norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
    "pruned": lambda module, name: prune.l1_unstructured(module, name, 0.5),
    "of one's own": _own,
}


def stepped(module: nn.RNNBase) -> nn.RNNBase:
    """After an update of its parameters and before its next call, when a weight by hooks is out of date."""
    with torch.no_grad():
        for number, weight in enumerate(module.parameters()):
            weight.add_(0.3 * numbers(*weight.shape, seed=number))
    return module


def kept(module: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in module.state_dict().items()}


@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")
@pytest.mark.parametrize("training", [True, False], ids=["training", "evaluation"])
@pytest.mark.parametrize("how", COMPUTED)
@pytest.mark.parametrize("kind", KINDS)
def test_computed_weights_are_those_of_the_next_call(kind: Any, how: str, training: bool) -> None:
    module = kind(3, 4, 2).double()
    for name in ("weight_hh_l0", "weight_ih_l1"):
        COMPUTED[how](module, name)
    module, x = stepped(module).train(training), numbers(6, 5, 3)
    before = kept(module)
    traced = rv.trace(module, x)
    flow = rv.gradient_flow(module, x, lambda output: output.square().sum())
    jacobians = rv.jacobians(module, x)
    influence = rv.influence(module, x, lambda output: output.square().sum((1, 2)))
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    np.testing.assert_allclose(traced.hidden[-1, 0], module(x)[0].detach(), rtol=0, atol=1e-12)
    plain = kind(3, 4, 2).double()
    plain.load_state_dict(dict(zip(plain.state_dict(), module._flat_weights, strict=True)))
    wanted = rv.gradient_flow(plain, x, lambda output: output.square().sum())
    np.testing.assert_allclose(flow.hidden_grad, wanted.hidden_grad, atol=1e-11)
    np.testing.assert_allclose(jacobians.lag_norm, rv.jacobians(plain, x).lag_norm, atol=1e-11)
    np.testing.assert_allclose(
        influence.influence, rv.influence(plain, x, lambda output: output.square().sum((1, 2))).influence, atol=1e-11
    )


@pytest.mark.filterwarnings("ignore:.*weight_norm:FutureWarning")
@pytest.mark.parametrize("how", COMPUTED)
def test_computed_weights_in_a_recorded_training(how: str) -> None:
    def trained(record: bool) -> nn.Module:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            module = nn.GRU(3, 4).double()
            COMPUTED[how](module, "weight_hh_l0")
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        recorder = rv.recording(module, every=1)

        def loop() -> None:
            for seed in range(3):
                optimizer.zero_grad()
                module(numbers(5, 2, 3, seed=seed))[0].square().sum().backward()
                optimizer.step()

        if record:
            with recorder:
                loop()
            assert float(recorder.dataset().difference.max()) < 1e-12 and not recorder.notes
        else:
            loop()
        return module

    pairs = zip(trained(True).state_dict().values(), trained(False).state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs), "bit for bit as without"


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=["bfloat16", "half"])
@pytest.mark.parametrize("kind", KINDS)
def test_narrow_modules_are_computed_in_single_precision(kind: Any, dtype: torch.dtype) -> None:
    module = kind(3, 4, 2, bidirectional=True)
    narrow, x = copy.deepcopy(module).to(dtype), numbers(6, 5, 3, dtype=torch.float32)
    weights = kept(narrow)

    def loss(output: Tensor, final: Any) -> Tensor:
        last = final[0] if isinstance(final, tuple) else final
        return output.square().mean() + last.square().mean()

    def narrow_loss(output: Tensor, final: Any) -> Tensor:
        assert output.dtype == dtype, "a readout of the same precision follows"
        return loss(output, final).float()

    for inputs in (x, x.to(dtype), x.numpy(), nn.utils.rnn.pack_sequence([*x.unbind(1)]).to(dtype)):
        found, wanted = rv.gradient_flow(narrow, inputs, narrow_loss), rv.gradient_flow(module, x, loss)
        for name in found.data_vars:
            assert found[name].dtype == np.float32
            np.testing.assert_allclose(found[name], wanted[name], atol=1e-2, err_msg=str(name))
        np.testing.assert_allclose(rv.trace(narrow, inputs).hidden, wanted.hidden, atol=1e-2)
        np.testing.assert_allclose(rv.jacobians(narrow, inputs).lag_norm, rv.jacobians(module, x).lag_norm, atol=1e-2)
    looked = rv.influence(narrow, x, lambda output: output.float().square().mean((1, 2)))
    exactly = rv.influence(module, x, lambda output: output.square().mean((1, 2)))
    np.testing.assert_allclose(looked.influence, exactly.influence, atol=1e-2)
    assert all(torch.equal(value, weights[name]) for name, value in narrow.state_dict().items())


@pytest.mark.parametrize("kind", KINDS)
def test_states_of_a_narrow_module_in_edits_and_with_first_states(kind: Any) -> None:
    module, x = kind(3, 4).bfloat16(), numbers(6, 5, 3, dtype=torch.bfloat16)
    state = numbers(1, 5, 4, dtype=torch.bfloat16)
    found = rv.trace(module, x, (state, state) if kind is nn.LSTM else state, edit={"hidden": 0.25})
    assert found.hidden.dtype == np.float32 and (found.hidden == 0.25).all()


class Residual(nn.LSTM):
    """Layers that are no plain LSTM."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        output, final = super().forward(input, hx)
        return output + input[..., :1], final


class Checking(nn.GRU):
    """A plain GRU with a forward of its own."""

    calls = 0

    def forward(self, input: Any, hx: Any = None) -> Any:
        self.calls += 1
        return super().forward(input, hx)


class Packing(nn.GRU):
    """A plain GRU that is called in another way."""

    def forward(self, x: Tensor, lengths: Tensor, hx: Any = None) -> Any:  # type: ignore[override]
        return super().forward(nn.utils.rnn.pack_padded_sequence(x, lengths), hx)


def test_what_computes_something_else_than_its_class_is_refused_and_what_does_not_is_taken() -> None:
    x, state = numbers(6, 5, 3), numbers(2, 5, 4, seed=1)
    for look in (rv.trace, rv.jacobians):
        with pytest.raises(
            ValueError, match=r"module must compute what LSTM does; got Residual, whose output is .* off"
        ):
            look(Residual(3, 4).double(), x)
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        for kind in (Checking, Packing):
            module = kind(3, 4, 2, dropout=0.5).to(dtype)
            found = rv.trace(module, x, state)
            assert module.training and getattr(module, "calls", 0) == 0, "only a copy was called"
            plain = nn.GRU(3, 4, 2).to(dtype)
            plain.load_state_dict(module.state_dict())
            np.testing.assert_array_equal(found.hidden, rv.trace(plain, x, state).hidden)
    packed = nn.utils.rnn.pack_sequence([*x.unbind(1)])
    assert rv.trace(Checking(3, 4).double(), packed).sizes["time"] == 6
    assert rv.trace(Checking(3, 4).double(), x[:, 0]).sizes["sample"] == 1
