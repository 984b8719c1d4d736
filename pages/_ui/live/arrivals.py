"""When the moments of a job came to this server, by its clock: what a message's delay is counted from."""

import threading
import time
from collections import OrderedDict

from rnnviz.engine import Job

MOST_JOBS = 64  # the oldest are forgotten


class Arrivals:
    """Notes them as they come; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: OrderedDict[str, dict[int, float]] = OrderedDict()  # id of a job → place of a moment → seconds

    def note(self, job: Job | None) -> None:
        """Something was heard of a job."""
        newest = len(job.run.frames) - 1 if job is not None else -1
        if job is None or newest < 0:
            return
        with self._lock:
            self._at.setdefault(job.id, {}).setdefault(newest, time.time())
            if len(self._at) > MOST_JOBS:
                self._at.popitem(last=False)

    def of(self, job: Job | None, place: int) -> float | None:
        """When the moment at a place came, in seconds since 1970; None where nobody was listening."""
        with self._lock:
            return None if job is None else self._at.get(job.id, {}).get(place)


arrivals = Arrivals()
