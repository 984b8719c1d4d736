"""How fast encoder–decoders are trained, against ones put together from torch's own layers as one writes them."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.cells import CELLS
from rnnviz.nn.bench.timing import timed
from rnnviz.nn.train.batches import Batches
from rnnviz.nn.train.training import ticks
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ATTENTIONS, ModelSpec, TrainingSpec
from rnnviz.specs.planning import planned_steps
from rnnviz.tasks import task
from rnnviz.tasks.batch import PAD

HIDDEN, BATCH, CLIP = 64, 64, 1.0
STEPS = 1_500  # of the training whose first steps are timed
AT_LEAST = 1.0


def compare_translation(steps: int, runs: int) -> None:
    """Print the time of `train()`, frames included, against a plain loop without instruments, in turns."""
    of: Any = task("dates")
    print(f"Encoder–decoders on dates, {of.input_steps} symbols in and {of.output_steps} out, B={BATCH} H={HIDDEN}:")
    print(f"{steps} of {STEPS} training steps, median ms a step, the best of {runs} runs\n")
    print("| model | torch's layers and Adam | train() with frames | ratio | at least |")
    print("|---|---|---|---|---|")
    for kind in (*ATTENTIONS, None):
        for cell in timed():
            experiment = dates_experiment(cell, kind)
            pairs = [_race(experiment, steps) for _ in range(runs)]
            theirs, mine = (min(column) * 1e3 for column in zip(*pairs, strict=True))
            name = f"{cell}, {kind or 'no attention'}"
            print(f"| {name} | {theirs:.1f} | {mine:.1f} | {theirs / mine:.2f} | {AT_LEAST} |", flush=True)
    print()


def dates_experiment(cell: str, attention: str | None) -> Experiment:
    """One model of a cell on dates of sixteen languages; an encoder in both directions where attention allows it."""
    model = ModelSpec(cell, HIDDEN, bidirectional=attention != "dot", attention=attention)
    return Experiment(task("dates"), (model,), TrainingSpec(steps=STEPS, batch=BATCH, clip=CLIP, device="cpu"))


class Plain(nn.Module):
    """The same model of stock parts: an encoder on packed sequences, attention in a loop or for all steps at once."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__()
        spec, of = experiment.models[0], experiment.task
        wide = HIDDEN * spec.directions
        torchs, many = timed()[spec.cell].torchs, len(CELLS[spec.cell].states)
        self.spec, self.start, self.several = spec, of.output_size, many > 1
        self.source, self.target = nn.Embedding(of.input_size, HIDDEN), nn.Embedding(of.output_size + 1, HIDDEN)
        self.encoder = torchs.make(HIDDEN, HIDDEN, bidirectional=spec.bidirectional)
        self.bridge = nn.ModuleList(nn.Linear(wide, HIDDEN) for _ in range(many))
        additive = spec.attention == "additive"
        self.decoder = torchs.step(HIDDEN + wide, HIDDEN) if additive else torchs.make(HIDDEN, HIDDEN)
        self.query, self.keys = nn.Linear(HIDDEN, HIDDEN, bias=False), nn.Linear(wide, HIDDEN, bias=False)
        self.score = nn.Linear(HIDDEN, 1, bias=False)
        self.combine, self.readout = nn.Linear(HIDDEN + wide, HIDDEN), nn.Linear(HIDDEN, of.output_size)

    def forward(self, sources: Tensor, targets: Tensor) -> Tensor:
        real = sources != PAD
        x = self.source(sources.clamp(min=0))
        packed = nn.utils.rnn.pack_padded_sequence(x, real.sum(0), enforce_sorted=False)
        memory, last = self.encoder(packed)
        memory, _ = nn.utils.rnn.pad_packed_sequence(memory, batch_first=True, total_length=len(sources))
        states = self._first(last if self.several else (last,))
        fed = torch.cat([torch.full_like(targets[:1], self.start), targets[:-1].clamp(min=0)])
        if self.spec.attention == "additive":
            return self._additive(self.target(fed), memory, real.t(), states)
        first = tuple(state[None] for state in states)
        s = self.decoder(self.target(fed), first if self.several else first[0])[0]
        if self.spec.attention is None:
            plain: Tensor = self.readout(s)
            return plain
        s = s.transpose(0, 1)
        keys = self.keys(memory) if self.spec.attention == "general" else memory
        scores = torch.bmm(s, keys.transpose(1, 2)).masked_fill(~real.t()[:, None], -torch.inf)
        context = torch.bmm(scores.softmax(-1), memory)
        logits: Tensor = self.readout(torch.tanh(self.combine(torch.cat([s, context], -1)))).transpose(0, 1)
        return logits

    def _first(self, last: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        if not self.spec.bidirectional:
            return tuple(state[0] for state in last)
        joined = [torch.cat([state[0], state[1]], -1) for state in last]
        first = [bridge(state) for bridge, state in zip(self.bridge, joined, strict=True)]
        return (torch.tanh(first[0]), *first[1:])

    def _additive(self, x: Tensor, memory: Tensor, real: Tensor, states: tuple[Tensor, ...]) -> Tensor:
        keys, answers = self.keys(memory), []
        for x_t in x:
            scores = self.score(torch.tanh(self.query(states[0])[:, None] + keys))[..., 0]
            weights = scores.masked_fill(~real, -torch.inf).softmax(-1)
            context = torch.bmm(weights[:, None], memory)[:, 0]
            found = self.decoder(torch.cat([x_t, context], -1), states if self.several else states[0])
            states = found if self.several else (found,)
            answers.append(self.readout(torch.tanh(self.combine(torch.cat([states[0], context], -1)))))
        return torch.stack(answers)


def plain_loop(experiment: Experiment) -> Iterator[None]:
    """The plainest way to train it."""
    model = Plain(experiment)
    optimizer = torch.optim.Adam(model.parameters(), lr=experiment.training.lr)
    for sources, targets, _ in Batches(experiment, torch.device("cpu")):
        optimizer.zero_grad()
        answers = model(sources, targets)
        nn.functional.cross_entropy(answers.flatten(0, 1), targets.flatten(), ignore_index=PAD).backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        yield None


def _race(experiment: Experiment, steps: int) -> tuple[float, float]:
    """Seconds a step of both, in turns; ours with its share of what the frames of the whole training cost."""
    rival = plain_loop(experiment)
    ours = (tick for tick in ticks(experiment) if tick is None)  # one a step; frames are made on the way
    planned, theirs, plain, framed = set(planned_steps(experiment)), list[float](), list[float](), list[float]()
    for step in range(steps):
        theirs.append(_seconds(rival))
        (framed if step in planned else plain).append(_seconds(ours))
    bare = statistics.median(plain or framed)
    frames = (statistics.median(framed[1:] or framed) - bare) * len(planned) / (STEPS + 1)
    return statistics.median(theirs), bare + frames


def _seconds(steps: Iterator[object]) -> float:
    start = time.perf_counter()
    next(steps)
    return time.perf_counter() - start
