"""Force it: where a decoder looks is set by hand, spread evenly or taken away, and it writes again."""

import zlib
from collections.abc import Hashable

import streamlit as st

from pages._ui.attention import damage, pictures, watch
from pages._ui.attention import output as attention_output
from pages._ui.attention.decoding import decoded, writers
from pages._ui.attention.output import OTHER, UNKNOWN, Output
from pages._ui.run.place import place
from pages._ui.run.sequence_input import Input, task_of
from pages._ui.run.shown import Shown
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, segments, select, stored, told
from rnnviz.charts import MOST_CELLS
from rnnviz.charts.attention.attention_cells import CELL
from rnnviz.charts.theme import style_of
from rnnviz.core.names import listed
from rnnviz.runs.translation import Decoding
from rnnviz.tasks.translating import Translating

MODEL, MODE = "attention.force.model", "attention.force.mode"
STEP, SYMBOL = "attention.force.step", "attention.force.symbol"
FORCED, HELD = "attention.forced", "attention.held"
CLICKED, TURN = "attention.force.cells", "attention.force.turn"
POINT, SPREAD, AWAY = "Point it at a", "Spread it evenly", "Take it away"
EVENLY = -1  # in place of an input symbol: all of them


def show(shown: Shown, given: Input) -> None:
    """The model as it is beside the model with its attention changed."""
    experiment, task = shown.run.experiment, task_of(shown)
    seen = writers(shown)
    labels = [label for label in seen if experiment.model(label).attention]
    if not labels:
        _none_to_force(any(model.attention for model in experiment.models))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="force-choices"):
        label = segments("Model", MODEL, labels, lambda one: style_of(one).name)
        modes = {POINT: f"{POINT} {task.reads.one}"}
        mode = segments("What to do with its attention", MODE, [POINT, SPREAD, AWAY], lambda one: modes.get(one, one))
    before = watch.model_output(shown, label, given)
    about = (shown.run.key, label, given.codes.tobytes())
    if mode == POINT:
        _pointing(about, task.reads.one, given, before)
    how = _how(mode, _forced(about), given, pictures.rows(task, given))
    after = attention_output.of(task, given, decoded(shown, label, given.codes, how))
    _both(shown, label, given, (before, after), mode, about)
    damage.show(shown, label)
    if len(labels) < len(seen):
        _without([style_of(label).name for label in seen if label not in labels])


def _both(
    shown: Shown, label: str, given: Input, outputs: tuple[Output, Output], mode: str, about: tuple[Hashable, ...]
) -> None:
    task, (before, after) = task_of(shown), outputs
    forced = _forced(about) if mode == POINT else {}
    with st.container(key="force-told"):
        st.markdown(_told(given, before, after, mode, forced))
    left, right = st.columns(2, gap="medium")
    at = _at(before, after, forced)
    with left, st.container(key=f"force-{label}"):
        st.markdown("#### As it is")
        _written(task, given, before, "as it is")
        _clickable(task, given, before, mode == POINT, about)
    with right, st.container(key="attention-changed"):
        st.markdown("#### " + {POINT: "With your change", SPREAD: "Spread evenly", AWAY: "Without its attention"}[mode])
        _written(task, given, after, "after the change", before)
        place(pictures.heatmap(task, given, after, at if forced else None), "attention.force.after")
    if before.tokens:
        _one_step(task, given, before, after, at)


def _written(task: Translating, given: Input, output: Output, about: str, before: Output | None = None) -> None:
    """One output; beside another, what differs from that is marked, else what is right and wrong."""
    marks = ()
    if before is not None and before.text != output.text:
        marks = tuple(OTHER if one else UNKNOWN for one in attention_output.changed(before, output))  # type: ignore[assignment]
    attention_output.write(task, output, f"The output {about}", pictures.rows(task, given), marks)


def _clickable(task: Translating, given: Input, output: Output, clicks: bool, about: tuple[Hashable, ...]) -> None:
    """The heatmap, cell by cell where there are not too many."""
    size = pictures.rows(task, given) * len(given.tokens)
    if not clicks or size > MOST_CELLS:
        place(pictures.heatmap(task, given, output), "attention.force.before")
        if clicks:
            st.caption("There are too many cells to click: use the two lists above.")
        return
    drawing = pictures.cells(task, given, output, None)
    st.vega_lite_chart(
        spec=drawing.spec,
        alt=drawing.alt,
        key=_cells_key(about),
        width="stretch",
        on_select=lambda: _clicked(about),
        selection_mode=[CELL],
    )


def _clicked(about: tuple[Hashable, ...]) -> None:
    """A cell was clicked: the decoder is forced to look there, and the two lists show it."""
    said = told(_cells_key(about))
    if said is not None and (chosen := said["selection"].get(CELL)):
        put(STEP, int(chosen[0]["row"]))
        put(SYMBOL, int(chosen[0]["column"]))
        _force(about)


def _cells_key(about: tuple[Hashable, ...]) -> str:
    """The key of the heatmap that is clicked: a new one as soon as the cell chosen in it is not what is forced.

    A browser tells of a click only if another cell was chosen before; in a new heatmap none is.
    """
    return f"{CLICKED}.{zlib.crc32(repr(about).encode())}.{stored(TURN, 0)}"


def _turn() -> None:
    put(TURN, stored(TURN, 0) + 1)


