"""How large an encoder–decoder is, known before it is built. Its parts are those of `nn.encoder_decoder`."""

import dataclasses
import math
from collections.abc import Mapping

from rnnviz.specs.layer_sizes import recurrent_shapes
from rnnviz.specs.models import ModelSpec, without_options

Shapes = dict[str, tuple[int, ...]]


def weight_shapes(model: ModelSpec, inputs: int, outputs: int) -> Shapes:
    """Name → shape of every weight, as in the model's `state_dict`."""
    size, memory = model.hidden, model.hidden * model.directions
    shapes: Shapes = {"source.weight": (inputs, size)}
    shapes |= {f"encoder.{name}": shape for name, shape in recurrent_shapes(model, size).items()}
    shapes |= {"target.weight": (outputs + 1, size), "readout.weight": (outputs, size), "readout.bias": (outputs,)}
    shapes |= {f"attention.{name}": shape for name, shape in _attention(model, size, memory).items()}
    shapes |= {
        f"decoder.{name}": shape for name, shape in recurrent_shapes(decoder_of(model), decoder_reads(model)).items()
    }
    if model.attention is not None:
        shapes |= {"combine.weight": (size, size + memory), "combine.bias": (size,)}
    for bridge in _bridges(model):
        for layer in range(model.layers):
            shapes |= {f"{bridge}.{layer}.weight": (size, memory), f"{bridge}.{layer}.bias": (size,)}
    return shapes


def decoder_of(model: ModelSpec) -> ModelSpec:
    """The decoder as recurrent layers of their own."""
    return dataclasses.replace(
        model, cell=model.cells[1], decoder=None, bidirectional=False, attention=None, **without_options(model.kinds[1])
    )


def decoder_reads(model: ModelSpec) -> int:
    """Numbers that the decoder's lowest layer reads: an embedding and, where it looks first, the context."""
    return model.hidden * (1 + model.directions * (model.attention == "additive"))


def parameter_formula(model: ModelSpec, inputs: int, outputs: int) -> str:
    """The count of all parameters, part by part: "embeddings 3,200 + encoder 24,960 + … = 65,420"."""
    return written_out(model, weight_shapes(model, inputs, outputs), {"source": "embeddings", "target": "embeddings"})


def written_out(model: ModelSpec, shapes: Shapes, names: Mapping[str, str]) -> str:
    """The same of any such shapes; names: beginning of a weight's name → what that part is called."""
    parts, called = dict[str, int](), {"combine": "readout", **names}
    for name, shape in shapes.items():
        part = name.partition(".")[0]
        part = "bridge" if part in _bridges(model) else called.get(part, part)
        parts[part] = parts.get(part, 0) + math.prod(shape)
    written = " + ".join(f"{part} {count:,}" for part, count in parts.items())
    return f"{written} = {sum(parts.values()):,}"


def _attention(model: ModelSpec, size: int, memory: int) -> Shapes:
    if model.attention == "additive":
        return {"state.weight": (size, size), "memory.weight": (size, memory), "v.weight": (1, size)}
    return {"matrix.weight": (size, memory)} if model.attention == "general" else {}


def _bridges(model: ModelSpec) -> tuple[str, ...]:
    if model.cells[0] == model.cells[1] and not model.bidirectional:
        return ()
    return tuple(f"bridge_{state.letter}" for state in model.kinds[1].states)
