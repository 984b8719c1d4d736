"""Knowledge tracing: students practise skills; at every step, foresee which exercises they would get right next."""

import dataclasses
import functools
import string
from typing import ClassVar

import numpy as np

from rnnviz.core import fields, limits
from rnnviz.tasks.base import Defaults, Probes, Task
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.learners import ideal, students
from rnnviz.tasks.shapes import EveryStep, Features, Flags
from rnnviz.tasks.typed import read_signed

_MOST_SKILLS = 10
_CLASSROOM = 200  # students among whom the three that are shown are the most of their kind
_SIGNS = "−+"


@dataclasses.dataclass(frozen=True)
class Learners(Task):
    """Simulated students answer exercises on several skills (see `students`); foresee their next answers.

    What is read and answered is that of Deep Knowledge Tracing (Piech et al. 2015): at every step which skill was
    practised and whether the answer was right, one-hot over both; then for every skill the probability that the next
    exercise on it is answered right. Only the one that is really asked next counts.
    """

    name: ClassVar[str] = "learners"
    place: ClassVar[int] = 13
    title: ClassVar[str] = "Foresee a student's next answer"
    application: ClassVar[str] = "A student’s next answer"
    about: ClassVar[str] = (
        "A student practises skills, each answer right (A+) or wrong (A−). After each answer the network foresees the "
        "next exercise: how likely would it be right, for every skill? One answer tells little, as there are slips "
        "and lucky guesses. The network has to weigh all answers to a skill and how long ago they were. It also has "
        "to know how fast a skill is learned and forgotten. The students are simulated, so that the best possible "
        "forecast can be calculated."
    )
    predicts_next: ClassVar[bool] = True
    score_name: ClassVar[str] = "AUC: pairs ranked right"
    score_unit: ClassVar[str] = "%"
    higher_is_better: ClassVar[bool] = True
    guessing: ClassVar[str] = "each skill's share of right answers"
    picture: ClassVar[str] = "mastery"
    defaults: ClassVar[Defaults] = Defaults(steps=600, lr=5e-3)

    skills: int = fields.whole(5, 2, _MOST_SKILLS, "Skills that are practised", "skills")
    length: int = fields.whole(50, 4, limits.LONGEST_SEQUENCE, "Exercises of a student that are read", "time steps")
    learn: float = fields.real(
        0.15, 0.0, 0.5, "How likely an exercise teaches its skill, on average over skills", "as a probability"
    )
    forget: float = fields.real(
        0.03, 0.0, 0.3, "How likely a skill is lost while another is practised, on average", "per time step"
    )
    slip: float = fields.real(
        0.08, 0.0, 0.25, "How likely who has mastered a skill answers wrong, on average", "as a probability"
    )
    lucky: float = fields.real(
        0.15, 0.0, 0.3, "How likely who has not mastered a skill answers right, on average", "as a probability"
    )

    @property
    def steps(self) -> int:
        return self.length

    @property
    def reads(self) -> Features:
        return Features(2 * self.skills)

    @property
    def alphabet(self) -> tuple[str, ...]:
        return self._tokens(np.eye(self.input_size))

    @property
    def answers(self) -> EveryStep:
        return EveryStep(Flags(self.names))

    @property
    def names(self) -> tuple[str, ...]:
        """The skills by name."""
        return tuple(string.ascii_uppercase[: self.skills])

    @property
    def rates(self) -> students.Skills:
        """What is true of each skill, for all students."""
        return students.skills(self.skills, self.learn, self.forget, self.slip, self.lucky)

    @property
    def best(self) -> float:
        """The score of the exact Bayesian filter on the held-out students; by luck a model may score slightly more."""
        return _best(self)

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._asking(students.practise(self.rates, rng, self.length + 1, size))

    def _asking(self, practice: students.Practice) -> Batch:
        """What was practised and answered at each step but the last; asked is the answer to the step after it."""
        inputs = self._told(practice.skills[:-1], practice.right[:-1])
        targets = np.full((*inputs.shape[:2], self.skills), PAD, np.int64)
        np.put_along_axis(targets, practice.skills[1:, :, None], practice.right[1:, :, None].astype(np.int64), -1)
        return Batch(inputs, targets)

    def _told(self, skills: np.ndarray, right: np.ndarray) -> np.ndarray:
        """One-hot (time, student, 2·skill) float32: right answers to each skill, then wrong ones."""
        inputs = np.zeros((*skills.shape, self.input_size), np.float32)
        np.put_along_axis(inputs, np.where(right, skills, skills + self.skills)[..., None], 1.0, -1)
        return inputs

    def practised(self, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of inputs (…, 2·skill): which skill was practised (…,) int64, and whether it was answered right."""
        places = inputs.argmax(-1)
        return places % self.skills, places < self.skills

    def foreseen(self, inputs: np.ndarray) -> np.ndarray:
        """How likely the next exercise on each skill is right, to whoever knows all rates: (time, student, skill)."""
        return ideal.foreseen(self.rates, *self.practised(inputs))

    def mastery(self, inputs: np.ndarray) -> np.ndarray:
        """How likely each skill is mastered, to whoever knows all rates: (time, student, skill)."""
        return ideal.mastery(self.rates, *self.practised(inputs))

    def probes(self) -> Probes:
        """Of a class of simulated students, those of whom each is true most: see `_outstanding`."""
        names, practice = _shown(self)
        batch = self._asking(practice)
        tokens = np.array([self._tokens(batch.inputs[:, sample]) for sample in range(len(names))]).T
        return Probes(batch, tokens, names)

    def shown(self) -> students.Practice:
        """What the students of the probes did, up to the last answer that is asked, and what they had mastered."""
        return _shown(self)[1]

    def _tokens(self, inputs: np.ndarray) -> tuple[str, ...]:
        skills, right = self.practised(inputs)
        return tuple(f"{self.names[skill]}{_SIGNS[int(one)]}" for skill, one in zip(skills, right, strict=True))

    @property
    def typing(self) -> str:
        return f"skills {self.names[0]} to {self.names[-1]}, + behind a right answer and - behind a wrong one: A+ B-"

    def encode(self, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
        skills, right = read_signed(text, self.names, self.typing)
        inputs = self._told(skills[:, None], right[:, None])
        return inputs, self._tokens(inputs[:, 0])

    def written(self, inputs: np.ndarray) -> str:
        return " ".join(self._tokens(inputs))

    def solved(self, inputs: np.ndarray) -> tuple[str, ...]:
        return (*self._tokens(inputs)[1:], "")


def _outstanding(practice: students.Practice) -> dict[str, int]:
    """What is true of a student more than of any other → who that is; nobody stands for two things."""
    mastered, skills = practice.mastered, practice.skills[..., None]
    known = np.take_along_axis(mastered, skills, -1)[..., 0]
    true = {
        "learns the most skills": (mastered[-1] & ~mastered[0]).sum(-1) + mastered.mean((0, 2)),
        "forgets most often": (mastered[:-1] & ~mastered[1:]).sum((0, 2)),
        "most lucky guesses": (practice.right & ~known).sum(0),
    }
    found: dict[str, int] = {}
    for name, much in true.items():
        found[name] = max(set(range(len(much))) - set(found.values()), key=lambda one: (much[one], -one))
    return found


@functools.lru_cache(maxsize=8)
def _shown(task: Learners) -> tuple[tuple[str, ...], students.Practice]:
    everyone = students.practise(task.rates, np.random.default_rng(12), task.length + 1, _CLASSROOM)
    chosen = _outstanding(everyone)
    return tuple(chosen), everyone.of(list(chosen.values()))


@functools.lru_cache(maxsize=64)
def _best(task: Learners) -> float:
    batch = task.held_out()
    return task.score(task.foreseen(batch.inputs), batch.targets)
