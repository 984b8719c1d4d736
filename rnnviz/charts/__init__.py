"""Arrays and tables in, Altair charts out. Nothing is computed here but colours and places on the page.

Every function returns a `Drawing`. Its structure depends only on what stays the same while a run goes on (which models,
how many time steps, which variables), so that a live page replaces data and never the chart.
"""

from rnnviz.charts.answers import answers
from rnnviz.charts.attention.attention import attention
from rnnviz.charts.attention.attention_cells import attention_cells
from rnnviz.charts.attention.beam import BeamNode, beam_tree
from rnnviz.charts.attention.by_length import by_length
from rnnviz.charts.attention.candidates import candidates
from rnnviz.charts.attention.composition import composition
from rnnviz.charts.attention.exposure import exposure, positions
from rnnviz.charts.attention.schedule import schedule
from rnnviz.charts.attention.sharpness import sharpness
from rnnviz.charts.byhand.hand_losses import hand_losses
from rnnviz.charts.byhand.unrolled import unrolled, unrolled_back
from rnnviz.charts.cells import MOST_CELLS, cells
from rnnviz.charts.changed.clamped import clamped_gradient, clamped_states
from rnnviz.charts.changed.silenced import silenced
from rnnviz.charts.changed.symbols import difference_norms, difference_states
from rnnviz.charts.contestants import contestants
from rnnviz.charts.curves import clipped, grad_norm, loss, memory_horizon, score, singular_values
from rnnviz.charts.diagram import diagram
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.fit import fit
from rnnviz.charts.gradients import gradient_history, gradient_norm
from rnnviz.charts.influence import influence
from rnnviz.charts.jacobians import cell_jacobian_values, jacobian_values, path_shares
from rnnviz.charts.kit.symbols import longest as longest_symbol
from rnnviz.charts.lags import lags
from rnnviz.charts.means import gate_means
from rnnviz.charts.readable import readable
from rnnviz.charts.recall_rates import recall_rates
from rnnviz.charts.strips import Strip, strips
from rnnviz.charts.traces import gates, states, variables
from rnnviz.charts.truth import truth

__all__ = [
    "MOST_CELLS",
    "BeamNode",
    "Drawing",
    "Strip",
    "answers",
    "attention",
    "attention_cells",
    "beam_tree",
    "by_length",
    "candidates",
    "cell_jacobian_values",
    "cells",
    "clamped_gradient",
    "clamped_states",
    "clipped",
    "composition",
    "contestants",
    "diagram",
    "difference_norms",
    "difference_states",
    "exposure",
    "fit",
    "gate_means",
    "gates",
    "grad_norm",
    "gradient_history",
    "gradient_norm",
    "hand_losses",
    "influence",
    "jacobian_values",
    "lags",
    "longest_symbol",
    "loss",
    "memory_horizon",
    "path_shares",
    "positions",
    "readable",
    "recall_rates",
    "schedule",
    "score",
    "sharpness",
    "silenced",
    "singular_values",
    "states",
    "strips",
    "truth",
    "unrolled",
    "unrolled_back",
    "variables",
]
