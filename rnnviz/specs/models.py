"""One model, and how it is trained: frozen specs, validated at construction."""

import dataclasses

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError

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
