"""The GRU (Cho et al. 2014), with its reset gate after the matrix product, as torch has it, or before."""

from rnnviz.cells.block import Block, State
from rnnviz.cells.cell import Cell, Option
from rnnviz.cells.gru.by_hand import BY_HAND
from rnnviz.cells.gru.conventions import Z_UPDATES
from rnnviz.cells.gru.diagram import WIRINGS
from rnnviz.cells.gru.numbers import equations, inside

CELL = Cell(
    name="gru",
    title="GRU",
    does="has one memory and two gates, so fewer weights than an LSTM of the same size",
    lighter="lstm",
    place=2,
    colour="#009E73",
    without="#6B9F2E",
    blocks=(
        Block(
            "reset_gate",
            "r",
            "rₜ",
            "reset gate",
            "sigmoid",
            "resets",
            "r_t = σ(W_ir x_t + b_ir + W_hr h_(t-1) + b_hr)",
            ends=("shut", "open"),
            stuck=(
                "the candidate always sees the old state",
                "the candidate sees next to nothing of the old state",
            ),
            dash=(7, 3, 2, 3),
        ),
        Block(
            "update_gate",
            "z",
            "zₜ",
            "update gate",
            "sigmoid",
            "keeps",
            "z_t = σ(W_iz x_t + b_iz + W_hz h_(t-1) + b_hz)",
            ends=("replaces", "keeps"),
            stuck=("it keeps the old state and takes next to nothing in", "it replaces the state at every time step"),
            legend=("replaces", "keeps"),
            aside="which keeps the state",
            dash=(12, 4),
        ),
        Block(
            "candidate",
            "n",
            "h̃ₜ",
            "candidate",
            "tanh",
            "offers",
            "h̃_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_(t-1) + b_hn))",
            variants=(("reset", "before", "h̃_t = tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_(t-1)) + b_hn)"),),
            scaled_by="r",
            scaled_first=("reset", "before"),
        ),
    ),
    states=(State("hidden", "h", "hₜ", "hidden state", "h_t = z_t ⊙ h_(t-1) + (1 − z_t) ⊙ h̃_t", "-1 to 1"),),
    settings=(Option("reset", part="reset gate", told="reset gate {} the matrix product"),),
    source="Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine "
    "Translation",
    convention=Z_UPDATES,
    inside=inside,
    wirings=WIRINGS,
    equations=equations,
    by_hand=BY_HAND,
)
