"""A pad on which a visitor draws what models read: it types the drawing into the box for an input of one's own."""

from collections.abc import Sequence

from pages._ui.live import stage
from pages._ui.widgets.values import put, standing
from rnnviz.core.errors import ExperimentError
from rnnviz.live.applications import drawing


def show(key: str, otherwise: Sequence[str]) -> None:
    """Draw the pad with the drawing that is typed.

    key:       of the box that it types into.
    otherwise: drawings as they are typed, of which the first that is one is shown where nothing that can be read is.
    """
    stage.part(
        "pad", {"kind": "pad", "key": "pad", **_told((standing(key, ""), *otherwise))}, lambda text: put(key, text)
    )


def _told(texts: Sequence[str]) -> dict[str, object]:
    first, *others = texts
    try:
        return drawing.pad(first)
    except ExperimentError:
        if not others:
            raise
        return _told(others)
