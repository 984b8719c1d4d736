"""What models write at one moment of a run, as a visitor wishes it: a question to a worker for each of them.

    written/{run}/{place}?id=…&prefix=…&temperature=…&top_k=…&draw=…

Every frame holds its weights, so that the text of any moment of any run can be written when somebody looks at it:
nothing of it is recorded, and training costs no more than without.
"""

import asyncio
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from pages._ui.live import names
from pages._ui.session.asking import PATIENCE, Answer, Asked, Waiting, asked
from pages._ui.session.server import engine
from rnnviz import live
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.core.fields import is_whole
from rnnviz.engine import EngineError, questions
from rnnviz.runs.continuation import (
    check_prefix,
    check_temperature,
    check_top_k,
    drawn_from,
    seed_of,
    usual_length,
    writes,
)

TOP = 5  # symbols of which the probability is told
PREFIX_TITLE = "Beginning"  # of the field, by which it is refused, too
IMMUTABLE = "private, max-age=31536000, immutable"


@dataclasses.dataclass(frozen=True)
class Wish:
    """What a visitor chose; draw: which of many draws is meant, from 0."""

    prefix: str
    temperature: float
    top_k: int | None
    draw: int

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Self:
        """From an address; what is no number stays a text, for `check`."""
        top_k, draw = said.get("top_k", ""), said.get("draw", "0")
        return cls(
            said.get("prefix", ""), _real(said.get("temperature", "1")), _whole(top_k) if top_k else None, _whole(draw)
        )

    def check(self, task: Any) -> None:
        """Refuse what cannot be written so.

        Raises:
            ExperimentError: in one sentence, with the field's name on screen.
        """
        check_prefix(task, self.prefix, PREFIX_TITLE, limits.LONGEST_PREFIX)
        check_temperature(self.temperature)
        check_top_k(self.top_k)
        if not is_whole(self.draw, 0, limits.MOST_DRAWS):
            raise ExperimentError("draw", f"a whole number from 0 to {limits.MOST_DRAWS:,}", self.draw)


def kept() -> Asked:
    """The questions and their answers."""
    return asked("written", limits.WRITTEN_BYTES_KEPT)


async def written(request: Request) -> Response:
    """What every model measured so far writes; a sentence under "refused" where the wish is none."""
    name, id = request.path_params["run"], request.query_params.get("id", "")
    place = request.path_params["place"]
    source = names.source(name, id)
    there = source is not None and (not id or id == source.id) and writes(source.run.experiment.task)
    if source is None or not there or _whole(place, -1) not in range(len(source.run.frames)):
        return Response(
            "there is no such moment of models that write", 404, {"Cache-Control": "no-store"}, "text/plain"
        )
    wish = Wish.read(request.query_params)
    try:
        waiting = await asyncio.to_thread(_ask, name, source, int(place), wish)
    except ExperimentError as error:
        return _packed({"refused": str(error)}, "no-store")
    models = {label: await _told(one, wish) for label, one in waiting.items()}
    lasts = id and not any("trouble" in model for model in models.values())
    return _packed({"place": int(place), "models": models}, IMMUTABLE if lasts else "no-store")


def _ask(name: str, source: names.Source, place: int, wish: Wish) -> dict[str, Waiting]:
    """All models are asked before the first answer is waited for.

    Raises:
        ExperimentError: the wish is none.
    """
    run = source.run
    experiment, task = run.experiment, run.experiment.task
    wish.check(task)
    at = run.at(run.frames[place].step)
    found = {}
    for label, frame in at.measured.items():
        seed = seed_of(experiment.training.seed, at.steps[label], experiment.labels.index(label), wish.draw)
        call = questions.WRITE(
            experiment.model(label),
            task,
            frame.weights,
            wish.prefix,
            usual_length(task),
            wish.temperature,
            seed,
            wish.top_k,
        )
        key = (name, source.id, label, at.steps[label], wish)
        found[label] = kept().ask(key, functools.partial(engine().ask, call, timeout=PATIENCE))
    return found


async def _told(waiting: Waiting, wish: Wish) -> dict[str, Any]:
    try:
        return told(await asyncio.wrap_future(waiting), wish.temperature, wish.top_k)
    except (ValueError, EngineError) as error:
        return {"trouble": str(error)}


def told(found: Answer, temperature: float, top_k: int | None) -> dict[str, Any]:
    """A text as a browser is told of it; what `nn.decode.generating` found, in short.

    prefix, written: places of the symbols (time,) int32.
    sure, drawn:     (time,) float32, the model's probability of each symbol written, and the one it was drawn with.
    top:             (time, TOP) int32, the likeliest symbols; own, draws: likewise, their probabilities.
    states:          (time, unit) float16, after each symbol was read. All of them row by row.
    """
    own, classes = found["answers"], found["classes"]
    with np.errstate(divide="ignore"):  # what is impossible in float32 stays so
        draws = drawn_from(np.log(own), temperature, top_k)
    rows = np.arange(len(classes))
    top = np.argsort(-own, -1, kind="stable")[:, :TOP]
    return {
        "prefix": found["prefix"].astype(np.int32),
        "written": classes.astype(np.int32),
        "sure": own[rows, classes].astype(np.float32),
        "drawn": draws[rows, classes].astype(np.float32),
        "top": top.astype(np.int32),
        "own": np.take_along_axis(own, top, -1).astype(np.float32),
        "draws": np.take_along_axis(draws, top, -1).astype(np.float32),
        "states": found["states"],
    }


def _packed(message: dict[str, Any], caching: str) -> Response:
    headers = {"Cache-Control": caching, "Content-Encoding": "identity"}
    return Response(live.pack(message), media_type="application/octet-stream", headers=headers)


def _real(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _whole(text: str, otherwise: Any = None) -> Any:
    if text.isascii() and text.isdecimal() and len(text) < 9:
        return int(text)
    return text if otherwise is None else otherwise
