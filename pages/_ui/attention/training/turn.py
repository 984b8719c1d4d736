"""One click turns the session to another experiment and begins to train it."""

from pages._ui.session import link, server, visits
from pages._ui.session.state import get_state
from rnnviz.engine import Job
from rnnviz.specs.experiment import Experiment


def train(experiment: Experiment) -> None:
    """Make this the session's experiment and train it, unless it has run to its end already.

    To be followed by a rerun of the whole page, which shows it.
    """
    state, job = get_state(), found(experiment)
    link.turn_to(state, experiment)
    if job is None or job.status != "finished":
        visits.train(state)


def found(experiment: Experiment) -> Job | None:
    """The job of an experiment, if the server knows one."""
    return server.engine().find(experiment.key)
