"""One time step of one recurrent layer taken apart: every sum and product on the way from x_t and h_{t-1} to h_t.

Plain numpy in double precision. Letters are those of the cell's description. Of a block f, f_x and f_h are the products
W_if x_t and W_hf h_{t-1}, f_bx and f_bh the two biases; h0 is h_{t-1}. What else there is, `Cell.inside` says.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.cells.inside import Values, spread
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.translator_sizes import decoder_of


@dataclasses.dataclass(frozen=True)
class Term:
    """One product of a sum: a weight times what it is multiplied with, such as unit 5 of h_{t-1}.

    back: of an input, how many steps before the step it came, where several are read.
    """

    source: str
    place: int
    weight: float
    value: float
    back: int = 0

    @property
    def product(self) -> float:
        """The term itself."""
        return self.weight * self.value


@dataclasses.dataclass(frozen=True)
class Anatomy:
    """One layer of one model on one sequence.

    spec:      of a decoder, as if its layers were all (`translator_sizes.decoder_of`).
    found:     what `rnnviz.nn.measure.anatomy.step` answers, or `writing` of a decoder.
    weights:   W_ih (G·H, I), W_hh (G·H, H), b_ih and b_hh (G·H) under the names ih, hh, b_ih, b_hh; float64. A cell
               that is not recurrent has none of h.
    readout:   W_hy (O, directions·H) and b_y (O); empty, (0, directions·H) and (0,), of an encoder, which has none.
    part:      of the model: "recurrent", "encoder" or "decoder".
    attention: of a decoder, as in `ModelSpec`; else None.
    combine:   W_c (H, H + M) and b_c (H) of a decoder with attention, which join state and context; else empty.
    converted: whether `found` and the weights are in the cell's other convention.
    layer:     from 0, the lowest; `backward` is its direction.
    """

    spec: ModelSpec
    found: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    readout: tuple[np.ndarray, np.ndarray]
    layer: int
    backward: bool
    converted: bool = False
    part: str = "recurrent"
    attention: str | None = None
    combine: tuple[np.ndarray, ...] = ()

    @property
    def top(self) -> bool:
        """Whether the readout sees this layer."""
        return self.last and self.readout[1].size > 0

    @property
    def last(self) -> bool:
        """Whether no other layer is above this one."""
        return self.layer == self.spec.layers - 1

    @property
    def encodes(self) -> bool:
        """Whether this is the encoder of an encoder–decoder, whose states go to a decoder."""
        return self.part == "encoder"

    @property
    def decodes(self) -> bool:
        """Whether this is the decoder of an encoder–decoder, which is fed what it writes."""
        return self.part == "decoder"

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters of the blocks of the weights."""
        return self.spec.kind.letters

    @property
    def steps(self) -> int:
        """T, the time steps of the sequence."""
        return len(self.found["x"])

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(
            array.nbytes for array in (*self.found.values(), *self.weights.values(), *self.readout, *self.combine)
        )

    def block(self, name: str, letter: str) -> np.ndarray:
        """The rows of a weight that belong to one gate or candidate."""
        return np.split(self.weights[name], len(self.letters))[self.letters.index(letter)]

    def at(self, time: int) -> Values:
        """Every number of one time step (from 0), each (H,): see above."""
        cell, x, before = self.spec.kind, self._read[time], self.found["before"][time]
        values: Values = {}
        for state in cell.states:
            values[f"{state.letter}0"] = self.found["before" if state.name == "hidden" else f"{state.name}_before"][
                time
            ]
            values[state.letter] = self.found[state.name][time]
        for block in cell.blocks:
            letter = block.letter
            values |= {f"{letter}_x": self.block("ih", letter) @ x, f"{letter}_bx": self.block("b_ih", letter)}
            if cell.recurrent:
                values |= {f"{letter}_h": self.block("hh", letter) @ before, f"{letter}_bh": self.block("b_hh", letter)}
            values[letter] = self.found[block.name][time]
        if cell.inside is None:
            return values
        return values | cell.inside(values, self._product, self.spec, self.converted)

    @property
    def _read(self) -> np.ndarray:
        """What W_ih multiplies at every step: (T, inputs of all steps that are read)."""
        return spread(self.found["x"], self.spec.kind.span_of(self.spec))

    def _product(self, letter: str, values: np.ndarray) -> np.ndarray:
        product: np.ndarray = self.block("hh", letter) @ values
        return product

    def numbers(self, time: int, unit: int | None) -> dict[str, float]:
        """The numbers of `at` for one unit (from 0), or their means over all units."""
        values = self.at(time)
        return {name: float(of.mean() if unit is None else of[unit]) for name, of in values.items()}

    def logits(self, time: int) -> np.ndarray:
        """What the readout gives from the states of one time step: (outputs,)."""
        weights, biases = self.readout
        product: np.ndarray = weights @ self.found["read"][time] + biases
        return product

    def terms(self, time: int, unit: int, letter: str) -> list[Term]:
        """Every product in one unit's sums W x_t and W h_{t-1}; letter "y" is the readout. Those of 0 are left out."""
        if letter == "y":
            found = [("h", self.readout[0][unit], self.found["read"][time])]
        else:
            before, cell = self.found["before"][time], self.spec.kind
            if scaled := cell.scaled_first(letter, self.spec):
                before = before * self.found[cell.by_letter[scaled].name][time]
            found = [("x", self.block("ih", letter)[unit], self._read[time])]
            found += [("h", self.block("hh", letter)[unit], before)] if cell.recurrent else []
        inputs = self.found["x"].shape[1]
        return [
            Term(source, place + 1, float(weight), float(value), back)
            for source, weights, values in found
            for at, (weight, value) in enumerate(zip(weights, values, strict=True))
            for back, place in [divmod(at, inputs) if source == "x" else (0, at)]
            if value != 0
        ]


def taken_apart(
    spec: ModelSpec,
    found: Mapping[str, np.ndarray],
    weights: Mapping[str, np.ndarray],
    layer: int,
    direction: str,
    other: bool = False,
) -> Anatomy:
    """The anatomy of one layer (-1 is the top) and direction from an answer of the worker and a frame's weights.

    other: in the cell's other convention, if it has one.
    """
    part = "decoder" if "places" in found else "recurrent" if "answers" in found else "encoder"
    attention, spec = (spec.attention, decoder_of(spec)) if part == "decoder" else (None, spec)
    layer %= spec.layers
    convention = spec.kind.convention if other else None
    recurrent = {name: weight for name, weight in weights.items() if name.startswith(f"{part}.")}
    if convention:
        found, recurrent = convention.trace(dict(found)), convention.weights(recurrent)
    suffix = f"l{layer}" + ("_reverse" if direction == DIRECTIONS[1] else "")
    names = {"ih": "weight_ih", "hh": "weight_hh", "b_ih": "bias_ih", "b_hh": "bias_hh"}
    weights_of = {short: recurrent.get(f"{part}.{name}_{suffix}") for short, name in names.items()}
    own = {short: weight.astype(np.float64) for short, weight in weights_of.items() if weight is not None}
    readout = np.empty((0, found["read"].shape[1])), np.empty(0)
    if part != "encoder":
        readout = weights["readout.weight"].astype(np.float64), weights["readout.bias"].astype(np.float64)
    combine = tuple(weights[f"combine.{name}"].astype(np.float64) for name in ("weight", "bias") if "context" in found)
    backward = direction == DIRECTIONS[1]
    return Anatomy(spec, found, own, readout, layer, backward, convention is not None, part, attention, combine)
