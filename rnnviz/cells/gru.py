"""The GRU (Cho et al. 2014), with its reset gate after the matrix product, as torch has it, or before."""

from rnnviz.cells.cell import Block, Cell, State

CELL = Cell(
    name="gru",
    title="GRU",
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
        ),
        Block(
            "candidate",
            "n",
            "h̃ₜ",
            "candidate",
            "tanh",
            "offers",
            "h̃_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_(t-1) + b_hn))",
        ),
    ),
    states=(State("hidden", "h", "hₜ", "hidden state", "h_t = z_t ⊙ h_(t-1) + (1 − z_t) ⊙ h̃_t", "-1 to 1"),),
    options=("reset",),
    source="Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine "
    "Translation",
)
