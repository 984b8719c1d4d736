"""An experiment as the query of a link, and back. What the task's defaults say is left out.

For example `task=recall&lag=30&models=rnn,lstm:hidden=64:forget_bias=1,gru&steps=800&lr=0.01`.
"""

import collections
import dataclasses
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from rnnviz.core import fields, limits
from rnnviz.core.contents import Exact
from rnnviz.core.errors import ExperimentError, TextNeeded, Words
from rnnviz.core.fields import Meaning
from rnnviz.specs.defaults import default_models, default_training
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.parts import Parts, Specs
from rnnviz.tasks import TASKS, Task, task

DEFAULT_TASK = "adding"
HASH = "_hash"  # after the name of a text: its hash, in place of the text
_DIGEST = re.compile(r"[0-9a-f]{16}")


def to_query(experiment: Specs) -> str:
    """The query string of an experiment, in letters, digits and a few signs that need no escape."""
    return urllib.parse.urlencode(to_params(experiment), safe=":,=", quote_via=urllib.parse.quote)


def to_params(experiment: Specs) -> dict[str, str]:
    """The same as a mapping, not yet escaped. The default experiment's is empty."""
    chosen = experiment.task
    params = {} if chosen.name == DEFAULT_TASK else {"task": chosen.name}
    params |= _task_params(chosen)
    if experiment.models != default_models(chosen):
        params["models"] = ",".join(_write_model(model) for model in experiment.models)
    usual = dataclasses.asdict(default_training(chosen))
    given = dataclasses.asdict(experiment.training)
    return params | {name: fields.write(value) for name, value in given.items() if value != usual[name]}


def read(query: str | Mapping[str, str | Sequence[str]], texts: Mapping[str, str] | None = None) -> Parts:
    """The parts of an experiment, from a query string, or of a mapping of its unescaped parts.

    texts: the long texts at hand, by their hashes.

    Raises:
        ExperimentError: a name is unknown or comes twice, a value is not allowed, or the whole is too long.
        TextNeeded: the query names a text by its hash, and `texts` does not hold it.
    """
    params = parse_params(query)
    name = params.pop("task", DEFAULT_TASK)
    if name not in TASKS:
        raise ExperimentError("task", "one of " + ", ".join(TASKS), name)
    meanings = {meaning.name: meaning for meaning in fields.describe(TASKS[name])}
    usual = {meaning.name: meaning for meaning in fields.describe(TrainingSpec)}
    for param in params:
        if param not in names(name):
            raise fields.unknown(param, ["task", *names(name)], params[param])
    chosen = _read_task(name, {k: v for k, v in params.items() if k.removesuffix(HASH) in meanings}, texts or {})
    models = _read_models(params["models"]) if "models" in params else None
    given = {k: _parse(usual[k], v, "training") for k, v in params.items() if k in usual}
    training = fields.make(TrainingSpec, dataclasses.asdict(default_training(chosen)) | given, "training")
    return Parts(chosen, models, training)


def names(task_name: str) -> tuple[str, ...]:
    """The names that a query may hold beside `task`: the task's parameters, `models`, and the training's fields."""
    own: list[str] = []
    for meaning in fields.describe(TASKS[task_name]):
        own += [meaning.name, meaning.name + HASH] if meaning.kind == "text" else [meaning.name]
    return (*own, "models", *(meaning.name for meaning in fields.describe(TrainingSpec)))


