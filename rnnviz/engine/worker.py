"""The worker process: `python -m rnnviz.engine.worker ADDRESS TRAINER`, with the key on its standard input.

It connects back to the server, trains and answers until the connection closes, and then ends itself at once:
it holds nothing that would need saving. It is started by `link`, not by hand.
"""

import gc
import importlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Client, Connection

from rnnviz.engine import protocol
from rnnviz.engine.errors import log
from rnnviz.engine.protocol import Command
from rnnviz.engine.scheduler import Scheduler, Trainer
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec

Inbox = queue.SimpleQueue[Command]


def main(address: str, trainer: str) -> None:
    """Serve the server at `address` with the generator function `trainer` ("module:name")."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    key = bytes.fromhex(sys.stdin.readline())
    connection = Client(address, authkey=key)
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=receive, args=(connection, inbox), daemon=True).start()
    module, _, name = trainer.partition(":")
    ticks: Trainer = getattr(importlib.import_module(module), name)
    importlib.import_module("rnnviz.nn.questions").single_threaded()  # by name: torch is known to rnnviz.nn alone
    warm(ticks)
    connection.send(protocol.Ready(os.getpid()))
    serve(Scheduler(ticks, connection.send), inbox)


def receive(connection: Connection, inbox: Inbox) -> None:
    """Fill the inbox; end the process when the server is gone, even in the middle of a long computation."""
    try:
        while True:
            inbox.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)


def warm(ticks: Trainer) -> None:
    """Train a little, so that the first visitor does not wait for code to load."""
    try:
        for _ in ticks(Experiment(training=TrainingSpec(steps=2)), None):
            pass
    except Exception:
        log.exception("Warming up failed; jobs will say more.")
    gc.collect()
    gc.freeze()


def serve(scheduler: Scheduler, inbox: Inbox) -> None:
    """Take turns for ever; sleep while there is nothing to do."""
    while True:
        for command in waiting(inbox, wait=not scheduler.busy):
            scheduler.obey(command)
        scheduler.answer()
        scheduler.turn()


def waiting(inbox: Inbox, wait: bool) -> Iterator[Command]:
    """The commands that are there; at least one if `wait`."""
    if wait:
        yield inbox.get()
    while not inbox.empty():
        yield inbox.get()


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2])
    except (EOFError, BrokenPipeError, ConnectionError):
        sys.exit(0)  # the server is gone
