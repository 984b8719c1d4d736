"""All use of what Streamlit does not promise to keep.

To try when Streamlit is upgraded:
- Paste a text longer than a link holds, reload: the text is still there (`browser_token`).
- Upload a checkpoint on Inspect: the file's bytes leave the server's memory at once (`forget_upload`).
- Press a menu link and, at once, a key on a slider: the new page stays. Change a control while a run trains and press
  Back: the controls show the run before. Both read Streamlit's messages, `BackMsg` and `ForwardMsg`, in `late.py`.
"""

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

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
