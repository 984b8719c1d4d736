"""The box for a file: it takes one, then it is empty again."""

import zlib
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages._ui.session import streamlit_internals
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import put, standing, stored, take


def box(label: str, key: str, megabytes: int, taken: Callable[..., None], *args: Any) -> None:
    """Draw the box; `taken(file, *args)` is called back once for each file.

    After each file there is a new, empty box: the server holds no bytes of it any longer, and no word of the box itself
    on a file before it is left.
    """
    number = standing(_number(key), 0)
    st.file_uploader(
        label,
        key=f"{key}.{number}",
        max_upload_size=megabytes,
        on_change=_came,
        args=(key, number, taken, *args),
    )


def refused(why: str, key: str) -> None:
    """Why what the box with this key took last is not used.

    Once the box itself refuses another file, this is out of sight for good: the style sheet sees to that, as no script
    runs then. Each refusal is therefore an element of its own.
    """
    with st.container(key=f"refused-{key}-{stored(_number(key), 0)}-{zlib.crc32(why.encode())}"):
        st.error(escaped(why))


def _came(key: str, number: int, taken: Callable[..., None], *args: Any) -> None:
    file: UploadedFile | None = take(f"{key}.{number}")
    if file is None:  # of a box that is not there any more
        return
    put(_number(key), number + 1)
    taken(file, *args)
    streamlit_internals.forget_upload(file)


def _number(key: str) -> str:
    return f"{key}.number"
