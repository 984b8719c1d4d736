"""How long a question waits while three jobs train: `python -m tests.benchmarks.ask_latency [SECONDS]`.

Three default experiments (three cells each) with different seeds train in one worker; meanwhile questions are
asked one after the other, at random moments. Prints the waits, what the jobs lost by it, and the memory taken.
"""

import random
import statistics
import sys
import time
from pathlib import Path

from rnnviz.engine import Engine, Job
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import TrainingSpec

QUESTION = "rnnviz.nn.questions:versions"
ALLOWED = 0.2  # seconds at the 95th percentile


def main(seconds: float = 10.0) -> int:
    """Measure and print; returns 1 if the wait is longer than it may be."""
    engine = Engine(workers=1)
    begin = time.perf_counter()
    engine.start()
    while not engine.stats().ready:
        time.sleep(0.01)
    print(f"worker warm after {time.perf_counter() - begin:.2f} s")
    idle = waits(engine, 2.0)
    print(f"first frame {first_frame(engine) * 1e3:.0f} ms after submit, worker warm and idle")
    jobs = [submit(engine, seed) for seed in (1, 2, 3)]
    busy = waits(engine, seconds)
    training = sum(job.status == "training" for job in jobs)
    paces = [job.progress().steps_per_second or 0.0 for job in jobs]
    print(f"jobs still training: {training}; steps per second: {', '.join(f'{pace:.0f}' for pace in paces)}")
    print(f"idle:             {described(idle)}")
    print(f"three jobs train: {described(busy)}")
    print(f"resident: server {resident('self')}, worker {resident(str(engine.stats().worker_pids[0]))}")
    engine.stop()
    return int(percentile(busy, 95) > ALLOWED or training < 3)


def submit(engine: Engine, seed: int) -> Job:
    """A default experiment that takes long enough to be there for the whole measurement."""
    return engine.submit(Experiment(training=TrainingSpec(seed=seed, steps=20_000, lr=1e-3)), "benchmark")


def first_frame(engine: Engine) -> float:
    """Seconds from submit to the first frame of the default experiment."""
    begin = time.perf_counter()
    job = engine.submit(Experiment(), "benchmark")
    while not job.run.frames:
        time.sleep(0.001)
    waited = time.perf_counter() - begin
    job.stop("benchmark")
    return waited


def waits(engine: Engine, seconds: float) -> list[float]:
    """How long each question took, in seconds."""
    found, rng, end = [], random.Random(0), time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(rng.uniform(0.0, 0.05))
        begin = time.perf_counter()
        engine.ask(QUESTION)
        found.append(time.perf_counter() - begin)
    return found


def percentile(values: list[float], which: int) -> float:
    """One of 1 to 99."""
    return statistics.quantiles(values, n=100)[which - 1]


def described(values: list[float]) -> str:
    """The distribution in a line."""
    p50, p95 = percentile(values, 50) * 1e3, percentile(values, 95) * 1e3
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, longest {max(values) * 1e3:.1f} ms over {len(values)} questions"


def resident(pid: str) -> str:
    """Resident memory, where the system says it."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((f"{int(line.split()[1]) / 1024:.0f} MB" for line in lines if line.startswith("VmRSS")), "unknown")


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
