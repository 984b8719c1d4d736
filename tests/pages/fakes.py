"""Stand-ins for the engine, which a page test moves by hand."""

from rnnviz.engine import Progress
from rnnviz.engine.answering import named
from rnnviz.runs import Run


class FakeJob:
    """A job whose status and frames the test sets."""

    def __init__(self, experiment):
        self.experiment, self.key, self.run = experiment, experiment.key, Run(experiment)
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


class FakeEngine:
    """Keeps jobs by key; answers questions in the test's own process, or as `answers` says.

    asked:   the questions so far, such as "rnnviz.nn.laboratory:look".
    answers: question → what to call in its place.
    """

    def __init__(self):
        self.jobs: dict[str, FakeJob] = {}
        self.asked: list[str] = []
        self.answers: dict = {}

    def submit(self, experiment, visitor):
        job = self.jobs.setdefault(experiment.key, FakeJob(experiment))
        job.watch(visitor)
        return job

    def find(self, key):
        return self.jobs.get(key)

    def ask(self, function, *args, timeout=10.0):
        """Answered on the spot, as a worker would, or as `answers` says."""
        self.asked.append(function)
        return self.answers.get(function, named(function))(*args)

    def stop(self):
        self.jobs.clear()
