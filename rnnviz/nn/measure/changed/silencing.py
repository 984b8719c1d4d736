"""What each unit is for: the score on the held-out sequences with that unit silenced. What the Gates page asks for."""

import dataclasses

import numpy as np
import torch
from torch import Tensor

from rnnviz.core.limits import MOST_SILENCED
from rnnviz.nn.cells.unfolding import Layers, Unfolded, outputs, unfold
from rnnviz.nn.measure.probing import of_this_model
from rnnviz.nn.models.model import SequenceModel, restored
from rnnviz.nn.threads import on_one_thread
from rnnviz.specs import architectures
from rnnviz.specs.architectures import placed
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task

Arrays = dict[str, np.ndarray]
FEWEST_SEQUENCES, FEWEST_UNITS = 16, 8  # that are used, if there are so many
_TOGETHER = 4_000_000  # numbers in the states of the passes that run side by side
_LEAST = 64  # what goes on in a unit beside its products costs about as much as so many multiplications


@torch.inference_mode()
def silenced(spec: ModelSpec, task: Task, weights: Arrays) -> Arrays:
    """A model with the weights of a frame on the held-out sequences, with one unit of its top layer silenced at a time.

    Silenced is a unit whose hidden state, and cell state where there is one, is 0 after every time step: the readout
    and the next step read 0. Where places share the weights, a unit is a channel, silenced at all places. Of large
    models fewer sequences are used, and then fewer units silenced: those whose state varies most over the sequences.

    Returns:
        "unit" (K,) int: the silenced units, from 0, those of the backward direction after those of the forward one;
        "score" (K,): the score without each; "whole" (): with all of them, on the same sequences;
        "sequences" () int: how many.

    Raises:
        ValueError: the weights are not this model's, or an encoder–decoder is asked.
    """
    if architectures.of(task).writes:
        raise ValueError(f"task must be answered without a decoder; got {task.name}.")
    with of_this_model():
        model: SequenceModel = restored(spec, task, weights).requires_grad_(False)
    held_out = task.held_out()
    groups = _groups(spec, task)
    units, sequences = _afforded(spec, task, spec.directions * len(groups), held_out.size)
    inputs = torch.tensor(held_out.inputs[:, :sequences])
    targets = task.answers.take(held_out.targets, slice(sequences))
    with on_one_thread():
        module, x, extent = model.reading(inputs)
        layers = unfold(module, x, extent=extent)
        chosen = _most_varied(layers, groups, units)

        def score(states: Tensor) -> float:
            return task.score(model.answer(states, extent).numpy(), targets)

        scores = np.empty(len(chosen))
        for direction, one in enumerate(layers[-1]):
            here = np.flatnonzero(chosen // len(groups) == direction)
            masks = groups[torch.tensor(chosen[here] % len(groups))]
            for part, hidden in _without(one, masks):
                for place, h in zip(here[part], hidden, strict=True):
                    row = [*layers[-1]]
                    row[direction] = dataclasses.replace(one, h=h)
                    scores[place] = score(outputs(row))
        whole = score(outputs([dataclasses.replace(one, h=_as_it_is(one)) for one in layers[-1]]))
    return {"unit": chosen, "score": scores, "whole": np.array(whole), "sequences": np.array(sequences)}


def _groups(spec: ModelSpec, task: Task) -> Tensor:
    """Which numbers of the state are silenced together: (unit, H) bool."""
    if spec.reach is None:
        return torch.eye(spec.hidden, dtype=torch.bool)
    channels = placed.channels_of(spec, task)
    return torch.eye(channels, dtype=torch.bool).repeat(1, spec.hidden // channels)


def _afforded(spec: ModelSpec, task: Task, units: int, size: int) -> tuple[int, int]:
    """How many units can be silenced, and on how many sequences, within `MOST_SILENCED` multiplications."""
    each = task.steps * len(spec.kind.blocks) * spec.hidden * (spec.hidden + _LEAST)
    many = min(units, max(FEWEST_UNITS, MOST_SILENCED // (each * min(size, FEWEST_SEQUENCES))))
    return many, min(size, max(FEWEST_SEQUENCES, MOST_SILENCED // (each * many)))


def _most_varied(layers: Layers, groups: Tensor, many: int) -> np.ndarray:
    """So many units of all directions, in their order: those whose state varies most over sequences and steps."""
    spread = torch.cat([groups.to(one.h.dtype) @ one.h.flatten(0, 1).var(0, correction=0) for one in layers[-1]])
    return np.sort(np.argsort(-spread.numpy(), kind="stable")[:many])


def _as_it_is(one: Unfolded) -> Tensor:
    """h_t (T, B, H) by the loop in which units are silenced, with none of them."""
    return _run(one, torch.zeros(1, one.weights.hidden, dtype=torch.bool))[0]


def _without(one: Unfolded, masks: Tensor) -> list[tuple[slice, Tensor]]:
    """For masks (K, H) in parts: which, and h_t (K, T, B, H) in reading order without what each masks."""
    time, batch, size = one.h.shape
    many = max(1, _TOGETHER // (time * batch * size))
    parts = [slice(begin, begin + many) for begin in range(0, len(masks), many)]
    return [(part, _run(one, masks[part])) for part in parts]


def _run(one: Unfolded, masks: Tensor) -> Tensor:
    kind, w, (batch, size) = one.kind, one.weights, one.h.shape[1:]
    silent, many = masks.repeat_interleave(batch, 0), len(masks)
    states = {state.name for state in kind.description.states}

    def point(name: str, value: Tensor) -> Tensor:
        return value.masked_fill(silent, 0) if name in states else value

    state, found = tuple(part.repeat(many, 1) for part in one.first), []
    for a in kind.products(w, one.x).unbind(0):
        state = kind.step(w, a.repeat(many, 1), state, point)
        found.append(state[0].view(many, batch, size))
    return torch.stack(found, 1)
