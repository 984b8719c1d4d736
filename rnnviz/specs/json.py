"""An experiment from JSON that anyone may have written."""

import collections
import dataclasses
import json
from typing import Any, NoReturn

from rnnviz.core import fields, limits
from rnnviz.core.contents import Exact
from rnnviz.core.errors import ExperimentError, Words, plain, shown
from rnnviz.specs.defaults import default_training
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.parts import Parts
from rnnviz.tasks import TASKS, Task
from rnnviz.tasks.adding import Adding

NAMES = ("task", "models", "training")


def read(text: str | bytes) -> Parts:
    """The parts of an experiment in a JSON object `{"task": {…}, "models": [{…}, …], "training": {…}}`.

    Every part and field may be left out: the task's defaults fill in, as they do in a link.

    Raises:
        ExperimentError: the text is too long, is no such JSON, or a field is unknown, comes twice or is not allowed.
    """
    found = _an_object("experiment", _parsed(_decoded(text)))
    for name in found:
        if name not in NAMES:
            raise fields.unknown(name, NAMES, found[name])
    chosen = _read_task(_an_object("task", found.get("task", {})))
    models = _read_models(found["models"]) if "models" in found else None
    given = _an_object("training", found.get("training", {}))
    training = fields.make(TrainingSpec, dataclasses.asdict(default_training(chosen)) | given, "training")
    return Parts(chosen, models, training)


def _decoded(text: str | bytes) -> str:
    if not isinstance(text, (str, bytes)):
        raise ExperimentError("experiment", "a JSON text", text)
    if len(text) > limits.LONGEST_JSON:
        allowed = f"at most {limits.LONGEST_JSON:,} characters of JSON"
        raise ExperimentError("experiment", allowed, Words(f"{len(text):,}"))
    try:
        return (text.decode() if isinstance(text, bytes) else text).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise ExperimentError("experiment", "a JSON text in UTF-8", Words("other bytes")) from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_refuse, parse_int=_whole)
    except json.JSONDecodeError as error:
        came = Words(f"a mistake at line {error.lineno}, column {error.colno}")
        raise ExperimentError("experiment", "valid JSON", came) from None
    except RecursionError:
        raise ExperimentError("experiment", "JSON of three levels", Words("far deeper nesting")) from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for name, times in collections.Counter(name for name, _ in pairs).items():
        if times > 1:
            raise fields.repeated(name, times)
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ExperimentError("experiment", "JSON with finite numbers", constant)


def _whole(digits: str) -> int | float:
    # Python refuses to read thousands of digits; as a number they are out of every range alike.
    return int(digits) if len(digits) < 400 else float(digits)


def _an_object(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ExperimentError(field, "a JSON object", value)
    return value


def _read_task(found: dict[str, Any]) -> Task:
    name = found.get("name", Adding.name)
    if not isinstance(name, str) or name not in TASKS:
        came = Words(plain(shown(name), fields.LONGEST_BESIDE))
        raise ExperimentError("task.name", "one of " + ", ".join(TASKS), came)
    values = {key: value for key, value in found.items() if key != "name"}
    for meaning in fields.describe(TASKS[name]):
        if meaning.kind == "text" and isinstance(values.get(meaning.name), str):
            values[meaning.name] = Exact(values[meaning.name])
    return fields.make(TASKS[name], values, "task")


def _read_models(found: Any) -> tuple[ModelSpec, ...]:
    if not isinstance(found, list):
        raise ExperimentError("models", "a JSON list of objects", found)
    if len(found) > limits.MOST_MODELS:
        raise ExperimentError("models", f"1 to {limits.MOST_MODELS} models", Words(f"{len(found):,} models"))
    owners = [f"models[{index}]" for index in range(len(found))]
    return tuple(
        fields.make(ModelSpec, _an_object(owner, one), owner) for owner, one in zip(owners, found, strict=True)
    )
