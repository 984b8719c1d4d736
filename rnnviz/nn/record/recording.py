"""Gates and gradients of the recurrent layers in a training loop of one's own, without touching the model."""

import functools
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from rnnviz.core import limits
from rnnviz.core.errors import shown
from rnnviz.nn.cells.lookup import torchs_own
from rnnviz.nn.measure.tracing import check_module
from rnnviz.nn.record.recorded import RecordedCall
from rnnviz.runs.states import states_dataset

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from torch.utils.hooks import RemovableHandle

MOST_CALLS = 8  # of one module in one step
DIFFERENCE = "largest difference between these states and the module's own output"


def recording(model: nn.Module, every: int = 50, samples: int = 4) -> "Recorder":
    """Watch all `torch.nn.RNN`, `LSTM` and `GRU` inside a model while it trains: `with recording(model) as recorder:`.

    The layers are not replaced, the training goes on bit for bit as without, and a step that is not recorded costs
    nothing but a glance at a counter. At every recorded step the states and gates are computed once more beside the
    training, on whatever device the model is. When the block ends, by an exception too, nothing stays on the model.

    model:   any module that holds recurrent layers of torch, at any depth, or such a layer itself.
    every:   a step of so many is recorded, the first included. A step is a call of `model` in training mode with
             gradients on. Where that is not so, because a step calls it several times or never as a whole, call
             `recorder.step()` at the beginning of every step: from then on only that counts.
    samples: sequences whose states are kept; gate statistics and gradient norms are over all.

    Recorders do not disturb each other, also on the same model. One may be used for several blocks, one after the
    other; its steps go on counting.

    A layer called under `torch.compile` is seen only if the compiler leaves its hooks alone: record before compiling.

    Raises:
        ValueError: there is no such layer in the model, or a number is not above 0.
    """
    return Recorder(model, every, samples)


