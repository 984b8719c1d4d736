"""How large an encoder–decoder is: known before it is built, equal to what is built."""

import itertools

import pytest

import rnnviz as rv
from rnnviz.cells import CELLS
from rnnviz.specs import architectures
from rnnviz.specs.layer_sizes import variables_of
from rnnviz.specs.models import ATTENTIONS, ModelSpec
from rnnviz.specs.sizes import bytes_per_frame
from rnnviz.tasks import TASKS
from rnnviz.tasks.translating import Translating
from tests.support.tasks import fitting

SEQUENCES = [name for name, kind in TASKS.items() if issubclass(kind, Translating)]
HALVES = [name for name, cell in CELLS.items() if cell.recurrent]
SPECS = [
    ModelSpec(one, 3, layers, both, attention=kind, decoder=two)
    for one, two, layers, both, kind in itertools.product(HALVES, HALVES, (1, 2, 3), (False, True), (None, *ATTENTIONS))
    if not (kind == "dot" and both)
]


def test_shapes_are_those_of_the_module_for_every_combination() -> None:
    from rnnviz.nn.models.model import make_model

    chosen = rv.task("reverse", length=4, letters=3)
    for spec in SPECS:
        built = {name: tuple(w.shape) for name, w in make_model(spec, chosen, 0).state_dict().items()}
        assert architectures.of(chosen).weight_shapes(spec, chosen) == built, spec


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_formula_adds_up_to_all_parameters(name: str) -> None:
    from rnnviz.nn.models.model import make_model

    chosen = rv.task(name)
    for spec in (*rv.Experiment(chosen).models, *fitting(SPECS[::17], chosen)):
        counted = sum(weight.numel() for weight in make_model(spec, chosen, 0).parameters())
        formula, total = architectures.of(chosen).parameter_formula(spec, chosen).split(" = ")
        parts = dict(part.rsplit(" ", 1) for part in formula.split(" + "))
        assert sum(int(count.replace(",", "")) for count in parts.values()) == counted
        assert total == f"{counted:,}"
        assert ("attention" in parts) == (spec.attention in ("additive", "general"))
        assert ("bridge" in parts) == (spec.bidirectional or spec.decoder is not None or chosen.at_once)


def test_the_formula_can_be_checked_by_hand() -> None:
    spec = ModelSpec("gru", 2, attention="general", decoder="lstm")
    # embeddings 5×2 + (3+1)×2, encoder 3×(2×2 + 2×2 + 2×2), readout 3×2 + 3 and 2×4 + 2, general 2×2,
    # decoder 4×(2×2 + 2×2 + 2×2), bridges 2 × (2×2 + 2)
    chosen = rv.task("reverse", letters=5)
    assert chosen.input_size == 5 and chosen.output_size == 6
    expected = "embeddings 24 + encoder 36 + readout 28 + attention 4 + decoder 48 + bridge 12 = 152"
    assert architectures.of(chosen).parameter_formula(spec, chosen) == expected


@pytest.mark.parametrize("name", SEQUENCES)
def test_frames_of_every_task_take_the_bytes_that_are_reckoned_with(name: str) -> None:
    models: tuple[ModelSpec, ...] = (
        ModelSpec("gru", 3, 2, True, attention="additive"),
        ModelSpec("lstm", 2, attention="dot"),
        ModelSpec("rnn", 2, decoder="lstm"),
        ModelSpec("lstm", 2, bidirectional=True, decoder="gru", attention="general"),
    )
    models = fitting(models, rv.task(name))
    experiment = rv.Experiment(rv.task(name), models, rv.TrainingSpec(1, batch=2))
    frame = rv.run(experiment).frame()
    losses = sum(m.losses.nbytes + m.grad_norms.nbytes for m in frame.models.values())
    assert frame.nbytes - losses == bytes_per_frame(experiment)
    for (label, model), spec in zip(frame.models.items(), models, strict=True):
        assert experiment.model(label) == spec
        assert {key: w.shape for key, w in model.weights.items()} == architectures.of(experiment.task).weight_shapes(
            spec, experiment.task
        )
        assert tuple(model.trace) == variables_of(spec)
