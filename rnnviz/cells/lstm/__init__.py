"""The LSTM with a forget gate (Hochreiter and Schmidhuber 1997; Gers et al. 2000)."""

from rnnviz.cells.block import Block, State
from rnnviz.cells.cell import Cell, Option
from rnnviz.cells.lstm.by_hand import BY_HAND
from rnnviz.cells.lstm.diagram import WIRING
from rnnviz.cells.lstm.numbers import equations, inside

CELL = Cell(
    name="lstm",
    title="LSTM",
    does="has a second memory, the cell state, and four mechanisms. The forget gate says what is kept of it, the input "
    "gate how much is written. The cell candidate is what is written, and the output gate says what is shown",
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
            stuck=("it lets everything in", "it lets next to nothing in"),
            dash=(7, 3),
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
            stuck=("it forgets next to nothing", "it keeps next to nothing"),
        ),
        Block(
            "cell_candidate",
            "g",
            "c̃ₜ",
            "cell candidate",
            "tanh",
            "offers",
            "c̃_t = tanh(W_ig x_t + b_ig + W_hg h_(t-1) + b_hg)",
            dash=(9, 3, 2, 3),
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
            stuck=("it shows the whole cell state", "it shows next to nothing of the cell state"),
            dash=(2, 2),
        ),
    ),
    states=(
        State("hidden", "h", "hₜ", "hidden state", "h_t = o_t ⊙ tanh(c_t)", "-1 to 1"),
        State("cell", "c", "cₜ", "cell state", "c_t = f_t ⊙ c_(t-1) + i_t ⊙ c̃_t", "any"),
    ),
    settings=(Option("forget_bias", part="forget gate"),),
    source="Hochreiter and Schmidhuber 1997, Long Short-Term Memory; Gers, Schmidhuber and Cummins 2000, "
    "Learning to Forget: Continual Prediction with LSTM",
    order=("f", "i", "g", "o"),
    squashed="cell",
    carry=r"$\partial c_t / \partial c_{t-1} = \mathrm{diag}(f_t)$, no matrix in between: its singular values "
    "are the forget gates themselves.",
    inside=inside,
    wirings={"lstm": WIRING},
    equations=equations,
    by_hand=BY_HAND,
)
