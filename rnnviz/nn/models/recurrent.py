"""The recurrent layers of a spec, and the readout of their states."""

import torch
from torch import nn

from rnnviz.nn.cells.lookup import kind_for
from rnnviz.nn.cells.placed import Placed, PlacedReadout
from rnnviz.specs.architectures import placed
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks import Task


def make_recurrent(spec: ModelSpec, inputs: int) -> nn.RNNBase:
    """The recurrent layers of a spec, under torch's names; their weights are not yet set."""
    kind = kind_for(spec.cell, vars(spec))
    return kind.module(inputs, spec.hidden, spec.layers, bidirectional=spec.bidirectional, skip=spec.skip)


def make_placed(spec: ModelSpec, task: Task) -> tuple[Placed, PlacedReadout]:
    """The same of a spec whose weights are shared by the places that a task reads, and their readout."""
    places = placed.places_of(task)
    mixing = torch.from_numpy(places.mixing(spec.reach or 0).copy())
    kind, more = kind_for(spec.cell, vars(spec)), (places.grid, spec.layers, spec.skip)
    layers = Placed(kind, places.size, spec.hidden, mixing, *more)
    channels, answers = placed.channels_of(spec, task), placed.answers_each(task)
    return layers, PlacedReadout(places.count, channels, answers, over_all=task.answers.at_end)
