"""Training encoder–decoders: the same bits every time, the losses of a plain loop, files that keep everything."""

import functools
import hashlib
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.nn.bench.translation import compare_translation
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.nn.train.batches import Batches
from rnnviz.specs.models import ATTENTIONS, SCHEDULES
from tests.nn.models.plain import Plain, answers_of, one_by_one
from tests.nn.reference import STOCK_CELLS
from tests.nn.train.test_training import assert_same
from tests.runs.helpers import assert_same as assert_same_bits
from tests.support.tasks import task

TASK = task("reverse", length=5, letters=3)
MODELS = (
    rv.ModelSpec("gru", 5, 2, True, attention="additive", dropout=0.3),
    rv.ModelSpec("lstm", 4, attention="dot", decoder="rnn"),
    rv.ModelSpec("lstm", 4, bidirectional=True),
)
FEEDINGS = [(1.0, None), (0.0, None), (0.5, None), *((0.9, schedule) for schedule in SCHEDULES)]


def experiment(forcing: float = 1.0, schedule: str | None = None, **more: Any) -> rv.Experiment:
    training = {"steps": 4, "batch": 8, "lr": 1e-2, "clip": 0.5, "seed": 3, **more}
    spec = rv.TrainingSpec(teacher_forcing=forcing, schedule=schedule, device="cpu", **training)
    return rv.Experiment(TASK, MODELS, spec)


@functools.cache
def plainly_fed() -> rv.Run:
    return rv.run(experiment())


def fingerprint(run: rv.Run) -> str:
    found = hashlib.sha256()
    for frame in run.frames:
        for model in frame.models.values():
            for values in (
                model.losses,
                model.grad_norms,
                model.hidden_grad_norm,
                model.singular_values,
                model.outputs,
            ):
                found.update(values.tobytes())
            for named in (model.trace, model.weights, model.translated):
                for name in sorted(named):
                    found.update(named[name].tobytes())
    return found.hexdigest()


@pytest.mark.parametrize(("forcing", "schedule"), FEEDINGS)
def test_the_same_experiment_gives_the_same_bits_and_another_feeding_others(
    forcing: float, schedule: str | None
) -> None:
    run = rv.run(experiment(forcing, schedule))
    assert_same(run, rv.run(experiment(forcing, schedule)))
    usual = plainly_fed()
    for label in run.experiment.labels:
        losses = [np.concatenate([frame.models[label].losses for frame in found.frames]) for found in (run, usual)]
        assert np.isfinite(losses[0]).all()
        assert np.array_equal(*losses) == ((forcing, schedule) == (1.0, None))  # type: ignore[arg-type]


PROCESS = """
import sys, torch
torch.set_num_threads(2)
torch.randn(5)
from tests.nn.train.test_translation_training import FEEDINGS, experiment, fingerprint
import rnnviz as rv
print(*(fingerprint(rv.run(experiment(*one))) for one in FEEDINGS[2:4]))
"""


def test_another_process_gives_the_same_bits() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", PROCESS], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == [fingerprint(rv.run(experiment(*one))) for one in FEEDINGS[2:4]]


def test_another_seed_gives_other_numbers() -> None:
    assert fingerprint(rv.run(experiment())) != fingerprint(rv.run(experiment(seed=4)))


@pytest.mark.parametrize(
    "spec",
    [
        rv.ModelSpec("gru", 5, bidirectional=True, attention="additive"),
        rv.ModelSpec("lstm", 5, attention="dot"),
        rv.ModelSpec("rnn", 5, 2, True, decoder="lstm", attention="general"),
        rv.ModelSpec("lstm", 5, 2),
    ],
    ids=lambda s: str(s.attention),
)
def test_losses_and_norms_are_those_of_a_plain_loop(spec: rv.ModelSpec) -> None:
    steps = 10
    training = rv.TrainingSpec(steps=steps, batch=6, lr=1e-2, clip=0.5, seed=1, device="cpu")
    chosen = rv.Experiment(TASK, (spec,), training)
    run = rv.run(chosen)
    (label,) = chosen.labels
    first = run.frames[0].models[label].weights
    plain = Plain(spec, TASK).take({name: torch.tensor(weight) for name, weight in first.items()})
    optimizer, losses, norms = torch.optim.Adam(plain.parameters(), lr=1e-2), [], []
    for sources, targets, _ in itertools.islice(Batches(chosen, torch.device("cpu")), steps + 1):
        fed = torch.cat([torch.full_like(targets[:1], TASK.output_size), targets[:-1].clamp(min=0)])
        optimizer.zero_grad()
        loss = sequence_loss(answers_of(one_by_one(plain, sources, fed)), targets)
        loss.backward()
        norms.append(nn.utils.clip_grad_norm_(plain.parameters(), 0.5).item())
        losses.append(loss.item())
        optimizer.step()
    history = run.history()
    np.testing.assert_allclose(history.loss, losses, rtol=1e-3)
    np.testing.assert_allclose(history.grad_norm, norms, rtol=1e-2)


@pytest.mark.parametrize("kind", [None, *ATTENTIONS])
def test_a_run_comes_back_from_its_file_bit_for_bit(kind: str | None, tmp_path: Path) -> None:
    models = (rv.ModelSpec("gru", 3, 2, attention=kind), rv.ModelSpec("lstm", 3, attention=kind, decoder="gru"))
    training = rv.TrainingSpec(steps=3, batch=4, teacher_forcing=0.7, schedule="linear")
    run = rv.run(rv.Experiment(TASK, models, training))
    run.save(tmp_path / "run.safetensors")
    back = rv.Run.load(tmp_path / "run.safetensors")
    assert back.experiment == run.experiment and back.nbytes == run.nbytes
    assert_same_bits(back, run)
    assert fingerprint(back) == fingerprint(run)
    label = run.experiment.labels[0]
    assert ("attention" in back.frame().models[label].translated) == (kind is not None)
    assert back.translate("abc", model=label) == run.translate("abc", model=label)


def test_models_do_not_feel_each_other() -> None:
    run = rv.run(experiment(0.5))
    alone = rv.run(rv.Experiment(TASK, MODELS[1:2], run.experiment.training))
    for together, single in zip(run.frames, alone.frames, strict=True):
        assert together.models["lstm"].losses.tobytes() == single.models["lstm"].losses.tobytes()


@pytest.mark.parametrize("attention", ["additive", None])
def test_what_it_learns_it_writes(attention: str | None) -> None:
    """Strings that were trained on are written backwards, after a training half of which fed the model its own."""
    training = rv.TrainingSpec(steps=150, batch=32, lr=1e-2, teacher_forcing=0.5, device="cpu")
    chosen = rv.task("reverse", length=3, letters=3)
    run = rv.run(rv.Experiment(chosen, (rv.ModelSpec("gru", 24, attention=attention),), training))
    (label,) = run.experiment.labels
    drawn = chosen.sample(np.random.default_rng(5), 12).inputs.T
    read = sorted({chosen.spell(one) for one in drawn})  # type: ignore[attr-defined]
    written = [run.translate(text, model=label) for text in read]
    assert [text[::-1] for text in read] == written
    assert all(one.ended and -1 < one.logp < 0 for one in written)


def test_the_benchmark_has_a_row_for_every_cell_and_attention(capsys: pytest.CaptureFixture[str]) -> None:
    compare_translation(2, 1)
    printed = capsys.readouterr().out
    for cell, kind in itertools.product(STOCK_CELLS, (*ATTENTIONS, "no attention")):
        assert printed.count(f"| {cell}, {kind} |") == 1
