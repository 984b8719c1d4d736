"""How a run is doing, in a line of words for the bar."""

from typing import Any

import pytest

from pages._ui.live import names
from pages._ui.live.standing import SHIPPED, pace, standing
from rnnviz.engine import Progress
from rnnviz.runs.frames import Replayed
from tests.pages.fakes import FakeJob
from tests.pages.watching import small

AT = "training step 1,040 of 1,200"


class At(FakeJob):
    """A job with this status and progress."""

    def __init__(self, status: str, message: str = "", watchers: int = 1, **progress: Any) -> None:
        super().__init__(small(steps=1200))
        self.status, self.message = status, message
        self.wishes = dict.fromkeys(map(str, range(watchers)), "run")
        self._progress = Progress(**{"step": 1040, "steps": 1200} | progress)

    def progress(self) -> Progress:
        return self._progress


def said(job: Any) -> dict[str, Any]:
    return standing(names.Source(job.id, job.run, job))


def test_without_a_job_it_is_the_shipped_run_or_none() -> None:
    run = FakeJob(small()).train().run
    told = {"state": "shipped", "text": SHIPPED, "message": "", "watchers": 1}
    assert standing(names.Source("shipped", run, None)) == told
    told = standing(names.Source("none", type(run)(run.experiment), None))
    assert (told["state"], told["message"]) == ("none", "")


@pytest.mark.parametrize(("job", "text"), [
    (At("queued", step=0), "waiting to start, training step 0 of 1,200"),
    (At("queued", step=0, queue_position=3), "waiting to start, training step 0 of 1,200 · number 3 in the queue"),
    (At("training"), AT),
    (At("training", steps_per_second=412.3, seconds_left=0.39), f"{AT} · 412 updates/s · 0.4 s left"),
    (At("training", steps_per_second=9.44, seconds_left=16.9), f"{AT} · 9.4 updates/s · 17 s left"),
    (At("training", steps_per_second=9.5, seconds_left=89.9), f"{AT} · 10 updates/s · 90 s left"),
    (At("training", steps_per_second=1.0, seconds_left=90), f"{AT} · 1.0 updates/s · 2 min left"),
    (At("training", steps_per_second=1234.5, seconds_left=5400), f"{AT} · 1,234 updates/s · 2 h left"),
    (At("training", watchers=60), f"{AT} · 60 watching"),
    (At("training", starting=True), "training again up to training step 1,040: starting"),
    (At("training", again=40), "training again up to training step 1,040: now 40 of 1,200"),
    (At("training", again=0, replay=Replayed(6, 24)), "training again up to training step 24: 25 %"),
    (At("paused"), f"paused at {AT}"),
    (At("paused", again=40), "paused while training again up to training step 1,040: now 40 of 1,200"),
    (At("stopped"), f"stopped at {AT}."),
    (At("stopped", "Nobody watched it."), f"stopped at {AT}. Nobody watched it."),
    (At("failed", "It has no memory."), f"failed at {AT}. It has no memory."),
    (At("finished", step=1200), "finished early: training step 1,200 of 1,200"),
    (At("finished", watchers=2), f"finished early: {AT}"),
    (At("finished", seconds=3.2), f"finished early: {AT} after 3.2 s of computing"),
], ids=lambda one: one if isinstance(one, str) else one.status)  # fmt: skip
def test_every_state_in_words(job: At, text: str) -> None:
    assert said(job) == {"state": job.status, "text": text, "message": job.message, "watchers": max(1, job.watchers)}


def test_a_whole_run_did_not_finish_early() -> None:
    job = FakeJob(small()).train()
    assert said(job)["text"] == "finished: training step 6 of 6"


@pytest.mark.parametrize("known", [{"steps_per_second": 3.0}, {"seconds_left": 3.0}, {}])
def test_half_a_pace_is_none(known: dict[str, float]) -> None:
    assert pace(At("training", **known)) == ""  # type: ignore[arg-type]
