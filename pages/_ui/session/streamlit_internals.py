"""All use of what Streamlit does not promise to keep.

To try when Streamlit is upgraded:
- Paste a text longer than a link holds, reload: the text is still there (`browser_token`).
- Upload a checkpoint on Inspect: the file's bytes leave the server's memory at once (`forget_upload`).
- Open any page of a run: its line charts are there (`vega_chunk`), and pictures move while it trains
  (`is_origin_allowed`); once more with `--server.baseUrlPath=lab` (`base_path`).
"""

from pathlib import Path

import streamlit as st
from streamlit import config
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

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


def vega_chunk() -> str:
    """The path, below the app's root, of the part of Streamlit's own code that exports vega-embed.

    Raises:
        RuntimeError: there is not exactly one.
    """
    found = sorted((Path(st.__file__).parent / "static" / "static" / "js").glob("embed.*.js"))
    if len(found) != 1:
        raise RuntimeError(f"Streamlit has {len(found)} parts that may export vega-embed; 1 is wanted")
    return f"static/js/{found[0].name}"


def base_path() -> str:
    """What all addresses of the app begin with, as in "/lab"; "" for nothing."""
    said = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{said}" if said else ""


def is_origin_allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of this origin may open a socket: the rule by which Streamlit opens its own."""
    return bool(_is_origin_allowed(origin, host))
