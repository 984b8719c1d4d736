"""What stands on the wires of a cell at one measured moment, for every time step of the sequence that is looked at.

States and gates are those of the trace; all else follows from them and from the weights of the moment as the cell's
description says (`Cell.inside`), and of that what its diagram has to be told is sent.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.cells.inside import spread
from rnnviz.live.view import View
from rnnviz.runs.datasets import place_of
from rnnviz.runs.frames import ModelFrame
from rnnviz.runs.states import DIRECTIONS
from rnnviz.runs.view import RunView
from rnnviz.specs import architectures
from rnnviz.specs.architectures import Architecture
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task
from rnnviz.tasks.batch import length_of

Weights = Mapping[str, np.ndarray]
Letters = dict[str, np.ndarray]  # letter → (time, unit)
First = dict[str, np.ndarray]  # letter of a state → what it is before the first step: (unit,)


@dataclasses.dataclass(frozen=True)
class Half:
    """One layer that reads in one direction: of an encoder–decoder its encoder or its decoder.

    part:  what its weights' names begin with.
    found: the trace, name → (time, unit), in the order of the input.
    x:     (time, input), what it reads.
    """

    spec: ModelSpec
    part: str
    found: Letters
    x: np.ndarray
    first: First
    backward: bool

    @property
    def rows(self) -> tuple[int, int]:
        """The shape of a sum of every block at every time step."""
        return len(self.x), len(self.spec.kind.blocks) * self.spec.hidden


def numbers(at: RunView, label: str, view: View) -> dict[str, Any]:
    """One model at one moment; nothing where it has no such layer or direction.

    letters: letter → (time, unit) float16; NaN where a half has no such value. h0 and c0 are the states before a step.
    x:       for each half (time, input) float16, what the layer reads.
    said:    (time,), what the readout gives at each step in words; "" where it sees nothing of this layer.
    """
    experiment, frame = at.experiment, at.model(label)
    spec = experiment.model(label)
    if view.layer >= spec.layers or DIRECTIONS.index(view.direction) >= spec.directions:
        return {}
    halves = _halves(experiment, label, frame, view)
    layer = view.layer % spec.layers
    weights = architectures.of(experiment.task).dense(spec, experiment.task, frame.weights)
    parts = [_letters(half, weights, layer) for half in halves]
    top = layer == spec.layers - 1
    with np.errstate(over="ignore"):  # what float16 cannot hold has no number on the page
        letters = {name: values.astype(np.float16) for name, values in _joined(parts, halves).items()}
        read = [half.x.astype(np.float16) for half in halves]
    return {
        "letters": letters,
        "x": read,
        "said": _said(experiment.task, spec, frame, view, halves[0]) if top else [""] * sum(len(h.x) for h in halves),
    }


def inputs_of(at: RunView, label: str, probe: int) -> list[np.ndarray]:
    """What the lowest layer of every half of a model reads on a probe: (time, input) float32 each."""
    return [half.x for half in _halves(at.experiment, label, at.model(label), View("anatomy", probe, layer=0))]


def _halves(experiment: Experiment, label: str, frame: ModelFrame, view: View) -> list[Half]:
    spec, task = experiment.model(label), experiment.task
    layer, way = place_of(experiment, label, view.layer, view.direction)
    found = {name: values[layer, way, :, view.probe].astype(np.float32) for name, values in frame.trace.items()}
    batch = task.probes().batch
    network = architectures.of(task)
    if not network.writes:
        real = slice(0, int(batch.lengths[view.probe]))
        inputs = batch.inputs[real, view.probe]
        inputs = network.embedded(frame.weights, task, inputs)
        x = _read(spec, frame, inputs, layer, view.probe, real)
        return [Half(spec, "recurrent", _within(found, real), x, _nothing(spec), way == 1)]
    parts = network.parts(spec)
    read, written = int(batch.lengths[view.probe]), int(length_of(batch.targets)[view.probe])
    begin = len(batch.inputs)
    one, two = slice(0, read), slice(begin, begin + written)
    embedded = network.embedded(frame.weights, task, batch.inputs[one, view.probe])
    encodes = _read(parts["encoder"], frame, embedded, layer, view.probe, one)
    decodes = _read(parts["decoder"], frame, _fed(task, spec, frame, view.probe), layer, view.probe, two)
    first = _handed(network, spec, frame, layer, view.probe, read)
    return [
        Half(parts["encoder"], "encoder", _within(found, one), encodes, _nothing(parts["encoder"]), way == 1),
        Half(parts["decoder"], "decoder", _within(found, two), decodes, first, way == 1),
    ]


def _nothing(spec: ModelSpec) -> First:
    return {state.letter: np.zeros(spec.hidden, np.float32) for state in spec.kind.states}


def _within(found: Letters, times: slice) -> Letters:
    return {name: values[times] for name, values in found.items()}


def _states(frame: ModelFrame, layer: int, ways: int, probe: int, times: slice) -> np.ndarray:
    """(time, directions·unit) of one layer."""
    hidden = frame.trace["hidden"][layer, :ways, times, probe].astype(np.float32)
    return np.concatenate(list(hidden), axis=-1)


def _read(spec: ModelSpec, frame: ModelFrame, inputs: np.ndarray, layer: int, probe: int, times: slice) -> np.ndarray:
    """What a layer reads: the inputs, or what the layer below hands on, with skip connections what that reads too."""
    x = inputs.astype(np.float32)
    for below in range(layer):
        states = _states(frame, below, spec.directions, probe, times)
        x = states + x if spec.skip and below else states
    return x


def _fed(task: Task, spec: ModelSpec, frame: ModelFrame, probe: int) -> np.ndarray:
    """What the decoder's lowest layer reads on a probe: the right symbol before, and the context if it looks first."""
    batch = task.probes().batch
    read, written = int(batch.lengths[probe]), int(length_of(batch.targets)[probe])
    before = np.concatenate([[task.output_size], batch.targets[: written - 1, probe]])
    embedded: np.ndarray = frame.weights["target.weight"][before]
    if spec.attention != "additive":
        return embedded
    weights = frame.translated["attention"][probe, :written, :read].astype(np.float32)
    memory = _memory(spec, frame, probe, read)
    return np.concatenate([embedded, weights @ memory], axis=-1)


