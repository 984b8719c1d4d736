"""Bringing a model along: upload, sample, what was found, and which of its layers is looked at."""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages._ui.inspect import kept as inspect_kept
from pages._ui.inspect.kept import OwnModel, OwnModelSlot
from pages._ui.session import streamlit_internals
from pages._ui.session.server import engine
from pages._ui.session.state import get_state
from pages._ui.widgets import boxes, prose
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, select, standing, stored, take
from rnnviz.checkpoints.brought import Brought, Layer
from rnnviz.core import fields, limits
from rnnviz.core.errors import CheckpointError
from rnnviz.engine import EngineError, questions
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs.models import ModelSpec

PATIENCE = 30.0  # seconds for opening a file
SAMPLE = prose.ASSETS / "models" / "brackets.safetensors"
MEGABYTES = limits.LARGEST_CHECKPOINT // 1_000_000
MOST_NOTES = 3  # above the pictures
_WIDE = 150  # pixels of a choice: all of them stand in one row
_LONGEST = 40  # characters of a file's name
_UPLOADS, _REFUSED, _REPLACED = "inspect.uploads", "inspect.refused", "inspect.replaced"


@dataclasses.dataclass(frozen=True)
class LayerView:
    """What is looked at: of what was brought, a recurrent module, one of its layers (0 is the lowest), a direction."""

    brought: Brought
    layer: Layer
    level: int
    direction: int


def kept() -> OwnModel | None:
    """The visitor's model; None while there is none."""
    if take(_REPLACED, False):
        inspect_kept.give_back()  # only now is the model before it gone
    return get_state().own(OwnModelSlot).kept


def nothing_yet() -> None:
    """The first screen until there is one: what can be done here, the box, a sample."""
    with st.container(key="inspect-empty"):
        with st.container(key="inspect-say"):
            st.markdown(prose.text("pages/inspect"))
        _upload()
        refused()
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            sample = "Try it with a sample model"
            st.button(sample, on_click=_take_sample, icon=":material/experiment:")
            st.markdown(prose.text("pages/inspect/privacy"), width="stretch")
    st.markdown(prose.text("pages/inspect/how"))


def file(kept: OwnModel) -> None:
    """The name of the file; behind it the way to another model, or to none."""
    name = escaped(kept.file if len(kept.file) <= _LONGEST else f"{kept.file[:_LONGEST]}…")
    with st.popover(f"{name}{' (a sample)' if kept.sample else ''}", width=_WIDE):
        st.button("Put away", on_click=_put_away, help="Forget this model; its weights are dropped at once.")
        _upload()


def refused() -> None:
    """Why the file that came last was not opened, if it was not."""
    if why := stored(_REFUSED):
        boxes.refused(why, "model")


def notes(brought: Brought) -> None:
    """What of the file was left out or assumed, if anything was: what is shown must not be taken for all of it."""
    if brought.notes:
        with st.container(key="inspect-notes"):
            st.warning(_listed(brought.notes[:MOST_NOTES], len(brought.notes) - MOST_NOTES))


def _listed(notes: Sequence[str], more: int) -> str:
    told = [escaped(note) for note in notes] + ([f"{more:,} more, below under “The model”."] if more > 0 else [])
    return told[0] if len(told) == 1 else "\n".join(f"- {note}" for note in told)


def _upload() -> None:
    """The box; each file is opened once and the box is empty again, so that the server holds its bytes no longer."""
    number = standing(_UPLOADS, 0)
    file = st.file_uploader(
        f"A checkpoint: .safetensors, or saved by torch.save (at most {MEGABYTES} MB)",
        key=f"inspect.upload.{number}",
        max_upload_size=MEGABYTES,
    )
    if file is not None:
        put(_REFUSED, _take(file.getvalue(), file.name))
        put(_UPLOADS, number + 1)
        put(_REPLACED, True)
        streamlit_internals.forget_upload(file)
        st.rerun()


def _take(data: bytes, name: str) -> str:
    """Open a file; returns why it is refused, else ""."""
    try:
        brought = engine().ask(questions.CHECKPOINT_CONTENTS(data, name), timeout=PATIENCE)
    except (CheckpointError, EngineError) as error:
        return str(error)
    get_state().own(OwnModelSlot).kept = OwnModel(brought)
    return ""


def _take_sample() -> None:
    try:
        get_state().own(OwnModelSlot).kept = OwnModel(_sample(), sample=True)
        put(_REFUSED, "")
    except EngineError as error:
        put(_REFUSED, str(error))


@functools.cache
def _sample() -> Brought:
    return engine().ask(questions.CHECKPOINT_CONTENTS(SAMPLE.read_bytes(), SAMPLE.name), timeout=PATIENCE)


def _put_away() -> None:
    shelf = get_state().own(OwnModelSlot)
    if shelf.kept is not None:
        shelf.kept.give_up()
    shelf.kept = None
    put(_REFUSED, "")
    put(_REPLACED, True)


def choose(kept: OwnModel, brought: Brought) -> LayerView:
    """Which of its layers is looked at, and in which direction."""
    layers = brought.layers
    names = [layer.name for layer in layers]  # a widget's function outlives the model: it must hold no layer
    at = _chosen(kept, "layer", "Layer", range(len(names)), names.__getitem__) if len(names) > 1 else 0
    layer = layers[at]
    level = 0
    if layer.layers > 1:
        named = functools.partial(_level, layers=layer.layers)
        level = _chosen(kept, f"{at}.level", "Of its layers", range(layer.layers)[::-1], named)
    direction = 0
    if layer.directions > 1:
        direction = _chosen(kept, f"{at}.direction", "Direction", range(2), DIRECTIONS.__getitem__, 130)
    if layer.assumed:
        options = fields.meaning(ModelSpec, "activation").options
        activation = _chosen(kept, f"{at}.activation", "Activation (no file tells it)", options, str, 200)
        layer = dataclasses.replace(layer, activation=activation)
    return LayerView(brought, layer, level, direction)


def described(kept: OwnModel, view: LayerView) -> None:
    """What the file holds: the layer in words, and where the number of its parameters comes from."""
    layer = view.layer
    st.markdown("### The model")
    if kept.sample:
        st.markdown(prose.text("pages/inspect/sample"))
    st.markdown(f"**{escaped(layer.name)}**: {escaped(layer.title)}{_more(layer)}.  \n{_parameters(layer)}")
    for name in view.brought.aside:
        st.caption(f"{escaped(name)} is not shown: it hands no state on.")
    for note in view.brought.notes[MOST_NOTES:]:
        st.caption(escaped(note))


def _chosen(
    kept: OwnModel, name: str, title: str, options: Sequence[Any], named: Callable[[Any], str], width: int = _WIDE
) -> Any:
    key = kept.key(name)
    standing(key, kept.settings.get(name, options[0]))
    kept.settings[name] = select(title, key, options, named, width)
    return kept.settings[name]


def _level(level: int, layers: int) -> str:
    return f"{level + 1} (from below)" if level < layers - 1 else f"{level + 1} (top)"


def _more(layer: Layer) -> str:
    said = ["reset before the product"] if layer.reset == "before" else []
    said += ["with skip connections"] if layer.skip else []
    return "".join(f", {part}" for part in said)


def _parameters(layer: Layer) -> str:
    return f"Parameters: {escaped(layer.formula)}"
