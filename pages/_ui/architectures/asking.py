"""Where this page's questions to the worker are kept: each is asked once for all who look."""

from pages._ui.session.asking import Asked, asked
from rnnviz.core import limits


def kept() -> Asked:
    """The questions and their answers."""
    return asked("unrolled answers", limits.UNROLLED_ANSWER_BYTES_KEPT)
