"""Drawn shapes, answered by a caption: one input, many words."""

import dataclasses
import functools
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.tasks.base import Defaults, Probes
from rnnviz.tasks.batch import PAD, Batch, padded
from rnnviz.tasks.captions import drawing, grammar, typing
from rnnviz.tasks.captions.drawing import SIDE, Shapes
from rnnviz.tasks.drawn import Described, Drawing
from rnnviz.tasks.shapes import Classes
from rnnviz.tasks.translating import END, END_SHOWN, Translating, Typed

CUT = 4  # pixels of a side of one place
_EXAMPLES = (
    ("one above another", "blue ring 8 6; green cross 10 18"),
    ("two alike", "red square 6 8; red square 18 16"),
    ("one alone", "yellow triangle 12 14 large"),
)


@dataclasses.dataclass(frozen=True)
class Captions(Translating):
    """Drawings of none to three shapes (see `grammar`), each with exactly one caption. No drawing comes twice.

    A drawing has no order in time: where other tasks have time steps, its inputs have the places of a grid.
    """

    name: ClassVar[str] = "captions"
    place: ClassVar[int] = 20
    title: ClassVar[str] = "Describe a drawing"
    application: ClassVar[str] = "Captions of pictures"
    about: ClassVar[str] = (
        "A drawing of coloured shapes is read at once, by two layers of convolution. A decoder has to say what "
        "it shows: “two red squares” or “a blue ring above a green cross”. It must tell apart which colour "
        "belongs to which shape, how many there are and where they stand. With attention the decoder looks at places "
        "of the drawing for every word. Without it all places are averaged into one vector."
    )
    score_name: ClassVar[str] = "captions written right"
    between: ClassVar[str] = " "
    reads_text: ClassVar[bool] = False
    at_once: ClassVar[bool] = True
    picture: ClassVar[str] = "drawing"
    defaults: ClassVar[Defaults] = Defaults(steps=1200, batch=32, lr=4e-3, hidden=64)

    noise: float = fields.real(0.0, 0.0, 0.5, "Noise in every pixel of the drawings (standard deviation)")

    @property
    def symbols(self) -> tuple[str, ...]:
        """The places of the grid: what stands for a step of the input."""
        return self.reads.names

    @property
    def written_symbols(self) -> tuple[str, ...]:
        return grammar.WORDS

    @functools.cached_property
    def reads(self) -> Drawing:  # type: ignore[override]
        return Drawing(SIDE // CUT, SIDE // CUT, CUT, 3)

    @property
    def reading(self) -> type[Drawing]:
        return Drawing

    @property
    def answering(self) -> type[Described]:
        return Described

    @functools.cached_property
    def answers(self) -> Described:
        return Described(Classes((END_SHOWN, *self.written_symbols)), END)

    @property
    def input_steps(self) -> int:
        return self.reads.count

    @property
    def output_steps(self) -> int:
        return grammar.LONGEST + 1

    @property
    def typing(self) -> str:
        return typing.HOW

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._asking(rng, grammar.drawn(rng, size))

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Drawings with shapes: the empty one is always the same, so it is trained on."""
        return self._asking(rng, grammar.drawn(rng, self.held_out_wanted, empty=False))

    def _asking(self, rng: np.random.Generator, shapes: Shapes) -> Batch:
        pixels = drawing.pixels(shapes)
        if self.noise:
            pixels += rng.normal(0.0, self.noise, pixels.shape).astype(np.float32)
        words = np.pad(grammar.told(shapes), ((0, 1), (0, 0)), constant_values=PAD)
        length, place = (words != PAD).sum(0), np.arange(len(words))[:, None]
        return Batch(self.reads.cut(pixels), np.where(place == length, END, np.where(place < length, words + 1, PAD)))

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((name, text, grammar.caption(typing.read(text), 0)) for name, text in _EXAMPLES)

    def probes(self) -> Probes:
        names, read, written = zip(*self.examples(), strict=True)
        inputs = np.concatenate([self.read(text)[:, None] for text in read], axis=1)
        targets = padded([(*self.read_output(text), END) for text in written], self.output_steps)
        places = np.repeat(np.array(self.symbols)[:, None], len(names), axis=1)
        return Probes(Batch(inputs, targets), np.concatenate([places, self.shown(targets, self.classes)]), names)

    def steps_of(self, probe: int) -> np.ndarray:
        asked = self.probes().batch.targets[:, probe] != PAD
        found: np.ndarray = np.concatenate([np.ones(self.input_steps, bool), asked])
        return found

    def read(self, text: str) -> np.ndarray:
        """A typed drawing as what a model reads of it: (place, number) float32."""
        return self.reads.cut(drawing.pixels(typing.read(text)))[:, 0]

    def typed(self, text: str) -> Typed:
        shapes = typing.read(text)
        return Typed(self.read(text), grammar.caption(shapes, 0), grammar.unlike(shapes))

    def symbols_of(self, codes: np.ndarray) -> tuple[str, ...]:
        return self.symbols

    @property
    def longest_read(self) -> int:
        return self.input_steps

    def spell(self, places: np.ndarray) -> str:  # type: ignore[override]
        """A drawing in words; which shapes it is made of cannot be told from its pixels."""
        return "the drawing"

    def example(self) -> str:
        _, read, said = self.examples()[0]
        return f"{read} → {said}"


def pictured(task: Captions, probe: int) -> Shapes:
    """The shapes of a probe."""
    return typing.read(task.examples()[probe][1])
