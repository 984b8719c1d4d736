"""How long what is to be remembered can be read from a model's states, in a sentence."""

from rnnviz.analysis.readouts import Span
from rnnviz.core.names import counted

NOWHERE = "Where nothing is readable, a colour that stays is no memory of it."


def readable(span: Span | None) -> str:
    """From when to when, to follow a model's name and a colon; `span` as `readouts.span` finds it."""
    if span is None:
        return "not readable at any time step."
    gaps = ", with gaps" if span.gaps else ""
    if span.to_end:
        return f"readable{_begin(span.first)} to the end{gaps}."
    if span.last == span.first == 0:
        return "readable only right after it came in, then lost."
    return f"readable{_begin(span.first)} up to {counted(span.last, 'time step')} after it came in{gaps}, then lost."


def _begin(first: int) -> str:
    return f" from {counted(first, 'time step')} after it came in" if first > 0 else ""
