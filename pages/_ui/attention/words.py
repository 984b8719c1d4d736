"""The Attention page's sentences: every number in them is measured on what is shown."""

import numpy as np

from pages._ui.attention.output import Output
from pages._ui.run.sequence_input import Input
from pages._ui.widgets.marks import escaped
from rnnviz.analysis import alignment
from rnnviz.charts.theme import style_of
from rnnviz.core.names import counted, listed, percent
from rnnviz.live.attention import KINDS
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.models import ModelSpec

PARTS = (("year", 0, 4), ("month", 5, 7), ("day", 8, 10))  # of 2026-03-14
_LONGEST_LIST = 8  # symbols whose input is named


def name(label: str) -> str:
    """A model as the page calls it."""
    return style_of(label).name


def kind(spec: ModelSpec, at_once: bool = False) -> str:
    """What a model is, in a line; `at_once`: its encoder is a convolution."""
    ways = "two directions" if spec.bidirectional else "one direction"
    decoder = f"; its decoder is {spec.kinds[1].one}" if spec.decoder else ""
    with_it = KINDS[spec.attention] if spec.attention else "no attention"
    return f"{with_it}, {'convolutional encoder' if at_once else f'encoder in {ways}'}{decoder}"


def looks(experiment: Experiment, label: str, given: Input, output: Output) -> list[str]:
    """Where one model looked while it wrote, in one or two sentences."""
    if output.weights is None or not output.weights.sum():
        return []
    task, one = experiment.task.name, experiment.task.reads.one
    if task == "dates" and (parts := date_parts(output)):
        said = [_of_date(given, parts)]
    elif task == "reverse":
        said = [_backwards(output), _same(given, output)]
    elif task == "sort":
        return [_same(given, output), _spread(output, one)]
    else:
        said = [_pairs(given, output)]
    return [line.replace(" %", "\u00a0%") for line in (f"The {name(label)} {said[0]}", *said[1:], _spread(output, one))]


def date_parts(output: Output) -> list[tuple[str, str, np.ndarray]]:
    """Year, month and day that were written, each with the weights (rows, input_time); none if that is no date."""
    text, weights = output.text, output.weights
    if weights is None or len(text) != 10 or {text[4], text[7]} != {"-"} or not text.replace("-", "").isdigit():
        return []
    return [(part, text[begin:end], weights[begin:end]) for part, begin, end in PARTS]


def of_row(given: Input, row: np.ndarray) -> str:
    """What one context is made of: "The context comes from m (41 %), 2 (10th, 30 %) and r (20 %)", if that is most."""
    if not row.sum():
        return "The context is all zeros."
    found = alignment.where(row)
    mostly = "" if sum(found.shares) >= alignment.ENOUGH else "mostly "
    return f"The context comes {mostly}from {_tokens(given, found)}."


def _of_date(given: Input, parts: list[tuple[str, str, np.ndarray]]) -> str:
    said = [
        f"for the {part} ({escaped(text)}) at {_tokens(given, alignment.where(weights))}"
        for part, text, weights in parts
    ]
    return "looks " + ". ".join([said[0], *(f"F{one[1:]}" for one in said[1:])]) + "."


def _backwards(output: Output) -> str:
    weights = output.weights
    assert weights is not None
    near, even = alignment.mass_near_antidiagonal(weights), alignment.even_near_antidiagonal(weights.shape)
    return (
        f"puts **{percent(100 * near)}** of its weight on the letter it has to write or a neighbour of it. "
        f"With equal attention that would be {percent(100 * even)}."
    )


def _same(given: Input, output: Output) -> str:
    assert output.weights is not None
    rows = len(output.text)  # the end is no letter
    same = alignment.agree(output.weights[:rows], given.tokens, output.tokens[:rows])
    places = counted(rows, "output position")
    return f"At {same} of {places} the letter that it looks at most is the letter that it writes."


def _pairs(given: Input, output: Output) -> str:
    assert output.weights is not None
    places, most = alignment.peak(output.weights), output.weights.max(-1)
    shown = list(zip(output.tokens, places, most, strict=True))[:_LONGEST_LIST]
    said = [f"**{escaped(out)}** ← {_token(given, int(at), float(weight))}" for out, at, weight in shown]
    return "looks most at: " + ", ".join(said) + (" …" if len(output.tokens) > _LONGEST_LIST else ".")


def _spread(output: Output, one: str) -> str:
    assert output.weights is not None
    by, of = alignment.shared_by(output.weights), output.weights.shape[1]
    if of == 1:
        return f"There is only one {one} to look at, so it has all the weight."
    equal = f"Equal attention would be {percent(100 / of)} per {one}."
    return f"{equal} On average the model looks at about {round(by)} of the {of}."


def _tokens(given: Input, found: alignment.Focus) -> str:
    return listed([_token(given, place, share, "**") for place, share in zip(found.places, found.shares, strict=True)])


def _token(given: Input, place: int, share: float, mark: str = "") -> str:
    """What was read at a place, with its share of the weight; one that comes more than once also with its place."""
    read = given.tokens[place]
    which = f"{_ordinal(place + 1)}, " if given.tokens.count(read) > 1 else ""
    return f"{mark}{escaped(read)}{mark} ({which}{percent(100 * share)})"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
