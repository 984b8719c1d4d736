"""What every sequence-to-sequence task is: an input of one length, answered by an output of another."""

import abc
import collections
import functools
from collections.abc import Sequence as Ordered
from typing import ClassVar

import numpy as np

from rnnviz.core.errors import ExperimentError, Words
from rnnviz.tasks import corpora
from rnnviz.tasks.base import HELD_OUT_SIZE, Probes, Task, Textbook
from rnnviz.tasks.batch import PAD, Batch, padded
from rnnviz.tasks.shapes import Classes, Reads, Sequence, Symbols
from rnnviz.tasks.typed import Typed as Typed
from rnnviz.tasks.typed import whole

END = 0  # the class that ends an output
END_SHOWN = "■"
FIELD = "input"


class UnknownSymbols(ExperimentError):
    """An input or output that holds what none holds: `.unknown`, every such symbol once."""

    def __init__(self, field: str, allowed: str, received: object, unknown: tuple[str, ...] = ()) -> None:
        self.unknown = unknown
        super().__init__(field, allowed, received)


class Translating(Task):
    """Sequences answered by sequences of their own length: for an encoder that reads and a decoder that writes.

    Its batches hold symbols as whole numbers, each sequence followed by `PAD` up to the full length:

        inputs:  (input_time, sample) int64, places in `symbols`.
        targets: (output_time, sample) int64, places in `classes`; every output ends with `END`.

    Both halves share one time axis wherever states are shown: first the `input_steps` of the encoder, then the
    `output_steps` of the decoder.
    """

    score_name: ClassVar[str] = "exact match"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "always writing the answer most frequent in training"
    textbook: ClassVar[Textbook] = Textbook("attention helps", "attention")
    opening: ClassVar[int] = 0  # the example that pages open on
    between: ClassVar[str] = ""  # what parts the symbols of an input or an output in writing: "", or " " for words
    reads_text: ClassVar[bool] = True  # an input is made of the `symbols`, which can be listed and typed

    @property
    @abc.abstractmethod
    def symbols(self) -> tuple[str, ...]:
        """What an input is made of."""

    @property
    @abc.abstractmethod
    def written_symbols(self) -> tuple[str, ...]:
        """What an output is made of, without its end."""

    @property
    @abc.abstractmethod
    def input_steps(self) -> int:
        """Symbols of the longest input."""

    @property
    @abc.abstractmethod
    def output_steps(self) -> int:
        """Symbols of the longest output, its end included."""

    @abc.abstractmethod
    def examples(self) -> tuple[tuple[str, str, str], ...]:
        """Three probes, easy to read: name, input and right output as they are written."""

    @property
    def steps(self) -> int:
        return self.input_steps + self.output_steps

    @functools.cached_property
    def reads(self) -> Symbols:
        return Symbols(self.symbols)

    @property
    def reading(self) -> type[Reads]:
        return Symbols

    @property
    def answering(self) -> type[Sequence]:
        return Sequence

    @functools.cached_property
    def answers(self) -> Sequence:
        return Sequence(Classes((END_SHOWN, *self.written_symbols)), END)

    @property
    def encoder_steps(self) -> int:
        return self.input_steps

    @property
    def answer_steps(self) -> int:
        return self.output_steps

    def steps_of(self, probe: int) -> np.ndarray:
        batch = self.probes().batch
        found: np.ndarray = np.concatenate([batch.inputs[:, probe], batch.targets[:, probe]]) != PAD
        return found

    @property
    def held_out_wanted(self) -> int:
        return HELD_OUT_SIZE

    def length_test(self) -> Batch:
        """Sequences on which the score is measured by length, never trained on; a task may add longer ones.

        They may be longer than `input_steps` and `output_steps`.
        """
        return self.held_out()

    @property
    def length_trained(self) -> int:
        """The longest input that is trained on; the sequences of `length_test` may be longer."""
        return self.input_steps

    @property
    def lengths(self) -> tuple[tuple[int, int], ...]:
        """The lengths of input, from and to, for which `length_test` tells scores apart.

        None holds both a length that is trained on and a longer one: one of them ends at `length_trained`, where longer
        inputs are tested at all.
        """
        return _lengths(self)

    def probes(self) -> Probes:
        names, read, written = zip(*self.examples(), strict=True)
        inputs = padded([self.read(text) for text in read], self.input_steps)
        targets = padded([(*self.read_output(text), END) for text in written], self.output_steps)
        tokens = np.concatenate([self.shown(inputs, self.symbols), self.shown(targets, self.classes)])
        return Probes(Batch(inputs, targets), tokens, names)

    def read(self, text: str) -> np.ndarray:
        """An input as it is written, as places in `symbols` (time,) int64.

        Raises:
            ExperimentError: it is empty, too long, or holds what no input holds.
        """
        return self._places(text, self._symbol_places, self.longest_read, "input")

    @property
    def trained_on(self) -> str:
        """What inputs there are in training, in a sentence, where `typing` does not say it; else ""."""
        return ""

    def typed(self, text: str) -> Typed:
        """An input as it is written, with all that is to be known of it.

        Raises:
            ExperimentError: as `read` says.
        """
        codes = self.read(text)
        return Typed(codes, self.right(codes), self.warned(codes))

    def symbols_of(self, codes: np.ndarray) -> tuple[str, ...]:
        """What stands at each step of an input (input_time, …), without its padding."""
        return tuple(self.symbols[place] for place in codes if place != PAD)

    def tokens(self, codes: np.ndarray) -> tuple[str, ...]:
        """The same as it is shown: a space is ␣."""
        return tuple(corpora.visible(name) if len(name) == 1 else name for name in self.symbols_of(codes))

    def warned(self, places: np.ndarray) -> str:
        """What is to be known of an input (time,) that is unlike all that are trained on, in a sentence; else ""."""
        return ""

    def read_output(self, text: str) -> np.ndarray:
        """An output as it is written, as classes (time,) int64, without the end."""
        return self._places(text, self._class_places, self.output_steps, "output")

    @property
    def longest_read(self) -> int:
        """Symbols of the longest input that `read` takes; it may be longer than any that is trained on."""
        return 2 * self.input_steps

    def write(self, classes: Ordered[int] | np.ndarray) -> str:
        """An output as it is written, up to its end."""
        kept = []
        for place in classes:
            if place in (END, PAD):
                break
            kept.append(self.classes[place])
        return self.between.join(kept)

    def spell(self, places: Ordered[int] | np.ndarray) -> str:
        """An input as it is written."""
        return self.between.join(self.symbols_of(np.asarray(places)))

    def right(self, places: np.ndarray) -> str:
        """The right output to an input (time,) as it is written; "" where that is not known."""
        return ""

    @staticmethod
    def shown(places: np.ndarray, names: Ordered[str]) -> np.ndarray:
        """Places (…) as text, "" where a sequence is over; spaces and combining marks are made visible."""
        seen = np.array([corpora.visible(name) if len(name) == 1 else name for name in names] + [""])
        found: np.ndarray = seen[places]
        return found

    def exact(self, written: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """(sample,) bool: whether an output (output_time, sample) is right up to its end, nothing missing or too much.

        What comes after the end does not count.
        """
        time = max(len(written), len(targets))
        written, targets = (np.pad(a, ((0, time - len(a)), (0, 0)), constant_values=PAD) for a in (written, targets))
        right: np.ndarray = ((written == targets) | (targets == PAD)).all(axis=0)
        return right

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """Exact match in percent of `outputs` (output_time, sample, class)."""
        return float(100.0 * self.exact(outputs.argmax(-1), targets).mean())

    def guess(self, batch: Batch) -> np.ndarray:
        trained = np.ascontiguousarray(self.answers_trained().T)
        ((found, _),) = collections.Counter(answer.tobytes() for answer in trained).most_common(1)
        most = np.frombuffer(found, trained.dtype)
        answers = np.where(most == PAD, END, most)
        return np.repeat(np.eye(self.output_size, dtype=np.float32)[answers][:, None], batch.targets.shape[1], axis=1)

    @property
    def best(self) -> float:
        return 100.0

    def spelled(self, probe: int) -> tuple[str, ...]:
        tokens = self.probes().tokens[self.steps_of(probe), probe]
        return tuple(str(token) for token in tokens)

    def asked(self, sample: int) -> tuple[str, ...]:
        """The right output to a probe, as it is written."""
        return (self.examples()[sample][2],)

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        answer = self.right(inputs)
        return (answer,) if answer else ()

    def answered(self, outputs: np.ndarray, sample: int) -> tuple[str, ...]:
        return (self.write(np.asarray(outputs)[:, sample].argmax(-1)),)

    def describe_answer(self, outputs: np.ndarray, sample: int) -> str:
        of, found = self.answers.of, np.asarray(outputs)
        asked = of.words(self.probes().batch.targets, sample)
        return self.answers.described(asked, of.words(of.decided(found), sample), found[:, sample], 0.0)

    def example(self) -> str:
        _, read, written = self.examples()[0]
        return f"{read} → {written}"

    def _places(self, text: str, places: dict[str, int], longest: int, what: str) -> np.ndarray:
        parts = whole(text).split() if self.between else list(whole(text).strip())
        unit = "words" if self.between else "characters"
        if not 1 <= len(parts) <= longest:
            raise ExperimentError(what, f"1 to {longest} {unit}", Words(f"{len(parts):,}" if parts else "none"))
        unknown = tuple(dict.fromkeys(part for part in parts if part not in places))
        if unknown:
            every = Words(", ".join(map(repr, unknown)))
            raise UnknownSymbols(what, f"made of {self.typing}", every if len(unknown) > 1 else unknown[0], unknown)
        return np.array([places[part] for part in parts], np.int64)

    @functools.cached_property
    def _symbol_places(self) -> dict[str, int]:
        return {symbol: place for place, symbol in enumerate(self.symbols)}

    @functools.cached_property
    def _class_places(self) -> dict[str, int]:
        return {symbol: place for place, symbol in enumerate(self.classes) if place != END}


@functools.lru_cache(maxsize=12)
def _lengths(task: Translating) -> tuple[tuple[int, int], ...]:
    """At most ten groups of lengths with about equally many sequences in each.

    One more where the longest trained length divides a group.
    """
    found = np.sort(task.length_test().lengths)
    parts = np.array_split(found, 10)
    edges = {int(part[-1]) for part in parts if part.size}
    if found[-1] > task.length_trained:
        edges.discard(int(found[found <= task.length_trained][-1]))  # it may be shorter than the longest trained on
        edges.add(task.length_trained)
    ends = sorted(edges)
    starts = [int(found[0]), *(end + 1 for end in ends[:-1])]
    return tuple(zip(starts, ends, strict=True))
