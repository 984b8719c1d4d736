"""One time step of one recurrent layer taken apart: every sum and product on the way from x_t and h_{t-1} to h_t.

Plain numpy in double precision. Letters are those of the literature: i, f, g, o for an LSTM's gates and its candidate
c̃, r, z, n for a GRU's and its candidate h̃, h for a simple RNN's only block. f_x and f_h are the products
W_if x_t and W_hf h_{t-1}, f_bx and f_bh the two biases, a_f is the sum of the four; h0 is h_{t-1}.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from rnnviz.anatomy import conventions
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs.models import ModelSpec
from rnnviz.specs.translator_sizes import decoder_of

LETTERS = {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}  # blocks of the weights, as torch has
NAMES = {
    "h": "hidden",
    "i": "input_gate",
    "f": "forget_gate",
    "g": "cell_candidate",
    "o": "output_gate",
    "r": "reset_gate",
    "z": "update_gate",
    "n": "candidate",
}
Values = dict[str, np.ndarray]  # what a number of the cell is called → one for each unit


@dataclasses.dataclass(frozen=True)
class Term:
    """One product of a sum: a weight times what it is multiplied with, such as unit 5 of h_{t-1}."""

    source: str
    place: int
    weight: float
    value: float

    @property
    def product(self) -> float:
        """The term itself."""
        return self.weight * self.value


@dataclasses.dataclass(frozen=True)
class Anatomy:
    """One layer of one model on one sequence.

    spec:      of a decoder, as if its layers were all (`translator_sizes.decoder_of`).
    found:     what `rnnviz.nn.measure.anatomy.step` answers, or `writing` of a decoder.
    weights:   W_ih (G·H, I), W_hh (G·H, H), b_ih and b_hh (G·H) under the names ih, hh, b_ih, b_hh; float64.
    readout:   W_hy (O, directions·H) and b_y (O); empty, (0, directions·H) and (0,), of an encoder, which has none.
    part:      of the model: "recurrent", "encoder" or "decoder".
    attention: of a decoder, as in `ModelSpec`; else None.
    combine:   W_c (H, H + M) and b_c (H) of a decoder with attention, which join state and context; else empty.
    z_updates: whether `found` and the weights are in the words of `rnnviz.anatomy.conventions` "z updates".
    layer:     from 0, the lowest; `backward` is its direction.
    """

    spec: ModelSpec
    found: Mapping[str, np.ndarray]
    weights: Mapping[str, np.ndarray]
    readout: tuple[np.ndarray, np.ndarray]
    layer: int
    backward: bool
    z_updates: bool = False
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
        return LETTERS[self.spec.cell]

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
        """Every number of one time step (from 0), each (H,): see above and `_rnn`, `_lstm`, `_gru`."""
        x, before = self.found["x"][time], self.found["before"][time]
        values: Values = {"h0": before}
        for letter in self.letters:
            values[f"{letter}_x"] = self.block("ih", letter) @ x
            values[f"{letter}_h"] = self.block("hh", letter) @ before
            values[f"{letter}_bx"], values[f"{letter}_bh"] = self.block("b_ih", letter), self.block("b_hh", letter)
            if letter != "h":
                values[letter] = self.found[NAMES[letter]][time]
        values["h"] = self.found["hidden"][time]
        return values | {"rnn": self._rnn, "lstm": self._lstm, "gru": self._gru}[self.spec.cell](time, values)

    def _rnn(self, time: int, v: Values) -> Values:
        """`a_h`, the sum that φ is taken of."""
        return {"a_h": _sum(v, "h")}

    def _lstm(self, time: int, v: Values) -> Values:
        """`c0` is c_{t-1}, `kept` f ⊙ c_{t-1}, `written` i ⊙ c̃, `shown` tanh(c_t)."""
        before, cell = self.found["cell_before"][time], self.found["cell"][time]
        sums = {f"a_{letter}": _sum(v, letter) for letter in self.letters}
        return sums | {
            "c0": before,
            "c": cell,
            "kept": v["f"] * before,
            "written": v["i"] * v["g"],
            "shown": np.tanh(cell),
        }

    def _gru(self, time: int, v: Values) -> Values:
        """`reset` is what r lets through, `product` what it is applied to if that is W_hn h_{t-1} + b_hn, else
        `regained` is W_hn (r ⊙ h_{t-1}) + b_hn; `read` is W_in x_t + b_in, `turned` 1 − z; `kept` is h_{t-1}'s part
        of h_t, `written` that of h̃."""
        change: Values = {"read": v["n_x"] + v["n_bx"]}
        if self.spec.reset == "before":
            change["reset"] = v["r"] * v["h0"]
            change["n_h"] = self.block("hh", "n") @ change["reset"]
            change["regained"] = change["n_h"] + v["n_bh"]
            change["a_n"] = v["n_x"] + v["n_bx"] + change["n_h"] + v["n_bh"]
        else:
            change["product"] = v["n_h"] + v["n_bh"]
            change["reset"] = v["r"] * change["product"]
            change["a_n"] = v["n_x"] + v["n_bx"] + change["reset"]
        change["turned"] = 1 - v["z"]
        stay, move = (change["turned"], v["z"]) if self.z_updates else (v["z"], change["turned"])
        more = {"a_r": _sum(v, "r"), "a_z": _sum(v, "z"), "kept": stay * v["h0"], "written": move * v["n"]}
        return change | more

    def numbers(self, time: int, unit: int | None) -> dict[str, float]:
        """The numbers of `at` for one unit (from 0), or their means over all units; for an RNN `b`, its two biases."""
        values = self.at(time)
        if self.spec.cell == "rnn":
            values["b"] = values["h_bx"] + values["h_bh"]
        return {name: float(of.mean() if unit is None else of[unit]) for name, of in values.items()}

    def logits(self, time: int) -> np.ndarray:
        """What the readout gives from the states of one time step: (outputs,)."""
        weights, biases = self.readout
        return weights @ self.found["read"][time] + biases

    def terms(self, time: int, unit: int, letter: str) -> list[Term]:
        """Every product in one unit's sums W x_t and W h_{t-1}; letter "y" is the readout. Those of 0 are left out."""
        if letter == "y":
            found = [("h", self.readout[0][unit], self.found["read"][time])]
        else:
            before = self.found["before"][time]
            if letter == "n" and self.spec.reset == "before":
                before = before * self.found["reset_gate"][time]
            found = [("x", self.block("ih", letter)[unit], self.found["x"][time]),
                     ("h", self.block("hh", letter)[unit], before)]  # fmt: skip
        return [
            Term(source, place, float(weight), float(value))
            for source, weights, values in found
            for place, (weight, value) in enumerate(zip(weights, values, strict=True), 1)
            if value != 0
        ]