def _memory(spec: ModelSpec, frame: ModelFrame, probe: int, read: int) -> np.ndarray:
    """What the encoder hands over: the outputs of its top layer."""
    states = _states(frame, spec.layers - 1, spec.directions, probe, slice(0, read))
    if not spec.skip:
        return states
    inputs = np.zeros((read, spec.hidden), np.float32)  # they reach no layer above the lowest by a skip
    total: np.ndarray = states + _read(spec, frame, inputs, spec.layers - 1, probe, slice(0, read))
    return total


def _handed(network: Architecture, spec: ModelSpec, frame: ModelFrame, layer: int, probe: int, read: int) -> First:
    """The decoder's first states: the encoder's last ones or the average of all, through bridges where there are any.

    Each state of the decoder comes from that of the same name, or from the hidden state; a hidden state is squashed.
    """
    encoder, decoder = network.built(spec).kinds
    if network.averages:
        last = {"hidden": _memory(spec, frame, probe, read).mean(0)}
    else:
        last = {state.name: _last(frame, state.name, layer, spec.directions, probe, read) for state in encoder.states}
    found = {state.letter: last.get(state.name, last["hidden"]) for state in decoder.states}
    for state in decoder.states:
        bridge = f"bridge_{state.letter}.{layer}"
        if f"{bridge}.weight" in frame.weights:
            bridged = _through(frame, bridge, found[state.letter])
            found[state.letter] = np.tanh(bridged) if state.name == "hidden" else bridged
    return found


def _last(frame: ModelFrame, name: str, layer: int, ways: int, probe: int, read: int) -> np.ndarray:
    """Where each direction has read everything."""
    values = frame.trace[name][layer, :, :, probe].astype(np.float32)
    return np.concatenate([values[way, (read - 1, 0)[way]] for way in range(ways)])