def parse_params(query: str | Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """The unescaped parts of a query by name; a leading address or question mark is ignored.

    Raises:
        ExperimentError: it is too long, wrongly escaped, of a wrong type, or holds a name twice.
    """
    if isinstance(query, str):
        _check_length(len(query))
        return _split(re.sub(r"^(https?://[^?]*)?\?", "", query.strip()))
    if not isinstance(query, Mapping):
        raise ExperimentError("query", "a text, or a mapping of names to texts", query)
    params = {}
    for name, values in query.items():
        values = [values] if isinstance(values, str) else values
        if not isinstance(name, str) or not isinstance(values, (list, tuple)):
            raise ExperimentError(str(name), "a text", values)
        if len(values) != 1:
            raise fields.repeated(name, len(values))
        if not isinstance(values[0], str):
            raise ExperimentError(name, "a text", values[0])
        params[name] = values[0]
    _check_length(sum(len(name) + len(value) for name, value in params.items()))
    return params


def _check_length(length: int) -> None:
    if length > limits.LONGEST_QUERY:
        allowed = f"at most {limits.LONGEST_QUERY:,} characters long"
        raise ExperimentError("query", allowed, Words(f"{length:,} characters"))


def _split(query: str) -> dict[str, str]:
    try:
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        raise ExperimentError("query", "escaped as UTF-8", query) from None
    for name, times in collections.Counter(name for name, _ in pairs).items():
        if times > 1:
            raise fields.repeated(name, times)
    return dict(pairs)


def _task_params(chosen: Task) -> dict[str, str]:
    params = {}
    for meaning in fields.describe(chosen):
        value = getattr(chosen, meaning.name)
        if value == meaning.default:
            continue
        if meaning.kind == "text" and len(value) > limits.LONGEST_TEXT_IN_LINK:
            params[meaning.name + HASH] = chosen.digest  # type: ignore[attr-defined]
        else:
            params[meaning.name] = fields.write(value)
    return params


def _read_task(name: str, params: dict[str, str], texts: Mapping[str, str]) -> Task:
    values: dict[str, Any] = {}
    digest = None
    for meaning in fields.describe(TASKS[name]):
        if meaning.name in params:
            values[meaning.name] = _parse(meaning, params[meaning.name], "task")
        if meaning.name + HASH in params:
            digest = _read_digest(meaning, params)
            if digest not in texts:
                raise TextNeeded(digest)
            values[meaning.name] = Exact(texts[digest])
    chosen = task(name, **values)
    if digest is not None and chosen.digest != digest:  # type: ignore[attr-defined]
        raise TextNeeded(digest)
    return chosen


def _read_digest(meaning: Meaning, params: dict[str, str]) -> str:
    field, digest = meaning.name + HASH, params[meaning.name + HASH]
    if meaning.name in params:
        raise ExperimentError(field, f"left out where {meaning.name} is given", digest)
    if not _DIGEST.fullmatch(digest):
        raise ExperimentError(field, "16 hexadecimal digits", digest)
    return digest


def _write_model(model: ModelSpec) -> str:
    given = [(meaning, getattr(model, meaning.name)) for meaning in fields.describe(model)]
    parts = [f"{m.name}={fields.write(value)}" for m, value in given if m.name != "cell" and value != m.default]
    return ":".join([model.cell, *parts])


def _read_models(written: str) -> tuple[ModelSpec, ...]:
    return tuple(_read_model(part.strip(), f"models[{index}]") for index, part in enumerate(written.split(",")))


def _read_model(written: str, owner: str) -> ModelSpec:
    """The model that a text such as `lstm:hidden=64:forget_bias=1` says."""
    known = {meaning.name: meaning for meaning in fields.describe(ModelSpec)}
    cell, *parts = written.split(":")
    values = {"cell": cell}
    for part in parts:
        name, _, value = part.partition("=")
        if name not in known:
            raise fields.unknown(f"{owner}.{name}", known, value)
        if name in values:
            raise fields.repeated(f"{owner}.{name}", sum(p.startswith(name + "=") for p in parts) + (name == "cell"))
        values[name] = _parse(known[name], value, owner)
    return fields.make(ModelSpec, values, owner)


def _parse(meaning: Meaning, written: str, owner: str) -> Any:
    try:
        return fields.parse(meaning, written)
    except ExperimentError as error:
        raise error.inside(owner) from None
