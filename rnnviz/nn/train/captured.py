"""A whole training step as one CUDA graph: recorded once for each shape of batch, then replayed.

With models as small as these, a GPU waits for the CPU to launch the next of some hundred operations. A graph launches
them all at once. It holds no numbers but addresses: what a step reads is copied to where it was recorded, and what it
changes (weights, Adam's moments) stays where it is, so that steps taken as usual go on with the same.

Nobody could try this on a GPU yet, so it is off unless RNNVIZ_CUDA_GRAPHS says 1. Then the first replay is compared
with the same step taken as usual. Where it gives other numbers, or cannot be recorded, all steps are taken as usual.

Rules of recording: `torch.cuda.graph`, "CUDA Graphs" in torch's notes on CUDA semantics. Torch has a test of its own
that records cuDNN's LSTM forward (`test_graph_cudnn_dropout`, pull request 57373); of the way back we know none.
"""

import logging
import os
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from rnnviz.core.errors import ExperimentError

SWITCH = "RNNVIZ_CUDA_GRAPHS"  # environment variable: 1 or 0
MOST = 4  # graphs of one model; steps on batches of still other shapes are taken as usual
WARM_UP = 2  # steps before one is recorded, as libraries choose their kernels and get their memory at the first
CLOSE = 1e-5  # relative and absolute
log = logging.getLogger("rnnviz.nn")


class Given(NamedTuple):
    """All that a training step is computed from, on the device.

    inputs, targets, known: as in `Drawn`.
    chance:                 what was drawn at random for it: a tensor, None, or a tuple of such.
    """

    inputs: Tensor
    targets: Tensor
    known: Tensor | None
    chance: Any


def captures(device: torch.device) -> bool:
    """Whether training steps on a device are to be recorded.

    Raises:
        ExperimentError: RNNVIZ_CUDA_GRAPHS says something else than 0 or 1.
    """
    said = os.environ.get(SWITCH, "").strip() or "0"
    if said not in ("0", "1"):
        raise ExperimentError(SWITCH, "0 or 1", said)
    return said == "1" and device.type == "cuda"


def recorded(step: Callable[[], Tensor]) -> Callable[[], Tensor]:
    """Record what a step launches on a GPU; returns what launches it again, and gives the same tensor each time.

    The step is taken `WARM_UP` times, then recorded, which computes nothing; both on one stream, other than the usual
    one, which is left again also where recording fails.

    Raises:
        RuntimeError: the step does what cannot be recorded.
    """
    stream, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP):
            step()
        with torch.cuda.graph(graph, stream=stream):
            told = step()
    torch.cuda.current_stream().wait_stream(stream)

    def replay() -> Tensor:
        graph.replay()
        return told

    return replay


class CapturedStep:
    """Takes training steps of one model by replaying graphs.

    step:    computes and updates; returns loss and norm, (2,). It neither waits for the device nor reads from the CPU.
    changed: every tensor that it changes and reads again.
    record:  as `recorded`.
    """

    def __init__(
        self,
        step: Callable[[Given], Tensor],
        changed: Sequence[Tensor],
        record: Callable[[Callable[[], Tensor]], Callable[[], Tensor]] | None = None,
    ) -> None:
        self._step, self._changed, self._record = step, changed, record or recorded
        self._graphs: dict[Any, tuple[list[Tensor], Callable[[], Tensor]]] = {}  # by shapes: what is read, and a replay
        self._failed = False

    def __call__(self, given: Given) -> Tensor | None:
        """Take a training step; returns loss and norm, (2,), or None where it must be taken as usual."""
        if self._failed:
            return None
        shapes = _each(given, lambda one: (one.shape, one.dtype))
        if shapes not in self._graphs:
            return None if len(self._graphs) == MOST else self._first(shapes, given)
        places, replay = self._graphs[shapes]
        for place, new in zip(places, _all(given), strict=True):
            place.copy_(new, non_blocking=True)
        return replay().clone()

    def _first(self, shapes: Any, given: Given) -> Tensor | None:
        """Record a step, and take it; where that cannot be done as it should, nothing is changed."""
        before = _copies(self._changed)
        try:
            wanted = [self._step(given), *_copies(self._changed)]
            self._back_to(before)
            kept = Given(*_each(given, torch.clone))
            replay = self._record(lambda: self._step(kept))
            self._back_to(before)
            found = [replay().clone(), *self._changed]
            if all(torch.allclose(a, b, CLOSE, CLOSE, equal_nan=True) for a, b in zip(found, wanted, strict=True)):
                self._graphs[shapes] = _all(kept), replay
                return found[0]
            why = "replayed, a training step gives other numbers"
        except RuntimeError as error:
            why = str(error).partition("\n")[0]
        self._failed = True
        self._back_to(before)
        log.warning("No CUDA graph is used for this model: %s.", why.rstrip("."))
        return None

    @torch.no_grad()
    def _back_to(self, before: Sequence[Tensor]) -> None:
        for now, then in zip(self._changed, before, strict=True):
            now.copy_(then)


def _copies(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [one.detach().clone() for one in tensors]


def _each(given: Any, do: Callable[[Tensor], Any]) -> Any:
    """The same tuples in tuples with something done to every tensor."""
    if isinstance(given, Tensor):
        return do(given)
    return given and tuple(_each(part, do) for part in given)


def _all(given: Given) -> list[Tensor]:
    """Every tensor in it."""
    found: list[Tensor] = []
    _each(given, found.append)
    return found
