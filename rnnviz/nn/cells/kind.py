"""What an implementation of a cell gives: all that running, measuring and editing recurrent layers knows about it.

An implementation is one object of a class derived from `Kind`. It stands under `KINDS` in the file of its cell, which
bears the name of the cell's description in `rnnviz.cells`; `lookup` finds it there, and nothing else lists cells.

T time steps, B samples, I numbers read at a time step, H hidden units, G blocks of H rows in W_ih and W_hh, as the
description lists them. A `State` is (h,) or (h, c), each (B, H).
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from rnnviz.cells import Cell
from rnnviz.nn.cells.derivatives import Derivatives
from rnnviz.nn.cells.sweep import Sweep
from rnnviz.nn.cells.weights import State, Weights, earlier, input_product, side_by_side, spread
from rnnviz.specs.models import ModelSpec

Point = Callable[[str, Tensor], Tensor]  # a variable's name and its value (B, H) → the value the step goes on with
G = TypeVar("G", bound=tuple[Any, ...])  # what is inside a cell at every step: a NamedTuple of tensors


def as_it_is(_name: str, value: Tensor) -> Tensor:
    """The observation point that leaves every variable alone."""
    return value


@dataclasses.dataclass(frozen=True)
class Torchs:
    """What torch calls a cell.

    module: its layers, made with the sizes and these `arguments`; it goes by `mode` among torch's modules.
    step:   the module of a single step.
    kernel: the function behind the layers, on a CPU and in cuDNN.
    """

    module: type[nn.RNNBase]
    step: type[Any]
    kernel: Callable[..., Any]
    mode: str
    arguments: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def make(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> nn.RNNBase:
        """Layers of torch's own."""
        return self.module(inputs, hidden, layers, **self.arguments, **more)  # type: ignore[arg-type]

    def layer(self, w: Weights, x: Tensor, first: State, train: bool = True) -> tuple[Tensor, State]:
        """One layer through the kernel: as `Kind.layer`."""
        state = first[0][None] if len(first) == 1 else tuple(part[None] for part in first)
        weights = side_by_side(w) if x.is_cuda else [*w]
        h, *last = self.kernel(x, state, weights, True, 1, 0.0, train, False, False)
        return h, tuple(part[0] for part in last[1:])


class AtLeast(NamedTuple):
    """How many times as fast as torch's own `python -m rnnviz bench` must find a layer and a training with frames.

    Where torch has no such layer: as a plain loop of the same equations, and None.
    """

    layer: float
    training: float | None


class StepRecord(NamedTuple):
    """What the way back of one step needs: the states before, and all that was found inside."""

    h: Tensor
    c: Tensor | None
    inside: tuple[Tensor, ...]


class StepGradients(NamedTuple):
    """Gradients by the pre-activations on the side of the input and of the state (B, G·H), by h and c before the step.

    That by h is without the way through W_hh.
    """

    at_input: Tensor
    at_hidden: Tensor
    h: Tensor | None
    c: Tensor | None


class Pair(NamedTuple):
    """One step forward and back, for a loop that keeps autograd out.

    forward: a, the input's product (B, G·H), p, the state's (both with their bias; overwritten), h and c before → h, c
             and what is inside.
    back:    what was kept, and the gradients by h and c after the step.
    """

    forward: Callable[[Tensor, Tensor, Tensor, Tensor | None], tuple[Tensor, Tensor | None, tuple[Tensor, ...]]]
    back: Callable[[StepRecord, Tensor, Tensor | None], StepGradients]


