"""One model, and how it is trained: frozen specs, validated at construction."""

import dataclasses
from typing import Any

from rnnviz.cells import CELLS, Cell
from rnnviz.core import fields, limits
from rnnviz.specs import conditions

SCHEDULES = ("linear", "exponential", "inverse_sigmoid")
ATTENTIONS = ("additive", "dot", "general")


@dataclasses.dataclass(frozen=True)
class ModelSpec:
    """One model: a stack of recurrent layers and a linear readout."""

    cell: str = fields.choice(
        "lstm",
        CELLS,
        "Kind of cell: recurrent, or a feed-forward window",
        unfit=conditions.over_time,
        unfit_for=conditions.handing_on,
    )
    hidden: int = fields.whole(32, 1, limits.WIDEST_LAYER, "Hidden units in each layer", "units", label="Width")
    layers: int = fields.whole(1, 1, limits.MOST_LAYERS, "Layers on top of each other", "layers")
    bidirectional: bool = fields.flag(
        False,
        "Also read the sequence from its end",
        label="Both directions",
        when=conditions.HANDED_ON,
        task=conditions.BACKWARD,
    )
    activation: str = fields.choice(
        "tanh",
        ("tanh", "relu", "sigmoid"),
        "Activation of the simple RNN",
        label="Activation φ",
        when=conditions.of_cells("activation"),
    )
    reset: str = fields.choice(
        "after",
        ("after", "before"),
        "Where the GRU's reset gate acts: after the matrix product, as torch has it, or before",
        label="Reset gate",
        when=conditions.of_cells("reset"),
    )
    init: str = fields.choice(
        "default",
        ("default", "orthogonal", "identity", "scaled"),
        "First W_hh: torch's default, an orthogonal matrix, the identity (IRNN), or orthogonal times sigma_max",
        label="W_hh initialisation",
        when=conditions.RECURRENT,
        unfit=conditions.all_at_once,
    )
    sigma_max: float | None = fields.real(
        None,
        0.01,
        10,
        "Largest singular value of the first W_hh, where init is scaled",
        optional=True,
        label="Largest singular value of W_hh (σ_max)",
        when=conditions.SCALED,
        usual=1.0,
    )
    forget_bias: float | None = fields.real(
        None,
        -10,
        10,
        "Initial bias of the LSTM's forget gate; none leaves torch's default",
        optional=True,
        label="Initial forget bias",
        when=conditions.of_cells("forget_bias"),
    )
    skip: bool = fields.flag(
        False,
        "Every layer from the second on adds what it reads to what it hands on",
        label="Skip connections",
        when=conditions.STACKED,
    )
    dropout: float = fields.real(
        0.0,
        0.0,
        0.9,
        "Share of the states between two layers that is dropped in training",
        label="Dropout between layers",
        when=conditions.BETWEEN_LAYERS,
    )
    attention: str | None = fields.choice(
        None,
        ATTENTIONS,
        "How the decoder looks at the encoder's states: additive (Bahdanau), dot or general (Luong). "
        "None hands over the final state alone",
        optional=True,
        task=conditions.TRANSLATED,
        unfit=conditions.as_wide,
    )
    decoder: str | None = fields.choice(
        None,
        CELLS,
        "Kind of cell in the decoder; none takes that of the encoder",
        optional=True,
        label="Cell of the decoder",
        task=conditions.OWN_CELL,
        unfit=conditions.other_cell,
    )

    window: int = fields.whole(
        8,
        1,
        limits.LONGEST_WINDOW,
        "Inputs that the feed-forward window sees at every time step, the last one among them",
        "inputs",
        label="Inputs read",
        when=conditions.of_cells("window"),
        later=True,
    )
    reach: int | None = fields.whole(
        None,
        0,
        limits.LONGEST_REACH,
        "How far around it every place reads, with weights that all places share. Convolutional, on roads "
        "diffusion-convolutional. 0 reads itself alone, none reads all places at once through weights of their own",
        "places",
        optional=True,
        label="Reach of shared weights",
        task=conditions.AT_PLACES,
        later=True,
    )

    def __post_init__(self) -> None:
        fields.validate(self)
        if self.decoder == self.cell:
            object.__setattr__(self, "decoder", None)
        fields.check(self)

    @property
    def cells(self) -> tuple[str, str]:
        """The cells of the encoder and of the decoder; the same twice where there is no decoder."""
        return self.cell, self.decoder or self.cell

    @property
    def kind(self) -> Cell:
        """The description of its cell; of an encoder–decoder, of the encoder's."""
        return CELLS[self.cell]

    @property
    def kinds(self) -> tuple[Cell, Cell]:
        """The descriptions of `cells`."""
        return conditions.kinds(self)

    @property
    def recurrent(self) -> bool:
        """Whether its states are handed on through weights of their own, in both halves."""
        return all(cell.recurrent for cell in self.kinds)

    @property
    def sees(self) -> int | None:
        """Largest number of inputs that a state depends on, that of its own step included.

        None where states are handed on, so that all inputs before it may count.
        """
        return None if self.recurrent else self.layers * (self.kind.span_of(self) - 1) + 1

    @property
    def has_cell_state(self) -> bool:
        """Whether either half carries a cell state beside the hidden state."""
        return any(cell.has_cell_state for cell in self.kinds)

    @property
    def directions(self) -> int:
        """1, or 2 if bidirectional."""
        return 2 if self.bidirectional else 1


