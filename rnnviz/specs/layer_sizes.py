"""How large recurrent layers are, known before they are built."""

from rnnviz.specs.models import ModelSpec

GATES = {"rnn": 1, "lstm": 4, "gru": 3}  # blocks of H rows in a weight matrix
VARIABLES = {  # what a trace holds of each cell, in the order in which it is read
    "rnn": ("hidden",),
    "lstm": ("hidden", "cell", "input_gate", "forget_gate", "cell_candidate", "output_gate"),
    "gru": ("hidden", "reset_gate", "update_gate", "candidate"),
}


def layer_inputs(model: ModelSpec, inputs: int) -> list[int]:
    """What each layer reads at one time step: the features, then the states of the layer below."""
    return [inputs] + [model.hidden * model.directions] * (model.layers - 1)


def recurrent_weights(model: ModelSpec, inputs: int) -> int:
    """Weights in the matrices of the recurrent layers."""
    rows = model.directions * GATES[model.cell] * model.hidden
    return sum(rows * (width + model.hidden) for width in layer_inputs(model, inputs))


def recurrent_shapes(model: ModelSpec, inputs: int) -> dict[str, tuple[int, ...]]:
    """Name → shape of every weight of the recurrent layers alone, under torch's names."""
    rows, shapes = GATES[model.cell] * model.hidden, dict[str, tuple[int, ...]]()
    for layer, width in enumerate(layer_inputs(model, inputs)):
        for suffix in ("", "_reverse")[: model.directions]:
            of = f"l{layer}{suffix}"
            shapes[f"weight_ih_{of}"], shapes[f"weight_hh_{of}"] = (rows, width), (rows, model.hidden)
            shapes[f"bias_ih_{of}"] = shapes[f"bias_hh_{of}"] = (rows,)
    return shapes