def _through(frame: ModelFrame, name: str, values: np.ndarray) -> np.ndarray:
    bridged: np.ndarray = frame.weights[f"{name}.weight"] @ values + frame.weights[f"{name}.bias"]
    return bridged


def _letters(half: Half, weights: Weights, layer: int) -> Letters:
    """Everything that stands on the wires of one half, or is a vector of it, and that a browser cannot find itself."""
    if half.backward and half.part == "decoder":  # it has no such direction
        return {}
    cell = half.spec.kind
    values = _values(half, weights, layer)
    wiring = cell.wirings.get(cell.kind(half.spec))
    told = dict.fromkeys([*(vector.letter for vector in cell.vectors), *(wiring.told if wiring else ())])
    return {name: values[name] for name in told}


def _values(half: Half, weights: Weights, layer: int) -> Letters:
    """Every number of every time step, as in `rnnviz.anatomy.step`: name → (time, unit)."""
    cell, values = half.spec.kind, Letters()
    for state in cell.states:
        values[state.letter] = half.found[state.name]
        values[f"{state.letter}0"] = _before(values[state.letter], half.first[state.letter], half.backward)
    values |= {block.letter: half.found[block.name] for block in cell.blocks}
    suffix, blocks = f"l{layer}" + "_reverse" * half.backward, dict[str, np.ndarray]()
    x = spread(half.x, cell.span_of(half.spec))
    for which, short, given in (("ih", "x", x), ("hh", "h", values["h0"]))[: 1 + cell.recurrent]:
        weight, bias = (weights[f"{half.part}.{name}_{which}_{suffix}"] for name in ("weight", "bias"))
        values |= _by_block(cell, short, given @ weight.T)
        values |= _by_block(cell, f"b{short}", np.broadcast_to(bias, half.rows))
        blocks = dict(zip(cell.letters, np.split(weight, len(cell.blocks)), strict=True))
    if cell.inside is None:
        return values
    return values | cell.inside(values, lambda letter, given: given @ blocks[letter].T, half.spec, False)


def _by_block(cell: Cell, what: str, values: np.ndarray) -> Letters:
    """Values (time, blocks·unit) under the letter of each block: "f_x"."""
    parts = np.split(values, len(cell.blocks), axis=1)
    return {f"{letter}_{what}": part for letter, part in zip(cell.letters, parts, strict=True)}


def _before(states: np.ndarray, first: np.ndarray, backward: bool) -> np.ndarray:
    """The state that each step starts from, (time, unit)."""
    return np.concatenate([states[1:], first[None]] if backward else [first[None], states[:-1]])


def _joined(parts: list[Letters], halves: list[Half]) -> Letters:
    """Both halves along one time axis."""
    names = dict.fromkeys(name for part in parts for name in part)
    shapes = [(len(half.x), half.spec.hidden) for half in halves]
    return {
        name: np.concatenate(
            [part.get(name, np.full(shape, np.nan)) for part, shape in zip(parts, shapes, strict=True)]
        )
        for name in names
    }


def _said(task: Task, spec: ModelSpec, frame: ModelFrame, view: View, half: Half) -> list[str]:
    """What is answered at every step, or would be if asked then; "" where that is not known from this layer alone."""
    if architectures.of(task).writes:
        written = int(length_of(task.probes().batch.targets)[view.probe])
        places = frame.outputs[:written, view.probe].argmax(-1)
        return [""] * len(half.x) + [task.classes[place] for place in places]
    if task.answers.at_every_step:
        return list(task.answered(frame.outputs, view.probe))
    if spec.bidirectional:
        return [""] * len(half.x)
    read = half.found["hidden"] + half.x if spec.skip else half.found["hidden"]
    weights = architectures.of(task).dense(spec, task, frame.weights)
    outputs = read @ weights["readout.weight"].T + weights["readout.bias"]
    outputs[-1] = frame.outputs[0, view.probe]
    of = task.answers.of
    return list(of.words(of.decided(outputs[:, None]), 0))
