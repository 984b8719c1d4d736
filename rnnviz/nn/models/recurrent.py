"""The recurrent layers of a spec."""

from torch import nn

from rnnviz.nn.cells.lookup import kind_for
from rnnviz.specs.models import ModelSpec


def make_recurrent(spec: ModelSpec, inputs: int) -> nn.RNNBase:
    """The recurrent layers of a spec, under torch's names; their weights are not yet set."""
    kind = kind_for(spec.cell, vars(spec))
    return kind.module(inputs, spec.hidden, spec.layers, bidirectional=spec.bidirectional, skip=spec.skip)
