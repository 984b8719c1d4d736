"""Short questions to the workers, such as "trace this input": who waits for which answer."""

import concurrent.futures
import dataclasses
import pickle
from collections.abc import Sequence
from typing import Protocol

from rnnviz.engine import protocol
from rnnviz.engine.errors import EngineError, log, numbered

MOST_TRIES = 2  # workers that may die over a question before it is given up

LATE = "The answer took longer than {timeout:g} seconds. Try again in a moment."
STARTING = "The worker that computes is still starting. Try again in a moment."
DEADLY = "The question was given up: the worker died over it."
STOPPED = "The engine is not running."


class Answerer(Protocol):
    """Who answers questions: a local worker process. None of these calls may block."""

    @property
    def ready(self) -> bool:
        """Whether it would answer at once."""

    def ask(self, number: int, function: str, payload: bytes) -> None:
        """Answer under `number`."""

    def drop(self, number: int) -> None:
        """Forget a question."""


@dataclasses.dataclass
class PendingQuestion:
    """A question on its way; `answer` will hold the pickled result."""

    function: str
    payload: bytes
    answerer: Answerer
    answer: "concurrent.futures.Future[bytes]" = dataclasses.field(default_factory=concurrent.futures.Future)
    tries: int = 0


class Asks:
    """The questions on their way. Its methods are called under the engine's lock."""

    def __init__(self, answerers: Sequence[Answerer]) -> None:
        self._answerers = answerers
        self._waiting: dict[int, PendingQuestion] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, number: int, function: str, payload: bytes) -> PendingQuestion:
        """Send a question on its way."""
        question = self._waiting[number] = PendingQuestion(function, payload, self._pick())
        question.answerer.ask(number, function, payload)
        return question

    def _pick(self) -> Answerer:
        """A ready one with the fewest questions."""
        load = [question.answerer for question in self._waiting.values()]
        return min(self._answerers, key=lambda one: (not one.ready, sum(other is one for other in load)))

    def at(self, answerer: Answerer) -> int:
        """How many questions one answerer has."""
        return sum(question.answerer is answerer for question in self._waiting.values())

    def withdraw(self, number: int) -> None:
        """Nobody waits for this answer any more."""
        question = self._waiting.pop(number, None)
        if question:
            question.answerer.drop(number)

    def report(self, said: protocol.Answered | protocol.Refused) -> None:
        """An answer came; ignored if nobody waits for it any more."""
        question = self._waiting.pop(said.number, None)
        if question is None:
            return
        if isinstance(said, protocol.Answered):
            question.answer.set_result(said.payload)
        else:
            question.answer.set_exception(self._refusal(said, question))

    def _refusal(self, said: protocol.Refused, question: PendingQuestion) -> Exception:
        if not said.trouble:
            raised: Exception = pickle.loads(said.payload)
            return raised
        number = numbered()
        log.error("Error %s in %s:\n%s", number, question.function, said.trouble)
        return EngineError(f"The answer met an unexpected error, number {number} in the server's log.")

    def lost(self, answerer: Answerer, guilty: int | None, verdict: str = "") -> None:
        """An answerer died with the questions it had. All but a deadly one are asked again."""
        for number, question in list(self._waiting.items()):
            if question.answerer is not answerer:
                continue
            question.tries += number == guilty
            if number == guilty and (verdict or question.tries >= MOST_TRIES):
                del self._waiting[number]
                question.answer.set_exception(EngineError(verdict or DEADLY))
            else:
                question.answerer = self._pick()
                question.answerer.ask(number, question.function, question.payload)

    def close(self) -> None:
        """Nobody will answer any more."""
        for question in self._waiting.values():
            question.answer.set_exception(EngineError(STOPPED))
        self._waiting.clear()
