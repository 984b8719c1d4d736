"""What a single step shows may be the opposite of what all of them do, and that is said."""

import numpy as np

from rnnviz.findings.single import single_steps
from rnnviz.runs.run import Run
from tests.support.runs import at, small_run


def _waves(right: float) -> Run:
    """An RNN that is better than guessing on what is held out, and closer at such a share of the steps shown."""
    run = small_run("waves")
    task = run.experiment.task
    batch = task.probes().batch
    steps = batch.targets.shape[0]
    outputs = np.where(np.arange(steps)[:, None, None] < round(right * steps), batch.targets, 9.0).astype(np.float16)
    bad = {"score": 1.5 * task.baseline}
    return at(run, 12, rnn={"score": 0.3 * task.baseline, "outputs": outputs}, lstm=bad, gru=bad)


def test_a_model_that_is_often_further_off_than_guessing_is_told_of() -> None:
    finding = single_steps(_waves(0.5).at())
    assert finding is not None
    assert finding.text == (
        "On the sequences shown, the RNN is closer than guessing at 50 % of the time steps. At a single time step "
        "guessing may be closer."
    )
    assert list(finding.evidence) == ["rnn"]


def test_nothing_is_said_where_it_is_nearly_always_closer_or_classes_are_asked() -> None:
    assert single_steps(_waves(1.0).at()) is None
    assert single_steps(small_run("brackets").at()) is None and single_steps(small_run().at()) is None
    assert single_steps(small_run("waves").at(0)) is None
