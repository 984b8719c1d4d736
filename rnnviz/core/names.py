"""What things are called on screen, in the words of the literature."""

from collections.abc import Sequence

ASKED = "asked"  # the right answer, beside those of the models
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ"}
SIGNS = {"▲": "top", "▼": "bottom"}  # tokens that are no words: of a wave


def percent(value: float) -> str:
    """A share in percent as it is written everywhere: "12.5 %", from 20 on "85 %", but "99.6 %": 100 is all of it.

    What is nearly all or nearly nothing is "> 99.9 %" or "< 0.1 %"; within HTML these signs are to be escaped.
    """
    if 99.9 < value < 100:
        return "> 99.9 %"
    if 0 < value < 0.1:
        return "< 0.1 %"
    return f"{value:.1f} %" if 0 < value < 20 or 99 < value < 100 else f"{value:.0f} %"


def number(value: float, digits: int = 2) -> str:
    """A number with two digits after the point, or as many as wanted, and a minus that is one; never −0.00."""
    return f"{value:z.{digits}f}".replace("-", "−")


def setting(value: object) -> str:
    """A setting's value: "1,200", "0.001", "none", "on"."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    written = f"{value:,}" if isinstance(value, int) else f"{value:g}" if isinstance(value, float) else str(value)
    return written if isinstance(value, str) else written.replace("-", "−")


def counted(count: int, thing: str) -> str:
    """So many things: "1 step", "1,200 steps"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b and c"; or with another `joint`, such as "or"."""
    return f" {joint} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
