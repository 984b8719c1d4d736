"""What is measured on one encoder–decoder at one moment of its training."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnviz.nn.arrays import half, single
from rnnviz.nn.decode.feeding import FreeRun, run_free
from rnnviz.nn.measure.flow import Flow
from rnnviz.nn.measure.measuring import singular_values
from rnnviz.nn.models.encoder_decoder import Encoded, EncoderDecoder
from rnnviz.nn.models.losses import sequence_loss
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.batch import PAD, Batch
from rnnviz.tasks.translating import Translating

NAN = float("nan")


class TranslationInstruments:
    """Measures a model on a task's held-out sequences and probes, always the same ones."""

    def __init__(self, task: Translating, device: torch.device) -> None:
        self.task = task
        self._held_out = _on(task.held_out(), device)
        self._probes = _on(task.probes().batch, device)
        longer = task.length_test()
        self._lengths = longer.lengths
        self._by_length = None if longer is task.held_out() else _on(longer, device)  # None: they are those held out
        self._scored: tuple[Encoded, FreeRun] | None = None  # of the model that was just scored

    @torch.no_grad()
    def score(self, model: EncoderDecoder) -> float:
        """Exact match on the held-out sequences in percent, running free."""
        self._scored = self._run(model, *self._held_out)
        return float(100 * self._exact(self._scored[1], self._held_out[1]).mean())

    def measure(
        self, model: EncoderDecoder, spec: ModelSpec, x: Tensor, targets: Tensor, fed: Tensor, masks: Any = None
    ) -> dict[str, object]:
        """States, gates and gradients of both halves, and how well the model does: the rest of a `ModelFrame`.

        x, targets, fed: the training batch and what the decoder read of it, (T_in, B), (T_out, B), (T_out, B).
        masks:           those under which its loss was found; nothing of the probes is dropped.
        """
        sources, right = self._probes
        both = torch.cat([x, sources], 1), torch.cat([fed, model.fed_right(right)], 1)
        flow = Flow(model, *both, batch=x.shape[1], masks=masks)
        hidden, cells = flow.gradient_norms(targets)
        return {
            "hidden_grad_norm": hidden,
            "cell_grad_norm": cells,
            "singular_values": singular_values(model.handing_on),
            "trace": flow.trace(spec, right),
            "outputs": half(flow.answers[:, flow.batch :].detach()),
            "weights": {name: single(weight) for name, weight in model.state_dict().items()},
            "translated": self._translated(model, flow),
        }

    @torch.no_grad()
    def _translated(self, model: EncoderDecoder, flow: "Flow") -> dict[str, np.ndarray]:
        targets = self._held_out[1]
        reading, free = self._scored or self._run(model, *self._held_out)
        self._scored, real = None, targets != PAD
        answers, weights = model.write(reading, model.fed_right(targets))
        probes = run_free(model, model.encode(self._probes[0]), len(self._probes[1]))
        found = {
            "written": probes.classes.cpu().numpy().astype(np.int16),
            "held_out_loss": single(torch.stack([sequence_loss(a, targets) for a in (answers, free.answers)])),
            "by_position": single(torch.stack([_right_at(c, targets) for c in (answers.argmax(-1), free.classes)])),
            "by_length": self._scores_by_length(model, free),
        }
        if weights is not None:
            found["attention"] = half(flow.attention.detach()[flow.batch :])  # type: ignore[union-attr]
            found["alignment"] = single(
                torch.stack([mean[real].mean() for mean in (entropy(weights), weights.amax(-1))])
            )
        return found

    @staticmethod
    def _run(model: EncoderDecoder, sources: Tensor, targets: Tensor) -> tuple[Encoded, FreeRun]:
        reading = model.encode(sources)
        return reading, run_free(model, reading, len(targets))

    def _scores_by_length(self, model: EncoderDecoder, held_out: FreeRun) -> np.ndarray:
        if self._by_length is None:
            exact = self._exact(held_out, self._held_out[1])
        else:
            exact = self._exact(self._run(model, *self._by_length)[1], self._by_length[1])
        groups = [(self._lengths >= low) & (self._lengths <= high) for low, high in self.task.lengths]
        return np.array([100 * exact[group].mean() if group.any() else NAN for group in groups], np.float32)

    def _exact(self, free: FreeRun, targets: Tensor) -> np.ndarray:
        return self.task.exact(free.classes.cpu().numpy(), targets.cpu().numpy())


def entropy(weights: Tensor) -> Tensor:
    """Entropy of attention weights (…, T) in bits: 0 where all weight lies on one symbol, log2 n where n share it."""
    return -torch.xlogy(weights, weights).sum(-1) / math.log(2)


def _right_at(classes: Tensor, targets: Tensor) -> Tensor:
    """Percent of right symbols at every place (T, B) of the targets, their ends included; NaN where none has any."""
    real = targets != PAD
    return 100 * ((classes == targets) & real).sum(1) / real.sum(1)


def _on(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor]:
    return torch.tensor(batch.inputs, device=device), torch.tensor(batch.targets, device=device)
