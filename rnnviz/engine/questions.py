"""What a page may ask of a worker: functions under `rnnviz.nn`, named here and imported only in the worker.

A question is asked by `engine.ask(GRADIENTS(spec, task, weights), timeout=20)`; arguments and answer have the
types of the function, which a type checker follows. A test compares every name with the function beside it.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from rnnviz.nn import questions
    from rnnviz.nn.checkpoints import inspecting
    from rnnviz.nn.decode import beam, damage, decoding, generating
    from rnnviz.nn.measure import (
        anatomy,
        by_class,
        laboratory,
        read_through,
        remembering,
        sharing,
        suggesting,
        truth,
        word_by_word,
    )
    from rnnviz.nn.measure.changed import clamping, silencing, symbols

P = ParamSpec("P")
R = TypeVar("R")


@dataclasses.dataclass(frozen=True)
class Call(Generic[R]):
    """One function of the workers with what it is called with; the answer is an R."""

    function: str
    args: tuple[Any, ...]
    named: dict[str, Any] = dataclasses.field(default_factory=dict)


class Question(Generic[P, R]):
    """A public function under `rnnviz.nn` that a page may ask a worker to call.

    function: where it is, as "module:name".
    like:     returns the function; for the type checker and tests, never called in the server.
    """

    def __init__(self, function: str, like: Callable[[], Callable[P, R]]) -> None:
        self.function, self.like = function, like

    def __call__(self, *args: P.args, **named: P.kwargs) -> Call[R]:
        """The question with its arguments: plain values and numpy arrays."""
        return Call(self.function, args, named)


AGAINST_TRUTH = Question("rnnviz.nn.measure.truth:against_truth", lambda: truth.against_truth)
ANATOMY_STEP = Question("rnnviz.nn.measure.anatomy:step", lambda: anatomy.step)
ANATOMY_WRITING = Question("rnnviz.nn.measure.anatomy:writing", lambda: anatomy.writing)
BEAM_SEARCH = Question("rnnviz.nn.decode.beam:search", lambda: beam.search)
BY_CLASS = Question("rnnviz.nn.measure.by_class:by_class", lambda: by_class.by_class)
CHECKPOINT_ANALYSED = Question("rnnviz.nn.checkpoints.inspecting:analysed", lambda: inspecting.analysed)
CHECKPOINT_CONTENTS = Question("rnnviz.nn.checkpoints.inspecting:contents", lambda: inspecting.contents)
CHECKPOINT_EXPORTED = Question("rnnviz.nn.checkpoints.inspecting:exported", lambda: inspecting.exported)
CHECKPOINT_TRACED = Question("rnnviz.nn.checkpoints.inspecting:traced", lambda: inspecting.traced)
CLAMPED = Question("rnnviz.nn.measure.changed.clamping:clamped", lambda: clamping.clamped)
CONTRIBUTIONS = Question("rnnviz.nn.measure.sharing:contributions", lambda: sharing.contributions)
DAMAGE = Question("rnnviz.nn.decode.damage:damage", lambda: damage.damage)
DIFFERENCE = Question("rnnviz.nn.measure.changed.symbols:difference", lambda: symbols.difference)
GRADIENTS = Question("rnnviz.nn.measure.laboratory:measure", lambda: laboratory.measure)
HORIZONS = Question("rnnviz.nn.measure.laboratory:horizons", lambda: laboratory.horizons)
READ_THROUGH = Question("rnnviz.nn.measure.read_through:read_through", lambda: read_through.read_through)
REMEMBERING = Question("rnnviz.nn.measure.remembering:remembering", lambda: remembering.remembering)
SILENCED = Question("rnnviz.nn.measure.changed.silencing:silenced", lambda: silencing.silenced)
SUGGEST = Question("rnnviz.nn.measure.suggesting:suggest", lambda: suggesting.suggest)
TRANSLATE = Question("rnnviz.nn.decode.decoding:translate", lambda: decoding.translate)
VERSIONS = Question("rnnviz.nn.questions:versions", lambda: questions.versions)
WORD_BY_WORD = Question("rnnviz.nn.measure.word_by_word:word_by_word", lambda: word_by_word.word_by_word)
WRITE = Question("rnnviz.nn.decode.generating:write", lambda: generating.write)
EVERY = tuple(value for value in globals().copy().values() if isinstance(value, Question))
