"""What to run: frozen, validated at construction, the same in a link, a file and the API."""

import dataclasses
import functools
import hashlib
import json
from typing import Any

from rnnviz import fields, limits
from rnnviz.errors import ExperimentError, Words
from rnnviz.frames import bytes_per_frame, frames_that_fit
from rnnviz.sizes import GATES, recurrent_weights
from rnnviz.sizes import work as work_of
from rnnviz.tasks import TASKS, Task, task
from rnnviz.tasks.adding import Adding

CELLS = ("rnn", "lstm", "gru")
SCHEDULES = ("linear", "exponential", "inverse_sigmoid")
ATTENTIONS = ("additive", "dot", "general")


@dataclasses.dataclass(frozen=True)
class ModelSpec:
    """One model: a stack of recurrent layers and a linear readout."""

    cell: str = fields.choice("lstm", CELLS, "Kind of recurrent cell")
    hidden: int = fields.whole(32, 1, limits.WIDEST_LAYER, "Hidden units in each layer", "units")
    layers: int = fields.whole(1, 1, limits.MOST_LAYERS, "Layers on top of each other", "layers")
    bidirectional: bool = fields.flag(False, "Also read the sequence from its end")
    activation: str = fields.choice("tanh", ("tanh", "relu", "sigmoid"), "Activation of the simple RNN")
    reset: str = fields.choice(
        "after",
        ("after", "before"),
        "Where the GRU's reset gate acts: after the matrix product, as torch has it, or before",
    )
    init: str = fields.choice(
        "default",
        ("default", "orthogonal", "identity", "scaled"),
        "First W_hh: torch's default, an orthogonal matrix, the identity (IRNN), or orthogonal times sigma_max",
    )
    sigma_max: float | None = fields.real(
        None, 0.01, 10, "Largest singular value of the first W_hh, where init is scaled", optional=True
    )
    forget_bias: float | None = fields.real(
        None, -10, 10, "Initial bias of the LSTM's forget gate; none leaves torch's default", optional=True
    )
    skip: bool = fields.flag(False, "Every layer from the second on adds what it reads to what it hands on")
    dropout: float = fields.real(0.0, 0.0, 0.9, "Share of the states between two layers that is dropped in training")
    attention: str | None = fields.choice(
        None,
        ATTENTIONS,
        "How the decoder looks at the encoder's states: additive (Bahdanau), dot or general (Luong); "
        "none hands over the final state alone",
        optional=True,
    )
    decoder: str | None = fields.choice(
        None, CELLS, "Kind of cell in the decoder; none takes that of the encoder", optional=True
    )

    def __post_init__(self) -> None:
        fields.validate(self)
        if "rnn" not in self.cells and self.activation != "tanh":
            raise ExperimentError("activation", f"tanh for {self.cell}", self.activation)
        if "gru" not in self.cells and self.reset != "after":
            raise ExperimentError("reset", f"after for {self.cell}, which has no reset gate", self.reset)
        if "lstm" not in self.cells and self.forget_bias is not None:
            raise ExperimentError("forget_bias", f"none for {self.cell}, which has no forget gate", self.forget_bias)
        if self.init == "scaled" and self.sigma_max is None:
            object.__setattr__(self, "sigma_max", 1.0)
        if self.init != "scaled" and self.sigma_max is not None:
            raise ExperimentError("sigma_max", f"none where init is {self.init}, not scaled", self.sigma_max)
        if self.layers == 1 and self.skip:
            raise ExperimentError("skip", "false for a single layer", self.skip)
        if self.layers == 1 and self.dropout:
            raise ExperimentError("dropout", "0 for a single layer: it acts between layers", self.dropout)
        if self.attention == "dot" and self.bidirectional:
            why = "additive or general for an encoder in two directions, whose states are wider than the decoder's"
            raise ExperimentError("attention", why, self.attention)
        if self.decoder == self.cell:
            object.__setattr__(self, "decoder", None)

    @property
    def cells(self) -> tuple[str, str]:
        """The cells of the encoder and of the decoder; the same twice where there is no decoder."""
        return self.cell, self.decoder or self.cell

    @property
    def directions(self) -> int:
        """1, or 2 if bidirectional."""
        return 2 if self.bidirectional else 1


@dataclasses.dataclass(frozen=True)
class TrainingSpec:
    """How every model of an experiment is trained: Adam on the same batches in the same order."""

    steps: int = fields.whole(600, 1, limits.MOST_STEPS, "Updates of the weights", "steps")
    batch: int = fields.whole(32, 1, limits.LARGEST_BATCH, "Sequences in one update", "sequences")
    lr: float = fields.real(3e-3, 1e-6, 1.0, "Learning rate of Adam")
    clip: float | None = fields.real(1.0, 1e-4, 1e4, "Largest gradient norm; none does not clip", optional=True)
    seed: int = fields.whole(0, 0, 2**31 - 1, "Seed of the initial weights and of the data")
    device: str = fields.choice("auto", ("auto", "cpu", "cuda"), "Where it runs; auto takes a GPU if there is one")
    teacher_forcing: float = fields.real(
        1.0, 0.0, 1.0, "Probability that the decoder is fed the right symbol; else it reads what it wrote itself"
    )
    schedule: str | None = fields.choice(
        None, SCHEDULES, "How that probability falls over training; none leaves it as it is", optional=True
    )

    def __post_init__(self) -> None:
        fields.validate(self)


