"""Gates and gradients of the recurrent layers in a training loop of one's own, without touching the model."""

import functools
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from rnnviz.core import limits
from rnnviz.core.errors import shown
from rnnviz.nn.cells.lookup import kind_of_step, torchs_own
from rnnviz.nn.given.arguments import reason
from rnnviz.nn.given.module import check_module
from rnnviz.nn.record.recorded import RecordedCall, RecordedTrace
from rnnviz.nn.record.seen import handed_over, seen, state_given
from rnnviz.runs.states import states_dataset

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from torch.utils.hooks import RemovableHandle

MOST_TRACES = 8  # of one module in one step
DIFFERENCE = "largest difference between these states and the module's own output"


def recording(model: nn.Module, every: int = 50, samples: int = 4) -> "Recorder":
    """Watch all `torch.nn.RNN`, `LSTM` and `GRU` inside a model while it trains: `with recording(model) as recorder:`.

    `RNNCell`, `LSTMCell` and `GRUCell` are watched, too. Calls of a cell, or of layers of one direction, each of which
    begins with the state in which the one before ended, are one trace over time: a loop over a cell, a decoder that is
    called one time step at a time.

    The layers are not replaced, the training goes on bit for bit as without, and a step that is not recorded costs
    nothing but a glance at a counter. At every recorded step the states and gates are computed once more beside the
    training, on whatever device the model is. When the block ends, by an exception too, nothing stays on the model.

    model:   any module that holds recurrent layers or cells of torch, at any depth, or such a layer or cell itself.
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
        self._traces: dict[str, list[tuple[int, RecordedTrace]]] = {}
        self._gates: list[dict[str, Any]] = []
        self._dice: dict[str, Tensor] = {}
        self._open: list[tuple[str, RecordedTrace]] = []
        self._last: Any = None  # what the model handed on last, if it is a recurrent module itself
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
        self._handles = [self._model.register_forward_pre_hook(self._count, with_kwargs=True)]
        for name, module in self._modules.items():
            if isinstance(module, nn.RNNBase) and module.dropout and module.num_layers > 1:
                self._handles.append(module.register_forward_pre_hook(functools.partial(self._remember, name)))
            glance = functools.partial(self._glance, name)
            self._handles.append(module.register_forward_hook(glance, with_kwargs=True))
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles, self._last = [], None
        self._finish()

    @property
    def traces(self) -> "dict[str, list[tuple[int, xr.Dataset]]]":
        """For every layer its recorded steps, each with the Dataset that `rv.trace` gives and the gradients.

        `hidden_grad_norm` and, for an LSTM, `cell_grad_norm` (layer, direction, time): norms over all sequences and
        units of the total derivative, by the state, of whatever `backward` was called on. They are NaN where it was
        not, and where torch's dropout acted between the layers of a module on a GPU: there its masks cannot be drawn
        again. A layer's second trace in one step is listed as `name#2`.
        """
        self._finish()
        return {
            name: [(step, states_dataset(call.arrays).assign_attrs(difference=call.difference)) for step, call in calls]
            for name, calls in self._traces.items()
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
        still = [row for name, trace in self._open for row in self._rows(name, trace)]
        return pd.DataFrame([*self._gates, *still], columns=columns)

    def _rows(self, name: str, trace: RecordedTrace) -> list[dict[str, Any]]:
        return [{"step": self._step, "module": name, **row} for row in trace.gates()]

    def _find(self, model: nn.Module) -> dict[str, nn.RNNBase | nn.RNNCellBase]:
        if not isinstance(model, nn.Module):
            raise ValueError(f"model must be a torch.nn.Module; got {shown(model)}.")
        found: dict[str, nn.RNNBase | nn.RNNCellBase] = {}
        for name, module in model.named_modules():
            if isinstance(module, (nn.RNNBase, nn.RNNCellBase)):
                try:
                    kind_of_step(module) if isinstance(module, nn.RNNCellBase) else check_module(module)
                    found[name or type(module).__name__] = module
                except ValueError as refused:
                    self._note(f"{name or type(module).__name__} is not recorded: {refused}")
        if not found:
            said = f"model must hold a {torchs_own()}; got {type(model).__name__} with none."
            raise ValueError(" ".join([said, *self.notes]))
        return found

    def _count(self, model: nn.Module, inputs: tuple[Any, ...], given: dict[str, Any]) -> None:
        """A call of the model is a training step, unless it goes on where a call in the same graph ended."""
        if self._explicit or not model.training or not torch.is_grad_enabled():
            return
        state, last = state_given(inputs, given), self._last
        within = state is not None and any(part.requires_grad for part in state)
        if not within or not handed_over(state, last):
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
        if module is self._model:
            final = result if isinstance(module, nn.RNNCellBase) else result[1]
            self._last = tuple(part.detach() for part in (final if isinstance(final, tuple) else (final,)))
        if self._due(module):
            try:
                self._look(name, module, inputs, given, result)
            except Exception as error:  # a look from outside must never end a training
                said = str(error) if isinstance(error, ValueError) else f"{reason(error)}."
                self._note(f"{name} was not recorded: {said}")

    def _look(self, name: str, module: nn.Module, inputs: tuple[Any, ...], given: dict[str, Any], result: Any) -> None:
        mine = [trace for other, trace in self._open if other.partition("#")[0] == name]
        one = seen(module, inputs, given, result, mine[-1].calls[-1].seen.held if mine else None)
        trace = next((trace for trace in reversed(mine) if one.follows(trace.calls[-1].seen)), None)
        if trace is None and len(mine) == MOST_TRACES:
            self._note(f"{name} is called more than {MOST_TRACES} times in a step: the later calls are not recorded.")
            return
        call = RecordedCall(one, self._samples, self._dice.pop(name, None))
        if trace is None:
            trace = RecordedTrace()
            self._open.append((name if not mine else f"{name}#{len(mine) + 1}", trace))
        trace.add(call)
        if call.dropped:
            self._note(f"{name} drops states between its layers: recorded is what it does without, and no gradients.")
        elif call.differs:
            plain = one.call.module.mode.partition("_")[0]
            self._note(
                f"{name} computes something else than the {plain} that is recorded: it is {call.difference:.2g} off."
            )

    def _finish(self) -> None:
        still, self._open = self._open, []
        for name, trace in still:
            self._gates += self._rows(name, trace)
            try:
                trace.finish()
            except Exception as error:  # nor must this
                self._note(f"{name} was not recorded: {reason(error)}.")
            else:
                self._traces.setdefault(name, []).append((self._step, trace))
        while self._nbytes() > limits.LARGEST_RECORDING and any(len(found) > 2 for found in self._traces.values()):
            self._traces = {name: found[::2] for name, found in self._traces.items()}
            self._note("Every second trace was let go of to save memory; the gates' statistics are all there.")

    def _nbytes(self) -> int:
        return sum(
            values.nbytes for found in self._traces.values() for _, one in found for values in one.arrays.values()
        )

    def _note(self, said: str) -> None:
        if said not in self.notes:
            self.notes.append(said)


__all__ = ["Recorder", "recording"]
