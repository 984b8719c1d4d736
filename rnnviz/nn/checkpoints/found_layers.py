"""Recurrent layers in a heap of named tensors: what they are follows from names and shapes alone.

As W_hh is (G·H, H), its shape tells which of torch's cells it is: G is 4 for an LSTM, 3 for a GRU, 1 for a simple RNN.
A layer that is not understood is left out, with a note that says why.
"""

import dataclasses
import itertools
import re
from collections.abc import Collection, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from rnnviz.cells import Cell
from rnnviz.checkpoints.brought import titled
from rnnviz.core import limits
from rnnviz.core.errors import Words, plain, shown
from rnnviz.nn.cells.kind import Kind
from rnnviz.nn.cells.lookup import kind_for, kind_of
from rnnviz.nn.checkpoints import embeddings as tables
from rnnviz.nn.checkpoints.beside import beside, spaced
from rnnviz.nn.checkpoints.contents import Contents, Unreadable, too_long
from rnnviz.nn.checkpoints.parameters import Group, groups, is_parameter
from rnnviz.nn.checkpoints.shapes import OF_TORCH, checked, shape_of, weights_of
from rnnviz.nn.checkpoints.storages import QUANTISED
from rnnviz.nn.checkpoints.stored import whole

_PACKED = re.compile(r"_all_weight_values|_packed_weight_(?:ih|hh)")  # of quantised layers and cells
_OTHER_CELLS = re.compile(  # that have as many blocks of weights as one of torch's
    r"(?<![a-z])(?:cifg|coupled|antisym[a-z]*|indrnn|ugrnn|mgu|janet|[msx]lstm|phased|peephole|convlstm|treelstm"
    r"|clockwork|zoneout|fastgrnn|fastrnn|minimal|mingru|minlstm|cornn|unicornn|ligru|sru|qrnn|ltc|cfc)(?![a-z])",
    re.IGNORECASE,
)
_BACKWARD = re.compile(r"(?<![a-z])(?:backwards?|bwd|bw|reversed?|rev)(?![a-z])|directions\.1\.", re.IGNORECASE)
LONGEST_NAME = limits.LONGEST_TENSOR_NAME  # characters of a layer's name, with signs that cannot be printed told


@dataclasses.dataclass(frozen=True)
class Found:
    """What was found in a heap of tensors.

    layers:     name → module with the weights, for every recurrent layer or stack of them, in the file's order.
    embeddings: name → (tokens, width): tables whose rows fit what one of the layers reads.
    notes:      what was left out or assumed, and why, each in a sentence.
    """

    layers: dict[str, nn.RNNBase]
    embeddings: dict[str, Tensor]
    notes: list[str]


def found(contents: Contents, activation: str) -> Found:
    """Every recurrent layer that is understood.

    Raises:
        Unreadable: there is none; why the first one is not understood, if there is one.
    """
    stored = whole(contents.tensors)
    unread = {**contents.unread, **stored.unread}
    all_of = groups(stored.tensors, unread)
    if not all_of:
        raise Unreadable(too_long(contents.longest) if contents.longest else _nothing(stored.tensors, contents.unread))
    offered = tables.embeddings(stored.tensors, {width for group in all_of for width in group.widths})
    layers, notes, refusals = _layers(all_of, activation, stored.tensors)
    if not layers:
        raise Unreadable(refusals[0])
    notes = [f"Left out: {why}." for why in refusals] + notes
    notes += [f"{shown(name)} {why}." for name, why in stored.assumed.items() if is_parameter(name)]
    if quantised := _quantised(contents.unread):
        notes.append(quantised)
    if contents.longest:
        notes.append(f"Tensors with names of more than {limits.LONGEST_TENSOR_NAME} characters are left out.")
    return Found(layers, _embeddings(offered, layers, notes), notes)


