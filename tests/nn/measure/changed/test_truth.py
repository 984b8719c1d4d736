"""What models answer, beside what is right."""

from typing import Any

import numpy as np
import pytest
import torch

from pages._ui.session import shipped
from rnnviz.analysis import truth as against
from rnnviz.nn.measure.truth import against_truth
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, Task, task
from rnnviz.tasks.batch import PAD

ANSWERED = [name for name in TASKS if not architectures.of(task(name)).writes]


def _model(name: str) -> tuple[ModelSpec, Task, dict[str, Any]]:
    chosen = task(name)
    spec = architectures.of(chosen).default_models(chosen)[0]
    return spec, chosen, {name: value.numpy() for name, value in make_model(spec, chosen, 1).state_dict().items()}


@pytest.mark.parametrize("name", ANSWERED)
def test_every_scored_answer_is_there(name: str) -> None:
    spec, chosen, weights = _model(name)
    found, targets = against_truth(spec, chosen, weights), chosen.held_out().targets
    if not chosen.answers.of.is_number:
        assert found["confusion"].sum() == (targets != PAD).sum()
        assert len(found["confusion"]) == len(against.names_of(chosen, found["kept"])) <= against.MOST_NAMED + 1
        return
    with torch.inference_mode():
        outputs = restored(spec, chosen, weights)(torch.tensor(chosen.held_out().inputs)).numpy()
    scored = np.isfinite(targets)
    off = np.abs(chosen.answers.of.quantities(outputs) - chosen.answers.of.quantities(targets))[scored]
    assert int(found["count"]) == scored.sum() and float(found["error"]) == pytest.approx(off.mean(), rel=1e-5)
    assert len(found["truth"]) == len(found["answer"]) == min(against.MOST_DOTS, scored.sum())


def test_the_shares_are_those_of_the_score() -> None:
    spec, chosen, weights = _model("text")
    found = against_truth(spec, chosen, weights)
    with torch.inference_mode():
        outputs = restored(spec, chosen, weights)(torch.tensor(chosen.held_out().inputs)).numpy()
    share = 100 * float(found["right"]) / found["confusion"].sum()
    assert share == pytest.approx(chosen.score(outputs, chosen.held_out().targets))


def test_rare_classes_share_one_row() -> None:
    confusion = np.diag([1, 9, 5]) + np.array([[0, 0, 2], [0, 0, 1], [0, 0, 0]])
    kept, found = against.joined(confusion, 2)
    assert kept.tolist() == [1, 2] and found.tolist() == [[9, 1, 0], [0, 5, 0], [0, 2, 1]]
    assert against.joined(confusion, 3)[1] is confusion


def test_the_shipped_run_answers_as_its_score_says() -> None:
    run = shipped.load()
    assert run is not None
    chosen = run.experiment.task
    for label in ("lstm", "gru"):
        found = against_truth(run.experiment.model(label), chosen, run.model_frame(label).weights)
        assert float(found["explained"]) > 0.95
    assert against.guess_of(chosen) == 1.0 and against.guess_of(task("waves")) is None


def test_an_encoder_decoder_is_refused() -> None:
    with pytest.raises(ValueError, match=r"task must be answered without a decoder; got reverse\."):
        against_truth(*_model("reverse"))