def _sum(v: Values, letter: str) -> np.ndarray:
    return v[f"{letter}_x"] + v[f"{letter}_bx"] + v[f"{letter}_h"] + v[f"{letter}_bh"]


def taken_apart(
    spec: ModelSpec,
    found: Mapping[str, np.ndarray],
    weights: Mapping[str, np.ndarray],
    layer: int,
    direction: str,
    z_updates: bool = False,
) -> Anatomy:
    """The anatomy of one layer (-1 is the top) and direction from an answer of the worker and a frame's weights."""
    part = "decoder" if "places" in found else "recurrent" if "answers" in found else "encoder"
    attention, spec = (spec.attention, decoder_of(spec)) if part == "decoder" else (None, spec)
    layer %= spec.layers
    z_updates = z_updates and spec.cell == "gru"
    recurrent = {name: weight for name, weight in weights.items() if name.startswith(f"{part}.")}
    if z_updates:
        found, recurrent = conventions.z_updates(dict(found)), conventions.with_z_updates(recurrent)
    suffix = f"l{layer}" + ("_reverse" if direction == DIRECTIONS[1] else "")
    names = {"ih": "weight_ih", "hh": "weight_hh", "b_ih": "bias_ih", "b_hh": "bias_hh"}
    own = {short: recurrent[f"{part}.{name}_{suffix}"].astype(np.float64) for short, name in names.items()}
    readout = np.empty((0, found["read"].shape[1])), np.empty(0)
    if part != "encoder":
        readout = weights["readout.weight"].astype(np.float64), weights["readout.bias"].astype(np.float64)
    combine = tuple(weights[f"combine.{name}"].astype(np.float64) for name in ("weight", "bias") if "context" in found)
    return Anatomy(spec, found, own, readout, layer, direction == DIRECTIONS[1], z_updates, part, attention, combine)
