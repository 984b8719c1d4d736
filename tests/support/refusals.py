"""How whatever cannot be used is refused: in one clear sentence, and quickly."""

import time
from collections.abc import Callable
from typing import Any

import pytest

SCRIPT = "<script>alert(1)</script>"
LONGEST_MESSAGE = 300
SLOWEST = 5.0  # seconds, on a slow machine


def is_one_clear_sentence(error: Exception) -> bool:
    """One line, printable, not long, ended by one full stop, without the innards of Python."""
    said = str(error)
    innards = ("Traceback", 'File "', "object at 0x", "Error:", "Exception")
    return (
        said.isprintable()
        and len(said) < LONGEST_MESSAGE
        and said.endswith(".")
        and not said.endswith("..")
        and not any(word in said for word in innards)
    )


def refused(act: Callable[[], object], kind: type[Exception]) -> Any:
    """What `act` is refused with."""
    started = time.process_time()
    with pytest.raises(kind) as caught:
        act()
    assert time.process_time() - started < SLOWEST
    assert is_one_clear_sentence(caught.value), str(caught.value)
    return caught.value
