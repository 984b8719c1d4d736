"""What the library says when it is asked for something it will not do: one plain, printable sentence."""

import reprlib

LONGEST_SHOWN = 60  # characters of what came that stand in a message
LONGEST_NAME = 60  # characters of a field's name


class Words(str):
    """What came, told in words: a message shows it without quotes."""


def shown(value: object) -> str:
    """`value` as it may stand in a message: one line, printable, at most 60 characters, without a full stop behind.

    What stands between “ and ” ends with that mark, also where it is cut.
    """
    text = plain(value.rstrip(".") or value if isinstance(value, Words) else _written(value), LONGEST_SHOWN)
    return f"{text[:-2]}…”" if text.endswith("…") and text.count("“") > text.count("”") else text


def plain(text: str, longest: int) -> str:
    """`text` in one line of printable characters, cut to `longest` of them."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[: longest + 1])
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _written(value: object) -> str:
    if isinstance(value, str):
        short = value if len(value) <= LONGEST_SHOWN - 2 else value[: LONGEST_SHOWN - 3] + "…"
        return repr(short) if value else "an empty text"
    try:
        return repr(value) if isinstance(value, (int, float)) else _BRIEF.repr(value)
    except (ValueError, RecursionError):  # Python writes no number of more than 4,300 digits
        return f"a very long {type(value).__name__}" if isinstance(value, int) else f"a {type(value).__name__}"


_BRIEF = reprlib.Repr()
_BRIEF.maxother = _BRIEF.maxstring = LONGEST_SHOWN


class ExperimentError(ValueError):
    """An experiment that cannot be run. `.field` names the culprit, such as `training.lr`.

    The message is one sentence: the field, what is allowed, what came.
    """

    def __init__(self, field: str, allowed: str, received: object) -> None:
        self.field = plain(field, LONGEST_NAME)  # a name may come from a link, too
        self.allowed = allowed
        self.received = received
        came = shown(received)
        super().__init__(f"{self.field} must be {allowed}; got {came}{' and more' if came.endswith('…') else ''}.")

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        # What came may be large or fit for no pipe; its words are enough for the same message.
        return type(self), (self.field, self.allowed, Words(shown(self.received)))

    def inside(self, owner: str) -> "ExperimentError":
        """The same error, with `owner` put before the field: `lr` in `training` is `training.lr`."""
        return type(self)(f"{owner}.{self.field}", self.allowed, self.received)


class TextNeeded(ExperimentError):
    """A link names a long text by its hash, `.digest`, and that text is not at hand."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        why = f"given along with this link, which is too short for it and names it by its hash {digest}"
        super().__init__("text", why, Words("only the link"))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.digest,)

    def inside(self, owner: str) -> "ExperimentError":
        """The same error: whoever asks for the text knows where it belongs."""
        return self


class ContentNeeded(ExperimentError):
    """A field names what somebody brought by its hash, `.digest`, and its bytes are not at hand."""

    def __init__(self, field: str, digest: str) -> None:
        self.digest = digest
        allowed = "uploaded again: what this run learns from is not on this machine"
        super().__init__(field, allowed, Words(f"only its hash, {digest[:12]}"))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.field, self.digest)

    def inside(self, owner: str) -> "ContentNeeded":
        """The same error, with `owner` put before the field."""
        return type(self)(f"{owner}.{self.field}", self.digest)


class RunFileError(ValueError):
    """A file that is not a run, or a damaged one. One sentence: which file, and why."""


class CheckpointError(ValueError):
    """A file in which no recurrent layer can be found, or that is unsafe to open. One sentence: which file, and why."""
