"""A pad on which a visitor draws what models read: it types the drawing into the box for an input of one's own."""

from collections.abc import Sequence

from pages._ui.live import stage
from pages._ui.widgets.values import retype
from rnnviz.core.errors import ExperimentError
from rnnviz.live.applications import drawing


def show(key: str, texts: Sequence[str]) -> None:
    """Draw the pad with the first of `texts` that is a drawing.

    key:   of the box that it types into.
    texts: what is typed there, and drawings as they are typed to be shown in its place.
    """
    stage.part("pad", {"kind": "pad", "key": "pad", **_told(texts)}, lambda text: retype(key, text))


def _told(texts: Sequence[str]) -> dict[str, object]:
    first, *others = texts
    try:
        return drawing.pad(first)
    except ExperimentError:
        if not others:
            raise
        return _told(others)
