"""The simple RNN (Elman 1990)."""

from rnnviz.cells.cell import Block, Cell, State

_EQUATION = "h_t = {activation}(W_hh h_(t-1) + b_hh + W_ih x_t + b_ih)"

CELL = Cell(
    name="rnn",
    title="RNN",
    place=0,
    colour="#D55E00",
    without="#985030",
    blocks=(Block("hidden", "h", "hₜ", "hidden state", "", "writes", _EQUATION),),
    states=(State("hidden", "h", "hₜ", "hidden state", _EQUATION, ""),),
    options=("activation",),
    source="Elman 1990, Finding Structure in Time",
)
