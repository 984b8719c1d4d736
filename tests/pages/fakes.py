"""Stand-ins for the engine, which a page test moves by hand."""

import rnnviz as rv
from rnnviz.engine import Progress
from rnnviz.engine.answering import named
from rnnviz.runs.run import Run
from rnnviz.specs.branch import key_of


class FakeJob:
    """A job whose status and frames the test sets."""

    def __init__(self, experiment, number=0, start=None):
        self.experiment, self.start, self.run = experiment, start, Run(experiment, start=start)
        self.training, self.key = self.run.training, self.run.key
        self.id = f"{self.key[:8]}-{number}"
        self.status, self.message, self.version = "queued", "", 0
        self.wishes: dict[str, str] = {}

    @property
    def over(self):
        return self.status in ("finished", "stopped", "failed")

    @property
    def watchers(self):
        return len(self.wishes)

    def watch(self, visitor):
        self.wishes.setdefault(visitor, "run")

    def leave(self, visitor):
        self.wishes.pop(visitor, None)

    def wants(self, visitor):
        return self.wishes.get(visitor)

    def pause(self, visitor):
        self.wishes[visitor] = "pause"
        if "run" not in self.wishes.values():
            self.status = "paused"

    def resume(self, visitor):
        self.wishes[visitor] = "run"
        self.status = "training"

    def stop(self, visitor):
        self.leave(visitor)
        if not self.wishes:
            self.status = "stopped"

    def progress(self):
        last = self.run.frames[-1].step if self.run.frames else 0
        queued = 2 if self.status == "queued" else None
        pace = (410.0, 1.2) if self.status == "training" else (None, None)
        return Progress(last, self.experiment.training.steps, *pace, queue_position=queued)

    def train(self, moments=None):
        """Run it in the test's own process, up to so many measured moments; None for all, and then it is finished."""
        self.status = "training"
        for frame in rv.train(self.experiment, self.start):
            if moments is not None and len(self.run.frames) >= moments:
                return self
            self.run.append(frame)
        self.status = "finished"
        return self


class FakeEngine:
    """Keeps jobs by id; answers questions in the test's own process, or as `answers` says.

    asked:   the questions so far, each as its function's name, such as `questions.GRADIENTS.function`.
    answers: question → what to call in its place.
    """

    def __init__(self):
        self.all: list[FakeJob] = []
        self.asked: list[str] = []
        self.answers: dict = {}

    @property
    def jobs(self):
        """Key → the newest job of an experiment."""
        return {job.key: job for job in self.all}

    def submit(self, experiment, visitor, again=False, *, start=None):
        job = self.find(key_of(experiment, start))
        fruitless = job is not None and job.status in ("stopped", "failed")
        if job is None or fruitless or (again and job.over):
            self.all.append(FakeJob(experiment, len(self.all), start))
            if job is not None:
                job.leave(visitor)
            job = self.all[-1]
        job.watch(visitor)
        return job

    def find(self, key):
        return self.jobs.get(key)

    def job(self, identity):
        return next((job for job in self.all if job.id == identity), None)

    def ask(self, call, *, timeout=10.0):
        """Answered on the spot, as a worker would, or as `answers` says."""
        self.asked.append(call.function)
        return self.answers.get(call.function, named(call.function))(*call.args, **call.named)

    def stop(self):
        self.all.clear()
