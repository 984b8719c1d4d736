"""A pad on which a visitor draws what models read: it types the drawing into the box for an input of one's own."""

from pages._ui.live import stage
from pages._ui.widgets.values import put
from rnnviz.live.applications import drawing
from rnnviz.tasks.captions import Captions


def show(task: Captions, key: str, text: str) -> None:
    """Draw the pad.

    key:  of the box that it types into.
    text: the drawing that is on it, as it is typed.
    """

    def hear(drawn: str) -> None:
        put(key, drawn)

    stage.part("pad", {"kind": "pad", "key": "pad", **drawing.pad(task, text)}, hear)
