"""What the engine says when it cannot do its part."""

import logging
import traceback
import uuid

log = logging.getLogger("rnnviz.engine")


class EngineError(RuntimeError):
    """The engine could not answer or run something: its worker is down, too slow or broken. One sentence."""


def numbered() -> str:
    """A new number under which an unexpected error stands both on screen and in the log."""
    return uuid.uuid4().hex[:8]


def traceback_of(error: Exception) -> str:
    """The traceback as the log shall show it."""
    return "".join(traceback.format_exception(error))
