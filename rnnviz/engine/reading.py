"""A table, or another file, is read by a process of its own: the server neither waits for it nor grows."""

import contextlib
import json
import subprocess
import sys
import threading
import weakref
from typing import Any

from rnnviz.core.contents import Content, incoming, named
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.engine.errors import EngineError, log, numbered
from rnnviz.engine.link import ROOT
from rnnviz.tables.cells import FIELD
from rnnviz.tables.labelled import ColumnsNeeded

PROGRAM = "rnnviz.tasks.sentiment.reading"  # of a table of reviews; another task says its own
_turn = threading.Lock()  # one file after another: two at once would take twice the memory


class Upload:
    """A file that a visitor brought, on disk; deleted when this object goes."""

    def __init__(self, data: bytes | memoryview) -> None:
        with contextlib.ExitStack() as stack:
            self.path = stack.enter_context(incoming())
            self.path.write_bytes(data)
            weakref.finalize(self, stack.pop_all().close)


class Reading:
    """An upload that is being read by a program; `text` and `label` are its two columns, where they are chosen.

    encoding: one of `rnnviz.tables.encoding.ENCODINGS`, where it is chosen.

    share: of the file that has been read, 0 to 1.
    """

    def __init__(
        self,
        upload: Upload,
        text: str | None = None,
        label: str | None = None,
        program: str = PROGRAM,
        encoding: str | None = None,
    ) -> None:
        self.share = 0.0
        self._upload, self._program = upload, program
        self._columns = (text or "", label or "", *([encoding] if encoding else []))
        self._said: dict[str, Any] = {}
        self._trouble = ""
        self._process: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._read, name="rnnviz-reading", daemon=True)
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether it has come to an end."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Give it up."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def result(self) -> Content:
        """What was read and stored; waits for it.

        Raises:
            ColumnsNeeded: which column is which cannot be told.
            ExperimentError: it is no table of reviews.
            EngineError: it was given up.
        """
        self._thread.join()
        said = self._said
        if "digest" in said:
            return named(said["digest"])
        if "columns" in said:
            raise ColumnsNeeded(said["columns"], said["text"], said["label"])
        if "field" in said:
            raise ExperimentError(said["field"], said["allowed"], Words(said["received"]))
        if not self._upload.path.exists():
            raise ExperimentError(FIELD, "uploaded again: the server has forgotten it", Words("only its name"))
        number = numbered()
        log.error("Error %s in reading a file:\n%s", number, self._trouble)
        raise EngineError(f"Reading the file met an unexpected error, number {number} in the server's log.")

    def _read(self) -> None:
        with _turn:
            if self._stopped.is_set():
                return
            command = [sys.executable, "-m", self._program, str(self._upload.path), *self._columns]
            with subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
            ) as self._process:
                if self._stopped.is_set():
                    self._process.kill()
                assert self._process.stdout is not None and self._process.stderr is not None
                for line in self._process.stdout:
                    with contextlib.suppress(ValueError):
                        self._hear(json.loads(line))
                self._trouble = self._process.stderr.read()

    def _hear(self, said: dict[str, Any]) -> None:
        if "share" in said:
            self.share = said["share"]
        else:
            self._said = said
            if "digest" in said:
                with contextlib.suppress(ExperimentError):
                    self._held = named(said["digest"])
                    self._held.view()  # from now on it is in use
