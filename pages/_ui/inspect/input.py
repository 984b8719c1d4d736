"""What a brought model reads: made up, indices, text by a vocabulary, or vectors."""

import copy
import dataclasses
import functools
import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import numpy as np
import streamlit as st

from pages._ui.inspect import vectors
from pages._ui.inspect.kept import OwnModel, OwnModelSlot
from pages._ui.session import streamlit_internals
from pages._ui.session.state import get_state
from pages._ui.widgets.boxes import LONGEST_PASTED, MEGABYTES
from pages._ui.widgets.marks import escaped, sentence
from pages._ui.widgets.values import select, standing, stored, told
from rnnviz.checkpoints import own_input
from rnnviz.checkpoints.brought import Brought, Layer
from rnnviz.checkpoints.own_input import OwnInput
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, plain
from rnnviz.core.names import counted

NOISE, INDICES, TEXT, VECTORS = "noise", "indices", "text", "vectors"
TITLES = {
    NOISE: "Random numbers",
    INDICES: "Token indices",
    TEXT: "Text",
    VECTORS: "Vectors",
}
ONE_HOT = ""  # in place of an embedding's name
MOST_MADE_UP = 24  # time steps
MADE_UP = "Made up by this page, chosen by nobody:"
CHOICE, NUMBER = 170, 130  # pixels: all of them stand in one row
T = TypeVar("T")
WORDS_MEGABYTES = limits.LARGEST_TOKEN_FILE // 1_000_000
FIRST_TOKENS = 5  # that are shown of a vocabulary
SAMPLE_TEXT = "a(b(c)a)b)c(a(b)"


@dataclasses.dataclass(frozen=True)
class Fed:
    """What the model reads.

    made_up: whether it is the page's own, which nobody chose: `reading.note` then says what it is.
    """

    reading: OwnInput
    made_up: bool


def ask(kept: OwnModel, brought: Brought, layer: Layer, row: AbstractContextManager[Any]) -> Fed | None:
    """Boxes for the input in a row; None if what stands in them is no input, which is then said below the row."""
    try:
        with row:
            found = _ask(kept, brought, layer)
    except ExperimentError as error:
        st.error(escaped(sentence(str(error))))
        return None
    if isinstance(found, str):
        st.info(found)
        return None
    return found


def _ask(kept: OwnModel, brought: Brought, layer: Layer) -> Fed | str:
    fitting = [name for name, table in brought.embeddings.items() if table.shape[1] == layer.inputs]
    fitting.sort(key=lambda name: -_shared(name, layer.name))  # the decoder's in front of the encoder's for the decoder
    tables = {name: brought.embeddings[name] for name in fitting}
    ways = [*tables, *([ONE_HOT] if layer.inputs > 1 else [])]
    modes = [INDICES, TEXT, NOISE, VECTORS] if ways else [NOISE, VECTORS]
    modes.sort(key=lambda mode: mode != _begin(kept, brought, tables))
    mode = _one_of(kept, f"{layer.name}.mode", "It reads", modes, TITLES.__getitem__)
    way = ONE_HOT
    if mode in (INDICES, TEXT) and len(ways) > 1:
        way = _one_of(
            kept, f"{layer.name}.way", "Each index becomes", ways, functools.partial(_way, inputs=layer.inputs)
        )
    ask = {NOISE: _noise, INDICES: _indices, TEXT: _text, VECTORS: _vectors}[mode]
    return ask(kept, brought, layer, tables.get(way))


def _shared(name: str, other: str) -> int:
    """How many parts at their beginning two dotted names have in common."""
    alike = (one == two for one, two in zip(name.split("."), other.split("."), strict=False))
    return len([*itertools.takewhile(bool, alike)])


def _begin(_kept: OwnModel, brought: Brought, tables: dict[str, np.ndarray]) -> str:
    if brought.vocabulary:
        return TEXT
    return INDICES if tables else NOISE


def _way(way: str, inputs: int) -> str:
    return f"its row of {way}" if way else f"one 1 among {inputs - 1:,} zeros (one-hot)"