@dataclasses.dataclass(frozen=True)
class Experiment:
    """A task, the models that learn it, and the training they share.

    What is left out is chosen by the task: `Experiment()` trains the three cells on the adding problem.

    Raises:
        ExperimentError: a field is out of its range, or the whole is too large.
    """

    task: Task = None  # type: ignore[assignment]
    models: tuple[ModelSpec, ...] = None  # type: ignore[assignment]
    training: TrainingSpec = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self._fill("task", Adding())
        if not isinstance(self.task, Task):
            raise ExperimentError("task", 'a task, such as task("adding", length=50)', self.task)
        self._fill("models", default_models(self.task))
        self._fill("training", default_training(self.task))
        self._check_models()
        if not isinstance(self.training, TrainingSpec):
            raise ExperimentError("training", "a TrainingSpec", self.training)
        self._check_forcing()
        self._check_size()

    def _fill(self, name: str, default: Any) -> None:
        if getattr(self, name) is None:
            object.__setattr__(self, name, default)

    def _check_models(self) -> None:
        if not isinstance(self.models, (tuple, list)) or not all(isinstance(m, ModelSpec) for m in self.models):
            raise ExperimentError("models", "a sequence of ModelSpec", self.models)
        object.__setattr__(self, "models", tuple(self.models))
        if not 1 <= len(self.models) <= limits.MOST_MODELS:
            raise ExperimentError("models", f"1 to {limits.MOST_MODELS} models", Words(f"{len(self.models):,} models"))
        for index, model in enumerate(self.models):
            if model.bidirectional and self.task.predicts_next:
                why = f"false for the task {self.task.name}, whose answer it would read ahead"
                raise ExperimentError(f"models[{index}].bidirectional", why, True)
            for name in ("attention", "decoder"):
                if getattr(model, name) is not None and self.task.answers != "sequence":
                    why = f"none for the task {self.task.name}, which is not answered by a sequence of its own"
                    raise ExperimentError(f"models[{index}].{name}", why, getattr(model, name))

    def _check_forcing(self) -> None:
        if self.task.answers == "sequence":
            return
        for name, usual in (("teacher_forcing", 1.0), ("schedule", None)):
            if getattr(self.training, name) != usual:
                why = f"{fields.write(usual)} for the task {self.task.name}, which feeds no answer back"
                raise ExperimentError(f"training.{name}", why, getattr(self.training, name))

    def _check_size(self) -> None:
        for index, model in enumerate(self.models):
            work = self.training.batch * work_of(model, self.task)
            if work > limits.MOST_WORK:
                allowed = f"small enough for {limits.MOST_WORK:,} multiplications (length × batch × weights)"
                raise ExperimentError(f"models[{index}]", allowed, Words(f"{work:,}"))
        fewest = min(limits.FEWEST_FRAMES, self.training.steps + 1)
        if frames_that_fit(self) < fewest:
            allowed = f"small enough that {fewest} frames of all of them fit into {limits.LARGEST_RUN:,} bytes"
            raise ExperimentError("models", allowed, Words(f"{bytes_per_frame(self):,} bytes a frame"))

    @functools.cached_property
    def labels(self) -> tuple[str, ...]:
        """One short name per model, in order: `rnn`, `lstm`, `lstm-2`.

        An encoder–decoder that could have attention and has none says so: `gru-without`, `gru-without-2`.
        """
        seen: dict[str, int] = {}
        labels = []
        for model in self.models:
            without = self.task.answers == "sequence" and model.attention is None
            name = model.cell + "-without" * without
            seen[name] = seen.get(name, 0) + 1
            labels.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
        return tuple(labels)

    def model(self, label: str) -> ModelSpec:
        """The spec behind a label.

        Raises:
            KeyError: no model of this experiment has that label.
        """
        return dict(zip(self.labels, self.models, strict=True))[label]

    @functools.cached_property
    def key(self) -> str:
        """A hash of the canonical JSON: equal experiments, equal key."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:20]

    def to_json(self) -> str:
        """The canonical JSON: every field, sorted, without spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    def to_dict(self) -> dict[str, Any]:
        """The experiment as nested dicts and lists of plain values."""
        return {
            "task": {"name": self.task.name, **dataclasses.asdict(self.task)},  # type: ignore[call-overload]
            "models": [dataclasses.asdict(model) for model in self.models],
            "training": dataclasses.asdict(self.training),
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> "Experiment":
        """The experiment that `to_json` wrote; a field left out has its default.

        Raises:
            ExperimentError: the text is no JSON object of an experiment.
        """
        from rnnviz.reading import experiment_from_json

        return experiment_from_json(text)

    def to_query(self) -> str:
        """The experiment as a query string for a link; defaults are left out.

        A text over 500 characters is named by its hash.
        """
        from rnnviz.query import to_query

        return to_query(self)

    @classmethod
    def from_query(cls, query: Any, texts: dict[str, str] | None = None) -> "Experiment":
        """The experiment in a query string (or a mapping of its parts).

        Raises:
            ExperimentError: a name is unknown or a value not allowed.
            TextNeeded: the link names a long text by its hash and `texts` does not hold it.
        """
        from rnnviz.query import from_query

        return from_query(query, texts or {})


def default_models(task: Task) -> tuple[ModelSpec, ...]:
    """The three cells at the width the task asks for; for sequences to sequences, a GRU with and without attention."""
    hidden, bias = task.defaults.hidden, task.defaults.forget_bias
    if task.answers == "sequence":
        attending = ModelSpec("gru", hidden, bidirectional=True, attention="additive")
        return attending, dataclasses.replace(attending, attention=None)
    return (ModelSpec("rnn", hidden), ModelSpec("lstm", hidden, forget_bias=bias), ModelSpec("gru", hidden))


def default_training(task: Task) -> TrainingSpec:
    """The training with which the task shows its point."""
    chosen = task.defaults
    return TrainingSpec(steps=chosen.steps, batch=chosen.batch, lr=chosen.lr, clip=chosen.clip)


__all__ = ["CELLS", "GATES", "TASKS", "Experiment", "ModelSpec", "TrainingSpec", "recurrent_weights", "task"]
