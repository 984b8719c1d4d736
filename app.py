"""The ASGI entry: `streamlit run app.py`. Starts the engine before the first visitor and stops it after the last."""

import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st

from pages._ui.frame import warm
from pages._ui.live import feed
from pages._ui.live.routes import routes
from pages._ui.session import server, trouble


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """The engine lives as long as the server."""
    server.engine()
    threading.Thread(target=warm.warm_up, name="rnnviz-warm-up", daemon=True).start()
    try:
        yield None
    finally:
        feed.close()
        server.stop()


app = st.App(
    "pages/navigation.py",
    lifespan=lifespan,
    routes=routes(),
    on_script_error=trouble.explain,
)
