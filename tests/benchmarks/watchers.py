"""What hundreds who watch one run cost: `python -m tests.benchmarks.watchers [--watchers 0 60 300] [--seconds 20]`.

A server of its own on 127.0.0.1 trains three cells, anew for each row, for so many steps that two moments a second or
more are measured. Five Streamlit sessions rerun their page beside so many clients of the live channel, which are in a
process of their own and give credit as soon as a message has come. Printed for each number of watchers: moments a
second that a watcher saw; delay from the arrival of a moment at the server to that of its message at a watcher; CPU
time of Streamlit's process in percent of one core, and its memory; how long a rerun takes; the training's speed in
percent of that alone, which is measured before and after, as machines are not equally fast all the time.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from websockets.asyncio.client import connect

from rnnviz.core import limits
from tests.benchmarks.sessions import MOST_BYTES, Session, head

ROOT = Path(__file__).parents[2]
SESSIONS = 5
PAUSE = 2.0  # seconds between two reruns of a session
SHORTEST, LONGEST = 10.0, 120.0  # seconds of one measurement
SETTLES = 5.0  # of them pass before all are there
STEPS = 5000
SEEDS = itertools.count(4711)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass(frozen=True)
class Seen:
    """What the watchers of one measurement saw: moments a second each, and the delay of each moment in seconds."""

    rate: float
    delays: list[float]


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a measurement cost: CPU time of a core, bytes, seconds of each rerun, training steps a second."""

    cpu: float
    rss: int
    reruns: list[float]
    speed: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchers", type=int, nargs="+", default=[0, 60, 300])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--watch", help="be the watchers of this address, and print what they saw")
    options = parser.parse_args()
    counts = [min(max(0, count), limits.MOST_SOCKETS - 10) for count in options.watchers]
    seconds = min(max(SHORTEST, options.seconds), LONGEST)
    if options.watch:
        print(json.dumps(dataclasses.asdict(asyncio.run(watch(options.watch, counts[0], seconds)))))
        return
    with server() as (url, pid):
        before, _ = measure(url, pid, seconds, 0, 0)
        print(row("alone", before, None, before.speed), flush=True)
        for count in counts:
            cost, seen = measure(url, pid, seconds, SESSIONS, count)
            after, _ = measure(url, pid, seconds, 0, 0)
            print(row(f"{count} watchers", cost, seen, (before.speed + after.speed) / 2))
            print(row("alone", after, None, before.speed), flush=True)
            before = after


@contextlib.contextmanager
def training(url: str) -> Iterator[tuple[Session, str]]:
    """A visitor whose run is under way, and the address's question of that run; it is stopped after the block."""
    query = f"steps={STEPS}&seed={next(SEEDS)}"
    visitor = Session(url, query)
    visitor.press("Train")
    until = time.monotonic() + 60
    while step_of(visitor) < 100:
        if time.monotonic() > until:
            raise RuntimeError("the run does not begin")
        time.sleep(0.2)
    yield visitor, query
    visitor.press("Stop")
    visitor.close()


def step_of(visitor: Session) -> int:
    """The training step at which the run is."""
    found = re.search(r"step ([\d,]+) of", visitor.standing()["text"])
    return int(found.group(1).replace(",", "")) if found else 0


def measure(url: str, pid: int, seconds: float, sessions: int, watchers: int) -> tuple[Cost, Seen | None]:
    """One row: so many who rerun, beside so many who watch a run of their own."""
    with training(url) as (visitor, query):
        return beside(visitor, query, pid, seconds, sessions, watchers)


def beside(
    visitor: Session, query: str, pid: int, seconds: float, sessions: int, watchers: int
) -> tuple[Cost, Seen | None]:
    """What it costs while the visitor's run trains."""
    reruns: list[float] = []
    over = threading.Event()
    threads = [threading.Thread(target=rerun, args=(visitor.url, query, over, reruns)) for _ in range(sessions)]
    for thread in threads:
        thread.start()
    command = [sys.executable, "-m", "tests.benchmarks.watchers", "--watch", visitor.live(), "--watchers"]
    process = None
    if watchers:
        process = subprocess.Popen(
            [*command, str(watchers), "--seconds", str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
    time.sleep(SETTLES)
    step, spent, began = step_of(visitor), cpu_of(pid), time.monotonic()
    reruns.clear()
    time.sleep(seconds - SETTLES)
    took = time.monotonic() - began
    cost = Cost((cpu_of(pid) - spent) / took, rss_of(pid), list(reruns), (step_of(visitor) - step) / took)
    said = process.communicate(timeout=60)[0] if process else ""
    over.set()
    for thread in threads:
        thread.join()
    return cost, Seen(**json.loads(said)) if said else None


def rerun(url: str, query: str, over: threading.Event, spent: list[float]) -> None:
    """One session that uses its page now and then."""
    session = Session(url, query)
    while not over.wait(PAUSE):
        session.rerun()
        spent.append(session.seconds)
    session.close()


async def watch(url: str, count: int, seconds: float) -> Seen:
    """So many clients of the channel, for so long."""
    until = time.monotonic() + seconds
    delays: list[float] = []
    messages = await asyncio.gather(*(watcher(url, place * 2.0 / count, until, delays) for place in range(count)))
    return Seen(sum(messages) / seconds / max(1, count), delays)


async def watcher(url: str, wait: float, until: float, delays: list[float]) -> int:
    """One client; returns how many messages came. Its first message may hold an old moment: its delay tells nothing."""
    await asyncio.sleep(wait)
    count = 0
    async with connect(url, max_size=MOST_BYTES, compression=None, proxy=None) as channel:
        with contextlib.suppress(TimeoutError):
            while True:
                message = await asyncio.wait_for(channel.recv(), max(0.0, until - time.monotonic()))
                born = head(message).get("born")
                if count and born:
                    delays.append(time.time() - born)
                count += 1
                await channel.send("1")
    return count


def row(name: str, cost: Cost, seen: Seen | None, alone: float) -> str:
    """A measurement in a line."""
    told = f"{name:>13}: CPU {100 * cost.cpu:5.1f} % of a core, {cost.rss >> 20} MiB"
    told += f", training {cost.speed:.0f} steps/s, {100 * cost.speed / max(alone, 1e-9):.0f} % of alone"
    if cost.reruns:
        told += f", {len(cost.reruns)} reruns {milliseconds(cost.reruns)}"
    if seen is not None:
        told += f", {seen.rate:.1f} moments/s each, delay {milliseconds(seen.delays)}"
    return told


def milliseconds(values: Sequence[float]) -> str:
    """The median and the 95th percentile."""
    ordered = sorted(values)
    if not ordered:
        return "of none"
    p50, p95 = (1e3 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
    return f"p50 {p50:.0f} ms p95 {p95:.0f} ms"


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_of(pid: int) -> int:
    """Bytes of memory that it holds."""
    (kib,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(kib) * 1024


@contextlib.contextmanager
def server() -> Iterator[tuple[str, int]]:
    """The address and the process of a server of the app, which ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main()
