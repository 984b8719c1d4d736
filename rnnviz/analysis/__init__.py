"""From a run to the tables and arrays that charts draw. Numpy and pandas only, and fast enough for every refresh.

Models are named by their labels. A model that has ended is shown at its last frame; one that has none is left out.
"""

from rnnviz.analysis.curves import (
    clipped_curve,
    grad_norm_curve,
    held_out_loss,
    largest_singular_value,
    loss_curve,
    marked_score,
    score_curve,
    singular_curve,
    steps_per_point,
    steps_per_share,
)
from rnnviz.analysis.diagnoses import per_step_factor
from rnnviz.analysis.gradients import (
    cell_gradient_norms,
    first_half,
    gradient_histories,
    gradient_norm,
    gradient_norms,
    read_steps,
    within,
)
from rnnviz.analysis.traces import (
    analysed_steps,
    answers,
    block_names,
    gate_means,
    gate_names,
    is_bounded,
    probe_read_steps,
    tokens,
    trace,
)

__all__ = [
    "analysed_steps",
    "answers",
    "block_names",
    "cell_gradient_norms",
    "clipped_curve",
    "first_half",
    "gate_means",
    "gate_names",
    "grad_norm_curve",
    "gradient_histories",
    "gradient_norm",
    "gradient_norms",
    "held_out_loss",
    "is_bounded",
    "largest_singular_value",
    "loss_curve",
    "marked_score",
    "per_step_factor",
    "probe_read_steps",
    "read_steps",
    "score_curve",
    "singular_curve",
    "steps_per_point",
    "steps_per_share",
    "tokens",
    "trace",
    "within",
]
