"""A model of a run writes: to a text of one's own, or after a beginning."""

from typing import Any

from rnnviz.core.errors import ExperimentError
from rnnviz.nn.decode import beam as beams
from rnnviz.nn.decode import decoding, generating
from rnnviz.nn.models.model import Weights
from rnnviz.runs.continuation import Continuation, continuation
from rnnviz.runs.translation import Decoding, Hypothesis, Translation, translation
from rnnviz.specs.experiment import Experiment
from rnnviz.tasks.translating import Translating


def translate(
    experiment: Experiment, label: str, weights: Weights, text: str, beam: int = 1, how: Decoding | None = None
) -> Translation:
    """See `Run.translate`.

    Raises:
        ExperimentError: the task is not answered by sequences, the text is no such input, or beam or how does not fit.
    """
    task, spec = experiment.task, experiment.model(label)
    if not isinstance(task, Translating):
        raise ExperimentError("task", "one that is answered by sequences, such as dates", task.name)
    beams.check_width(beam)
    if beam != 1 and how is not None:
        raise ExperimentError("how", "left out where beam is more than 1", how)
    if how is not None and not isinstance(how, Decoding):
        raise ExperimentError("how", "a Decoding, or none", how)
    if not isinstance(text, str):
        raise ExperimentError("input", "a text", text)
    codes = task.read(text)
    if beam == 1:
        return translation(task, codes, decoding.translate(spec, task, weights, codes, how))
    found = beams.search(spec, task, weights, codes, beam)
    written = translation(task, codes, found)
    written.logp = float(found["logp"][found["ended"][0]])
    written.beams = tuple(
        Hypothesis(task.write(_places(found, node)), float(found["logp"][node])) for node in found["ended"]
    )
    return written


def write(
    experiment: Experiment,
    label: str,
    weights: Weights,
    prefix: str,
    length: int,
    temperature: float = 0.0,
    seed: int = 0,
    top_k: int | None = None,
) -> Continuation:
    """See `Run.write`."""
    spec, task = experiment.model(label), experiment.task
    return continuation(task, generating.write(spec, task, weights, prefix, length, temperature, seed, top_k))


def _places(found: dict[str, Any], node: int) -> list[int]:
    """The classes from the first symbol to a node."""
    places: list[int] = []
    while node >= 0:
        places.insert(0, int(found["place"][node]))
        node = int(found["parent"][node])
    return places
