"""What answers have to do with the truth, in a sentence for each model."""

from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.core.names import counted, number, percent
from rnnviz.tasks import Task

Arrays = Mapping[str, np.ndarray]
_FLAT = 0.2  # answers whose standard deviation is below this share of the truths' lie near one number
_FOLLOWS, _PARTLY = 0.9, 0.1  # R² from which on answers follow the truth, or follow it in part
_PLACES = 2  # percentage points between two places of an output that are told apart


def numbers(task: Task, found: Arrays) -> str:
    """Whether numbers that are answered follow the truth, to follow a model's name and a colon."""
    of = task.answers.of
    unit, digits = f" {of.unit}".rstrip(), max(of.digits, 2)
    values = {name: float(found[name]) for name in ("error", "spread", "wanted", "middle", "explained")}
    if not all(np.isfinite(value) for name, value in values.items() if name != "explained"):
        return "nothing can be told: its numbers overflow."
    off = f"Off by {number(values['error'], digits)}{unit} on average."
    if values["spread"] < _FLAT * values["wanted"]:
        return f"all answers lie near {number(values['middle'], digits)}{unit}, whatever the truth. {off}"
    if values["explained"] >= _FOLLOWS:
        return f"the answers follow the truth. {off}"
    part = " only in part" if values["explained"] >= _PARTLY else " hardly or not at all"
    return f"the answers follow the truth{part}. {off}"


def classes(names: Sequence[str], confusion: np.ndarray, right: int, named: int) -> str:
    """How many answers are right, and which error is the most frequent, to follow a model's name and a colon.

    names: of the rows and columns, of which the first `named` are single classes.
    right: how many answers are right.
    """
    total = int(confusion.sum())
    if not total:
        return "nothing is asked."
    answered, share = np.flatnonzero(confusion.sum(0)), percent(100 * right / total)
    if len(answered) == 1 and answered[0] < named:
        return f"always answers “{names[answered[0]]}”, whatever is right: {share} right."
    if right == total:
        return f"all of {counted(total, 'answer')} are right."
    wrong = confusion[:named, :named].copy()
    np.fill_diagonal(wrong, 0)
    row, column = divmod(int(wrong.argmax()), named)
    if not wrong[row, column]:
        return f"{share} right."
    asked = int(confusion[row].sum())
    most = (
        f"Most frequent error: “{names[row]}” taken for “{names[column]}”, {wrong[row, column]:,} of {asked:,} times."
    )
    return f"{share} right. {most}"


def written(places: Sequence[float]) -> str:
    """How the share of right symbols goes along the output, to follow a model's name and a colon.

    places: percent right at each place that is measured, running free.
    """
    first, worst = places[0], min(range(len(places)), key=places.__getitem__)
    if first - places[worst] < _PLACES:
        return f"at every place at least {percent(places[worst])} right."
    return f"{percent(first)} right at the first place; fewest at place {worst + 1}: {percent(places[worst])}."
