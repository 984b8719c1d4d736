"""By hand: back-propagation through time for one weight, item by item, and the proof that it is right."""

import streamlit as st

from pages._ui.anatomy.by_hand.numbers import sides
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.run.place import place
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.tables import lines, safe, table
from pages._ui.widgets.values import select, standing
from rnnviz import byhand, charts
from rnnviz.byhand import LEARNED, BackwardPass, Contribution, Entry, ForwardPass, Hand, Nudge, arithmetic
from rnnviz.core.errors import ExperimentError
from rnnviz.core.sums import six

_ANSWERS = ("W_hy", "b_y")
_FACTORS = {"W_xh": "<i>x<sub>t</sub></i>", "W_hh": "<i>h<sub>t−1</sub></i>", "W_hy": "<i>h<sub>t</sub></i>"}
_AGREE = 1e-6  # what the nudge may be off by its own rounding, for a gradient of size 1


def picture(work: HandWork, read: ForwardPass) -> None:
    """Choose a weight; the way back through the network."""
    hand = work.hand
    work.weight = _choose(hand, work.weight)
    back = byhand.backward(hand, read)
    parts = byhand.contributions(read, back, work.weight)
    with st.container(key="hand-back"):
        drawing = charts.unrolled_back(hand.vocabulary, read, back, parts, work.weight.part, work.at)
        place(drawing, "hand-back")
    st.caption(
        "From above: every loss sends its error p − target down. W_hyᵀ carries it to the hidden units (δ in their "
        "boxes), W_hhᵀ on to the time step before. Arrows are thin and dark for a gradient of 0.001 or less, thick and "
        "bright for 1 or more. The numbers beside them are what each time step adds to the gradient of "
        f"{escaped(name_of(hand, work.weight))}."
    )


def show(work: HandWork, read: ForwardPass) -> None:
    """The contributions to the weight's gradient, one time step's story, the measured slope."""
    hand, back = work.hand, byhand.backward(work.hand, read)
    parts = byhand.contributions(read, back, work.weight)
    left, right = st.columns(2, gap="medium")
    with left:
        _sum(hand, work.weight, parts, work.at)
        _proof(hand, work.weight, sum(one.value for one in parts))
    with right:
        _story(hand, read, back, work.weight, work.at)


def name_of(hand: Hand, weight: Entry) -> str:
    """A weight as it is spoken of, such as `W_xh[1, h]`."""
    rows, columns = sides(hand, weight.part)
    inside = ", ".join(filter(None, [rows[weight.row], columns[weight.column]]))
    return f"{weight.part}[{inside}]"


def _choose(hand: Hand, begin: Entry) -> Entry:
    for name, value in (("part", begin.part), ("row", begin.row), ("column", begin.column)):
        standing(f"hand.weight.{name}", value)
    with st.container(horizontal=True, key="hand-weight"):
        part = select("Weight of", "hand.weight.part", LEARNED, str, 120)
        rows, columns = sides(hand, part)
        row = select(
            "Row: letter" if part in _ANSWERS else "Row: unit",
            "hand.weight.row",
            range(len(rows)),
            rows.__getitem__,
            150,
        )
        column = 0
        if len(columns) > 1:
            column = select(_of(part), "hand.weight.column", range(len(columns)), columns.__getitem__, 170)
    return Entry(part, row, column)


def _of(part: str) -> str:
    return {"W_xh": "Column: letter read", "W_hh": "Column: unit before", "W_hy": "Column: unit"}[part]


def _sum(hand: Hand, weight: Entry, parts: tuple[Contribution, ...], at: int) -> None:
    """What each time step adds, and from which losses that comes."""
    error = "<i>p − target</i>" if weight.part in _ANSWERS else "<i>δ</i>"
    factor = _FACTORS.get(weight.part, "1")
    st.markdown(f"#### The gradient of {escaped(name_of(hand, weight))}: one part per time step")
    steps = range(len(parts))
    rows = [
        (error, [six(one.error) for one in parts]),
        (f"× {factor}", [six(one.factor) for one in parts]),
        ("<b>adds</b>", [f"<b>{six(one.value)}</b>" for one in parts]),
    ]
    for s in steps:
        shares = ["" if s < t else six(one.shares[s]) for t, one in enumerate(parts)]
        rows.append((f"from loss {s + 1}", shares))
    head = ["time step", *(f"{t + 1}: {safe(letter)}" for t, letter in enumerate(hand.read))]
    about = f"What each time step adds to the gradient of {name_of(hand, weight)}"
    table(head, rows, "hand-parts", at, about)
    st.caption("The last rows tell which loss a part comes from: of its own time step, or of a later one.")
    terms = " + ".join(six(one.value) for one in parts).replace("+ −", "− ")
    lines([("their sum is the gradient", [f"{terms} = {six(sum(one.value for one in parts))}"])], "hand-gradient")


def _proof(hand: Hand, weight: Entry, gradient: float) -> None:
    """The same by trying: move the weight a little and read the word again."""
    try:
        tried = byhand.nudge(hand, weight)
    except ExperimentError:
        return  # at the edge of what is allowed there is no room to try
    lower, higher = (f"{loss:.9f}" for loss in (tried.lower, tried.higher))
    said = [f"({higher} − {lower}) / {2 * tried.by:.5f} = {six(tried.slope)}"]
    about = f"tried: loss with the weight {tried.by:.5f} higher and lower, measured by reading the word twice"
    lines([(about, said)], "hand-proof")
    st.caption(_verdict(hand, tried, gradient))


def _verdict(hand: Hand, tried: Nudge, gradient: float) -> str:
    off = abs(tried.slope - gradient)
    if off <= _AGREE * max(1.0, abs(gradient)):
        return f"Both agree: they differ by less than {six(_AGREE * max(1.0, abs(gradient)))}."
    if hand.activation == "relu":
        return f"They differ by {off:.1e}: a unit stands at the kink of its ReLU, where it has no slope."
    return f"They differ by {off:.1e}: at numbers this large the loss is rounded too much to try it this way."


def _story(hand: Hand, read: ForwardPass, back: BackwardPass, weight: Entry, at: int) -> None:
    """Where the error of the chosen time step comes from."""
    step, behind = read.steps[at], back.steps[at]
    st.markdown(f"#### Where the error of time step {at + 1} comes from")
    rows = [
        ("<i>p</i>", [six(value) for value in step.p]),
        ("target", [f"{value:.0f}" for value in step.wanted]),
        ("<i>p − target</i>", [six(value) for value in behind.dy]),
    ]
    table(["letter", *map(safe, hand.vocabulary)], rows, "hand-errors", about="The error of each letter")
    if weight.part in _ANSWERS:
        st.caption(
            f"{escaped(weight.part)} acts after the hidden state. So only the loss of this time step depends on it."
        )
        return
    later = back.steps[at + 1] if at + 1 < len(back.steps) else None
    said = arithmetic.blame(hand, step, behind, later, weight.row)
    lines([(name, [line]) for name, line in said], "hand-blame")
    st.caption(
        f"For unit {weight.row + 1}, the row of the chosen weight. L is the sum of the losses of all time steps."
    )
