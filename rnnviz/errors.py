"""What the library says when it is asked for something it will not do."""

LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """`value` as it may stand in a message: one line, printable, at most 60 characters."""
    text = value if isinstance(value, str) and not value else repr(value)
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    text = text or "an empty text"
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


class ExperimentError(ValueError):
    """An experiment that cannot be run. `.field` names the culprit, such as `training.lr`.

    The message is one sentence: the field, what is allowed, what came.
    """

    def __init__(self, field: str, allowed: str, received: object) -> None:
        self.field = field
        self.allowed = allowed
        self.received = received
        super().__init__(f"{field} must be {allowed}; got {shown(received)}.")

    def __reduce__(self) -> tuple[type, tuple[str, str, object]]:
        return type(self), (self.field, self.allowed, self.received)

    def inside(self, owner: str) -> "ExperimentError":
        """The same error, with `owner` put before the field: `lr` in `training` is `training.lr`."""
        return type(self)(f"{owner}.{self.field}", self.allowed, self.received)
