"""One time step changed by hand: what moves is exactly what two passes of the model differ by."""

from typing import Any

import numpy as np
import pytest
import torch

from pages._ui.session import shipped
from rnnviz.analysis import changing
from rnnviz.analysis.changing import Change
from rnnviz.nn.decode.decoding import translate
from rnnviz.nn.measure.changed.symbols import difference
from rnnviz.nn.models.model import make_model, restored
from rnnviz.specs import architectures
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import TASKS, Task, task

RUN = shipped.load()
SEQUENCES, SHARE = 12, 0.05
CHANGEABLE = [name for name in TASKS if changing.fits(task(name))]


def _weights(spec: ModelSpec, chosen: Task, seed: int = 1) -> dict[str, Any]:
    return {name: value.numpy() for name, value in make_model(spec, chosen, seed).state_dict().items()}


def _sequence(chosen: Task, sample: int) -> np.ndarray:
    batch = chosen.held_out()
    return np.ascontiguousarray(batch.inputs[: batch.lengths[sample], sample])


def _moved(label: str, sample: int, at: int) -> float:
    """By how much the shipped model's answer moves where the number of a time step becomes one half another."""
    assert RUN is not None
    chosen, original = RUN.experiment.task, _sequence(RUN.experiment.task, sample)
    changed = changing.changed(chosen, original, Change(at, changing.another(chosen, original, at)))
    weights = RUN.model_frame(label).weights
    found = difference(RUN.experiment.model(label), chosen, weights, original, changed, 0, 0)
    return float(np.abs(found["changed/answers"] - found["original/answers"]).max())


@pytest.mark.parametrize("label", ["lstm", "gru"])
def test_who_adds_ignores_what_has_no_mark(label: str) -> None:
    """Of the shipped run, on every held-out sequence.

    A number without a mark moves the answer, on average over such time steps, by less than a twentieth of what the
    marked number does that moves it least.
    """
    assert RUN is not None and RUN.experiment.task.name == "adding"
    for sample in range(SEQUENCES):
        ignored = RUN.experiment.task.ignored(_sequence(RUN.experiment.task, sample))
        assert ignored is not None
        marked, others = np.flatnonzero(~ignored), np.flatnonzero(ignored)
        least = min(_moved(label, sample, int(at)) for at in marked)
        usual = np.mean([_moved(label, sample, int(at)) for at in others[:: len(others) // 12]])
        assert usual < SHARE * least, (sample, usual, least)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru", "window"])
def test_changing_nothing_changes_no_bit(kind: str) -> None:
    chosen, spec = task("adding", length=12), ModelSpec(kind, 5)
    original = _sequence(chosen, 0)
    found = difference(spec, chosen, _weights(spec, chosen), original, original.copy(), 0, 0)
    assert not found["hidden"].any() and not found["hidden_norm"].any()
    np.testing.assert_array_equal(found["original/answers"], found["changed/answers"])


@pytest.mark.parametrize("name", CHANGEABLE)
def test_the_difference_is_that_of_two_plain_passes(name: str) -> None:
    chosen = task(name)
    for spec in architectures.of(chosen).default_models(chosen)[:3]:
        weights, original = _weights(spec, chosen), _sequence(chosen, 1)
        at = len(original) // 2
        changed = changing.changed(chosen, original, Change(at, changing.another(chosen, original, at)))
        assert (original != changed).reshape(len(original), -1).any(1).tolist() == [
            t == at for t in range(len(original))
        ]
        found = difference(spec, chosen, weights, original, changed, spec.layers - 1, 0)
        model, hidden, answers = restored(spec, chosen, weights), [], []
        for sequence in (original, changed):
            with torch.inference_mode():
                inputs = torch.tensor(sequence)[:, None]
                module, x, _ = model.reading(inputs)
                hidden.append(module(x)[0][:, 0, : spec.hidden].double().numpy())
                if not architectures.of(chosen).writes:
                    answers.append(model(inputs).flatten(0, -2).numpy())
                else:
                    answers.append(translate(spec, chosen, weights, sequence)["classes"])  # type: ignore[arg-type]
        norms = np.linalg.norm(hidden[1] - hidden[0], axis=1)
        np.testing.assert_allclose(found["hidden_norm"], norms, rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(found["hidden"], hidden[1] - hidden[0], rtol=2e-3, atol=1e-6)
        assert float(found["hidden_size"]) == pytest.approx(np.linalg.norm(hidden[0], axis=1).mean(), rel=1e-4)
        what = "written" if architectures.of(chosen).writes else "answers"
        for way, values in zip(("original", "changed"), answers, strict=True):
            np.testing.assert_allclose(found[f"{way}/{what}"], values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_nothing_differs_before_the_change(kind: str) -> None:
    chosen, spec = task("recall", lag=9), ModelSpec(kind, 6, bidirectional=True)
    original = _sequence(chosen, 0)
    changed = changing.changed(chosen, original, Change(4, changing.another(chosen, original, 4)))
    forward, backward = (difference(spec, chosen, _weights(spec, chosen), original, changed, 0, way) for way in (0, 1))
    assert not forward["hidden_norm"][:4].any() and forward["hidden_norm"][4:].all()
    assert backward["hidden_norm"][:5].all() and not backward["hidden_norm"][5:].any()


def test_sequences_of_two_lengths_are_refused() -> None:
    chosen, spec = task("recall"), ModelSpec("rnn", 4)
    original = _sequence(chosen, 0)
    with pytest.raises(ValueError, match=r"changed must be of the shape \(21, 16\); got \(20, 16\)"):
        difference(spec, chosen, _weights(spec, chosen), original, original[1:], 0, 0)
