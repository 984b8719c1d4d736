"""What a brought model reads: made up, indices, text by a vocabulary, or vectors."""

import copy
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import streamlit as st

from pages._ui.inspect.kept import Kept
from pages._ui.widgets.boxes import LONGEST_PASTED, MEGABYTES
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import select, standing
from rnnviz import limits, own_input
from rnnviz.brought import Brought, Layer
from rnnviz.errors import ExperimentError
from rnnviz.own_input import Reading

NOISE, INDICES, TEXT, VECTORS = "noise", "indices", "text", "vectors"
TITLES = {
    NOISE: "Random numbers, made up here",
    INDICES: "Token indices",
    TEXT: "Text, by a vocabulary",
    VECTORS: "Vectors, pasted or uploaded",
}
ONE_HOT = ""  # in place of an embedding's name
MOST_MADE_UP = 24  # time steps
T = TypeVar("T")
WORDS_MEGABYTES = limits.LARGEST_TOKEN_FILE // 1_000_000
SAMPLE_TEXT = "a(b(c)a)b)c(a(b)"


def ask(kept: Kept, brought: Brought, layer: Layer) -> Reading | None:
    """Boxes for the input; None if what stands in them is no input, which is then said."""
    tables = {name: table for name, table in brought.embeddings.items() if table.shape[1] == layer.inputs}
    ways = [*tables, *([ONE_HOT] if layer.inputs > 1 else [])]
    modes = [INDICES, TEXT, NOISE, VECTORS] if ways else [NOISE, VECTORS]
    modes.sort(key=lambda mode: mode != _begin(kept, brought, tables))
    with st.container(horizontal=True, key="inspect-input"):
        mode = _one_of(kept, f"{layer.name}.mode", "It reads", modes, TITLES.__getitem__)
        way = ONE_HOT
        if mode in (INDICES, TEXT):
            way = _one_of(kept, f"{layer.name}.way", "Each index becomes", ways, lambda way: _way(way, layer))
    table = tables.get(way)
    try:
        return {NOISE: _noise, INDICES: _indices, TEXT: _text, VECTORS: _vectors}[mode](kept, brought, layer, table)
    except ExperimentError as error:
        st.error(escaped(_sentence(str(error))))
        return None


def _begin(kept: Kept, brought: Brought, tables: dict[str, np.ndarray]) -> str:
    if brought.vocabulary:
        return TEXT
    return INDICES if tables else NOISE


def _way(way: str, layer: Layer) -> str:
    return f"its row of {way}" if way else f"one 1 among {layer.inputs - 1:,} zeros (one-hot)"


def _noise(kept: Kept, brought: Brought, layer: Layer, table: np.ndarray | None) -> Reading:
    with st.container(horizontal=True):
        begin = min(MOST_MADE_UP, layer.longest_analysed if layer.longest_analysed > 8 else layer.longest)
        steps = _kept_value(kept, "steps", begin, lambda key, value: st.number_input(
            "Time steps", 1, layer.longest, min(value, layer.longest), key=key, width=160))  # fmt: skip
        seed = _kept_value(kept, "seed", 0, lambda key, value: st.number_input(
            "Seed", 0, 9_999, value, key=key, width=160))  # fmt: skip
    note = f"Made up by this page: {steps} × {layer.inputs:,} standard normal numbers."
    return Reading(own_input.noise(steps, layer.inputs, seed), ("",) * steps, note)


def _indices(kept: Kept, brought: Brought, layer: Layer, table: np.ndarray | None) -> Reading:
    most = layer.inputs if table is None else len(table)
    begin = " ".join(map(str, range(min(most, MOST_MADE_UP, layer.longest))))
    text = _box(kept, "indices", f"Indices from 0 to {most - 1:,}", begin)
    ids = own_input.indices(text, most)
    words = brought.vocabulary
    tokens = tuple(words[index] if index < len(words) else str(index) for index in ids)
    note = "Made up by this page; type your own." if text == begin else ""
    return Reading(_rows(ids, layer, table), tokens, note)


