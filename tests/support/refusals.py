"""How whatever cannot be used is refused: in one clear sentence, and with little work."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.effort import Lines

SCRIPT = "<script>alert(1)</script>"
LONGEST_MESSAGE = 300
MOST_LINES = 10_000_000  # of Python until it is refused; long lists of models take one million


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
    with pytest.raises(kind) as caught, Lines() as lines:
        act()
    assert lines.count < MOST_LINES
    assert is_one_clear_sentence(caught.value), str(caught.value)
    return caught.value
