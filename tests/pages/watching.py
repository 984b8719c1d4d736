"""The routes of the live channel behind a real server, the clients that watch, and an engine that is moved by hand."""

import contextlib
import functools
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

import rnnviz as rv
from pages._ui.live import feed
from pages._ui.live.routes import routes
from rnnviz.engine import Engine, Job, protocol
from tests.engine.helpers import until
from tests.live.reader import unpack

PATIENCE = 30.0  # seconds; machines are slow
MODELS = (rv.ModelSpec("rnn", 4), rv.ModelSpec("gru", 4))


def small(seed: int = 0, steps: int = 6, **params: Any) -> rv.Experiment:
    return rv.Experiment(rv.task("adding", length=6), MODELS, rv.TrainingSpec(steps=steps, batch=4, seed=seed))


@functools.cache
def frames_of(experiment: rv.Experiment) -> list[rv.Frame]:
    return list(rv.train(experiment))


class ByHand(Engine):
    """The engine with its real desk and jobs, whose worker never starts: the test says what it would."""

    def give(self, job: Job, count: int | None = None) -> None:
        """The next measured moments, all of them without `count`."""
        begin = len(job.run.frames)
        for frame in frames_of(job.experiment)[begin : None if count is None else begin + count]:
            self.bring(job, frame)

    def bring(self, job: Job, frame: rv.Frame) -> None:
        """This moment, as if it had been measured."""
        self._desk.report(protocol.FrameMade(job.place.number, frame))

    def finish(self, job: Job) -> None:
        """The rest of them, and the end."""
        self.give(job)
        self._desk.report(protocol.Finished(job.place.number, 1.0))

    def advance(self, job: Job, step: int) -> None:
        """It got further without a new moment."""
        self._desk.report(protocol.Stepped(job.place.number, step, 0.1, at=float(step)))


class Server:
    """The routes on a port of their own, in a thread of the test's process."""

    def __init__(self) -> None:
        config = uvicorn.Config(
            Starlette(routes=routes()), "127.0.0.1", 0, log_level="error", ws="websockets-sansio", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: self._server.started)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        feed.close()
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(PATIENCE)

    @property
    def sockets(self) -> int:
        """How many watch."""
        return 0 if feed._feed is None else feed._feed.sockets

    def watch(self, run: str, view: str = "compare", base: str = "", **said: Any) -> "Watcher":
        """A browser that watches; `origin` and `host` are its headers, the rest goes into the address."""
        headers = {name: said.pop(name) for name in ("origin",) if name in said}
        query = urllib.parse.urlencode({"view": view, **said})
        address = f"ws://127.0.0.1:{self.port}{base}/live/{urllib.parse.quote(run)}?{query}"
        return Watcher(address, **headers)

    def frame(
        self, run: str, place: int | str, view: str = "compare", base: str = "", **said: Any
    ) -> tuple[int, dict[str, str], bytes]:
        """A moment: status, headers, bytes."""
        query = urllib.parse.urlencode({"view": view, **said})
        address = f"http://127.0.0.1:{self.port}{base}/frames/{urllib.parse.quote(run)}/{place}?{query}"
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()


class Watcher(contextlib.AbstractContextManager["Watcher"]):
    """One browser's socket."""

    def __init__(self, address: str, **headers: Any) -> None:
        self._open = contextlib.ExitStack()
        self.socket = self._open.enter_context(connect(address, max_size=None, compression=None, proxy=None, **headers))

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave as a browser does."""
        self._open.close()

    def vanish(self) -> None:
        """Leave without a word."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)

    def read(self) -> Any:
        """The next message, unpacked."""
        return unpack(self.socket.recv(PATIENCE))

    def draw(self) -> None:
        """Give the credit for one more."""
        self.socket.send("1")

    def next(self) -> Any:
        """Say that all is drawn, and read what comes next."""
        self.draw()
        return self.read()

    def closed(self) -> tuple[int, str]:
        """The code with which the server closed, and why; what came before it is passed over."""
        try:
            while True:
                self.socket.recv(PATIENCE)
        except ConnectionClosed as end:
            return (end.rcvd.code, end.rcvd.reason) if end.rcvd else (1006, "")
