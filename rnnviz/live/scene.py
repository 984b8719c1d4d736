"""What a browser is told once about a page of an experiment: nothing in it changes while a run goes on."""

from typing import Any

from rnnviz import analysis
from rnnviz.cells import CELLS
from rnnviz.charts.drawing import Drawing
from rnnviz.charts.scales import GRADIENT
from rnnviz.charts.theme import style_of
from rnnviz.core import limits
from rnnviz.core.cache import Cache
from rnnviz.core.names import listed
from rnnviz.findings.finding import named, sentence
from rnnviz.live import (
    anatomy,
    applications,
    architectures,
    attention,
    attention_charts,
    branch,
    moving,
    pages,
    pictures,
    trends,
    verdicts,
)
from rnnviz.live.moment import MOVING
from rnnviz.live.sequences import sequences
from rnnviz.live.view import View
from rnnviz.runs.view import RunView
from rnnviz.specs.branch import Branch, key_of
from rnnviz.specs.experiment import Experiment
from rnnviz.specs.labels import short_name

_scenes: Cache[tuple[str, str], dict[str, Any]] = Cache("scenes", limits.SCENE_BYTES_KEPT)


def scene(experiment: Experiment, page: str, start: Branch | None = None) -> dict[str, Any]:
    """Everything that a page of an experiment shows, without the numbers of a run.

    start: where its training starts; None for first weights.

    models (label, name, colour, layers, directions), steps of the training, times (time steps of a sequence), back
    (whose gradient is to be drawn before it is shown),
    sequences, pictures, a note on models without any, charts by name, history of the gradient, pairs of what is read
    and to be written, branch (what was changed at its step).
    """
    return _scenes.get((key_of(experiment, start), page), lambda: _made(experiment, page, start))


def _made(experiment: Experiment, page: str, start: Branch | None) -> dict[str, Any]:
    known, branched = pages.of(experiment, page), branch.told(experiment, start)
    drawn = {name: _trend(experiment, name) for name in known.trends}
    drawn |= {name: _moving(experiment, page, name) for name in known.moving}
    beside = branch.with_original if branched else branch.with_last
    drawn |= {name: beside(drawn[name]) for name in (*known.trends, *branch.with_ghost(known))}
    drawn_first = moving.asked(experiment) if known.guessed else None
    if drawn_first:
        drawn[moving.GUESSED] = moving.with_guess(drawn[moving.GUESSED])
    return {
        "page": page,
        "branch": branched,
        "models": [_model(experiment, label, known) for label in experiment.labels],
        "steps": experiment.training.steps,
        "times": experiment.task.steps,
        "answers": experiment.task.answers.name,
        "opening": getattr(experiment.task, "opening", 0),
        "question": f"{experiment.task.title}: {experiment.task.answers.asked}",
        "asks": experiment.task.asks if known.guessed else "",
        "learned": verdicts.asked(experiment.task) if known.guessed else "",
        "back": drawn_first,
        "better": "up" if experiment.task.higher_is_better else "down",
        "sequences": sequences(experiment),
        "pictures": _pictures(experiment, known),
        "note": _note(experiment, known),
        "pairs": attention.pairs(experiment.task) if known.decoders else [],  # type: ignore[arg-type]
        "charts": drawn,
        "history": _history(experiment) if known.history else None,
        "anatomy": anatomy.told(experiment) if known.cells else None,
        "unrolled": architectures.told(experiment) if known.unrolled else None,
    }


def _pictures(experiment: Experiment, known: pages.Page) -> list[dict[str, Any]]:
    if known.decoders:
        return attention.pictures(experiment)
    if known.own:
        return applications.applied(experiment, known.keys)
    return pictures.pictures(experiment, known.pictures, known.keys) if known.pictures else []


def _note(experiment: Experiment, known: pages.Page) -> str:
    """Which models have none of what a page shows, and who would have some where none has; "" where all have."""
    shown = pictures.with_any(experiment, known.pictures) if known.lacks else [*experiment.labels]
    lacking = [label for label in experiment.labels if label not in shown]
    if not lacking:
        return ""
    note = f"{sentence(named(lacking))} {'has' if len(lacking) == 1 else 'have'} no {known.lacks}."
    others = [cell.one for cell in CELLS.values() if {*pictures.CHOSEN[known.pictures]()} & {*cell.variables}]
    return note if shown else f"{note} {sentence(listed(others, 'or'))} has."


def _model(experiment: Experiment, label: str, known: pages.Page) -> dict[str, Any]:
    spec, one = experiment.model(label), style_of(label)
    dash = list(one.dash) if one.dash != (1, 0) else []
    names = {"label": label, "name": one.name, "title": experiment.title(label), "short": short_name(label)}
    inside = (1, 1) if known.decoders else (spec.layers, spec.directions)
    looks = {"colour": one.colour, "dash": dash}
    return {**names, **looks, "units": spec.hidden, "layers": inside[0], "directions": inside[1]}


def _trend(experiment: Experiment, name: str) -> dict[str, Any]:
    """A chart over training: the browser fills its lines from the numbers of all moments."""
    of_decoders = name in attention_charts.TRENDS
    drawing = attention_charts.TRENDS[name](experiment) if of_decoders else getattr(trends, name)(experiment)
    title = (attention_charts if of_decoders else trends).TITLES[name](experiment)
    told = {"kind": "trend", "numbers": name, "least": trends.SMALLEST, "title": title, **_chart(drawing)}
    modes = (attention_charts.MODES | trends.MODES).get(name)
    marked = {"rise": trends.rise(experiment)} if name == "fit" else {}
    return told | marked | ({"modes": modes(experiment)} if modes else {})


def _moving(experiment: Experiment, page: str, name: str) -> dict[str, Any]:
    """A chart of one moment: the browser fills its tables from the moment."""
    drawing = MOVING[name](RunView.of(experiment), View(page))
    of_any = moving.TITLES.get(name)
    title = of_any(experiment) if of_any else attention_charts.MOVING_TITLES[name]
    return {"kind": "moving", "title": title, **_chart(drawing)}


def _chart(drawing: Drawing) -> dict[str, Any]:
    tables = {name: _rows(table) for name, table in drawing.tables.items()}
    return {"spec": {**_bare(drawing.structure.spec), "datasets": tables}, "alt": drawing.alt}


def _bare(part: Any, channel: str = "") -> Any:
    """A spec without its legend and the title of its vertical axis: the page has a heading and the models' colours."""
    if isinstance(part, list):
        return [_bare(one) for one in part]
    if not isinstance(part, dict):
        return part
    bare = {name: None if name == "legend" else _bare(value, name) for name, value in part.items()}
    inner = bare.get("axis")
    if channel == "y" and isinstance(inner, dict):
        inner["title"] = None
    return bare


def _rows(table: Any) -> list[dict[str, Any]]:
    names = list(table)
    return [
        {name: value.item() if hasattr(value, "item") else value for name, value in zip(names, row, strict=True)}
        for row in zip(*table.values(), strict=True)
    ]


def _history(experiment: Experiment) -> dict[str, Any]:
    ends = {"low": GRADIENT.low, "high": GRADIENT.high, "lowName": GRADIENT.low_name, "highName": GRADIENT.high_name}
    return {"palette": GRADIENT.scheme, **ends, "read": analysis.read_steps(experiment)}
