"""Nothing in a training step waits for the device, shown on one that has no numbers: torch's `meta`.

Whatever needs a number from there (`.item()`, an `if`, a shape that depends on data, a copy to the CPU) raises. Nor
does a step read from the CPU: a graph of it would read there again when what was there is gone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.models.losses import known_in, loss_of
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.learner import Learner
from rnnviz.nn.train.trainer import LEARNERS
from rnnviz.specs import architectures
from rnnviz.tasks import TASKS
from rnnviz.tasks.forecast.reading import read_series
from rnnviz.tasks.shapes import Measured
from tests.live.runs import LEAST
from tests.nn.train.test_on_a_gpu import FIRST, shape

CPU, META = torch.device("cpu"), torch.device("meta")
MORE: list[dict[str, Any]] = [
    {},
    {"layers": 2, "dropout": 0.3},
    {"layers": 2, "dropout": 0.3, "bidirectional": True},
    {"layers": 2, "skip": True, "attention": "additive", "dropout": 0.3},
    {"attention": "additive"},
    {"attention": "general", "decoder": "lstm"},
    {"reach": 1},
    {"activation": "sigmoid"},
    {"reset": "before"},
]


class Apart(TorchDispatchMode):
    """Refuses every operation that has to do with numbers of the CPU; single ones come along with a call."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = func(*args, **(kwargs or {}))
        for one in tensors((args, tuple((kwargs or {}).values()), found)):
            assert one.device == META or not one.dim(), f"{func} on the CPU"
        return found


def tensors(nest: Any) -> Iterator[Tensor]:
    """All of them in lists and tuples."""
    if isinstance(nest, Tensor):
        yield nest
    elif isinstance(nest, (list, tuple)):
        for part in nest:
            yield from tensors(part)


def experiments(task: str) -> Iterator[rv.Experiment]:
    """Every cell on a task; on the first task of each shape also a cell with each thing more that fits."""
    made = rv.task(task, **LEAST.get(task, {}))
    for more in MORE if FIRST[shape(task)] == task else MORE[:1]:
        for cell in CELLS:
            forced: dict[str, Any] = {"teacher_forcing": 0.5} if made.answers.name == "sequence" and more else {}
            training = rv.TrainingSpec(steps=5, batch=3, clip=0.1, weight_decay=0.1, **forced)
            try:
                yield rv.Experiment(made, (rv.ModelSpec(cell, 3, **more),), training)
            except ExperimentError:
                continue
            if more:
                break


def learner_of(experiment: rv.Experiment, device: torch.device) -> Learner:
    kind, _ = LEARNERS[architectures.of(experiment.task).name]
    made: Learner = kind(experiment.models[0], experiment, device)
    return made


@pytest.fixture
def as_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no numbers goes the ways of a GPU."""
    monkeypatch.setattr(Tensor, "is_cuda", property(lambda self: self.device == META), raising=False)


@pytest.mark.slow
@pytest.mark.usefixtures("as_on_a_gpu")
@pytest.mark.parametrize("task", TASKS)
def test_no_training_step_waits_for_the_device_or_reads_from_the_cpu(task: str) -> None:
    tried = 0
    for experiment in experiments(task):
        learner = learner_of(experiment, META)
        given = learner.given(*next(Batches(experiment, META)))
        with Apart():  # type: ignore[no-untyped-call]
            told = learner._whole(given)
        assert told.device == META and told.shape == (2,), experiment.models
        tried += 1
    assert tried >= len(CELLS) - 1


@pytest.mark.parametrize(
    "waits",
    [
        lambda x: x.sum().item(),
        lambda x: bool(x.sum() > 0),
        lambda x: x[x > 0],
        lambda x: x.nonzero(),
        lambda x: x.masked_select(x > 0),
        lambda x: x.cpu(),
        lambda x: x + torch.ones(3).to(META),
        lambda x: x * torch.tensor([1.0, 2.0, 3.0]),
    ],
    ids=["item", "if", "where it is so", "nonzero", "masked_select", "to the CPU", "from the CPU", "beside the CPU"],
)
def test_what_waits_is_found_out(waits: Any) -> None:
    with Apart(), pytest.raises((RuntimeError, NotImplementedError, AssertionError)):  # type: ignore[no-untyped-call]
        waits(torch.zeros(3, device=META))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_known_numbers_are_those_a_condition_picks_bit_for_bit(share: float) -> None:
    generator = torch.Generator().manual_seed(0)
    answers, targets = (torch.randn(9, 5, 4, generator=generator) for _ in range(2))
    targets[torch.rand(9, 5, 4, generator=generator) < share] = torch.nan
    asked = ~targets.isnan()
    of = Measured(4, 0.0, 1.0, "", partial=True)
    both = [answers.clone().requires_grad_() for _ in range(2)]
    picked = (both[0][asked], targets[asked]) if asked.any() else (both[0], both[0].detach())
    losses = torch.nn.functional.mse_loss(*picked), loss_of(of, both[1], targets, known_in(targets))
    assert torch.equal(*losses)
    gradients = [torch.autograd.grad(loss, of)[0] for loss, of in zip(losses, both, strict=True)]
    assert torch.equal(*gradients)


def test_what_is_known_of_a_batch_comes_with_it(tmp_path: Path) -> None:
    values = [f"{5 + n % 7},{n}" if n % 9 else f",{n}" for n in range(300)]
    (tmp_path / "gaps.csv").write_text("\n".join(["value,other", *values]))
    task = rv.task("forecast", table=str(read_series(tmp_path / "gaps.csv")), length=12, ahead=2)
    for chosen, some in ((task, True), (rv.task("traffic", length=18), True), (rv.task("forecast"), False)):
        assert chosen.answers.of.partial == some
        batches = Batches(rv.Experiment(chosen, training=rv.TrainingSpec(batch=4)), CPU)
        for _, (_, targets, known) in zip(range(3), batches, strict=False):
            if not some:
                assert known is None
                continue
            assert known is not None and 0 < len(known) < targets.numel()
            np.testing.assert_array_equal(known, np.flatnonzero(~np.isnan(targets.numpy().ravel())))