def _layers(
    all_of: list[Group], activation: str, tensors: Mapping[str, Tensor]
) -> tuple[dict[str, nn.RNNBase], list[str], list[str]]:
    """The layers that are understood, notes on them, and why others are not."""
    names = {group.of: plain(group.of.rstrip("."), LONGEST_NAME) for group in all_of}
    layers: dict[str, nn.RNNBase] = {}
    notes: list[str] = []
    refusals: list[str] = []
    for group in all_of:
        try:
            shape = shape_of(group)
            said = beside(group, tensors)
            weights = weights_of(group, shape)
        except Unreadable as error:
            refusals.append(str(error))
            continue
        name = _free(names[group.of], layers) if names[group.of] else ""
        name = name or _free(shape.cell.name, {*layers, *names.values()})
        kind, sizes = kind_for(shape.cell.name, {"activation": activation}), (shape.inputs, shape.hidden, shape.layers)
        layers[name] = built(kind, weights, sizes, bias=shape.bias, bidirectional=shape.directions == 2)
        notes += [*said, *_called_otherwise(group.of.rstrip("."), name, shape.cell)]
        if shape.directions == 1 and _BACKWARD.search(group.of):
            notes.append(f"{shown(name)} may read from the end, by its name; here it reads from the start.")
        if "reset" in kind.options and any(what == "bias" for what, _, _ in group.weights):
            notes.append(f"The single bias of {shown(name)} is taken as that of its input, outside the reset gate.")
    return layers, notes, refusals


def _called_otherwise(full: str, name: str, cell: Cell) -> list[str]:
    """A note if its name says another cell than its shape: own cells may have as many blocks of weights."""
    own = _OTHER_CELLS.search(f"{full} {spaced(full)}")
    if own:
        return [f"{shown(name)} is shown as {cell.title}, by its shape; its name says {own.group().lower()}."]
    gated = [other for other in OF_TORCH.values() if len(other.blocks) > 1]
    parts = [part.lower() for part in full.split(".")]
    last = next((part for part in reversed(parts) if any(other.name in part for other in gated)), "")
    return [
        f"{shown(name)} is shown as {cell.title}, by its shape; its name says {other.title}."
        for other in gated
        if other.name in last and cell.name not in last
    ]


def _quantised(unread: Mapping[str, str]) -> str:
    """A note on layers that were quantised, whose weights go by other names."""
    found = [name for name, why in unread.items() if QUANTISED in why and _PACKED.search(name)]
    return f"Left out: {shown(found[0])} {QUANTISED}." if found else ""


def _embeddings(offered: Mapping[str, Tensor], layers: Mapping[str, nn.RNNBase], notes: list[str]) -> dict[str, Tensor]:
    """Those that fit a layer, under the names of their modules; of one that cannot be read a note says why."""
    widths = {module.input_size for module in layers.values()}
    fitting: dict[str, Tensor] = {}
    for name, table in offered.items():
        if table.shape[1] in widths:
            try:
                fitting[_free(plain(name.removesuffix(".weight"), LONGEST_NAME), fitting)] = checked(name, table)
            except Unreadable as error:
                notes.append(f"Left out: {error}.")
    return fitting


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it if it is taken."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in taken)


def _nothing(tensors: Mapping[str, Tensor], unread: Mapping[str, str]) -> str:
    """Why nothing was found: what cannot be read, if that is all or is quantised; else with the first names."""
    for name, why in unread.items():
        if not tensors or QUANTISED in why:
            return f"{shown(name)} {why}"
    names = ", ".join(shown(Words(name[:30])) for name in list(tensors)[:3]) or "no tensors at all"
    more = f" and {len(tensors) - 3:,} more" if len(tensors) > 3 else ""
    return f"recurrent layers have weights named like weight_ih_l0 and weight_hh_l0, and this has {names}{more}"


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


def title(module: nn.RNNBase) -> str:
    """A module in words, such as "LSTM, 2 layers in both directions, 8 inputs, 16 units"."""
    cell, directions = kind_of(module).description.name, 2 if module.bidirectional else 1
    return titled(cell, module.num_layers, directions, module.input_size, module.hidden_size)
