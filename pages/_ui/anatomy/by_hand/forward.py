"""By hand: the forward pass, item by item."""

import streamlit as st

from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.run.place import place
from pages._ui.widgets.tables import lines, safe, subscript, table
from rnnviz import byhand, charts
from rnnviz.byhand import ForwardPass, Hand, Step, arithmetic
from rnnviz.core.sums import six

_PUBLISHED = {  # the numbers of the example after the second letter
    "h": ("0.936534", "0.949104", "0.762341"),
    "y": ("1.906077", "1.137791", "0.956660", "1.274226"),
    "p": ("0.419747", "0.194682", "0.162429", "0.223141"),
}


def picture(work: HandWork, read: ForwardPass) -> None:
    """The network unrolled, with the values of every time step."""
    hand = work.hand
    with st.container(key="hand-unrolled"):
        place(charts.unrolled(hand.vocabulary, hand.h_0, read, work.at), "hand-unrolled")
    st.caption(
        "From below: a letter is read. The hidden units (orange positive, blue negative) pass their state on to "
        "the right. Above them is a probability for each letter, the right one framed."
    )


def show(work: HandWork, read: ForwardPass) -> None:
    """The chosen step's arithmetic, and all numbers."""
    hand = work.hand
    left, right = st.columns([6, 5], gap="medium")
    with left:
        _in_full(hand, read.steps[work.at], work.at)
    with right:
        st.markdown("#### All time steps")
        _everything(hand, read, work.at)
        if hand.same(byhand.hello()):
            _beside_the_published(read)


def _in_full(hand: Hand, step: Step, at: int) -> None:
    """One time step with every number put in."""
    st.markdown(f"#### Time step {at + 1} in full")
    st.caption(
        "The input is a one-hot vector: it picks one column of W_xh. Terms whose weight is 0 are left out."
        " Computed with more digits than are shown."
    )
    st.html(f"Hidden state: {_EQUATIONS[0]}")
    lines([(f"unit {i + 1}", arithmetic.state(hand, step, i)) for i in range(hand.units)], "hand-states")
    st.html(f"Answer: {_EQUATIONS[1]}")
    both = [(arithmetic.answer(hand, step, i), arithmetic.chance(step, i)) for i in range(len(hand.vocabulary))]
    lines([(f"letter {one}", said) for one, said in zip(hand.vocabulary, both, strict=True)], "hand-answers")
    verdict = "rightly" if step.right else f"wrongly: right is {step.target}"
    lines([(f"predicts {step.said}, {verdict}", [f"loss = {arithmetic.loss(step)}"])], "hand-loss")


_EQUATIONS = (
    "<i>a</i> = <i>W<sub>xh</sub> x<sub>t</sub></i> + <i>W<sub>hh</sub> h<sub>t−1</sub></i> + <i>b<sub>h</sub></i>, "
    "<i>h<sub>t</sub></i> = φ(<i>a</i>)",
    "<i>y<sub>t</sub></i> = <i>W<sub>hy</sub> h<sub>t</sub></i> + <i>b<sub>y</sub></i>, "
    "<i>p</i> = softmax(<i>y<sub>t</sub></i>)",
)


def _everything(hand: Hand, read: ForwardPass, at: int) -> None:
    """One column for each time step."""
    steps = read.steps
    units, letters = range(hand.units), list(enumerate(hand.vocabulary))
    rows = [("reads", [f"<b>{safe(step.letter)}</b>" for step in steps])]
    rows.append(("<i>x</i>, one-hot", [" ".join(f"{value:.0f}" for value in step.x) for step in steps]))
    rows += [(f"<i>a</i>, unit {i + 1}", [six(step.a[i]) for step in steps]) for i in units]
    rows += [(f"<i>h</i>, unit {i + 1}", [six(step.h[i]) for step in steps]) for i in units]
    rows += [(f"<i>y</i>, {safe(letter)}", [six(step.y[i]) for step in steps]) for i, letter in letters]
    rows += [(f"<i>p</i>, {safe(letter)}", [six(step.p[i]) for step in steps]) for i, letter in letters]
    rows.append(("predicts", [f"{safe(step.said)} {'✓' if step.right else '✗'}" for step in steps]))
    rows.append(("right is", [safe(step.target) for step in steps]))
    rows.append(("loss", [f"<b>{six(step.loss)}</b>" for step in steps]))
    table(
        ["time step", *(str(t + 1) for t in range(len(steps)))], rows, "hand-all", at, "Every number of every time step"
    )


def _beside_the_published(read: ForwardPass) -> None:
    """The worked example as it was published."""
    step = read.steps[1]
    with st.expander("Beside the published example"):
        rows = []
        for name, theirs in _PUBLISHED.items():
            ours = [six(value) for value in getattr(step, name)]
            rows += [(f"{subscript(name)} {i + 1}", [a, b]) for i, (a, b) in enumerate(zip(theirs, ours, strict=True))]
        table(
            ["after e", "published", "here"],
            rows,
            "hand-published",
            about="The published numbers and those of this page",
        )
        st.caption(
            "It was published with five digits in the first column of W_hy. With those, y would differ in the last "
            "digit or two. Here the column has two digits more, such that y comes out as printed."
        )
