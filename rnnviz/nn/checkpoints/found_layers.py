"""Recurrent layers in a heap of named tensors: what they are follows from names and shapes alone.

torch calls the parameters `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, one layer higher `_l1`, and with
`_reverse` behind for the direction from the end; those of a single cell, such as `nn.LSTMCell`, have no `_l0`. As W_hh
is (G·H, H), its shape tells which of torch's cells it is: G is 4 for an LSTM, 3 for a GRU, 1 for a simple RNN.
"""

import collections
import dataclasses
import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.cells import Cell
from rnnviz.checkpoints.brought import titled
from rnnviz.core import limits
from rnnviz.core.errors import Words, plain, shown
from rnnviz.core.names import listed
from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import every, kind_for, kind_of
from rnnviz.nn.checkpoints.contents import Unreadable

OF_TORCH = {len(kind.description.blocks): kind.description for kind in every() if kind.torchs is not None}  # by G
LONGEST_NAME = limits.LONGEST_TENSOR_NAME  # characters of a layer's name, with signs that cannot be printed told
_PARAMETER = re.compile(
    r"(?P<of>(?:.*\.)?)(?P<what>weight|bias)_(?P<which>ih|hh|hr)(?:_l(?P<level>\d{1,3})(?P<back>_reverse)?)?", re.DOTALL
)
_EMBEDDING = re.compile(r"emb|wte|lookup|vocab|word|encoder", re.IGNORECASE)

Place = tuple[str, int, bool]  # such as ("weight_ih", 0, False): what it is, its level, whether it is of `_reverse`


@dataclasses.dataclass(frozen=True)
class Shape:
    """What the parameters of one recurrent module say about it."""

    cell: Cell
    inputs: int
    hidden: int
    layers: int
    directions: int
    bias: bool


def modules(tensors: Mapping[str, Tensor], activation: str) -> dict[str, nn.RNNBase]:
    """Name → module with the weights, for every recurrent layer or stack of them, in the file's order.

    Raises:
        Unreadable: there is none, or one that does not fit together or holds what is no number.
    """
    found = _groups(tensors)
    if not found:
        raise Unreadable(_nothing(tensors))
    _check_count(len(found), "recurrent layers")
    names = {of: plain(of.rstrip("."), LONGEST_NAME) for of in found}
    made: dict[str, nn.RNNBase] = {}
    for of, group in found.items():
        shape = _shape(of, group)
        name = _free(names[of], made) if names[of] else _free(shape.cell.name, {*made, *names.values()})
        weights = {_name("", place): _checked(_name(of, place), tensor) for place, tensor in group.items()}
        kind, sizes = kind_for(shape.cell.name, {"activation": activation}), (shape.inputs, shape.hidden, shape.layers)
        made[name] = built(kind, weights, sizes, bias=shape.bias, bidirectional=shape.directions == 2)
    return made


def embeddings(tensors: Mapping[str, Tensor], widths: set[int]) -> dict[str, Tensor]:
    """Name → (tokens, width): tables named like embeddings whose rows fit what one of the layers reads."""
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        fits = tensor.dim() == 2 and tensor.shape[1] in widths and 0 not in tensor.shape
        if fits and not _PARAMETER.fullmatch(name) and _EMBEDDING.search(name) and tensor.is_floating_point():
            _check_count(len(found) + 1, "embeddings")
            found[_free(plain(name.removesuffix(".weight"), LONGEST_NAME), found)] = _checked(name, tensor)
    return found


def _check_count(count: int, what: str) -> None:
    if count > limits.MOST_STACKS:
        raise Unreadable(f"it has more than {limits.MOST_STACKS} {what}, which are the most")


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if it is taken."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _groups(tensors: Mapping[str, Tensor]) -> dict[str, dict[Place, Tensor]]:
    """The parameters that belong together, by what stands in front of their names."""
    groups: dict[str, dict[Place, Tensor]] = collections.defaultdict(dict)
    for name, tensor in tensors.items():
        match = _PARAMETER.fullmatch(name)
        if match:
            place = (f"{match['what']}_{match['which']}", int(match["level"] or 0), bool(match["back"]))
            if place in groups[match["of"]]:
                raise Unreadable(f"{shown(name)} stands twice in it, with and without its layer")
            groups[match["of"]][place] = tensor
    return dict(groups)


def _nothing(tensors: Mapping[str, Tensor]) -> str:
    """Why nothing was found, with the first names that were."""
    names = ", ".join(shown(Words(name[:30])) for name in list(tensors)[:3]) or "no tensors at all"
    more = f" and {len(tensors) - 3:,} more" if len(tensors) > 3 else ""
    return f"recurrent layers have weights named like weight_ih_l0 and weight_hh_l0, and this has {names}{more}"


