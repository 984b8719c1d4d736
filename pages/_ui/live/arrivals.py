"""When the moments of a job came to this server, by its clock: what a message's delay is counted from."""

import time

from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.engine import Job

MOST_JOBS = 64  # the least recently heard of are forgotten
JOB_BYTES = limits.ARRIVAL_BYTES_KEPT // MOST_JOBS  # 128 for each of at most 120 moments: measured are 110


class Arrivals:
    """Notes them as they come; safe to use from any thread."""

    def __init__(self) -> None:
        self._at: Cache[str, dict[int, float]] = Cache(  # id of a job → place of a moment → seconds
            "arrivals", limits.ARRIVAL_BYTES_KEPT, size=lambda _: JOB_BYTES
        )

    def note(self, job: Job | None) -> None:
        """Something was heard of a job."""
        newest = len(job.run.frames) - 1 if job is not None else -1
        if job is None or newest < 0:
            return
        self._at.get(job.id, dict).setdefault(newest, time.time())

    def of(self, job: Job | None, place: int) -> float | None:
        """When the moment at a place came, in seconds since 1970; None where nobody was listening."""
        known = None if job is None else self._at.find(job.id)
        return None if known is None else known.get(place)


arrivals = Arrivals()