def _pointing(about: tuple[Hashable, ...], one: str, given: Input, before: Output) -> None:
    """The same by two lists, and what is forced so far."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="forcing"):
        select("When it writes", STEP, range(len(before.tokens)), lambda at: _step_named(before, at), 200)
        select("it looks at", SYMBOL, [*range(len(given.tokens)), EVENLY], lambda at: _read_named(one, given, at), 200)
        st.button("Force it", key="attention.force", type="primary", on_click=_choose, args=(about,))
    forced = _forced(about)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="forced"):
        if not forced:
            st.caption(f"Or click a cell of the picture: output symbols are its rows, {one}s of the input its columns.")
            return
        for at, symbol in sorted(forced.items()):
            st.button(
                f"{_step_named(before, at)} → {_read_named(one, given, symbol)}",
                key=f"attention.undo.{at}",
                icon=":material/close:",
                help="Remove this one",
                on_click=_undo,
                args=(about, at),
            )
        st.button("Undo all", key="attention.undo", on_click=_undo, args=(about, None))


def _choose(about: tuple[Hashable, ...]) -> None:
    """What the two lists say is forced, by their button."""
    _force(about)
    _turn()


def _force(about: tuple[Hashable, ...]) -> None:
    step, symbol = told(STEP), told(SYMBOL)
    if step is not None and symbol is not None:
        put(FORCED, (about, _forced(about) | {step: symbol}))


def _undo(about: tuple[Hashable, ...], at: int | None) -> None:
    kept = {} if at is None else {step: symbol for step, symbol in _forced(about).items() if step != at}
    put(FORCED, (about, kept))
    _turn()


def _forced(about: tuple[Hashable, ...]) -> dict[int, int]:
    """Output step → the input symbol forced there; what was forced on another model or input is forgotten."""
    kept, forced = stored(FORCED, (None, {}))
    return forced if kept == about else {}


def _how(mode: str, forced: dict[int, int], given: Input, most: int) -> Decoding:
    length = len(given.tokens)
    if mode == AWAY:
        return Decoding(take_away=True)
    if mode == SPREAD:
        forced = dict.fromkeys(range(most), EVENLY)
    return Decoding(tuple((at, _weights(symbol, length)) for at, symbol in sorted(forced.items())))


def _weights(symbol: int, length: int) -> tuple[float, ...]:
    if symbol == EVENLY:
        return (1 / length,) * length
    return tuple(float(place == symbol) for place in range(length))


def _at(before: Output, after: Output, forced: dict[int, int]) -> int:
    """The step whose candidates are shown: the one forced last, else the first that changed."""
    if forced:
        return min(next(reversed(forced)), len(before.tokens) - 1, len(after.tokens) - 1)
    different = attention_output.changed(before, after)
    at = different.index(True) if True in different else 0
    return min(at, len(before.tokens) - 1)


def _one_step(task: Translating, given: Input, before: Output, after: Output, at: int) -> None:
    """What it could write at one step, and what its context is made of, before and after."""
    assert before.weights is not None and after.weights is not None
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**What it could write at output position {at + 1}**")
        place(pictures.candidates(task, before, at, after), "attention.force.candidates")
    if at < len(after.weights):
        with right:
            st.markdown(f"**What the context is made of at output position {at + 1}**")
            drawing = pictures.composition(given, before.weights[at], after.weights[at])
            place(drawing, "attention.force.composition")


def _told(given: Input, before: Output, after: Output, mode: str, forced: dict[int, int]) -> str:
    """What the change did, in a sentence or two."""
    if mode == POINT and not forced:
        return "Nothing is forced yet: both sides are the same."
    begin = {SPREAD: "With its attention spread evenly", AWAY: "Without its attention"}.get(mode, "")
    if forced:
        said = [f"{_read_said(given, symbol)} at position {at + 1}" for at, symbol in sorted(forced.items())]
        begin = f"Forced to look at {listed(said)}"
    different = [at for at, one in enumerate(attention_output.changed(before, after)) if one]
    if not different and len(before.tokens) == len(after.tokens):
        return f"{begin}, it writes the same: this change does no harm to this output."
    first = different[0] if different else len(after.tokens)
    same = "the one before it is" if first == 1 else f"all {first} before it are"
    kept = f" It is the first that differs; {same} as before." if first else ""
    old = escaped(before.text) or "nothing"
    return f"{begin}, it writes **{escaped(after.text) or 'nothing'}** instead of **{old}**." + _first(
        before, after, first, kept
    )


def _first(before: Output, after: Output, first: int, kept: str) -> str:
    if first >= len(after.tokens):
        return f" It is the same up to output position {first}, where it stops."
    if first >= len(before.tokens):
        return f" It is the same up to output position {first}, and goes on."
    new, old = escaped(after.tokens[first]), escaped(before.tokens[first])
    return f" Output position {first + 1} is **{new}** instead of **{old}**.{kept}"


def _step_named(output: Output, at: int) -> str:
    if at >= len(output.tokens):
        return f"position {at + 1}"
    return f"position {at + 1}: {output.tokens[at]}"


def _read_named(one: str, given: Input, at: int) -> str:
    return f"all {one}s evenly" if at == EVENLY else f"{one} {at + 1}: {given.tokens[at]}"


def _read_said(given: Input, at: int) -> str:
    return "all of the input evenly" if at == EVENLY else f"**{escaped(given.tokens[at])}**"


def _none_to_force(ended: bool) -> None:
    which = "No model with attention got as far as its first picture" if ended else "No model of this run has attention"
    st.info(f"{which}, so there is nothing to force. Give one attention in the sidebar.")


def _without(names: list[str]) -> None:
    st.caption(f"{listed(names)}: nothing to force, as there is nothing it looks at.")
