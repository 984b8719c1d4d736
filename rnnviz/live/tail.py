"""What the moments after one that a browser has add to everything that is drawn over the whole training."""

from typing import Any

import numpy as np

from rnnviz.live import attention_charts, pages, trends
from rnnviz.live.view import View
from rnnviz.runs.run import Run


def tail(run: Run, view: View, after: int, to: int) -> dict[str, Any]:
    """The moments at the places after `after`, which may be -1, up to `to`, both counted from 0.

    after, to, steps (moment,), the numbers of `trends.numbers`, and where the page shows the history of the gradient
    its columns by label.
    """
    frames = run.frames[after + 1 : to + 1]
    found: dict[str, Any] = {
        "after": after,
        "to": to,
        "steps": np.array([frame.step for frame in frames], np.int32),
        "numbers": trends.numbers(run, frames),
    }
    page = pages.of(run.experiment, view.page)
    if page.decoders:
        found["numbers"] |= attention_charts.numbers(run, frames)
    if page.history:
        found["gradients"] = trends.gradients(run, frames, view)
    return found
