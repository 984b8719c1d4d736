"""How large recurrent layers are, known before they are built."""

from rnnviz.specs.models import ModelSpec


def layer_inputs(model: ModelSpec, inputs: int) -> list[int]:
    """What each layer reads at one time step: the features, then the states of the layer below."""
    return [inputs] + [model.hidden * model.directions] * (model.layers - 1)


def recurrent_weights(model: ModelSpec, inputs: int) -> int:
    """Weights in the matrices of the recurrent layers."""
    rows = model.directions * len(model.kind.blocks) * model.hidden
    states = model.hidden if model.kind.recurrent else 0
    return sum(rows * (width + states) for width in layer_inputs(model, inputs))


def recurrent_shapes(model: ModelSpec, inputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight of the recurrent layers alone, under torch's names; those of h_{t-1} only of cells
    that read it."""
    rows, shapes = len(model.kind.blocks) * model.hidden, dict[str, tuple[int, ...]]()
    for layer, width in enumerate(layer_inputs(model, inputs)):
        for suffix in ("", "_reverse")[: model.directions]:
            of = f"l{layer}{suffix}"
            shapes |= {f"weight_ih_{of}": (rows, width), f"weight_hh_{of}": (rows, model.hidden)}
            shapes |= {f"bias_ih_{of}": (rows,), f"bias_hh_{of}": (rows,)}
    if not model.kind.recurrent:
        return {name: shape for name, shape in shapes.items() if "_hh_" not in name}
    return shapes
