"""How a run is doing, for the bar of every watcher: the state and a line of words."""

from typing import Any

from pages._ui.live.names import Source
from rnnviz.engine import Job, Progress

SHIPPED = "a finished run that comes with the app"


def standing(source: Source) -> dict[str, Any]:
    """state ("none", "shipped" or the job's status), text, message (why it failed or was stopped), watchers."""
    if source.job is None:
        state, text = ("shipped", SHIPPED) if source.run.frames else ("none", "not trained yet")
        return {"state": state, "text": text, "message": "", "watchers": 1}
    text = " · ".join(part for part in (_state(source.job), pace(source.job), _company(source.job)) if part)
    job = source.job
    return {"state": job.status, "text": text, "message": job.message, "watchers": max(1, job.watchers)}


def _state(job: Job) -> str:
    progress = job.progress()
    at = f"training step {progress.step:,} of {progress.steps:,}"
    if job.status in ("training", "paused") and (way := _again(progress)):
        return way if job.status == "training" else f"paused while {way}"
    seconds = f" after {_seconds(progress.seconds)} of computing" if progress.seconds else ""
    return {
        "queued": f"waiting to start, {at}",
        "training": at,
        "paused": f"paused at {at}",
        "finished": f"finished{'' if job.run.complete else ' early'}: {at}{seconds}",
        "stopped": f"stopped at {at}. {job.message}".strip(),
        "failed": f"failed at {at}. {job.message}".strip(),
    }[job.status]


def _again(progress: Progress) -> str:
    """How far what is trained anew has come on its way; "" where nothing is."""
    if progress.starting:
        return f"training again up to training step {progress.step:,}: starting"
    if replay := progress.replay:
        return f"training again up to training step {replay.to:,}: {100 * replay.step // max(1, replay.to)} %"
    if progress.again is None:
        return ""
    return f"training again up to training step {progress.step:,}: now {progress.again:,} of {progress.steps:,}"


def pace(job: Job) -> str:
    """Steps per second and time left, or the place in the queue; "" where neither is known."""
    progress = job.progress()
    if job.status == "queued" and progress.queue_position:
        return f"number {progress.queue_position} in the queue"
    if progress.steps_per_second is None or progress.seconds_left is None:
        return ""
    speed = progress.steps_per_second
    return f"{speed:,.{0 if speed >= 9.5 else 1}f} updates/s · {_seconds(progress.seconds_left)} left"


def _company(job: Job) -> str:
    """How many watch; "" once it is over, when watchers are told nothing more and the number would stand for ever."""
    return f"{job.watchers} watching" if job.watchers > 1 and not job.over else ""


def _seconds(seconds: float) -> str:
    if seconds >= 5400:
        return f"{seconds / 3600:.0f} h"
    if seconds >= 90:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
