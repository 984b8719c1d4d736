"""What every task is: sequences to learn, a loss, a score in plain words, and probes to look at."""

import abc
from typing import Any, ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.stored import held
from rnnviz.tasks import batch as batches
from rnnviz.tasks import examples
from rnnviz.tasks.batch import Batch as Batch
from rnnviz.tasks.batch import Probes as Probes
from rnnviz.tasks.batch import Remembered as Remembered
from rnnviz.tasks.declared import Changeable, Tables
from rnnviz.tasks.declared import Defaults as Defaults
from rnnviz.tasks.declared import Textbook as Textbook
from rnnviz.tasks.shapes import Answers, Reads, Symbols

GUESS_SEED = 104_729  # of the training sequences that guessing has seen
HELD_OUT_SIZE, HELD_OUT_BYTES = 128, 5_000_000  # sequences; fewer long ones, since a server keeps those of many tasks


class Task(Changeable, abc.ABC):
    """A kind of sequence to learn. A subclass is a frozen dataclass; its fields are its parameters."""

    name: ClassVar[str]  # in links and files
    place: ClassVar[int]  # where it stands among the tasks, from 0
    title: ClassVar[str]  # on screen
    application: ClassVar[str] = ""  # in which it is met, in three words
    about: ClassVar[str]  # one paragraph: what is asked and what that takes of memory, in short sentences
    tables: ClassVar[Tables | None] = None  # that a visitor may bring, for its field of the kind "content"
    picture: ClassVar[str] = ""  # of its own field, a module of rnnviz/live/applications; "" for hidden states
    predicts_next: ClassVar[bool] = False  # the answer is the next input, so a backward direction would read it
    foretells: ClassVar[bool] = False  # what is asked is seen later, so a backward direction would read it
    at_once: ClassVar[bool] = False  # what is read has no order in time, such as the places of a drawing
    always_new: ClassVar[bool] = True  # no sequence to train on comes twice, so none can be learned by heart
    kept: ClassVar[str] = ""  # what has to be kept until it is asked for, where that is one thing: "the first letter"
    remembers: ClassVar[str] = ""  # what `remembered` tells of each sequence: "the first letter"; "" if nothing
    sized_by_data: ClassVar[bool] = False  # lengths and classes follow from data, which is built when first asked for
    probe_count: ClassVar[int] = 3  # how many sequences are traced in every frame
    asks_kept: ClassVar[bool] = False  # whether `kept` is all that is asked for: who never saw it can only guess
    marked_name: ClassVar[str] = ""  # which answers `marked` finds: "words whose tag is decided later"
    score_name: ClassVar[str]  # "mean squared error", "letters named right"
    score_unit: ClassVar[str] = ""  # "" or "%"
    higher_is_better: ClassVar[bool]
    guessing: ClassVar[str]  # how one scores without memory: "always answering 1"
    defaults: ClassVar[Defaults]
    textbook: ClassVar[Textbook] = Textbook("gates help", "gates")

    def __post_init__(self) -> None:
        fields.validate(self)

    def __getstate__(self) -> dict[str, Any]:
        """The parameters alone, a text that is stored by its hash; what is cached on the object stays behind."""
        return {meaning.name: held(self, meaning.name) for meaning in fields.describe(self)}

    @property
    @abc.abstractmethod
    def steps(self) -> int:
        """Time steps of one sequence."""

    @property
    @abc.abstractmethod
    def reads(self) -> Reads:
        """What comes in at every time step."""

    @property
    @abc.abstractmethod
    def answers(self) -> Answers:
        """When an answer is asked, and what one answer is."""

    @property
    def alphabet(self) -> tuple[str, ...]:
        """What one time step can be, by name and in order; empty where no symbols are read."""
        return self.reads.names if isinstance(self.reads, Symbols) else ()

    @property
    def answering(self) -> type[Answers]:
        """The class of `answers`; where those follow from data, this is known without it."""
        return type(self.answers)

    @property
    def reading(self) -> type[Reads]:
        """The class of `reads`; where that follows from data, this is known without it."""
        return type(self.reads)

    @property
    def brought(self) -> bool:
        """Whether it is learned from what somebody brought."""
        return False

    @property
    def equally_long(self) -> bool:
        """Whether the last step of all sequences is the same one."""
        return True

    @property
    def summary(self) -> str:
        """What of a table that somebody brought is learned and what is not, for people; "" without one."""
        return ""

    @property
    def first_rows(self) -> tuple[str, ...]:
        """The first three rows of what somebody brought, as they are learned; empty without any."""
        return ()

    @property
    def asks(self) -> str:
        """What is asked, in a paragraph: `about`, or what is true of data that somebody brought."""
        return self.about

    @property
    def input_size(self) -> int:
        """Features of the input at one time step, or symbols that there are."""
        return self.reads.size

    @property
    def output_size(self) -> int:
        """Numbers that the readout gives: outputs, or one logit per class."""
        return self.answers.of.width

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes by name, in the order of the logits; empty for numbers."""
        return self.answers.of.classes

    @property
    def encoder_steps(self) -> int:
        """Of `steps`, those in which an encoder reads, which come first; 0 where one network reads and answers."""
        return 0

    @property
    def answer_steps(self) -> int:
        """How many answers a model gives to the longest sequence."""
        return len(self.answers.times(self.steps))

    def steps_of(self, probe: int) -> np.ndarray:
        """Which of `steps` a probe has, (time,) bool: after its end there are none."""
        found: np.ndarray = np.arange(self.steps) < batches.probes(self).batch.lengths[probe]
        return found

    @property
    def kept_for(self) -> tuple[int, int] | None:
        """How many steps `kept` has to be kept, at least and at most; None where it is not one thing."""
        return None

    @abc.abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        """`size` sequences to train on."""

    @abc.abstractmethod
    def probes(self) -> Probes:
        """The sequences that are looked at: always the same, easy to read."""

    def held_out(self) -> Batch:
        """Sequences that are scored and never trained on; the same at every call."""
        return batches.held_out(self)

    @property
    def held_out_size(self) -> int:
        """How many sequences are held out; where a sequence answers another, how many pairs of them."""
        return int(self.held_out().inputs.shape[1])

    @property
    def held_out_wanted(self) -> int:
        """How many sequences are to be held out: 128, fewer if they are long and wide. There may be more or fewer."""
        return max(16, min(HELD_OUT_SIZE, HELD_OUT_BYTES // (4 * self.steps * self.input_size)))

    def unseen(self, rng: np.random.Generator, size: int) -> Batch:
        """About `size` sequences that are never trained on; those that are held out may be among them."""
        return self.sample(rng, size)

    def remembered(self, batch: Batch) -> Remembered | None:
        """What is to be remembered of each sequence of a batch, and since when; None where that is not one thing."""
        return None

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Where held-out sequences come from; a task with a fixed text overrides it."""
        return self.sample(rng, self.held_out_wanted)

    @property
    def held_out_is_new(self) -> bool:
        """Whether the held-out sequences are kept away from training (a very short text leaves none)."""
        return True

    @property
    def held_out_known(self) -> float:
        """The share in percent of what is held out that stands, note by note, in what is trained on, too."""
        return 0.0 if self.held_out_is_new else 100.0

    def score(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """How good `outputs` (… , output) are: mean squared error, or percent of right classes."""
        return self.answers.of.score(outputs, targets)

    def guess(self, batch: Batch) -> np.ndarray:
        """What `guessing` answers to a batch, as outputs: for classes, always the one most frequent in training."""
        return self.answers.of.guess(self.answers_trained(), batch.targets)

    def answers_trained(self) -> np.ndarray:
        """Targets to train on, from which `guess` learns what is frequent: a sample, or all that there are."""
        return self.sample(np.random.default_rng(GUESS_SEED), self.held_out_wanted).targets

    @property
    def baseline(self) -> float:
        """The score of `guessing`, measured on the held-out sequences."""
        return batches.baseline(self)

    @property
    def loss_of_guessing(self) -> tuple[float, str]:
        """The loss of one who knows nothing, and what that is called."""
        return self.answers.of.loss_of_guessing(self.baseline, self.guessing)

    @property
    def scored_in(self) -> str:
        """The score's name, with its unit: "mean absolute error (°C)"."""
        return f"{self.score_name} ({self.answers.of.unit})".removesuffix(" ()")

    @property
    def best(self) -> float | None:
        """The score that nobody beats, whatever they remember; None where it is not known."""
        return self.answers.of.best

    @property
    def typing(self) -> str:
        """How a sequence of one's own is typed for `encode`, as half a sentence; "" if it cannot be typed."""
        return ""

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        """A typed sequence as inputs (time, 1, feature) float32, or symbols (time, 1) int64, and a token for each step.

        It may be shorter or longer than those of the task.

        Raises:
            ExperimentError: the text is no such sequence, or longer than any may be.
        """
        raise ExperimentError("input", f"one of those that the task {self.name} makes", text)

    def unread(self, text: str) -> tuple[str, ...]:
        """Of a sequence that `encode` reads, what it does not know and reads as one symbol for all of this."""
        return ()

    def marked(self, batch: Batch) -> np.ndarray | None:
        """Which answers to a batch are scored apart (`marked_name`): bool, shaped as its targets; None for none."""
        return None

    @property
    def marks(self) -> bool:
        """Whether any answers are scored apart: a task that marks them for some of its data alone says so here."""
        return bool(self.marked_name)

    @property
    def marked_guess(self) -> tuple[float, str]:
        """What share of the held-out answers that are marked guessing has right, in percent, and how one guesses."""
        return batches.marked_baseline(self), self.guessing

    def written(self, inputs: np.ndarray) -> str:
        """Inputs (time, feature) of one sequence, or its symbols (time,), as `encode` reads them; numbers rounded."""
        raise NotImplementedError

    def spelled(self, probe: int) -> tuple[str, ...]:
        """What is read at each time step of a probe, in full; of an encoder–decoder then what is to be written."""
        return self.encode(self.written(batches.probes(self).batch.inputs[:, probe]))[1]

    def asked(self, sample: int) -> tuple[str, ...]:
        """The right answers to a probe in words: one, or one per time step."""
        batch = batches.probes(self).batch
        said = self.answers.of.words(batch.targets, sample)
        return said[: batch.lengths[sample]] if self.answers.at_every_step else said

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        """The right answers to any sequence (time, feature), or symbols (time,), in the words of `asked`.

        "" at a step whose answer lies beyond the sequence; empty where the task asks no such question.
        """
        return ()

    def answered(self, outputs: np.ndarray, sample: int) -> tuple[str, ...]:
        """What a model's `outputs` (time, sample, output) say to a probe, in the words of `asked`."""
        asked = self.asked(sample)
        said = self.answers.of.answered(np.asarray(outputs, np.float64), batches.probes(self).batch.targets, sample)
        return tuple(answer if right else "" for answer, right in zip(said[: len(asked)], asked, strict=True))

    def describe_answer(self, outputs: np.ndarray, sample: int) -> str:
        """One line on how a model's `outputs` (time, sample, output) answer a probe; time is 1 if it answers once."""
        found = np.asarray(outputs, np.float64)
        wanted = batches.probes(self).batch.targets
        off = self.answers.of.off(found[:, sample], wanted[..., sample, :]) if self.answers.of.is_number else 0.0
        return self.answers.described(self.asked(sample), self.answered(outputs, sample), found[:, sample], off)

    def example(self) -> str:
        """One worked example in plain text; where every step is answered, two lines that stand under each other."""
        tokens = [str(token) for token in batches.probes(self).tokens[self.steps_of(0), 0]]
        asked = self.asked(0)
        if self.answers.at_end:
            return f"{examples.shortened(tokens)} → {asked[0]}"
        return examples.in_columns(tokens, asked)
