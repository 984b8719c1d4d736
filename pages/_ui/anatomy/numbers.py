"""The equations with one unit's numbers, every term behind a sum, and what the readout makes of the states."""

import numpy as np
import pandas as pd
import streamlit as st

from pages._ui.anatomy.sequence import ShownSequence
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import select
from rnnviz.anatomy import equations, missing
from rnnviz.anatomy.step import Anatomy, Term
from rnnviz.cells.equations import Equation
from rnnviz.core.arithmetic import decimal
from rnnviz.core.names import listed, percent
from rnnviz.tasks import Task

_TERM_DIGITS = 7  # of a product: a few hundred of them still add up to the sum as it is shown
_MOST_CLASSES = 3  # answers that are named
_MOST_WEIGHTS = 3  # symbols that are named


def show(found: Anatomy, time: int, unit: int) -> None:
    """All equations of one step, in general and with the numbers of one unit."""
    if not (known := equations.equations(found, time, unit)):
        st.caption(missing.equations(found.spec.kind))
        return
    st.markdown("\n\n".join(_written(one) for one in known))
    cell = found.spec.kind
    note, letter = "⊙ multiplies unit by unit; " if cell.gates else "", next(iter(cell.by_letter))
    read = "x\\_t" if cell.span_of(found.spec) == 1 else "[x\\_t, …]"
    st.caption(
        "Every number is rounded, with as many digits as it takes for the result to come out as shown. "
        rf"{note}W\_i{letter} {read} is the sum over all inputs for this unit."
    )


def _written(one: Equation) -> str:
    lines = [f"**{one.title}**", f"${one.general}$", *(f"${line}$" for line in one.shown)]
    return "  \n".join(lines)


def terms(found: Anatomy, time: int, unit: int, label: str) -> None:
    """Every product behind the sums of one gate, largest first, one click away."""
    titles = {letter: block.title.capitalize() for letter, block in found.spec.kind.by_letter.items()}
    with st.expander("Every term of the sums"):
        letter = select("Sums of", f"anatomy.terms.{label}", list(titles), titles.__getitem__, 240)
        rows = found.terms(time, unit, letter)
        table = pd.DataFrame(
            {
                "of": [_place(found, term) for term in rows],
                "weight": [term.weight for term in rows],
                "value": [term.value for term in rows],
                "product": [round(term.product, _TERM_DIGITS) for term in rows],
            }
        )
        table = table.iloc[np.argsort(-table["product"].abs(), kind="stable")]
        column = st.column_config.NumberColumn(format=f"%.{_TERM_DIGITS}f")
        config = dict.fromkeys(("weight", "value", "product"), column)
        st.dataframe(table, hide_index=True, column_config=config, key=f"terms-{label}")
        sums = {source: sum(term.product for term in rows if term.source == source) for source in ("x", "h")}
        from_h = f" and {decimal(sums['h'], 6)} from h" if found.spec.kind.recurrent else ""
        st.caption(
            f"The products sum to {decimal(sums['x'], 6)} from x{from_h}. "
            f"Terms whose value is 0 are left out. {_of_what(found, letter)}"
        )


def _place(found: Anatomy, term: Term) -> str:
    """What a term multiplies."""
    embedded = found.spec.hidden
    if term.source == "x" and found.decodes and found.layer == 0:
        if term.place > embedded:
            return f"x, context {term.place - embedded}"
        return f"x, embedding {term.place}"
    before = f" {term.back} time step{'' if term.back == 1 else 's'} before" if term.back else ""
    return f"{term.source}{before}, {'input' if term.source == 'x' else 'unit'} {term.place}"


def _of_what(found: Anatomy, letter: str) -> str:
    """What the values of h in a sum are; "" where there are none."""
    cell = found.spec.kind
    if not cell.recurrent:
        return ""
    if scaled := cell.scaled_first(letter, found.spec):
        return f"The values of h are those of the state before, times the {cell.by_letter[scaled].title}."
    return "The values of h are those of the state before."


def answers(found: Anatomy, task: Task, time: int, sequence: ShownSequence, unit: int | None) -> None:
    """The readout of this step with its numbers, and in words what that answers.

    unit: whose part in the context of a decoder is shown; None for none.
    """
    if found.encodes and found.last:
        first = "their average" if task.at_once else "the last ones"
        st.caption(f"These states are what the decoder gets: {first}, and with attention all of them.")
        return
    if not found.top:
        st.caption(
            "This layer's states are read by the layer above; the readout sees only the top one."
            if not found.encodes
            else "This layer's states are read by the layer above; the decoder sees those of the top one."
        )
        return
    if found.decodes:
        _writes(found, task, time, sequence, unit)
        return
    asked_now = task.answers.at_every_step or time == found.steps - 1
    if found.spec.bidirectional and not asked_now:
        st.caption("The readout of a bidirectional model joins the two directions where each has read everything.")
        return
    logits = found.found["answers"][time if task.answers.at_every_step else 0] if asked_now else found.logits(time)
    best = int(logits.argmax())
    said = _said(logits, task)
    st.markdown(
        f"**{'It answers' if asked_now else 'Asked now, it would answer'}: {said}**{_right(task, time, sequence)}"
    )
    if not (found.spec.bidirectional and task.answers.at_end):
        one = equations.readout(found, time, best)
        lines = [one.general, *one.shown, *equations.probability(task.answers.of.squashed, logits)]
        st.markdown("  \n".join(f"${line}$" for line in lines))


def _writes(found: Anatomy, task: Task, time: int, sequence: ShownSequence, unit: int | None) -> None:
    """From a decoder's state, and the context, to the symbol that it writes."""
    logits = found.found["answers"][time]
    best = int(logits.argmax())
    st.markdown(f"**It writes: {_said(logits, task)}**")
    if found.combine and unit is None:
        st.markdown(f"${equations.joined(found, time, 0).general}$")
    elif found.combine and unit is not None:
        st.markdown(_written(equations.attention(found, time)))
        st.caption(_looks(found.found["weights"][time], sequence.tokens))
        made = equations.context(found, time, unit), equations.joined(found, time, unit)
        st.markdown("\n\n".join(_written(one) for one in made))
    one = equations.readout(found, time, best)
    lines = (one.general, *one.shown, *equations.softmax(logits))
    st.markdown(f"**Readout of {escaped(task.classes[best])}**  \n" + "  \n".join(f"${line}$" for line in lines))


def _looks(weights: np.ndarray, tokens: tuple[str, ...]) -> str:
    """Which symbols the largest weights of a context are on."""
    most = np.argsort(-weights, kind="stable")[:_MOST_WEIGHTS]
    of = [f"{percent(100 * float(weights[at]))} on **{escaped(tokens[at])}** (symbol {at + 1})" for at in most]
    return f"Its attention α puts {listed(of)}."


def _said(logits: np.ndarray, task: Task) -> str:
    """A number, or the likeliest classes or all questions with their probabilities."""
    of = task.answers.of
    shares = of.shares(logits, _MOST_CLASSES)
    return (
        ", ".join(f"{escaped(name)} ({percent(100 * share)})" for name, share in shares)
        or of.words(logits[None, None], 0)[0]
    )


def _right(task: Task, time: int, sequence: ShownSequence) -> str:
    asked = task.asked(sequence.probe) if sequence.probe >= 0 else task.solved(sequence.inputs[:, 0])
    right = asked[time if task.answers.at_every_step else 0] if asked else ""
    if not right:
        return ""
    return f" — right{'' if task.answers.at_every_step else ' at the end'}: {escaped(right)}"
