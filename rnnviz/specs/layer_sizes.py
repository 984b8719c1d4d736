"""How large recurrent layers and their readout are, known before they are built."""

import math

from rnnviz.specs.models import ModelSpec


def layer_inputs(model: ModelSpec, inputs: int) -> list[int]:
    """What each layer reads of one time step: the features, then the states of the layer below."""
    return [inputs] + [model.hidden * model.directions] * (model.layers - 1)


def recurrent_weights(model: ModelSpec, inputs: int) -> int:
    """Weights in the matrices of the recurrent layers."""
    rows = model.directions * len(model.kind.blocks) * model.hidden
    states = model.hidden if model.kind.recurrent else 0
    span = model.kind.span_of(model)
    return sum(rows * (span * width + states) for width in layer_inputs(model, inputs))


def recurrent_shapes(model: ModelSpec, inputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight of the recurrent layers alone, under torch's names.

    Weights of h_{t-1} only for cells that read it.
    """
    rows, shapes = len(model.kind.blocks) * model.hidden, dict[str, tuple[int, ...]]()
    for layer, width in enumerate(layer_inputs(model, inputs)):
        for suffix in ("", "_reverse")[: model.directions]:
            of = f"l{layer}{suffix}"
            shapes |= {
                f"weight_ih_{of}": (rows, model.kind.span_of(model) * width),
                f"weight_hh_{of}": (rows, model.hidden),
            }
            shapes |= {f"bias_ih_{of}": (rows,), f"bias_hh_{of}": (rows,)}
    if not model.kind.recurrent:
        return {name: shape for name, shape in shapes.items() if "_hh_" not in name}
    return shapes


def weight_shapes(model: ModelSpec, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight, as in the model's `state_dict`: torch's layers, then the linear readout."""
    shapes = {f"recurrent.{name}": shape for name, shape in recurrent_shapes(model, inputs).items()}
    return shapes | {"readout.weight": (outputs, model.hidden * model.directions), "readout.bias": (outputs,)}


def parameter_count(model: ModelSpec, inputs: int, outputs: int) -> int:
    """All numbers that training changes: recurrent layers and readout, biases included."""
    return sum(math.prod(shape) for shape in weight_shapes(model, inputs, outputs).values())


def parameter_formula(model: ModelSpec, inputs: int, outputs: int) -> str:
    """The same count with its numbers filled in: "4 × (32×2 + 32×32 + 2×32) + (1×32 + 1) = 4,641".

    For every layer: layers alike × directions × gates × (H×I + H×H + 2×H, the two biases); then the readout, O×H + O.
    A factor of 1 is left out. Without recurrence it is H×I and one bias; I is steps×inputs where several are read.
    """
    widths, hidden, terms = layer_inputs(model, inputs), model.hidden, []
    states = f" + {hidden}×{hidden} + 2×{hidden}" if model.kind.recurrent else f" + {hidden}"
    steps = f"{span}×" if (span := model.kind.span_of(model)) > 1 else ""
    for width, alike in {width: widths.count(width) for width in widths}.items():
        factors = [str(n) for n in (alike, model.directions, len(model.kind.blocks)) if n > 1]
        terms.append(" × ".join([*factors, f"({hidden}×{steps}{width}{states})"]))
    terms.append(f"({outputs}×{hidden * model.directions} + {outputs})")
    return " + ".join(terms) + f" = {parameter_count(model, inputs, outputs):,}"


def variables_of(model: ModelSpec) -> tuple[str, ...]:
    """What a trace of a model holds; of an encoder–decoder what either half has."""
    first, second = (cell.variables for cell in model.kinds)
    return (*first, *(name for name in second if name not in first))
