"""The one engine of this server. `app.py` starts it before the first visitor; else the first visitor does."""

import atexit
import threading

from rnnviz.engine import Engine

_lock = threading.Lock()
_engine: Engine | None = None


def engine() -> Engine:
    """The engine, started if it is not yet running."""
    global _engine
    with _lock:
        if _engine is None:
            _engine = Engine()
            _engine.start()
            atexit.register(stop)
        return _engine


def stop() -> None:
    """Stop the engine with all its jobs."""
    global _engine
    with _lock:
        if _engine is not None:
            _engine.stop()
            _engine = None
            atexit.unregister(stop)