def without_options(cell: Cell) -> dict[str, Any]:
    """The options that only other cells have, at their defaults."""
    others = {name for other in CELLS.values() for name in other.options} - {*cell.options}
    return {meaning.name: meaning.default for meaning in fields.describe(ModelSpec) if meaning.name in others}


@dataclasses.dataclass(frozen=True)
class TrainingSpec:
    """How every model of an experiment is trained: Adam on the same batches in the same order."""

    steps: int = fields.whole(600, 1, limits.MOST_STEPS, "Updates of the weights", "updates", label="Training steps")
    batch: int = fields.whole(32, 1, limits.LARGEST_BATCH, "Sequences in one update", "sequences", label="Batch size")
    lr: float = fields.real(3e-3, 1e-6, 1.0, "Learning rate of Adam", label="Learning rate")
    clip: float | None = fields.real(
        1.0, 1e-4, 1e4, "Largest gradient norm; none does not clip", optional=True, label="Clip gradient norm at"
    )
    seed: int = fields.whole(0, 0, limits.LARGEST_SEED, "Seed of the initial weights and of the data")
    device: str = fields.choice(
        "auto", ("auto", "cpu", "cuda"), "Where it runs; auto takes a GPU if there is one", label="Device"
    )
    teacher_forcing: float = fields.real(
        1.0,
        0.0,
        1.0,
        "Probability that the decoder is fed the right symbol; else it reads what it wrote itself",
        label="Teacher forcing ratio",
        task=conditions.FED_BACK,
    )
    schedule: str | None = fields.choice(
        None,
        SCHEDULES,
        "How that probability falls over training; none leaves it as it is",
        optional=True,
        label="Teacher forcing schedule",
        task=conditions.FED_BACK,
    )
    sequences: int | None = fields.whole(
        None,
        limits.FEWEST_SEQUENCES,
        limits.MOST_SEQUENCES,
        "Different sequences that are trained on, again and again: few are learned by heart; none draws without end",
        "sequences",
        optional=True,
        label="Different training sequences",
        later=True,
    )
    weight_decay: float = fields.real(
        0.0,
        0.0,
        10.0,
        "Part of every weight that an update takes away, times the learning rate (AdamW): keeps weights small",
        label="Weight decay",
        later=True,
    )

    def __post_init__(self) -> None:
        fields.validate(self)
