"""One worker process: starting it, talking to it, starting it again when it dies."""

import contextlib
import logging
import os
import pickle
import queue
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Protocol

from rnnviz.engine import protocol
from rnnviz.engine.protocol import Command, Report
from rnnviz.specs.branch import Branch
from rnnviz.specs.experiment import Experiment

ROOT = Path(__file__).resolve().parents[2]
DELAYS = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before the next start, by short lives in a row
LONG_LIFE = 30.0  # seconds after which a worker counts as having lived
STARTING_PATIENCE = 180.0  # seconds for a worker to get ready: importing torch takes long on a slow machine
MOST_STILLBORN = 3  # starts in a row without getting ready, after which the link counts as broken

log = logging.getLogger("rnnviz.engine")


class Owner(Protocol):
    """Who owns a link: the engine. Called from the link's threads."""

    def heard(self, link: "Link", said: Report) -> None:
        """The worker said something."""

    def lost(self, link: "Link") -> None:
        """The worker died. Must call `renew` before it gives the link new work."""


class Link:
    """A worker process and the way to it. Work given while the worker starts waits for it."""

    def __init__(self, owner: Owner, trainer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._owner = owner
        self._trainer = trainer
        self._clock = clock
        self._outbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()  # for starting and stopping the process
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="rnnviz-link", daemon=True)
        self._stillborn = 0
        self.ready = False
        self.starts = 0
        self.busy_with: int | None = None  # the number it said it would turn to
        self.hung = False  # it was silent for too long and is being ended
        self._heard_at = clock()
        self._busy_since: float | None = None

    @property
    def broken(self) -> bool:
        """Whether it fails to start, again and again."""
        return self._stillborn >= MOST_STILLBORN

    @property
    def pid(self) -> int | None:
        """The worker's process id, while there is one."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    # Work for the worker; never blocks

    def train(self, number: int, experiment: Experiment, start: Branch | None = None) -> None:
        """Train an experiment from its start, first weights or a branch."""
        self._post(protocol.Train(number, pickle.dumps((experiment, start))))

    def hold(self, number: int) -> None:
        """Pause a job, ready to go on."""
        self._post(protocol.Hold(number))

    def resume(self, number: int) -> None:
        """Go on with a held job."""
        self._post(protocol.Resume(number))

    def drop(self, number: int) -> None:
        """Forget a job or a question."""
        self._post(protocol.Drop(number))

    def ask(self, number: int, function: str, payload: bytes) -> None:
        """Answer a question."""
        self._post(protocol.Ask(number, function, payload))

    def _post(self, command: Command) -> None:
        self._outbox.put(command)

    # Its life

    def start(self) -> None:
        """Start the worker, in the background."""
        self._thread.start()

    def kill(self) -> None:
        """End the process; unless the link is stopping, another one is started."""
        with self._lock:
            if self._process:
                self._process.kill()

    def stop(self) -> None:
        """End the process for good. It holds nothing that would need a farewell."""
        self._stopping.set()
        self.kill()

    def join(self) -> None:
        """Wait until a stopped process is gone."""
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def renew(self) -> None:
        """Forget the work that was meant for a worker that is gone."""
        self.ready, self.hung, self.busy_with = False, False, None
        self._outbox = queue.SimpleQueue()

    def check(self, busy: bool, patience: float) -> float | None:
        """End a worker that says nothing though it is `busy`; returns seconds until it is worth looking again."""
        if self.hung or not (busy or not self.ready):
            self._busy_since = None
            return None
        now = self._clock()
        limit = patience if self.ready else STARTING_PATIENCE
        self._busy_since = self._busy_since or now
        left = max(self._heard_at, self._busy_since) + limit - now
        if left > 0 or self.pid is None:
            return left if left > 0 else 1.0
        self.hung = True
        log.error("Worker %d said nothing for %g seconds and is ended.", self.pid, limit)
        self.kill()
        return None

    def _supervise(self) -> None:
        short_lives = 0
        while not self._stopping.wait(DELAYS[min(short_lives, len(DELAYS) - 1)]):
            born = self._heard_at = self._clock()
            try:
                self._live()
            except Exception:
                log.exception("A worker could not be run.")
            short_lives = 0 if self._clock() - born > LONG_LIFE else short_lives + 1
            self._stillborn = 0 if self.ready else self._stillborn + 1
            if not self._stopping.is_set():
                self._owner.lost(self)

    def _live(self) -> None:
        """One worker, from its birth to its death."""
        key = secrets.token_bytes(32)
        with Listener(authkey=key) as listener:
            process = self._spawn(listener, key)
            if process is None:
                return
            try:
                connection = accept(listener, key, process)
                if connection:
                    self._converse(connection)
            finally:
                process.kill()
                code = process.wait()
        if not self._stopping.is_set():
            log.warning("Worker %d ended with status %d; another one is started.", process.pid, code)

    def _spawn(self, listener: Listener, key: bytes) -> "subprocess.Popen[bytes] | None":
        """Start the process and whisper the key to it, which must not stand in a list of processes."""
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "rnnviz.engine.worker", str(listener.address), self._trainer]
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
                start_new_session=True,  # Ctrl-C in a terminal is for the server, which ends the worker
            )
            self.starts += 1
        if self._process.stdin:
            with self._process.stdin as pipe:
                pipe.write(key.hex().encode() + b"\n")
        return self._process

    def _converse(self, connection: Connection) -> None:
        """Listen until the worker is gone, while another thread passes it its work."""
        outbox = self._outbox
        threading.Thread(target=send_all, args=(connection, outbox), name="rnnviz-send", daemon=True).start()
        try:
            while True:
                said = connection.recv()
                self._heard_at = self._clock()
                if isinstance(said, protocol.Ready):
                    self.ready, self._stillborn = True, 0
                elif isinstance(said, protocol.Turn):
                    self.busy_with = said.number
                self._owner.heard(self, said)
                del said  # it may be a whole model: not to be held until the next one comes
        except (EOFError, OSError):
            pass
        finally:
            outbox.put(None)


def accept(listener: Listener, key: bytes, process: "subprocess.Popen[bytes]") -> Connection | None:
    """The connection to the worker; None if it died before it connected.

    Waiting for a connection cannot be interrupted, so a dead worker is replaced by a knock at the door from here.
    """
    connected = threading.Event()

    def knock() -> None:
        process.wait()
        if not connected.is_set():
            with contextlib.suppress(OSError, EOFError, AuthenticationError):  # the door may just be closing
                Client(listener.address, authkey=key).close()

    threading.Thread(target=knock, name="rnnviz-knock", daemon=True).start()
    try:
        return listener.accept()
    except (OSError, EOFError, AuthenticationError):
        return None
    finally:
        connected.set()


def send_all(connection: Connection, outbox: "queue.SimpleQueue[Command | None]") -> None:
    """Pass on what comes into the outbox, until None comes or the other end is gone."""
    with connection:
        for command in iter(outbox.get, None):
            try:
                connection.send(command)
            except OSError:
                return
            del command  # it may hold a whole file
