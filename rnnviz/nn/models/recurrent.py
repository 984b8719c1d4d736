"""The recurrent layers of a spec."""

from torch import nn

from rnnviz.nn.cells.gru import GRU
from rnnviz.nn.cells.gru_before import ResetBeforeGRU
from rnnviz.nn.cells.lstm import LSTM
from rnnviz.nn.cells.rnn import RNN
from rnnviz.specs.models import ModelSpec


def make_recurrent(spec: ModelSpec, inputs: int) -> nn.RNNBase:
    """The recurrent layers of a spec, under torch's names; their weights are not yet set."""
    more = {"bidirectional": spec.bidirectional, "skip": spec.skip}
    if spec.cell == "rnn":
        return RNN(inputs, spec.hidden, spec.layers, activation=spec.activation, **more)
    if spec.cell == "gru":
        kind = ResetBeforeGRU if spec.reset == "before" else GRU
        return kind(inputs, spec.hidden, spec.layers, **more)
    return LSTM(inputs, spec.hidden, spec.layers, **more)
