"""How long what is to be remembered can be read from a model's states, in a sentence."""

from rnnviz.analysis.readouts import Span
from rnnviz.core.names import counted

NOWHERE = "Where nothing is readable, a colour that stays is no memory of it."
_SINCE = "after it came in"


def readable(span: Span | None) -> str:
    """From when to when, to follow a model's name and a colon; `span` as `readouts.span` finds it."""
    if span is None:
        return "not readable at any time step."
    gaps = ", with gaps" if span.gaps else ""
    if span.to_end:
        begin = f" from {counted(span.first, 'time step')} {_SINCE}" if span.first else ""
        return f"readable{begin} to the end{gaps}."
    return f"readable {_until(span)} {_SINCE}{gaps}, then lost."


def _until(span: Span) -> str:
    last = counted(span.last, "time step")
    if span.first == span.last:
        return f"only {last}" if span.first else "only right"
    return f"from {span.first} to {last}" if span.first else f"up to {last}"
