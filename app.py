"""The ASGI entry: `streamlit run app.py`. Starts the engine before the first visitor and stops it after the last."""

import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st

from pages._ui import server, trouble


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """The engine lives as long as the server."""
    server.engine()
    server.warm_up()
    gc.freeze()  # what is imported by now stays; the collector need not look at it again
    try:
        yield None
    finally:
        server.stop()


app = st.App("pages/navigation.py", lifespan=lifespan, on_script_error=trouble.explain)