def _text(kept: Kept, brought: Brought, layer: Layer, table: np.ndarray | None) -> Reading | None:
    words = _vocabulary(kept, brought)
    if not words:
        st.info("Paste or upload the vocabulary: which token has which index.")
        return None
    most = layer.inputs if table is None else len(table)
    if len(words) > most:
        raise ExperimentError("vocabulary", f"at most {most:,} tokens, one for each index", len(words))
    letters = all(len(word) <= 1 for word in words)
    begin = SAMPLE_TEXT if kept.sample else ("" if letters else " ").join(words[: min(MOST_MADE_UP, layer.longest)])
    with st.container(horizontal=True):
        text = _box(kept, "text", "Text", begin)
        kinds = ["characters", "words"] if letters else ["words", "characters"]
        kind = _one_of(kept, "kind", "Its tokens are", kinds, str, 160)
    ids, tokens, unknown = own_input.tokenised(text, words, kind == "words")
    made_up = "Made up by this page; type your own." if text == begin else ""
    return Reading(_rows(ids, layer, table), tokens, unknown or made_up)


def _vocabulary(kept: Kept, brought: Brought) -> tuple[str, ...]:
    """The tokens of the file, or those that were pasted or uploaded."""
    if brought.vocabulary:
        st.caption(f"The file names {len(brought.vocabulary):,} tokens.")
        return brought.vocabulary
    with st.expander("Vocabulary", expanded=not kept.settings.get("words")):
        pasted = _box(kept, "vocabulary", "One token on each line, or JSON: a list, or token → index", "", tall=True)
        file = st.file_uploader("… or a file of that", key=kept.key("vocabulary.file"), max_upload_size=WORDS_MEGABYTES)
        if file is not None:
            kept.settings["words"] = _once(kept, file.file_id, lambda: own_input.vocabulary(file.getvalue()))
        elif pasted:
            kept.settings["words"] = _once(kept, pasted, lambda: own_input.vocabulary(pasted))
        words: tuple[str, ...] = kept.settings.get("words", ())
        if words:
            st.caption(f"{len(words):,} tokens.")
    return words


def _vectors(kept: Kept, brought: Brought, layer: Layer, table: np.ndarray | None) -> Reading | None:
    wide = f"{layer.inputs:,} number{'' if layer.inputs == 1 else 's'}"
    pasted = _box(kept, "vectors", f"CSV: one row for each time step, {wide} in each", "", tall=True)
    file = st.file_uploader(
        "… or a .csv or .npy file (time, feature)", key=kept.key("vectors.file"), max_upload_size=MEGABYTES
    )
    if file is not None:
        kept.settings["rows"] = _once(kept, file.file_id, lambda: own_input.vectors(file.getvalue()))
    elif pasted:
        kept.settings["rows"] = _once(kept, pasted, lambda: own_input.vectors(pasted.encode()))
    x = kept.settings.get("rows")
    if x is None:
        st.info(f"Paste or upload rows of {wide}.")
        return None
    if x.shape[1] != layer.inputs:
        raise ExperimentError("input", f"rows of {wide}", x.shape[1])
    return Reading(x, ("",) * len(x), f"{len(x)} time steps.")


def _once(kept: Kept, came: str, read: Callable[[], T]) -> T:
    """What was pasted or uploaded last, read once; why it is refused is remembered, too.

    came: the text, or the number of the file.
    """
    if kept.came != came:
        kept.came, kept.read = came, _read_or_refusal(read)
    if isinstance(kept.read, ExperimentError):
        raise copy.copy(kept.read)
    return cast(T, kept.read)


def _read_or_refusal(read: Callable[[], T]) -> T | ExperimentError:
    try:
        return read()
    except ExperimentError as error:
        return copy.copy(error)  # as it goes through a pipe: in words, without what came


def _rows(ids: np.ndarray, layer: Layer, table: np.ndarray | None) -> np.ndarray:
    return own_input.one_hot(ids, layer.inputs) if table is None else table[ids]


def _box(kept: Kept, name: str, title: str, begin: str, tall: bool = False) -> str:
    def box(key: str, value: str) -> str:
        if tall:
            return st.text_area(title, value, key=key, max_chars=LONGEST_PASTED, height=120)
        return st.text_input(title, value, key=key, max_chars=limits.LONGEST_QUERY, width=600)

    found: str = _kept_value(kept, name, begin, box)
    return found


def _one_of(
    kept: Kept, name: str, title: str, options: Sequence[str], named: Callable[[str], str], width: int = 300
) -> str:
    def box(key: str, value: str) -> Any:
        return select(title, key, options, named, width)

    chosen: str = _kept_value(kept, name, options[0], box)
    return chosen


def _kept_value(kept: Kept, name: str, begin: Any, draw: Callable[[str, Any], Any]) -> Any:
    """A widget whose value outlives a turn to another page."""
    key = kept.key(name)
    kept.settings[name] = draw(key, standing(key, kept.settings.get(name, begin)))
    return kept.settings[name]


def _sentence(said: str) -> str:
    return said[0].upper() + said[1:]
