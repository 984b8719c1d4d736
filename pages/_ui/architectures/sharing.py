"""What every use of a shared matrix adds to its gradient: asked of the worker for all models, drawn on the stage."""

import dataclasses
from typing import Any

import numpy as np

from pages._ui.architectures.asking import kept
from pages._ui.live import stage
from pages._ui.run.choices import Choice, has
from pages._ui.run.shown import Shown, choice
from pages._ui.session.asking import PATIENCE, Answer, Waiting, answer, answered
from pages._ui.session.server import engine
from pages._ui.session.state import get_state
from rnnviz.engine import EngineError, questions
from rnnviz.findings.sharing import opposed, sharing, summed
from rnnviz.runs.states import DIRECTIONS
from rnnviz.specs import architectures

FLOW, NAME = "sharing", "sharing"  # as the browser calls what is shown, and what it is given
ASKING = "Each time step gets a copy of the matrix of its own …"
DIGITS = 5  # of a share, which is drawn


@dataclasses.dataclass(frozen=True)
class Use:
    """One matrix of one part of a model, in the chosen layer and direction.

    name: as it is called on the page: "W_hh", "decoder W_hh".
    """

    name: str
    part: str
    place: int
    matrix: str
    direction: str


def applies() -> bool:
    """Whether the stage shows what is shared."""
    return bool(get_state().looked.get("flow") == FLOW)


def draw(shown: Shown) -> None:
    """Ask, with a word while it takes, and hand the answers to the stage."""
    chosen = choice(get_state())
    labels = [label for label in shown.at.measured if has(shown.run.experiment, label, chosen)]
    waiting = {label: {use: _ask(shown, label, use, chosen) for use in uses(shown, label, chosen)} for label in labels}
    every = [one for uses_of in waiting.values() for one in uses_of.values()]
    models = answered(
        every, ASKING, lambda: {label: _model(shown, label, found, chosen) for label, found in waiting.items()}
    )
    key = f"{shown.run.key} {shown.step} {chosen}"
    stage.give(NAME, {"key": key, **dataclasses.asdict(chosen), "models": models})


def uses(shown: Shown, label: str, chosen: Choice) -> list[Use]:
    """The matrices of a model that are used at every step, those of h first; of an encoder–decoder of both halves."""
    parts = architectures.of(shown.run.experiment.task).parts(shown.run.experiment.model(label))
    found = []
    for matrix, letters in (("hh", "W_hh"), ("ih", "W_xh")):
        for place, (name, spec) in enumerate(parts.items()):
            if matrix == "hh" and not spec.kind.recurrent:
                continue
            direction = chosen.direction if chosen.direction in DIRECTIONS[: spec.directions] else DIRECTIONS[0]
            called = letters if len(parts) == 1 else f"{name} {letters}"
            found.append(Use(called, name, place, matrix, direction))
    return found


def _ask(shown: Shown, label: str, use: Use, chosen: Choice) -> Waiting:
    experiment, step = shown.run.experiment, shown.measured_at(label)
    args = (experiment.model(label), experiment.task, shown.at.model(label).weights, chosen.probe)
    call = questions.CONTRIBUTIONS(*args, use.part, chosen.layer, use.direction, use.matrix)
    key = (shown.run.key, shown.shipped, label, use, chosen, step)
    return kept().ask(key, lambda: engine().ask(call, timeout=PATIENCE))


def _model(shown: Shown, label: str, waiting: dict[Use, Waiting], chosen: Choice) -> dict[str, Any]:
    """What a model's matrices were found to be given, by name; or why nothing was found."""
    found: dict[str, Any] = {}
    try:
        for use, one in waiting.items():
            found[use.name] = _use(shown, label, use, answer(one), chosen)
    except (ValueError, EngineError) as error:
        return {"trouble": str(error)}
    return {"uses": found}


def _use(shown: Shown, label: str, use: Use, found: Answer, chosen: Choice) -> dict[str, Any]:
    spec = architectures.of(shown.run.experiment.task).parts(shown.run.experiment.model(label))[use.part]
    matrix, steps = ("W_hh" if use.matrix == "hh" else "W_xh"), "output positions" if use.place else "time steps"
    said = [sharing(matrix, found["share"], steps).text, summed(len(found["share"]), float(found["difference"]))]
    return {
        "part": use.place,
        "layer": chosen.layer % spec.layers,
        "direction": DIRECTIONS.index(use.direction),
        "matrix": matrix,
        "share": _plain(found["share"]),
        "norm": [float(f"{value:.3g}") for value in np.nan_to_num(found["norm"])],
        "cosine": _plain(found["cosine"]),
        "opposed": opposed(found["share"]),
        "step": shown.measured_at(label),
        "text": " ".join(filter(None, said)),
    }


def _plain(values: np.ndarray) -> list[float]:
    return [round(float(value), DIGITS) for value in np.nan_to_num(values)]
