"""Who runs experiments: worker processes that train many jobs side by side and stream their frames.

In the server's process (threads, no torch): client, desk, shelf, jobs, visitors, listeners, asks, link.
In a worker process: worker, scheduler. Between them: protocol.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rnnviz.engine.client import Engine as Engine
    from rnnviz.engine.errors import EngineError as EngineError
    from rnnviz.engine.jobs import Job as Job
    from rnnviz.engine.jobs import Progress as Progress

_HOMES = {
    "Engine": "rnnviz.engine.client",
    "EngineError": "rnnviz.engine.errors",
    "Job": "rnnviz.engine.jobs",
    "Progress": "rnnviz.engine.jobs",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'rnnviz.engine' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
