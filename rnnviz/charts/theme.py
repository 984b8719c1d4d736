"""How everything looks: colours, sizes and names, in one place. Nothing here is black or white: it must do on both."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from rnnviz.cells import CELLS
from rnnviz.cells.block import Role
from rnnviz.specs.labels import model_name, parsed

DASHES = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3), (4, 2), (1, 3))  # the first, second, … model of the same cell
MARKS = (
    ("circle", True),
    ("circle", False),
    ("square", False),
    ("diamond", False),
    ("square", True),
    ("diamond", True),
)
OF_FORM = {
    "": 0,
    "without": 1,
    "conv": 0,
    "dc": 0,
    "alone": 2,
}  # dashes further on, of one form of a cell beside another

ROLES: dict[Role, str] = {  # by what a gate does: where 1 keeps the old state, all have the same colour
    "keeps": "#C03A8A",
    "writes": "#2E9BC6",
    "shows": "#B8860B",
    "resets": "#874BD2",
    "offers": "#8C8C8C",
}

ASKED_COLOUR, ASKED_DASH = "#8C8C8C", (4, 3)  # the right answer

INK = "currentColor"  # text and rules inside a chart take the page's own colour of text, light or dark
SOFT = 0.75  # opacity of remarks
FAINT = 0.3  # opacity of what must not compete with the data

TEXT = 13  # pixels, axis labels
NOTE = 12  # pixels, legends of rasters and remarks
HEADING = 14  # pixels, axis titles and names of bands
LINE = 2.75  # pixels; a projector swallows thinner ones
ROW = 18  # pixels, height of a row of remarks
MARGIN = 28  # pixels left of whatever has time steps across, so that it all lines up
NUMBERS = 52  # pixels left of a chart whose numbers grow longer while it is updated; 0.00002 fits
SHORT_NUMBERS = 34  # the same where they are not logarithmic: −1.5, 100
CURVES = 220  # pixels, height of a chart over training
AXIS: dict[str, Any] = {  # of every axis
    "labelFontSize": TEXT,
    "labelColor": INK,
    "labelPadding": 5,
    "titleFontSize": HEADING,
    "titleColor": INK,
    "titlePadding": 6,
    # Vega makes a plot narrower by what sticks out of it, again at every update: so nothing may.
    "titleLimit": {"expr": "width"},
}


@dataclasses.dataclass(frozen=True)
class ModelStyle:
    """How one model is shown wherever it appears."""

    label: str
    name: str
    colour: str
    dash: tuple[int, ...]

    @property
    def mark(self) -> tuple[str, bool]:
        """The shape of its dots, as Vega calls it, and whether they are filled: told apart where dashes are."""
        return MARKS[DASHES.index(self.dash)]


def style_of(label: str) -> ModelStyle:
    """The look behind a label such as `lstm`, `lstm-2` or `gru-without`."""
    name, form, number = parsed(label)
    dash = DASHES[(number - 1 + OF_FORM[form]) % len(DASHES)]
    return ModelStyle(label, model_name(label), CELLS[name].without if form else CELLS[name].colour, dash)


def looks(labels: Iterable[str]) -> tuple[ModelStyle, ...]:
    """The looks of several models, in their order."""
    return tuple(style_of(label) for label in labels)


def second_dash(look: ModelStyle) -> tuple[int, ...]:
    """The dash of a second line that belongs to the same model."""
    return (5, 3) if look.dash == (1, 0) else (*look.dash, 1, 3)
