"""Finished runs that memory has no room for, or that nobody watches: on disk, until the server ends or that is full."""

import logging
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, RunFileError
from rnnviz.engine import memory
from rnnviz.runs.run import Run

_LOG = logging.getLogger(__name__)


class Put(NamedTuple):
    """A run with the seconds of work that it took."""

    run: Run
    seconds: float


class Stored(NamedTuple):
    """A file of a run, its bytes, and the seconds of work that the run took."""

    path: Path
    nbytes: int
    seconds: float


def takes(run: Run) -> bool:
    """Whether a run is kept here: nothing that somebody brought, as of that it is promised when it is deleted."""
    return run.complete and not run.experiment.task.brought


class Attic:
    """Runs by the key of their training. Safe to use from any thread.

    They are written in the background; until then the run itself is kept.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, Put] = {}
        self._stored: dict[str, Stored] = {}  # the least recently used first
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="rnnviz-attic")
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def put(self, run: Run, seconds: float) -> Future[None]:
        """Keep a run if it is one for here. Returns at once, and when it is written."""
        if not takes(run):
            done = Future[None]()
            done.set_result(None)
            return done
        with self._lock:
            self._waiting[run.key] = Put(run, seconds)
        return self._writer.submit(self._write, run.key)

    def get(self, key: str) -> Put | None:
        """The run of this training; None where it is not kept, or its file is gone."""
        with self._lock:
            if key in self._waiting:
                return self._waiting[key]
            found = self._stored.pop(key, None)
            if found is None:
                return None
            self._stored[key] = found
        try:
            return Put(Run.load(found.path), found.seconds)
        except (OSError, RunFileError, ExperimentError):
            _LOG.exception("A run that was kept on disk cannot be read.")
            return None

    @property
    def nbytes(self) -> int:
        """Bytes on disk."""
        return sum(one.nbytes for one in [*self._stored.values()])

    def close(self) -> None:
        """Delete everything."""
        self._writer.shutdown(wait=True, cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def _write(self, key: str) -> None:
        with self._lock:
            put, known = self._waiting[key], key in self._stored
        try:
            if not known:
                self._store(key, put)
        except OSError:
            _LOG.exception("A run cannot be kept on disk.")
        finally:
            with self._lock:
                self._waiting.pop(key, None)
            del put
            memory.give_back()

    def _store(self, key: str, put: Put) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="rnnviz-runs-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / f"{key}.safetensors"
        put.run.save(path)
        with self._lock:
            self._stored[key] = Stored(path, path.stat().st_size, put.seconds)
            while self.nbytes > limits.ATTIC_BYTES:
                self._stored.pop(next(iter(self._stored))).path.unlink(missing_ok=True)
