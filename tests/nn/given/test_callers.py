"""Whatever mode the caller is in and whatever hangs on the module, what is shown is what the module computes."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import xarray as xr
from torch import Tensor, nn

import rnnviz as rv
from tests.nn.reference import numbers

X = numbers(5, 2, 3).float()
LOOKS: dict[str, Callable[[nn.RNNBase, Tensor], xr.Dataset]] = {
    "trace": rv.trace,
    "jacobians": rv.jacobians,
    "gradient_flow": lambda module, x: rv.gradient_flow(module, x, lambda output: output.square().sum()),
    "influence": lambda module, x: rv.influence(module, x, lambda output: output.square().sum((1, 2))),
}
MODES: dict[str, Callable[[], Any]] = {
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "autocast": lambda: torch.autocast("cpu", torch.bfloat16),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_the_mode_of_the_caller_changes_nothing_and_comes_back(kind: Any, look: str, mode: str) -> None:
    module = kind(3, 4, 2, bidirectional=True)
    wanted = LOOKS[look](module, X)
    with MODES[mode]():
        before = torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.is_autocast_enabled("cpu")
        inside = X.clone()  # of inference, where that is on
        xr.testing.assert_identical(LOOKS[look](module, inside), wanted)
        assert before == (
            torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.is_autocast_enabled("cpu")
        )  # fmt: skip
    xr.testing.assert_identical(LOOKS[look](module, inside), wanted)
    assert not module.weight_hh_l0.is_inference() and module.weight_hh_l0.grad is None


def doubled(_module: nn.Module, _inputs: Any, result: Any) -> Any:
    return 2 * result[0], result[1]


def scaled(_module: nn.Module, inputs: Any) -> Any:
    return 3 * inputs[0], *inputs[1:]


def shrunk(module: Any, _inputs: Any) -> None:
    module.weight_hh_l0.data.mul_(0.5)


def replaced(module: Any) -> None:
    own = module.forward
    module.forward = lambda x, state=None: (own(x, state)[0] + 1, None)


CHANGES: dict[str, Callable[[nn.Module], Any]] = {
    "output": lambda module: module.register_forward_hook(doubled),
    "input": lambda module: module.register_forward_pre_hook(scaled),
    "weights": lambda module: module.register_forward_pre_hook(shrunk),
    "forward": replaced,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("look", LOOKS)
def test_a_hook_that_changes_what_is_computed_is_refused(look: str, change: str) -> None:
    for module in (nn.LSTM(3, 4), nn.GRU(3, 4, batch_first=True)):
        weight = module.weight_hh_l0.detach().clone()
        CHANGES[change](module)
        wanted = f"module must compute what {type(module).__name__} does; got one with a hook or a forward, whose"
        with pytest.raises(ValueError, match=wanted):
            LOOKS[look](module, X)
        assert torch.equal(module.state_dict()["weight_hh_l0"], weight)


def test_a_hook_that_only_looks_on_changes_nothing() -> None:
    module, seen = nn.GRU(3, 4), list[int]()
    wanted = rv.trace(module, X)
    module.register_forward_hook(lambda *_: seen.append(1))
    xr.testing.assert_identical(rv.trace(module, X), wanted)
    with rv.recording(module, every=1) as recorder:
        module(X)
        xr.testing.assert_identical(rv.trace(module, X), wanted)
    assert len(recorder.traces["GRU"]) == 1


@pytest.mark.parametrize("look", LOOKS)
def test_of_a_wrapper_it_is_said_what_to_give(look: str) -> None:
    for wrapped, name in (
        (nn.DataParallel(nn.GRU(3, 4)), "module"),
        (torch.compile(nn.GRU(3, 4), backend="eager"), "_orig_mod"),
    ):
        with pytest.raises(ValueError, match=f"got {type(wrapped).__name__}, whose `{name}` is one"):
            LOOKS[look](wrapped, X)  # type: ignore[arg-type]
        LOOKS[look](getattr(wrapped, name), X)
