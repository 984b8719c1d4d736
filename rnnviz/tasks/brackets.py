"""Nesting depth of brackets: counting up and down, step by step."""

import dataclasses
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import Batch, one_hot
from rnnviz.tasks.shapes import Classes, EveryStep, Features
from rnnviz.tasks.typed import read_symbols

SYMBOLS = np.array(["(", ")", "a", "b", "c"])
LETTER = 2  # the first symbol that is no bracket


@dataclasses.dataclass(frozen=True)
class Brackets(Task):
    """Brackets open and close among letters; at every step, name how many are open."""

    name: ClassVar[str] = "brackets"
    place: ClassVar[int] = 2
    title: ClassVar[str] = "Count open brackets"
    application: ClassVar[str] = "Long dependencies"
    about: ClassVar[str] = (
        "Brackets open and close, with letters between them; after every symbol the network has to say how many are "
        "open. The last symbol alone does not tell. The network has to count up and down from the start, and hold the "
        "count while letters pass."
    )
    score_name: ClassVar[str] = "depths named right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    counts: ClassVar[str] = "a bracket"
    ignores: ClassVar[str] = "a letter"
    guessing: ClassVar[str] = "always naming the most frequent depth"
    defaults: ClassVar[Defaults] = Defaults(steps=800, lr=1e-2)

    length: int = fields.whole(50, 4, limits.LONGEST_SEQUENCE, "Length of a sequence", "time steps")
    deepest: int = fields.whole(6, 1, 20, "Most brackets open at once", "brackets")
    letters: float = fields.real(
        0.3, 0.1, 0.9, "Share of letters among the symbols; they change nothing", "as a share of all symbols"
    )

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Features:
        return Features(len(SYMBOLS))

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Classes(tuple(str(depth) for depth in range(self.deepest + 1))))

    @property
    def alphabet(self) -> tuple[str, ...]:
        return tuple(str(symbol) for symbol in SYMBOLS)

    def ignored(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(inputs.argmax(-1) >= LETTER)

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        chance = rng.random((self.length, size), dtype=np.float32)
        moves = (chance >= (1 + self.letters) / 2).astype(np.int16) * 2 - 1
        moves[chance < self.letters] = 0
        return _following(self._folded(np.cumsum(moves, axis=0, dtype=np.int16)), chance / self.letters)

    def _folded(self, walk: np.ndarray) -> np.ndarray:
        """A free walk mirrored at 0 and at `deepest`, again and again: it never leaves 0 … deepest."""
        depths: np.ndarray = self.deepest - np.abs(walk % (2 * self.deepest) - self.deepest)
        return depths

    def probes(self) -> Probes:
        step = np.arange(self.length)
        ramp = self._folded(step + 1)
        plateau = np.minimum(np.minimum(step + 1, self.deepest), self.length - 1 - step)
        rng = np.random.default_rng(3)
        mixed = self.sample(rng, 1)
        depths = np.stack([mixed.targets[:, 0], ramp, plateau], axis=1)
        batch = _following(depths, rng.random(depths.shape, dtype=np.float32))
        tokens = SYMBOLS[batch.inputs.argmax(-1)]
        return Probes(batch, tokens, ("as in training", "all the way up and down", "a long wait inside"))

    @property
    def typing(self) -> str:
        return "brackets and the letters a, b and c, such as (a(b)c)"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        codes = {str(symbol): place for place, symbol in enumerate(SYMBOLS)}
        read = read_symbols(text, codes, "the symbols " + " ".join(codes))
        return one_hot(read[:, None], len(SYMBOLS)), tuple(str(symbol) for symbol in SYMBOLS[read])

    def written(self, inputs: np.ndarray) -> str:
        return "".join(SYMBOLS[inputs.argmax(-1)])

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        depths = np.cumsum(inputs[:, 0].astype(int) - inputs[:, 1].astype(int))  # OPEN is 0, CLOSE is 1
        within = depths.min() >= 0 and depths.max() <= self.deepest
        return tuple(self.classes[depth] for depth in depths) if within else ()


def _following(depths: np.ndarray, chance: np.ndarray) -> Batch:
    """The symbols that lead through `depths` (time, sample), from 0 on; `chance` in 0 … 1 picks the letters."""
    moves = depths.copy()
    moves[1:] -= depths[:-1]
    letters = np.minimum(chance * (len(SYMBOLS) - LETTER), len(SYMBOLS) - LETTER - 1).astype(np.int16) + LETTER
    symbols = np.where(moves == 0, letters, moves < 0)  # OPEN is 0, CLOSE is 1
    return Batch(one_hot(symbols, len(SYMBOLS)), depths.astype(np.int64))
