"""What the parameters of one recurrent module say about it: its cell, its sizes, whether it is whole."""

import dataclasses
from collections.abc import Iterator

import torch
from torch import Tensor

from rnnviz.cells import Cell
from rnnviz.core import limits
from rnnviz.core.errors import shown
from rnnviz.core.names import listed
from rnnviz.nn.cells.lookup import every
from rnnviz.nn.checkpoints.contents import Unreadable
from rnnviz.nn.checkpoints.parameters import Group, Place, of_place

OF_TORCH = {len(kind.description.blocks): kind.description for kind in every() if kind.torchs is not None}  # by G


@dataclasses.dataclass(frozen=True)
class Shape:
    """What the parameters of one recurrent module say about it."""

    cell: Cell
    inputs: int
    hidden: int
    layers: int
    directions: int
    bias: bool


def shape_of(group: Group) -> Shape:
    """What a group is, if it is whole.

    Raises:
        Unreadable: a parameter is missing, too many, too large or of another shape.
    """
    weights = group.weights
    if any(what == "weight_hr" for what, _, _ in [*weights, *group.unread]):
        raise Unreadable(f"{group.which} is an LSTM with a projection (proj_size), which is not supported")
    if group.twice:
        raise Unreadable(f"{shown(group.twice)} stands twice in it, with and without its layer")
    for place, why in group.unread.items():
        raise Unreadable(f"{shown(group.name(place))} {why}")
    if all(what in ("weight_ih", "bias_ih") for what, _, _ in weights):
        raise Unreadable(_forward_alone(group))
    for what in ("weight_ih", "weight_hh"):
        if (what, 0, False) not in weights:
            raise Unreadable(f"{shown(group.name((what, 0, False)))} is missing")
    first, carried = weights["weight_ih", 0, False], weights["weight_hh", 0, False]
    sizes = tuple(carried.shape)
    if len(sizes) != 2 or 0 in sizes or sizes[0] % sizes[1] or sizes[0] // sizes[1] not in OF_TORCH:
        known = (f"{g}·H × H ({OF_TORCH[g].title})".removeprefix("1·") for g in sorted(OF_TORCH, reverse=True))
        wanted = " or ".join(known)
        raise Unreadable(f"{shown(group.name(('weight_hh', 0, False)))} must be {wanted}, not {sized(carried)}")
    shape = Shape(
        cell=OF_TORCH[sizes[0] // sizes[1]],
        inputs=first.shape[-1] if first.dim() else 0,
        hidden=sizes[1],
        layers=1 + max(level for _, level, _ in weights),
        directions=1 + any(back for _, _, back in weights),
        bias=any(what.startswith("bias") for what, _, _ in weights),
    )
    which = shown(group.of.rstrip(".") or shape.cell.name)
    if shape.hidden > limits.WIDEST_CHECKPOINT or shape.layers > limits.DEEPEST_CHECKPOINT:
        most = f"{limits.WIDEST_CHECKPOINT:,} units and {limits.DEEPEST_CHECKPOINT} layers are the most"
        raise Unreadable(f"{which} has {_extent(shape)}, and {most}")
    if first.dim() == 2 and not shape.inputs:
        raise Unreadable(f"{which} reads nothing: {sized(first)} weights by its input")
    _compare(group, shape)
    return shape


def weights_of(group: Group, shape: Shape) -> dict[str, Tensor]:
    """Its parameters under torch's names, one bias in place of two as the first of the two, beside zeros."""
    found: dict[str, Tensor] = {}
    for place in dict(_expected(shape)):
        what, level, back = place
        alone = group.weights.get(("bias", level, back)) if what.startswith("bias") else None
        if alone is None:
            found[of_place("", place)] = checked(group.name(place), group.weights[place])
        else:
            bias = checked(group.name(("bias", level, back)), alone)
            found[of_place("", place)] = bias if what == "bias_ih" else torch.zeros_like(bias)
    return found


def _forward_alone(group: Group) -> str:
    """Why a module is refused that has weights by its input alone, with what is read."""
    came = ", ".join(f"{of_place('', place)} {sized(tensor)}" for place, tensor in list(group.weights.items())[:2])
    cells = listed([OF_TORCH[g].title for g in sorted(OF_TORCH)], "or")
    return (
        f"{group.which} has weights by its input alone ({came}) and no weight_hh, as a feed-forward window, which "
        f"hands no state on; what can be read are recurrent layers ({cells}), which have both"
    )


def _extent(shape: Shape) -> str:
    return f"{shape.hidden:,} units and {shape.layers} layer{'s' if shape.layers > 1 else ''}"


def _compare(group: Group, shape: Shape) -> None:
    """Every parameter that such a module has must be there, and in its shape; none else."""
    expected = dict(_expected(shape))
    for what, level, back in [place for place in group.weights if place[0] == "bias"]:  # in place of two
        both = [("bias_ih", level, back), ("bias_hh", level, back)]
        if also := next((place for place in both if place in group.weights), None):
            one, two = shown(group.name((what, level, back))), shown(group.name(also))
            raise Unreadable(f"{one} stands beside {two}, and there is one bias or there are two")
        expected[what, level, back], _ = (expected.pop(place, ()) for place in both)
    for place in [*expected, *group.weights]:
        if place not in group.weights:
            raise Unreadable(f"{shown(group.name(place))} is missing")
        if tuple(group.weights[place].shape) != expected.get(place):
            wanted = " × ".join(f"{n:,}" for n in expected.get(place, ()))
            raise Unreadable(f"{shown(group.name(place))} must be {wanted}, not {sized(group.weights[place])}")


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


def checked(name: str, tensor: Tensor) -> Tensor:
    """The tensor in float32, or float64 if it is that, with finite numbers only, in float32 too.

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
    if not bool(torch.isfinite(tensor.float()).all()):
        raise Unreadable(f"{shown(name)} has weights beyond single precision, in which states are computed")
    return tensor


def sized(tensor: Tensor) -> str:
    """The sizes of a tensor in words."""
    return " × ".join(f"{n:,}" for n in tensor.shape) or "one number"
