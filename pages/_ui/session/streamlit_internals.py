"""All use of what Streamlit does not promise to keep.

To try when Streamlit is upgraded:
- Paste a text longer than a link holds, reload: the text is still there (`browser_token`).
- Upload a checkpoint on Inspect: the file's bytes leave the server's memory at once (`forget_upload`).
- `python -m tests.benchmarks.uploads`: all but a few of the files that no box asked for are refused (`upload_target`,
  `upload_sizes`, `forget_stored`).
- `tests/pages/session/test_wrong_values.py`: a value that a widget does not take is answered with its default
  (`refuse_wrong_values`).
- Open any page of a run: its line charts are there (`vega_chunk`), and pictures move while it trains
  (`is_origin_allowed`); once more with `--server.baseUrlPath=lab` (`base_path`).
- `curl --compressed -w "%{time_total}"` of a file below `/static/js`, twice over one connection: less than 10 ms each
  (`send_at_once`), and its headers say gzip (`STATIC`).
"""

import contextlib
import gc
import json
import math
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit import config, runtime
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import WidgetMetadata, is_element_id, unpack_widget_state_value
from streamlit.runtime.state.session_state import (
    STREAMLIT_INTERNAL_KEY_PREFIX,
    Serialized,
    SessionState,
    Value,
    WStates,
)
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_routes import BASE_ROUTE_UPLOAD_FILE
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

TAKES = {
    "double_value": "one number",
    "double_array_value": "numbers",
    "int_value": "a whole number",
    "bool_value": "on or off",
    "string_value": "text",
    "string_array_value": "a list of options",
    "json_value": "JSON",
    "json_trigger_value": "JSON",
    "trigger_value": "a press",
    "file_uploader_state_value": "a file",
}  # field of Streamlit's message → what a widget of that kind takes, in words
STATIC = Path(st.__file__).parent / "static"  # what Streamlit's own files stand below, under the app's root
_CODE = STATIC / "static" / "js"
_COOKIE = "_streamlit_xsrf"  # random, one per browser, set by Streamlit before the first page


def browser_token() -> str:
    """A name for the visitor's browser that outlives a reload, in hex; "" without cookies."""
    token, _ = decode_xsrf_token_string(st.context.cookies.get(_COOKIE, ""))
    return token.hex() if token else ""


