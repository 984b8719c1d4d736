"""What the engine says when it cannot do its part."""

import logging
import traceback
import uuid

from rnnviz.engine import protocol

log = logging.getLogger("rnnviz.engine")


class EngineError(RuntimeError):
    """The engine could not answer or run something: its worker is down, too slow or broken. One sentence."""


def numbered() -> str:
    """A new number under which an unexpected error stands both on screen and in the log."""
    return uuid.uuid4().hex[:8]


def traceback_of(error: Exception) -> str:
    """The traceback as the log shall show it."""
    return "".join(traceback.format_exception(error))


def explained(said: protocol.Failed, experiment: str) -> str:
    """Why a job failed, in a sentence; what was not expected goes to the log under a number."""
    if not said.trouble:
        return said.message
    number = numbered()
    log.error("Error %s in the experiment %s:\n%s", number, experiment[:2000], said.trouble)
    return f"The training met an unexpected error, number {number} in the server's log."
