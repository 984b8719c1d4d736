"""The worker's side of questions: find the function, call it, pack what comes of it."""

import importlib
import io
import pickle
from collections.abc import Callable
from typing import Any

from rnnviz.engine import protocol
from rnnviz.engine.errors import traceback_of
from rnnviz.engine.protocol import Ask, Report

ASKABLE = "rnnviz.nn"


def reply(ask: Ask) -> Report:
    """Call the function a question names and pack what it returns or raises."""
    try:
        args, by_name = pickle.loads(ask.payload)
        result = named(ask.function)(*args, **by_name)
        return protocol.Answered(ask.number, plain(result))
    except ValueError as error:
        return protocol.Refused(ask.number, packed(error), "")
    except Exception as error:
        return protocol.Refused(ask.number, b"", traceback_of(error))


def named(function: str) -> Callable[..., Any]:
    """The function behind "module:name", if it is a public one written under rnnviz.nn.

    Raises:
        ValueError: it is not.
    """
    module, _, name = function.partition(":")
    found: Callable[..., Any] | None = None
    if f"{module}.".startswith(f"{ASKABLE}.") and name.isidentifier() and not name.startswith("_"):
        found = getattr(importlib.import_module(module), name, None)
    if not callable(found) or not f"{found.__module__}.".startswith(f"{ASKABLE}."):
        raise ValueError(f"function must be a public function under {ASKABLE}, as module:name; got {function!r}")
    return found


class PlainPickler(pickle.Pickler):
    """Refuses what would make the server import torch when it is unpickled there."""

    def reducer_override(self, obj: object) -> Any:
        """Called for every object that is not of a built-in type."""
        kind = obj if isinstance(obj, type) else type(obj)
        if kind.__module__.partition(".")[0] == "torch":
            raise TypeError(f"an answer must be plain or numpy; it holds a {kind.__module__}.{kind.__qualname__}")
        return NotImplemented


def plain(result: object) -> bytes:
    """An answer pickled.

    Raises:
        TypeError: it holds something of torch's.
    """
    file = io.BytesIO()
    PlainPickler(file, pickle.HIGHEST_PROTOCOL).dump(result)
    return file.getvalue()


def packed(error: ValueError) -> bytes:
    """The error pickled; as a plain ValueError if its own class does not survive that."""
    try:
        data = pickle.dumps(error)
        pickle.loads(data)
        return data
    except Exception:
        return pickle.dumps(ValueError(str(error)))