def forget_upload(file: UploadedFile) -> None:
    """Let Streamlit forget a file, which it would keep until the session ends, though its box is gone."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def is_forgotten(file: object) -> bool:
    """Whether what an upload box stands at is a file that Streamlit was made to forget."""
    return isinstance(file, DeletedFile)


def upload_target(scope: Mapping[str, Any]) -> tuple[str, str] | None:
    """The session and the name of the file that a request, by its ASGI scope, uploads; None if it does not."""
    if scope["type"] != "http" or scope["method"] != "PUT":
        return None
    before, _, after = scope["path"].partition(f"{base_path()}/{BASE_ROUTE_UPLOAD_FILE}/")
    session, _, file = after.partition("/")
    return None if before or not session else (session, file)


def upload_sizes() -> dict[str, list[int]]:
    """Session → bytes of each file that Streamlit keeps for it."""
    manager = _uploads()
    stored = [] if manager is None else [*manager.file_storage.items()]
    return {session: [len(file.data) for file in [*files.values()]] for session, files in stored}


def forget_stored(session: str, file: str) -> None:
    """Let Streamlit forget a file of a session, by its name, if it still keeps it."""
    if (manager := _uploads()) is not None:
        manager.remove_file(session, file)


def _uploads() -> MemoryUploadedFileManager | None:
    manager = runtime.get_instance().uploaded_file_mgr
    return manager if isinstance(manager, MemoryUploadedFileManager) else None


def refuse_wrong_values(sends: Callable[[str, object], bool]) -> None:
    """From now on a value that its widget does not take is replaced by the widget's default and told by `refused`.

    Whatever a browser says of a widget passes here once, before a callback or the script sees it.

    sends: whether the code of the app's own components sends, under this name, such a value or such an event.
    """
    global _sends
    _sends = sends
    if WStates.__getitem__ is not _checked:
        WStates.__getitem__ = _checked  # type: ignore[method-assign]
        WStates.set_widget_from_proto = _take  # type: ignore[assignment, method-assign]
        SessionState._set_widget_metadata = _remember  # type: ignore[assignment, method-assign]


@contextlib.contextmanager
def refused() -> Iterator[list[str]]:
    """Why values of widgets were refused, in sentences: those of this script run, and of runs that did not get here."""
    yield _refusals()
    _refusals().clear()


_read, _set, _register = WStates.__getitem__, WStates.set_widget_from_proto, SessionState._set_widget_metadata
_sends: Callable[[str, object], bool] | None = None
_thread = threading.local()  # a script and its callbacks run on one


def _refusals() -> list[str]:
    if not hasattr(_thread, "refusals"):
        _thread.refusals = []
    found: list[str] = _thread.refusals
    return found


def _take(states: WStates, widget_state: WidgetState) -> None:
    """What a browser says of a widget, if its id is one that Streamlit gives: others would be keys of the session."""
    if is_element_id(widget_state.id) or widget_state.id.startswith(STREAMLIT_INTERNAL_KEY_PREFIX):
        _set(states, widget_state)


def _checked(states: WStates, widget: str) -> Any:
    said, metadata = states.states.get(widget), states.widget_metadata.get(widget)
    if not isinstance(said, Serialized) or metadata is None:
        return _read(states, widget)
    try:
        _check(metadata, said.value)
        return _read(states, widget)
    except Exception as error:
        why = str(error) if isinstance(error, _WrongValue) else "what it takes, and it was sent something else"
        name = widget.split("-", 2)[-1].removesuffix("__events")
        if not isinstance(error, _OldValue):
            _refusals().append(f"The control “{name[:60]}” takes {why}: it stands at its default.")
        default = metadata.deserializer(None)
        states.states[widget] = Value(default)
        return default


def _remember(state: SessionState, widget_metadata: WidgetMetadata[Any]) -> None:
    """Of a widget that offers something else than in the run before: what that was, which a browser may still show."""
    new, old = _serde(widget_metadata), _serde(state._new_widget_state.widget_metadata.get(widget_metadata.id))
    if new is not None and old is not None and new is not old:
        before = vars(old).pop(_BEFORE, None)
        vars(new)[_BEFORE] = before if _offer(old) == _offer(new) else old
    _register(state, widget_metadata)


_BEFORE = "_rnnviz_before"  # attribute of what serialises a widget's values
_AS = {"int_value": "double_value", "int_array_value": "double_array_value"}  # as a browser sends whole numbers too
_NUMBERS = (*_AS, *_AS.values())


class _WrongValue(ValueError):
    """What a widget takes and what came, in words."""


class _OldValue(ValueError):
    """What came was taken by the widget as it was in the run before."""


def _serde(metadata: WidgetMetadata[Any] | None) -> Any:
    return None if metadata is None else getattr(metadata.deserializer, "__self__", None)


def _offer(serde: Any) -> Any:
    """The options of a widget, or its range, or the most characters; None if it has nothing of the kind."""
    for name in ("formatted_option_to_option_index", "formatted_option_to_index", "max_chars"):
        if (found := getattr(serde, name, None)) is not None:
            return found
    return (serde.min_value, serde.max_value) if hasattr(serde, "max_value") else None


def _check(metadata: WidgetMetadata[Any], said: Any) -> None:
    kind = said.WhichOneof("value")
    if kind is None:
        return
    if metadata.value_type not in (_AS.get(kind, kind), kind, None):
        takes, came = (TAKES.get(one, "something else") for one in (metadata.value_type, kind))
        raise _WrongValue(f"{takes}, not {came}")
    value = unpack_widget_state_value(said)
    if kind == "json_trigger_value":
        value = json.loads(value)
    if not _is_finite(value):
        raise _WrongValue("finite numbers, neither NaN nor infinity")
    if kind in ("json_value", "json_trigger_value"):
        _check_component(value, kind == "json_value")
    elif (why := _outside(serde := _serde(metadata), kind, value)) and (before := vars(serde).get(_BEFORE)) is not None:
        raise _WrongValue(why) if _outside(before, kind, value) else _OldValue(why)
    elif why:
        raise _WrongValue(why)


def _outside(serde: Any, kind: str, value: Any) -> str:
    """What a widget takes, in words, if this value is nothing of the kind; else ""."""
    offer = _offer(serde)
    if isinstance(offer, Mapping):
        several = [value] if isinstance(value, str) else value
        return "one of its options, and not what came" if any(one not in offer for one in several) else ""
    if isinstance(offer, int) and isinstance(value, str):
        return f"at most {offer:,} characters, not {len(value):,}" if len(value) > offer else ""
    if not isinstance(offer, tuple) or kind not in _NUMBERS:
        return ""
    low, high = offer
    wanted = 1 if getattr(serde, "single_value", True) else 2
    numbers = [value] if isinstance(value, int | float) else [*value]
    whole = serde.data_type == NumberInput.INT  # of sliders, too
    fits = len(numbers) == wanted and all(low <= one <= high and (one == int(one) or not whole) for one in numbers)
    what = ("whole number" if whole else "number") if wanted == 1 else ("whole numbers" if whole else "numbers")
    came = f"{numbers[0]:.6g}" if len(numbers) == wanted == 1 else "what came"
    return "" if fits else f"{'a ' if wanted == 1 else 'two '}{what} from {low:,.6g} to {high:,.6g}, not {came}"


def _check_component(said: Any, is_state: bool) -> None:
    """Of what the code of a component keeps, by its name; else of events, one after the other."""
    pairs: Any = [(None, None)]
    if said is None or (is_state and isinstance(said, dict)):
        pairs = (said or {}).items()
    elif not is_state:
        events = said if isinstance(said, list) else [said]
        pairs = [(one.get("event"), one.get("value")) if isinstance(one, dict) else (None, None) for one in events]
    if not all(isinstance(name, str) and (_sends is None or _sends(name, value)) for name, value in pairs):
        raise _WrongValue("what this page's own code sends, and not what came")


def _is_finite(value: Any) -> bool:
    """Whether no number anywhere inside is NaN or infinite."""
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    return isinstance(value, str | bytes) or not isinstance(value, Iterable) or all(map(_is_finite, value))


def vega_chunk() -> str:
    """The path, below the app's root, of the part of Streamlit's own code that exports vega-embed.

    Raises:
        RuntimeError: there is not exactly one.
    """
    found = sorted(_CODE.glob("embed.*.js"))
    if len(found) != 1:
        raise RuntimeError(f"Streamlit has {len(found)} parts that may export vega-embed; 1 is wanted")
    return f"static/js/{found[0].name}"


def send_at_once() -> None:
    """Let no message wait until the one before is known to have arrived (TCP_NODELAY); connections to come inherit it.

    asyncio sets this by itself, but passes over the kind of socket that Streamlit listens on (its `proto` is 0): then
    each file took 40 ms, as its header and its body are two messages.
    """
    sockets = [found for found in gc.get_objects() if type(found) is socket.socket and found.fileno() >= 0]
    for found in sockets:
        internet = found.family in (socket.AF_INET, socket.AF_INET6)
        if internet and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def base_path() -> str:
    """What all addresses of the app begin with, as in "/lab"; "" for nothing."""
    said = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{said}" if said else ""


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of this origin may open a socket: the rule by which Streamlit opens its own."""
    return bool(_is_origin_allowed(origin, host))
