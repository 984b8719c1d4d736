"""Beam search: the k likeliest beginnings of an output are followed side by side (Graves 2012; Sutskever et al. 2014).

Every output is scored by the logarithm of its probability, the sum over its symbols, without a bonus for length.
"""

import dataclasses

import numpy as np
import torch

from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import is_whole
from rnnviz.nn.cells.stepping import States
from rnnviz.nn.decode.decoding import Found, as_arrays, finite, longest
from rnnviz.nn.models.encoder_decoder import DecoderStep, Encoded, EncoderDecoder
from rnnviz.nn.models.model import Weights, restored_translator
from rnnviz.nn.threads import on_one_thread
from rnnviz.runs.translation import MOST_BEAMS
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.translating import END, Translating

SHOWN_PRUNED = 2  # candidates just below the beam that are kept to be shown, at every step


@dataclasses.dataclass(frozen=True, eq=False)
class Node:
    """One symbol of one beginning.

    parent: its place in the list of nodes; -1 for a first symbol.
    step:   output step from 0.
    rank:   its place among the candidates of its step, from 0.
    logp:   logarithm of the probability of the output up to here.
    kept:   whether the beam followed it.
    row:    of the beam before it, which of whose rows it goes on.
    written: what was found at its step for the whole beam; None where the beam did not follow it.
    """

    parent: int
    step: int
    rank: int
    place: int
    logp: float
    kept: bool
    row: int
    written: DecoderStep | None


def search(spec: ModelSpec, task: Translating, weights: Weights, codes: np.ndarray, width: int) -> Found:
    """The tree of a beam search of `width` for one input (time,).

    Returns:
        One number per node: `parent` (-1 for none), `step`, `rank`, `place` (class), `logp`, `kept`; `ended`, the
        nodes the search ended with, the likeliest first; and, of the likeliest output, what `decoding.translate` gives.

    Raises:
        ExperimentError: the width is none, or numbers overflow.
    """
    check_width(width)
    with on_one_thread(), torch.no_grad():
        model = restored_translator(spec, task, weights)
        nodes, ended = grow(model, model.encode(torch.tensor(codes)[:, None]), longest(task, codes), width)
        best = path(nodes, ended[0])
        found = as_arrays([(nodes[n].place, _row_of(nodes[n])) for n in best], [nodes[n].place for n in best])
    columns = {name: np.array([getattr(node, name) for node in nodes]) for name in ("parent", "step", "rank", "place")}
    return (
        found
        | columns
        | {
            "logp": np.array([node.logp for node in nodes]),
            "kept": np.array([node.kept for node in nodes]),
            "ended": np.array(ended),
        }
    )


def check_width(width: object) -> None:
    """Refuse what is no width of a beam.

    Raises:
        ExperimentError: says which there are.
    """
    if not is_whole(width, 1, MOST_BEAMS):
        raise ExperimentError("beam", f"a whole number from 1 to {MOST_BEAMS}", width)


def grow(model: EncoderDecoder, reading: Encoded, most: int, width: int) -> tuple[list[Node], list[int]]:
    """All nodes of the tree, and those it ended with, the likeliest first.

    What has ended keeps its place in the beam and is no longer followed. The search is over when the likeliest of the
    beam has ended, as nothing behind the others can become likelier, or after `most` steps.
    """
    nodes: list[Node] = []
    beam: list[int] = []  # nodes, the likeliest first
    states, fed, live = reading.first, [model.start], [-1]
    for step in range(most):
        rows = len(live)
        one = finite(model.step(_repeated(reading, rows), model.target.weight[torch.tensor(fed)], states), step)
        logs = torch.log_softmax(one.answer.double(), -1)
        before = torch.tensor([nodes[n].logp if n >= 0 else 0.0 for n in live], dtype=torch.float64)
        totals = (before[:, None] + logs).flatten()
        done = [n for n in beam if nodes[n].place == END]
        beam = _widened(nodes, totals, logs.shape[1], live, done, step, width, one)
        if nodes[beam[0]].place == END:
            break
        live = [n for n in beam if nodes[n].place != END]
        states = _chosen(one.states, [nodes[n].row for n in live])
        fed = [nodes[n].place for n in live]
    return nodes, beam


def _widened(
    nodes: list[Node],
    totals: torch.Tensor,
    classes: int,
    live: list[int],
    done: list[int],
    step: int,
    width: int,
    one: DecoderStep,
) -> list[int]:
    """Add the best candidates of one step to the nodes; returns the new beam."""
    values, order = totals.topk(min(width + SHOWN_PRUNED, len(totals)))
    room = [*((nodes[n].logp, n) for n in done)]
    best = sorted([*room, *((float(v), -1 - i) for i, v in enumerate(values))], key=lambda pair: -pair[0])[:width]
    chosen, beam = {-1 - key for _, key in best if key < 0}, dict[int, int]()
    for i, (value, at) in enumerate(zip(values.tolist(), order.tolist(), strict=True)):
        row, place = divmod(at, classes)
        kept = i in chosen
        nodes.append(Node(live[row], step, i, place, value, kept, row, one if kept else None))
        beam[i] = len(nodes) - 1
    return [key if key >= 0 else beam[-1 - key] for _, key in best]


def path(nodes: list[Node], last: int) -> list[int]:
    """The nodes from a first symbol to `last`."""
    found = [last]
    while nodes[found[0]].parent >= 0:
        found.insert(0, nodes[found[0]].parent)
    return found


def _row_of(node: Node) -> DecoderStep:
    """What was found where this node's symbol was written, for its own row of the beam alone."""
    one, row = node.written, slice(node.row, node.row + 1)
    assert one is not None
    return one._replace(answer=one.answer[row], weights=None if one.weights is None else one.weights[row])


def _repeated(reading: Encoded, rows: int) -> Encoded:
    """The reading of one input for several beginnings of its output; the first states are not needed."""
    keys = None if reading.keys is None else reading.keys.expand(rows, -1, -1)
    return reading._replace(memory=reading.memory.expand(rows, -1, -1), keys=keys, real=reading.real.expand(rows, -1))


def _chosen(states: States, rows: list[int]) -> States:
    return States(*(tuple(part[rows] for part in one) for one in states))
