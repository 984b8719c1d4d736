"""The LSTM with a forget gate (Hochreiter and Schmidhuber 1997; Gers et al. 2000)."""

from rnnviz.cells.cell import Block, Cell, State

CELL = Cell(
    name="lstm",
    title="LSTM",
    place=1,
    colour="#0072B2",
    without="#8888F0",
    blocks=(
        Block(
            "input_gate",
            "i",
            "iₜ",
            "input gate",
            "sigmoid",
            "writes",
            "i_t = σ(W_ii x_t + b_ii + W_hi h_(t-1) + b_hi)",
            ends=("shut", "open"),
        ),
        Block(
            "forget_gate",
            "f",
            "fₜ",
            "forget gate",
            "sigmoid",
            "keeps",
            "f_t = σ(W_if x_t + b_if + W_hf h_(t-1) + b_hf)",
            ends=("forgets", "keeps"),
        ),
        Block(
            "cell_candidate",
            "g",
            "c̃ₜ",
            "cell candidate",
            "tanh",
            "offers",
            "c̃_t = tanh(W_ig x_t + b_ig + W_hg h_(t-1) + b_hg)",
        ),
        Block(
            "output_gate",
            "o",
            "oₜ",
            "output gate",
            "sigmoid",
            "shows",
            "o_t = σ(W_io x_t + b_io + W_ho h_(t-1) + b_ho)",
            ends=("shut", "open"),
        ),
    ),
    states=(
        State("hidden", "h", "hₜ", "hidden state", "h_t = o_t ⊙ tanh(c_t)", "-1 to 1"),
        State("cell", "c", "cₜ", "cell state", "c_t = f_t ⊙ c_(t-1) + i_t ⊙ c̃_t", "any"),
    ),
    options=("forget_bias",),
    source="Hochreiter and Schmidhuber 1997, Long Short-Term Memory; Gers, Schmidhuber and Cummins 2000, "
    "Learning to Forget: Continual Prediction with LSTM",
)