def _noise(kept: OwnModel, _brought: Brought, layer: Layer, _table: np.ndarray | None) -> Fed:
    begin = min(MOST_MADE_UP, layer.longest_analysed if layer.longest_analysed > 8 else layer.longest)
    steps = _kept_value(kept, "steps", begin, lambda key, value: st.number_input(
        "Time steps", 1, layer.longest, min(value, layer.longest), key=key, width=NUMBER))  # fmt: skip
    seed = _kept_value(kept, "seed", 0, lambda key, value: st.number_input(
        "Seed", 0, 9_999, value, key=key, width=NUMBER))  # fmt: skip
    note = f"{MADE_UP} {steps} × {layer.inputs:,} standard normal numbers."
    return Fed(OwnInput(own_input.noise(steps, layer.inputs, seed), ("",) * steps, note), True)


def _indices(kept: OwnModel, brought: Brought, layer: Layer, table: np.ndarray | None) -> Fed:
    most = layer.inputs if table is None else len(table)
    begin = " ".join(map(str, range(min(most, MOST_MADE_UP, layer.longest))))
    text = _box(kept, "indices", f"Indices from 0 to {most - 1:,}", begin)
    ids = own_input.indices(text, most)
    words = brought.vocabulary
    tokens = tuple(words[index] if index < len(words) else str(index) for index in ids)
    made_up = text == begin
    note = f"{MADE_UP} the indices from 0 to {len(ids) - 1:,} in their order." if made_up else ""
    return Fed(OwnInput(_rows(ids, layer, table), tokens, note), made_up)


def _text(kept: OwnModel, brought: Brought, layer: Layer, table: np.ndarray | None) -> Fed | str:
    words = _vocabulary(kept, brought, layer.inputs if table is None else len(table))
    if not words:
        return "Paste or upload the vocabulary, which token has which index: press “Vocabulary”."
    most = layer.inputs if table is None else len(table)
    if len(words) > most:
        raise ExperimentError("vocabulary", f"at most {most:,} tokens, one for each index", len(words))
    letters = all(len(word) <= 1 for word in words)
    whole = [word for word in words if word and (letters or word.split() == [word])]  # without the padding, "New York"
    first = whole[: min(MOST_MADE_UP, layer.longest)]
    begin = SAMPLE_TEXT if kept.sample else ("" if letters else " ").join(first)
    text = _box(kept, "text", "Text", begin)
    kinds = ["characters", "words"] if letters else ["words", "characters"]
    kind = _one_of(kept, "kind", "Its tokens are", kinds, str, NUMBER)
    ids, tokens, unknown = own_input.tokenised(text, words, kind == "words")
    made_up = text == begin
    which = "the first " if first == [*filter(None, words)][: len(first)] else ""
    what = "a few brackets and letters" if kept.sample else f"{which}{len(first)} tokens of the vocabulary"
    note = f"{MADE_UP} {what}." if made_up else ""
    return Fed(OwnInput(_rows(ids, layer, table), tokens, " ".join(filter(None, [note, unknown]))), made_up)


def _vocabulary(kept: OwnModel, brought: Brought, most: int) -> tuple[str, ...]:
    """The tokens of the file, or those that were pasted or uploaded, beside `most` indices that the model reads."""
    if brought.vocabulary:
        return brought.vocabulary
    with st.popover("Vocabulary", width=NUMBER):
        pasted = _box(
            kept, "vocabulary", "One token on each line, or JSON: a list, or token → index, or back", "", tall=True
        )
        words = _last(kept, "words", pasted, "… or a file of that", WORDS_MEGABYTES, own_input.vocabulary) or ()
        if words:
            st.caption(escaped(_told(words, most)))
    return words


def _told(words: Sequence[str], most: int) -> str:
    """How many tokens there are, the first ones with their indices, and which indices have none."""
    first = ", ".join(f"{index} “{plain(word, 12)}”" for index, word in enumerate(words[:FIRST_TOKENS]))
    more = f" No token has an index from {len(words):,} to {most - 1:,}." if len(words) < most else ""
    return f"{counted(len(words), 'token')}: {first}{', …' if len(words) > FIRST_TOKENS else '.'}{more}"


