"""What every way to an output needs: the outputs, their probabilities, and tables of them."""

import math
from collections.abc import Sequence

import streamlit as st

from pages._ui.attention import output as attention_output
from pages._ui.attention.output import Output
from pages._ui.run.sequence_input import Input
from pages._ui.run.shown import Shown
from pages._ui.widgets import tables
from pages._ui.widgets.marks import escaped
from rnnviz.analysis.translating import logarithm, task_of
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, number, percent
from rnnviz.tasks.translating import Translating

RIGHT, WRONG = "✓", "×"
_HIGH = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def task(shown: Shown) -> Translating:
    """The task of the run."""
    return task_of(shown.run)


def logp(output: Output) -> float:
    """The logarithm of the probability of an output under the model itself."""
    return logarithm({"classes": output.classes, "answers": output.answers})


def probability(log: float) -> str:
    """The probability whose logarithm this is, however small."""
    share = math.exp(log)
    if share >= 0.995:
        return f"{share:.3f}"
    if share >= 0.001:
        return f"{share:.2f}" if share >= 0.095 else f"{share:.2g}"
    tens = log / math.log(10)
    power = math.floor(tens)
    if power >= -6:
        return f"{share:.{1 - power}f}"
    return f"{10 ** (tens - power):.1f} · 10{str(power).translate(_HIGH)}"


def sign(exact: bool, given: Input) -> str:
    """Whether an output is right, where that is known."""
    if not given.right:
        return ""
    return RIGHT if exact else WRONG


def of_all(log: float) -> tuple[str, str]:
    """The logarithm of a probability and the probability, as cells of a table."""
    return log_text(log), probability(log)


def log_text(log: float) -> str:
    """The logarithm of a probability, with enough digits that it is 0 only where the probability is 1."""
    return number(log) if log <= -0.1 else f"{log:z.4f}".replace("-", "−")


def table(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], key: str, about: str) -> None:
    """A table of outputs, which scrolls by itself where they are long; all cells given as text."""
    with st.container(key=key):
        above = "".join(f'<th scope="col">{tables.safe(cell)}</th>' for cell in head)
        body = "".join(_row(name, cells) for name, cells in rows)
        st.html(
            f'<div style="overflow-x:auto"><table class="numbers"><caption>{tables.safe(about)}</caption>'
            f"<thead><tr>{above}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def _row(name: str, cells: Sequence[str]) -> str:
    others = "".join(f"<td>{tables.safe(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{tables.safe(name)}</th>{others}</tr>'


def heading(shown: Shown, label: str, output: Output) -> None:
    """What a model writes by the likeliest symbol at every step, and whether that is right."""
    name, log = style_of(label).name, logp(output)
    st.markdown(
        f"After {counted(output.step, 'training step')} {name} writes **{escaped(output.text) or '(nothing)'}**"
    )
    attention_output.write(task(shown), output, f"What {name} writes", len(output.tokens))
    st.caption(
        f"Log-probability of the whole: {log_text(log)}, the sum over its symbols; so its probability is "
        f"{probability(log)}."
    )


def least_sure(output: Output) -> tuple[int, str]:
    """The step, from 0, at which the symbol written was the least likely, and what it was, in a sentence."""
    step = int(output.probabilities.argmin())
    share = float(output.probabilities[step])
    return (
        step,
        f"It is least sure at output position {step + 1}: {percent(100 * share)} for {escaped(output.tokens[step])}",
    )
