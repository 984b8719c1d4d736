"""What to run: frozen, validated at construction, the same in a link, a file and the API."""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rnnviz.core import fields, limits
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.specs import architectures
from rnnviz.specs import json as json_text
from rnnviz.specs import query as links
from rnnviz.specs.defaults import default_models, default_training
from rnnviz.specs.labels import labels, model_name
from rnnviz.specs.models import ModelSpec, TrainingSpec
from rnnviz.specs.planning import frames_that_fit
from rnnviz.specs.sizes import bytes_per_frame
from rnnviz.tasks import Task
from rnnviz.tasks.adding import Adding


@dataclasses.dataclass(frozen=True)
class Experiment:
    """A task, the models that learn it, and the training they share.

    What is left out is chosen by the task: `Experiment()` trains the three cells on the adding problem.

    Raises:
        ExperimentError: a field is out of its range, or the whole is too large; of a task that is sized by its data
            (`Task.sized_by_data`) that is found out by `checked`.
    """

    task: Task = None  # type: ignore[assignment]
    models: tuple[ModelSpec, ...] = None  # type: ignore[assignment]
    training: TrainingSpec = None  # type: ignore[assignment]
    _is_checked: ClassVar[bool] = False

    if TYPE_CHECKING:  # what is given may be another sequence, or left out, than what is kept

        def __init__(
            self,
            task: Task | None = None,
            models: Sequence[ModelSpec] | None = None,
            training: TrainingSpec | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        self._fill("task", Adding())
        if not isinstance(self.task, Task):
            raise ExperimentError("task", 'a task, such as task("adding", length=50)', self.task)
        self._fill("models", default_models(self.task))
        self._fill("training", default_training(self.task))
        self._check_models()
        if not isinstance(self.training, TrainingSpec):
            raise ExperimentError("training", "a TrainingSpec", self.training)
        self._check_for_task(self.training, "training")
        if not self.task.sized_by_data:
            self._check_size()

    def _fill(self, name: str, default: Any) -> None:
        if getattr(self, name) is None:
            object.__setattr__(self, name, default)

    def _check_models(self) -> None:
        if not isinstance(self.models, (tuple, list)) or not all(isinstance(m, ModelSpec) for m in self.models):
            raise ExperimentError("models", "a sequence of ModelSpec", self.models)
        object.__setattr__(self, "models", tuple(self.models))
        if not 1 <= len(self.models) <= limits.MOST_MODELS:
            raise ExperimentError("models", f"1 to {limits.MOST_MODELS} models", Words(f"{len(self.models):,} models"))
        for index, model in enumerate(self.models):
            self._check_for_task(model, f"models[{index}]")
            try:
                architectures.of(self.task).check(model, self.task)
            except ExperimentError as error:
                raise error.inside(f"models[{index}]") from None

    def _check_for_task(self, spec: ModelSpec | TrainingSpec, owner: str) -> None:
        try:
            fields.check_for(spec, self.task)
        except ExperimentError as error:
            raise error.inside(owner) from None

    def checked(self) -> "Experiment":
        """The same experiment, once all is known to be there and small enough: its data is built if it is not yet.

        Whoever trains asks for it. Constructing an experiment builds no data: how large one is whose sizes follow
        from its data is found out here.

        Raises:
            ContentNeeded: what the task learns from is not on this machine.
            ExperimentError: nothing can be learned from it, or the whole is too large.
        """
        if self.task.sized_by_data and not self._is_checked:
            self._check_size()
            object.__setattr__(self, "_is_checked", True)
        return self

    def _check_size(self) -> None:
        for index, model in enumerate(self.models):
            work = self.training.batch * architectures.of(self.task).work(model, self.task)
            if work > limits.MOST_WORK:
                allowed = f"small enough for {limits.MOST_WORK:,} multiplications (length × batch × weights)"
                raise ExperimentError(f"models[{index}]", allowed, Words(f"{work:,}"))
        fewest = min(limits.FEWEST_FRAMES, self.training.steps + 1)
        if frames_that_fit(self) < fewest:
            allowed = f"small enough that {fewest} frames of all of them fit into {limits.LARGEST_RUN:,} bytes"
            raise ExperimentError("models", allowed, Words(f"{bytes_per_frame(self):,} bytes a frame"))

    @functools.cached_property
    def labels(self) -> tuple[str, ...]:
        """One short name per model, in order: `rnn`, `lstm`, `lstm-2`.

        An encoder–decoder that could have attention and has none says so: `gru-without`, `gru-without-2`.
        """
        network = architectures.of(self.task)
        return labels((model.cell, network.form(model, self.task)) for model in self.models)

    def model(self, label: str) -> ModelSpec:
        """The spec behind a label.

        Raises:
            KeyError: no model of this experiment has that label.
        """
        return dict(zip(self.labels, self.models, strict=True))[label]

    def built(self, label: str) -> ModelSpec:
        """The same with the cells that its parts have; see `Architecture.built`."""
        return architectures.of(self.task).built(self.model(label))

    def title(self, label: str) -> str:
        """The model as a reader knows it, such as "GRU 2, both directions".

        A model says that it reads in both directions where another of the same cell reads in one.
        """
        spec = self.model(label)
        unlike = any(other.cell == spec.cell and other.directions < spec.directions for other in self.models)
        return model_name(label) + ", both directions" * unlike

    def seeded(self, seed: int) -> "Experiment":
        """The same from other first weights and other random numbers."""
        return dataclasses.replace(self, training=dataclasses.replace(self.training, seed=seed))

    @functools.cached_property
    def key(self) -> str:
        """A hash of the canonical JSON: equal experiments, equal key."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:20]

    def to_json(self) -> str:
        """The canonical JSON: every field, sorted, without spaces."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    def to_dict(self) -> dict[str, Any]:
        """The experiment as nested dicts and lists of plain values."""
        return {
            "task": {"name": self.task.name, **fields.as_dict(self.task)},
            "models": [fields.as_dict(model) for model in self.models],
            "training": fields.as_dict(self.training),
        }

    @classmethod
    def from_json(cls, text: str | bytes) -> "Experiment":
        """The experiment that `to_json` wrote; a field left out has its default.

        Raises:
            ExperimentError: the text is no JSON object of an experiment.
        """
        return cls(*json_text.read(text))

    def to_query(self) -> str:
        """The experiment as a query string for a link; defaults are left out.

        A text over 500 characters is named by its hash.
        """
        return links.to_query(self)

    @classmethod
    def from_query(cls, query: Any, texts: dict[str, str] | None = None) -> "Experiment":
        """The experiment in a query string (or a mapping of its parts).

        Raises:
            ExperimentError: a name is unknown or a value not allowed.
            TextNeeded: the link names a long text by its hash and `texts` does not hold it.
        """
        return cls(*links.read(query, texts or {}))
