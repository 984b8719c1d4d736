"""What constructing an experiment costs against building its data: `python -m tests.benchmarks.construction`.

For tasks on data that somebody brought. Prints how many times longer the data takes; returns 1
if it is less than ten times: then construction would build some of it.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

import rnnviz as rv
from rnnviz.core import limits
from rnnviz.tasks import Task, corpora, task
from rnnviz.tasks.pairs import prepared
from rnnviz.tasks.sentiment import reviews
from tests.support.review_files import table

LEAST = 10.0  # times
_AGAIN = 20


def main() -> int:
    """Measure and print."""
    letters = np.random.default_rng(0).integers(97, 123, limits.LONGEST_TEXT).astype(np.uint8)
    tasks = {
        "a text of 2,000,000 characters": task("text", corpus="own", text=letters.tobytes().decode()),
        "50,000 pairs": task("pairs", text="".join(f"r{row},z{row}\n" for row in range(50_000))),
        "2,000 reviews of 100 words": task("sentiment", table=table(2_000, 100)),
    }
    least = min(_compared(name, chosen) for name, chosen in tasks.items())
    return int(least < LEAST)


def _compared(name: str, chosen: Task) -> float:
    for cache in (corpora.prepare, prepared.prepare, reviews.opened):
        cache.cache_clear()
    fresh = type(chosen)(**chosen.__getstate__())
    vars(fresh).pop("_prepared", None)
    construction = min(_seconds(lambda: rv.Experiment(fresh)) for _ in range(_AGAIN))
    data = _seconds(lambda: rv.Experiment(fresh).checked())
    times = data / construction
    print(f"{name}: constructing takes {1e6 * construction:.0f} µs, building the data {times:.0f} times that")
    return times


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
