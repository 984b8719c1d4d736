"""What the visitor brought as text: read, told of, and read in another way when they choose one."""

import dataclasses

import streamlit as st

from pages._ui.session import texts
from pages._ui.session.state import get_state, touch
from pages._ui.widgets import boxes
from pages._ui.widgets.keys import Key
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, stored, told
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.engine.reading import Upload
from rnnviz.tables import encoding as encodings
from rnnviz.tables.paired import NOTHING, Chosen
from rnnviz.tables.report import Report
from rnnviz.tables.texts import brought
from rnnviz.tasks import corpora

KEY = "brought"
_SIDES = (("source", "Column that is read"), ("target", "Column that is written"))


@dataclasses.dataclass(eq=False)
class OwnText:
    """What the visitor brought last.

    number:   counts what was brought: boxes of what came before change nothing.
    boxes:    counts the boxes for files: after each file there is a new, empty one.
    name:     of the file; "" for what was pasted.
    upload:   its bytes, on disk.
    task:     name of the task for which it was read.
    encoding: in which it was read, one of `rnnviz.tables.encoding.ENCODINGS`.
    chosen:   the columns that are chosen of a table of pairs.
    report:   what was read of such a table.
    said:     what is out of the ordinary, in sentences.
    digest:   of the text that came of it.
    refused:  why another way of reading it was not taken.
    """

    number: int = 0
    boxes: int = 0
    name: str = ""
    upload: Upload | None = None
    task: str = ""
    encoding: str = ""
    chosen: Chosen = NOTHING
    report: Report | None = None
    said: str = ""
    digest: str = ""
    refused: str = ""


def box(name: str) -> str:
    """The key of the box of this name that now stands empty, waiting for a file."""
    return f"{name}.{get_state().own(OwnText).boxes}"


def renew() -> None:
    """In a callback: put an empty box in the place of one whose file was read.

    Streamlit says of a box that it was emptied also before the file comes that replaces the one in it: whether a
    visitor takes a file away or brings the next could not be told apart.
    """
    get_state().own(OwnText).boxes += 1


def refusal(text_key: str) -> str:
    """The key under which it is kept why a file was refused, of the boxes whose box to paste in has this key."""
    return f"{text_key}.refused"


def take(task_name: str, data: str | bytes, name: str = "") -> str:
    """What was pasted, or the bytes of a file of this name, as the task learns it.

    An empty text puts away what came before, and of what is refused nothing is remembered.

    Raises:
        ExperimentError: the task can learn nothing of it.
    """
    own = get_state().own(OwnText)
    if data == "":
        own.number, own.name, own.upload, own.digest = own.number + 1, "", None, ""
        return ""
    text = _read(own, task_name, data, None, NOTHING)
    own.number, own.task, own.name = own.number + 1, task_name, name
    try:
        kept = data.encode("utf-8", "replace") if isinstance(data, str) else data
        own.upload = Upload(kept[: limits.LARGEST_UPLOAD + 1])  # one byte more than is read: it is said that it is cut
    except OSError:  # no room on disk: it is learned as it was read
        own.upload = None
    return text


def _read(own: OwnText, task_name: str, data: str | bytes, encoding: str | None, chosen: Chosen) -> str:
    if isinstance(data, str):
        text, used, said = data, "", ""
    else:
        found = brought(data, encoding)
        text, used, said = found.text, found.encoding, found.said
    learned = texts.taken(task_name, text, chosen)
    own.report, own.chosen, own.encoding, own.refused = learned.report, chosen, used, ""
    own.said = " ".join(filter(None, [said, learned.report.said if learned.report else ""]))
    own.digest = corpora.digest(learned.text)
    return learned.text


def source(text: str) -> str:
    """From which file `text` is, in a sentence, and that another one was refused; "" if nothing is known of it."""
    own = get_state().own(OwnText)
    named = [own.name] if own.name and own.digest == corpora.digest(text) else []
    return boxes.source(named, stored(refusal(Key.TEXT)))


def tell(text: str) -> None:
    """What was read of `text`, if it is what came last, and boxes to read it in another way."""
    own = get_state().own(OwnText)
    if not own.digest or own.digest != corpora.digest(text):
        return
    if own.said:
        st.caption(escaped(own.said))
    if own.refused:
        boxes.refused(own.refused, "brought")
    if own.upload is None:
        return
    if own.report is not None and (len(own.report.columns) > 2 or own.report.header or own.chosen.header is False):
        _ask_columns(own, own.report)
    if own.encoding in encodings.GUESSED:
        key = f"{KEY}.encoding.{own.number}"
        boxes.encoding(key, own.encoding, _choose, ("encoding", key, own.number))


def _ask_columns(own: OwnText, report: Report) -> None:
    if len(report.columns) > 2:
        for at, (side, title) in enumerate(_SIDES):
            _box(own, side, title, list(report.columns), report.read[at])
    key = f"{KEY}.header.{own.number}"
    put(key, report.header)
    st.checkbox(
        "The first row names the columns", report.header, key=key, on_change=_choose, args=("header", key, own.number)
    )


def _box(own: OwnText, what: str, title: str, options: list[str], now: str) -> None:
    key = f"{KEY}.{what}.{own.number}"
    put(key, now)
    at = options.index(now)
    st.selectbox(title, options, at, key=key, on_change=_choose, args=(what, key, own.number))


def _choose(what: str, key: str, number: int) -> None:
    """Read it as a box now says."""
    state = get_state()
    own, now = state.own(OwnText), told(key)
    if now is None or number != own.number or own.upload is None:  # a box of what came before, heard of late
        return
    try:
        data = own.upload.path.read_bytes()
        pasted = not own.encoding
        encoding = now if what == "encoding" else own.encoding or None
        chosen = own.chosen if what == "encoding" else _changed(own, what, now)
        text = _read(own, own.task, data.decode() if pasted else data, encoding, chosen)
    except OSError:
        own.refused = "The server has forgotten the file: upload it again."
    except ExperimentError as error:
        own.refused = str(error)
    else:
        own.number += 1
        state.own_text = text
        touch()


def _changed(own: OwnText, what: str, now: str | bool) -> Chosen:
    """The choice with another column: the two change places where both would be the same."""
    assert own.report is not None
    if what == "header":  # without names the same two columns are called by their places
        read, written = (f"column {1 + own.report.columns.index(name)}" for name in own.report.read)
        return Chosen(header=True) if now else Chosen(read, written, header=False)
    at, names = [side for side, _ in _SIDES].index(what), list(own.report.read)
    if now == names[1 - at]:
        names[1 - at] = names[at]
    names[at] = str(now)
    return Chosen(names[0], names[1], own.chosen.header)
