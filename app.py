"""The ASGI entry: `streamlit run app.py`. Starts the engine before the first visitor and stops it after the last."""

import contextlib
import threading
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from pages._ui.frame import warm
from pages._ui.frame.files import Files
from pages._ui.frame.uploads import Uploads
from pages._ui.live import feed
from pages._ui.live.routes import routes
from pages._ui.session import server, streamlit_internals, trouble


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """The engine lives as long as the server."""
    streamlit_internals.send_at_once()
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
    middleware=[Middleware(Files), Middleware(Uploads)],
    on_script_error=trouble.explain,
)