def _vectors(kept: OwnModel, _brought: Brought, layer: Layer, _table: np.ndarray | None) -> Fed | str:
    wide = f"{layer.inputs:,} number{'' if layer.inputs == 1 else 's'}"
    with st.popover("Vectors", width=NUMBER):
        pasted = _box(kept, "vectors", f"A table: one row for each time step, {wide} in each", "", tall=True)
        read, title = (
            functools.partial(vectors.table_of, wanted=layer.inputs),
            "… or a .csv or .npy file (time, feature)",
        )
        table = _last(kept, vectors.KEPT, pasted, title, MEGABYTES, read)
        if table is not None:
            vectors.ask(kept, table, layer.inputs)
    if table is None:
        return f"Paste or upload rows of {wide}: press “Vectors”."
    x = table.read.x
    if x.shape[1] != layer.inputs:
        raise ExperimentError("input", f"rows of {wide}{vectors.why(table.read)}", x.shape[1])
    return Fed(OwnInput(x, ("",) * len(x), table.read.note), False)


def _taken_away(name: str, box: str) -> None:
    """In a callback: a box of files was changed; if it was emptied, what was read of its file goes."""
    kept = get_state().own(OwnModelSlot).kept
    if kept is not None and told(box) is None and kept.settings.get(f"{name}.file"):
        kept.settings[name] = kept.settings[f"{name}.file"] = kept.settings[f"{name}.pasted"] = None


def _last(kept: OwnModel, name: str, pasted: str, title: str, most: int, read: Callable[[bytes | str], T]) -> T | None:
    """A box of files of at most so many MB; what was pasted or uploaded last, read once, its bytes forgotten, or None.

    Why it is refused is remembered, too, until something else comes or its box is emptied.
    """
    known, came, seen, box = kept.settings, f"{name}.file", f"{name}.pasted", kept.key(f"{name}.file")
    file = st.file_uploader(title, key=box, max_upload_size=most, on_change=_taken_away, args=(name, box))
    emptied = stored(box) is None if known.get(came) else not pasted
    if emptied and isinstance(known.get(name), ExperimentError):
        known[name] = known[came] = known[seen] = None
    if file is not None and file.file_id != known.get(came):
        known[name], known[came], known[seen] = _read_or_refusal(read, file.getvalue()), file.file_id, pasted
        streamlit_internals.forget_upload(file)
    elif pasted and pasted != known.get(seen):
        known[name], known[came], known[seen] = _read_or_refusal(read, pasted), None, pasted
    found = known.get(name)
    if isinstance(found, ExperimentError):
        raise copy.copy(found)
    return cast(T | None, found)


def _read_or_refusal(read: Callable[[bytes | str], T], came: bytes | str) -> T | ExperimentError:
    try:
        return read(came)
    except ExperimentError as error:
        return copy.copy(error)  # as it goes through a pipe: in words, without what came


def _rows(ids: np.ndarray, layer: Layer, table: np.ndarray | None) -> np.ndarray:
    return own_input.one_hot(ids, layer.inputs) if table is None else table[ids]


def _box(kept: OwnModel, name: str, title: str, begin: str, tall: bool = False) -> str:
    def box(key: str, value: str) -> str:
        if tall:
            return st.text_area(title, value, key=key, max_chars=LONGEST_PASTED, height=120)
        return st.text_input(title, value, key=key, max_chars=limits.LONGEST_QUERY, width="stretch")

    found: str = _kept_value(kept, name, begin, box)
    return found


def _one_of(
    kept: OwnModel, name: str, title: str, options: Sequence[str], named: Callable[[str], str], width: int = CHOICE
) -> str:
    def box(key: str, _value: str) -> Any:
        return select(title, key, options, named, width)

    chosen: str = _kept_value(kept, name, options[0], box)
    return chosen


def _kept_value(kept: OwnModel, name: str, begin: Any, draw: Callable[[str, Any], Any]) -> Any:
    """A widget whose value outlives a turn to another page."""
    key = kept.key(name)
    kept.settings[name] = draw(key, standing(key, kept.settings.get(name, begin)))
    return kept.settings[name]