class Kind(ABC, Generic[G]):
    """One implementation of a cell, for one choice of those of its options that change how it computes.

    description: of the cell, in `rnnviz.cells`. Of one that is not recurrent W_hh has no rows, so there are no singular
                 values of it, `sweep` hands dy on as it is, and no decoder can be made of the cell.
    factor_name: what `factor` is called where it is shown: "forget", "update", "slope".
    at_least:    speed that the benchmark asks for; None for what it does not time.
    """

    description: ClassVar[Cell]
    factor_name: ClassVar[str]
    at_least: ClassVar[AtLeast | None] = None

    # What it is

    @property
    def options(self) -> Mapping[str, Any]:
        """The options of the description that it stands for, with their values: {"reset": "before"}."""
        return {}

    @property
    def span(self) -> int:
        """As `Cell.span_of`: of how many time steps a step reads the inputs."""
        return 1

    def fitted(self, options: Mapping[str, Any]) -> "Kind[G]":
        """The same with those options that are numbers, of which there is no implementation each."""
        return self

    @property
    def torchs(self) -> Torchs | None:
        """What torch calls it; None where torch has no such cell."""
        return None

    @abstractmethod
    def module(self, inputs: int, hidden: int, layers: int = 1, **more: Any) -> nn.RNNBase:
        """Layers of ours, with parameters under torch's names: a module with this object as its `kind`.

        more: `skip`, and what torch's modules take: bidirectional, bias, batch_first, dropout.
        """

    def biases(self, spec: ModelSpec) -> Mapping[str, float]:
        """Name of a block → what the sum of its two biases is at the beginning, where the spec sets it."""
        return {}

    # One step

    @abstractmethod
    def step(self, w: Weights, a: Tensor, before: State, point: Point = as_it_is) -> State:
        """One time step as its equations say it, for autograd too.

        a:      (B, G·H), of this step, what `products` gives.
        before: the state before the step.
        point:  gets every variable of the description by name, (B, H), as soon as it is known; the step goes on with
                what it returns.
        """

    def products(self, w: Weights, x: Tensor) -> Tensor:
        """What of the pre-activations comes from the input, at all steps: x (T, B, I) → (T, B, G·H)."""
        first, *others = spread(x, self.span)
        widths = [part.shape[-1] for part in (first, *others)]
        block, *blocks = w.ih.split(widths, 1)
        found = input_product(block, w.b_ih, first)
        for part, block in zip(others, blocks, strict=True):
            found.flatten(0, 1).addmm_(part.flatten(0, 1), block.t())
        return found

    def by_input(self, w: Weights, at_input: Tensor) -> Tensor:
        """The gradient by x (T, B, I), from the one by `products` (T, B, G·H)."""
        own, *earlier_ones = w.ih.chunk(self.span, 1)
        found = at_input @ own
        for back, block in enumerate(earlier_ones[: len(found) - 1], 1):
            found[:-back] += at_input[back:] @ block
        return found

    def advance(self, w: Weights, x: Tensor, before: State) -> State:
        """One step from its input x (B, I), differentiable by autograd and as fast as torch has it.

        Where a step reads earlier inputs too, it is the first step of a sequence.
        """
        return self.step(w, x @ w.ih.chunk(self.span, 1)[0].T + w.b_ih, before)

    @property
    def pair(self) -> Pair | None:
        """One step with its way back; None where there is no such pair, and autograd goes through `advance`."""
        return None

    # All steps

    @abstractmethod
    def states(self, w: Weights, x: Tensor, first: State) -> tuple[Tensor, G | None]:
        """h_t of every step (T, B, H) from x (T, B, I), and what is inside where it comes with them; not for autograd.

        On a GPU, and for a module of torch's own, its kernel is taken in place of this.
        """

    @abstractmethod
    def gates(self, w: Weights, x: Tensor, before: Tensor, first: State) -> G:
        """What is inside at all steps at once, from x (T, B, I) and the known h_{t-1}, `before` (T, B, H)."""

    @abstractmethod
    def variables(self, h: Tensor, inside: G) -> dict[str, Tensor]:
        """The description's variables by name, in its order, each (T, B, H)."""

    def layer(self, w: Weights, x: Tensor, first: State, tap: Tensor | None = None) -> tuple[Tensor, State]:
        """One layer for autograd: x (T, B, I) → h_t (T, B, H), and after the last step the states other than h.

        tap: as in `stack.taps_of`; ignored where `tells_totals` is False, and by torch's kernels on a GPU.
        """
        if self.torchs is not None and x.is_cuda:
            return self.torchs.layer(w, x, first)
        h, *last = _Layer.apply(self, x, tap, *first, *w)  # type: ignore[no-untyped-call]
        return h, tuple(last)

    @property
    def tells_totals(self) -> bool:
        """Whether the gradients by the taps of `layer` are all that there is to know of those by the states."""
        return not self.description.has_cell_state

    @property
    def held(self) -> tuple[float, ...] | None:
        """Pre-activations, one for each block, that keep the state finite behind the end of a sequence.

        They leave a cell state as it is. None where the state does no harm there.
        """
        return None

    # The way back

    @abstractmethod
    def sweep(self, w: Weights, h: Tensor, inside: G, dy: Tensor, direct: Tensor | None = None) -> Sweep:
        """Back through time, from the direct gradient dy (T, B, H) by each h_t to the total ones.

        direct: (T, B, H), the direct gradient by each c_t, if there is one; only where there is a cell state.
        """

    @abstractmethod
    def derivatives(self, w: Weights, h: Tensor, before: Tensor, inside: G) -> Derivatives:
        """The derivative of every step by the state before it, from h_t and h_{t-1}, `before`, both (T, B, H)."""

    @abstractmethod
    def factor(self, h: Tensor, inside: G) -> Tensor:
        """What a small change of the carried state (c, else h) is multiplied by on its direct path to the next step.

        A gate where the state is carried on but for that gate, φ′ where it goes through W_hh and φ alone: (T, B, H).
        """

    def outlet(self, inside: G) -> Tensor | None:
        """∂h_t/∂c_t (T, B, H); None of a cell without a cell state. c_{t-1} acts on c_t by `factor` alone."""
        return None

    @property
    def steepest(self) -> float | None:
        """The largest φ′ where ∂h_t/∂h_{t-1} = diag(φ′) W_hh, so that powers bound it; None of a gated cell."""
        return None


class _Layer(torch.autograd.Function):
    """One layer, forward and backward through time, each weight's gradient in one product."""

    @staticmethod
    def forward(ctx: Any, kind: Kind[Any], x: Tensor, _tap: Tensor | None, *rest: Tensor) -> tuple[Tensor, ...]:
        many = len(kind.description.states)
        first, w = rest[:many], Weights(*rest[many:])
        h, inside = kind.states(w, x, first)
        inside = kind.gates(w, x, earlier(h, first[0]), first) if inside is None else inside
        ctx.save_for_backward(x, first[0], h, *w, *inside)
        ctx.kind, ctx.inside = kind, type(inside)
        variables = kind.variables(h, inside) if many > 1 else {}
        return h, *(variables[state.name][-1] for state in kind.description.states[1:])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dy: Tensor, *d_last: Tensor) -> tuple[Tensor | None, ...]:
        x, h0, h, *rest = ctx.saved_tensors
        w, inside = Weights(*rest[:4]), ctx.inside(*rest[4:])
        direct = None
        if d_last:
            direct = torch.zeros_like(h)
            direct[-1] = d_last[0]
        back = ctx.kind.sweep(w, h, inside, dy, direct)
        dx = ctx.kind.by_input(w, back.at_input) if ctx.needs_input_grad[1] else None
        tapped = back.hidden if ctx.needs_input_grad[2] else None
        return None, dx, tapped, *back.first, *back.weight_gradients(x, h, h0)