class Recorder:
    """What `recording` found; it may be read inside the block and after it.

    names: the recurrent layers, as `named_modules` names them; a model that is one itself goes by its class.
    notes: what could not be recorded and why, in sentences, each once.
    """

    def __init__(self, model: nn.Module, every: int = 50, samples: int = 4) -> None:
        for name, value in (("every", every), ("samples", samples)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a whole number above 0; got {value!r}.")
        self.notes: list[str] = []
        self._model, self._every, self._samples = model, every, samples
        self._modules = self._find(model)
        self._step, self._explicit = -1, False
        self._calls: dict[str, list[tuple[int, RecordedCall]]] = {}
        self._gates: list[dict[str, Any]] = []
        self._dice: dict[str, Tensor] = {}
        self._open: list[tuple[str, RecordedCall]] = []
        self._handles: list[RemovableHandle] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The recurrent layers that are watched."""
        return tuple(self._modules)

    def step(self) -> None:
        """Say that a training step begins. Once this was called, calls of the model are not counted any more."""
        self._explicit = True
        self._next()

    def __enter__(self) -> "Recorder":
        if self._handles:
            raise RuntimeError("This recorder is at work already; use one of its own for a second block.")
        self._handles = [self._model.register_forward_pre_hook(self._count)]
        for name, module in self._modules.items():
            if module.dropout and module.num_layers > 1:
                self._handles.append(module.register_forward_pre_hook(functools.partial(self._remember, name)))
            glance = functools.partial(self._glance, name)
            self._handles.append(module.register_forward_hook(glance, with_kwargs=True))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._finish()

    @property
    def traces(self) -> "dict[str, list[tuple[int, xr.Dataset]]]":
        """For every layer its recorded steps, each with the Dataset that `rv.trace` gives and the gradients.

        `hidden_grad_norm` and, for an LSTM, `cell_grad_norm` (layer, direction, time): norms over all sequences and
        units of the total derivative, by the state, of whatever `backward` was called on. They are NaN where it was
        not, and where torch's dropout acted between the layers of a module on a GPU: there its masks cannot be drawn
        again. A layer's second call in one step is listed as `name#2`.
        """
        self._finish()
        return {
            name: [(step, states_dataset(call.arrays).assign_attrs(difference=call.difference)) for step, call in calls]
            for name, calls in self._calls.items()
        }

    def dataset(self, name: str | None = None) -> "xr.Dataset":
        """One layer's traces side by side, along `step`; shorter sequences are filled up with NaN.

        name: one of `names`; may be left out where there is only one.

        Raises:
            LookupError: nothing was recorded under that name.
        """
        import xarray as xr

        traces = self.traces
        name = next(iter(traces)) if name is None and len(traces) == 1 else name
        if name not in traces:
            known = ", ".join(traces) or "nothing was: is the model called as a whole, in training mode?"
            raise LookupError(" ".join([f"name must be one that was recorded ({known}); got {name!r}.", *self.notes]))
        steps, parts = zip(*traces[name], strict=True)
        found = xr.concat(parts, dim="step", join="outer", combine_attrs="drop").assign_coords(step=list(steps))
        differences = [part.attrs["difference"] for part in parts]
        assigned: xr.Dataset = found.assign(difference=("step", differences, {"long_name": DIFFERENCE}))
        return assigned

    def gates(self) -> "pd.DataFrame":
        """How open every gate was: step, module, layer, direction, gate, mean, share_open, share_shut.

        The shares are of all sequences, time steps and units: above 0.95, and below 0.05.
        """
        import pandas as pd

        columns = ["step", "module", "layer", "direction", "gate", "mean", "share_open", "share_shut"]
        return pd.DataFrame(self._gates, columns=columns)

    def _find(self, model: nn.Module) -> dict[str, nn.RNNBase]:
        if not isinstance(model, nn.Module):
            raise ValueError(f"model must be a torch.nn.Module; got {shown(model)}.")
        found = {}
        for name, module in model.named_modules():
            if isinstance(module, nn.RNNBase):
                try:
                    check_module(module)
                    found[name or type(module).__name__] = module
                except ValueError as refused:
                    self._note(f"{name or type(module).__name__} is not recorded: {refused}")
        if not found:
            said = f"model must hold a {torchs_own()}; got {type(model).__name__} with none."
            raise ValueError(" ".join([said, *self.notes]))
        return found

    def _count(self, model: nn.Module, _: object) -> None:
        if not self._explicit and model.training and torch.is_grad_enabled():
            self._next()

    def _next(self) -> None:
        if self._open:
            self._finish()
        self._step += 1

    def _due(self, module: nn.Module) -> bool:
        return self._step % self._every == 0 and self._step >= 0 and module.training and torch.is_grad_enabled()

    def _remember(self, name: str, module: nn.Module, _: object) -> None:
        """Keep from what its dropout is about to be drawn; a GPU's own generator in cuDNN cannot be asked."""
        if self._due(module) and next(module.parameters()).device.type == "cpu":
            self._dice[name] = torch.get_rng_state()

    def _glance(self, name: str, module: Any, inputs: tuple[Any, ...], given: dict[str, Any], result: Any) -> None:
        if self._due(module):
            self._look(name, module, inputs, given, result)

    def _look(self, name: str, module: nn.RNNBase, inputs: tuple[Any, ...], given: dict[str, Any], result: Any) -> None:
        times = 1 + sum(other.partition("#")[0] == name for other, _ in self._open)
        if times > MOST_CALLS:
            self._note(f"{name} is called more than {MOST_CALLS} times in a step: the later calls are not recorded.")
            return
        try:
            call = RecordedCall(module, inputs, given, result, self._samples, self._dice.pop(name, None))
        except (ValueError, RuntimeError) as error:  # a look from outside must never end a training
            self._note(f"{name} was not recorded: {error}")
            return
        if call.dropped:
            self._note(f"{name} drops states between its layers: recorded is what it does without, and no gradients.")
        called = name if times == 1 else f"{name}#{times}"
        self._open.append((called, call))
        self._gates += [{"step": self._step, "module": called, **row} for row in call.gates]

    def _finish(self) -> None:
        for name, call in self._open:
            call.finish()
            self._calls.setdefault(name, []).append((self._step, call))
        self._open = []
        while self._nbytes() > limits.LARGEST_RECORDING and any(len(calls) > 2 for calls in self._calls.values()):
            self._calls = {name: calls[::2] for name, calls in self._calls.items()}
            self._note("Every second trace was let go of to save memory; the gates' statistics are all there.")

    def _nbytes(self) -> int:
        return sum(
            values.nbytes for calls in self._calls.values() for _, call in calls for values in call.arrays.values()
        )

    def _note(self, said: str) -> None:
        if said not in self.notes:
            self.notes.append(said)


__all__ = ["Recorder", "recording"]