def _shape(of: str, group: Mapping[Place, Tensor]) -> Shape:
    """What a group is, if it is whole.

    Raises:
        Unreadable: a parameter is missing, too many, too large or of another shape.
    """
    if any(what == "weight_hr" for what, _, _ in group):
        which = shown(of.rstrip(".")) if of else "it"
        raise Unreadable(f"{which} is an LSTM with a projection (proj_size), which is not supported")
    if all(what in ("weight_ih", "bias_ih") for what, _, _ in group):
        raise Unreadable(_forward_alone(of, group))
    for what in ("weight_ih", "weight_hh"):
        if (what, 0, False) not in group:
            raise Unreadable(f"{shown(_name(of, (what, 0, False)))} is missing")
    first, carried = group["weight_ih", 0, False], group["weight_hh", 0, False]
    sizes = tuple(carried.shape)
    if len(sizes) != 2 or 0 in sizes or sizes[0] % sizes[1] or sizes[0] // sizes[1] not in OF_TORCH:
        known = (f"{g}·H × H ({OF_TORCH[g].title})".removeprefix("1·") for g in sorted(OF_TORCH, reverse=True))
        wanted = " or ".join(known)
        raise Unreadable(f"{shown(_name(of, ('weight_hh', 0, False)))} must be {wanted}, not {_sized(carried)}")
    shape = Shape(
        cell=OF_TORCH[sizes[0] // sizes[1]],
        inputs=first.shape[-1] if first.dim() else 0,
        hidden=sizes[1],
        layers=1 + max(level for _, level, _ in group),
        directions=1 + any(back for _, _, back in group),
        bias=any(what.startswith("bias") for what, _, _ in group),
    )
    if shape.hidden > limits.WIDEST_CHECKPOINT or shape.layers > limits.DEEPEST_CHECKPOINT:
        most = f"{limits.WIDEST_CHECKPOINT:,} units and {limits.DEEPEST_CHECKPOINT} layers are the most"
        raise Unreadable(f"{shown(of.rstrip('.') or shape.cell.name)} has {_extent(shape)}, and {most}")
    if first.dim() == 2 and not shape.inputs:
        which = shown(of.rstrip(".") or shape.cell.name)
        raise Unreadable(f"{which} reads nothing: {_sized(first)} weights by its input")
    _compare(of, group, shape)
    return shape


def _forward_alone(of: str, group: Mapping[Place, Tensor]) -> str:
    """Why a module is refused that has weights by its input alone, with what is read."""
    came = ", ".join(f"{_name('', place)} {_sized(tensor)}" for place, tensor in list(group.items())[:2])
    cells = listed([OF_TORCH[g].title for g in sorted(OF_TORCH)], "or")
    which = shown(of.rstrip(".")) if of else "it"
    return (
        f"{which} has weights by its input alone ({came}) and no weight_hh, as a feed-forward window, which hands no "
        f"state on; what can be read are recurrent layers ({cells}), which have both"
    )


def _extent(shape: Shape) -> str:
    return f"{shape.hidden:,} units and {shape.layers} layer{'s' if shape.layers > 1 else ''}"


def _compare(of: str, group: Mapping[Place, Tensor], shape: Shape) -> None:
    """Every parameter that such a module has must be there, and in its shape; none else."""
    expected = dict(_expected(shape))
    for place in [*expected, *group]:
        if place not in group:
            raise Unreadable(f"{shown(_name(of, place))} is missing")
        if tuple(group[place].shape) != expected.get(place):
            wanted = " × ".join(f"{n:,}" for n in expected.get(place, ()))
            raise Unreadable(f"{shown(_name(of, place))} must be {wanted}, not {_sized(group[place])}")


def _expected(shape: Shape) -> Iterator[tuple[Place, tuple[int, ...]]]:
    """Every parameter of such a module with its shape."""
    rows = len(shape.cell.blocks) * shape.hidden
    for level in range(shape.layers):
        width = shape.hidden * shape.directions if level else shape.inputs
        for back in (False, True)[: shape.directions]:
            yield ("weight_ih", level, back), (rows, width)
            yield ("weight_hh", level, back), (rows, shape.hidden)
            if shape.bias:
                yield ("bias_ih", level, back), (rows,)
                yield ("bias_hh", level, back), (rows,)


def _checked(name: str, tensor: Tensor) -> Tensor:
    """The tensor in float32, or float64 if it is that, with finite numbers only.

    Raises:
        Unreadable: its numbers are of another kind, or not all are finite.
    """
    if not tensor.is_floating_point():
        raise Unreadable(f"{shown(name)} must hold floating point numbers, not {str(tensor.dtype)[6:]}")
    tensor = tensor.contiguous() if tensor.dtype == torch.float64 else tensor.to(torch.float32).contiguous()
    wrong = int((~torch.isfinite(tensor)).sum())
    if wrong:
        part = f"{wrong:,} of its {tensor.numel():,}" if wrong < tensor.numel() else "none"
        are = "numbers are not finite" if wrong < tensor.numel() else "of its numbers is finite"
        raise Unreadable(f"{shown(name)} has NaN or infinite weights: {part} {are}")
    return tensor


def built(kind: Kind[Any], weights: Mapping[str, Tensor], sizes: tuple[int, int, int], **more: Any) -> nn.RNNBase:
    """Layers with these weights, in `eval()`: torch's own where torch has such layers, else ours.

    sizes: numbers read, hidden units, layers; more: what else a module is made with.
    """
    make = kind.module if kind.torchs is None or more.get("skip") else kind.torchs.make
    with torch.device("meta"):  # so that no weights are drawn that would only be thrown away
        module = make(*sizes, **more)
    wide = all(tensor.dtype == torch.float64 for tensor in weights.values())
    module.load_state_dict({name: w if wide else w.float() for name, w in weights.items()}, assign=True)
    return module.eval().requires_grad_(False)


def _name(of: str, place: Place) -> str:
    what, level, back = place
    return f"{of}{what}_l{level}{'_reverse' if back else ''}"


def _sized(tensor: Tensor) -> str:
    return " × ".join(f"{n:,}" for n in tensor.shape) or "one number"


def title(module: nn.RNNBase) -> str:
    """A module in words, such as "LSTM, 2 layers in both directions, 8 inputs, 16 units"."""
    cell, directions = kind_of(module).description.name, 2 if module.bidirectional else 1
    return titled(cell, module.num_layers, directions, module.input_size, module.hidden_size)
