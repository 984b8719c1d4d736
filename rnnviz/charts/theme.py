"""How everything looks: colours, sizes and names, in one place. Nothing here is black or white: it must do on both."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from rnnviz.core.names import model_name

CELL_COLOURS = {"rnn": "#D55E00", "lstm": "#0072B2", "gru": "#009E73", "feedforward": "#999999"}
WITHOUT_COLOURS = {"rnn": "#985030", "lstm": "#8888F0", "gru": "#6B9F2E"}  # without attention: kin, but told apart
DASHES = ((1, 0), (7, 3), (2, 2), (9, 3, 2, 3), (4, 2), (1, 3))  # the first, second, … model of the same cell
WITHOUT = 1  # dashes further on: a model without attention beside the same cell with it

KEEPS, WRITES, SHOWS, RESETS, OFFERS = "#C03A8A", "#2E9BC6", "#B8860B", "#874BD2", "#8C8C8C"
GATE_COLOURS = {  # by what a gate does: where 1 keeps the old state, an LSTM's forget gate is a GRU's update gate
    "forget_gate": KEEPS,
    "update_gate": KEEPS,
    "input_gate": WRITES,
    "output_gate": SHOWS,
    "reset_gate": RESETS,
    "cell_candidate": OFFERS,
    "candidate": OFFERS,
}
GATE_DASHES = {  # told apart without colour too
    "update_gate": (12, 4),
    "input_gate": (7, 3),
    "output_gate": (2, 2),
    "reset_gate": (7, 3, 2, 3),
    "cell_candidate": (9, 3, 2, 3),
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
class Look:
    """How one model is shown wherever it appears."""

    label: str
    name: str
    colour: str
    dash: tuple[int, ...]


def look(label: str) -> Look:
    """The look behind a label such as `lstm`, `lstm-2` or `gru-without`."""
    cell, *rest = label.split("-")
    number = int(rest[-1]) if rest and rest[-1].isdecimal() else 1
    without = "without" in rest
    colours = WITHOUT_COLOURS if without else CELL_COLOURS
    dash = DASHES[(number - 1 + WITHOUT * without) % len(DASHES)]
    return Look(label, model_name(label), colours.get(cell, INK), dash)


def looks(labels: Iterable[str]) -> tuple[Look, ...]:
    """The looks of several models, in their order."""
    return tuple(look(label) for label in labels)


def second_dash(look: Look) -> tuple[int, ...]:
    """The dash of a second line that belongs to the same model."""
    return (5, 3) if look.dash == (1, 0) else (*look.dash, 1, 3)
