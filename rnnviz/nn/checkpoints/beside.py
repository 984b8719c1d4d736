"""What stands beside the weights of a recurrent layer, below its prefix, and so may change what it computes.

A name tells what it is. What changes the states for sure refuses the layer: it would be shown as what it is not.
Modules whose part in it cannot be told leave it open, with a note.
"""

import re
from collections.abc import Iterable, Mapping

from torch import Tensor

from rnnviz.core.errors import Words, plain, shown
from rnnviz.core.names import listed
from rnnviz.nn.checkpoints.contents import Unreadable
from rnnviz.nn.checkpoints.embeddings import is_one
from rnnviz.nn.checkpoints.parameters import Group

LONGEST = 40  # characters of a name in a note
MOST = 3  # names in a note

_ADAPTER = "an adapter"
_INSIDE = {  # what changes the states, by a word in its name
    _ADAPTER: {"lora", "adapter", "adapters", "dora", "ia"},
    "peepholes": {"peep", "peephole", "peepholes", "ci", "cf", "co", "pi", "pf", "po", "ch"},
    "a projection": {"proj", "projection", "projections", "hr"},
    "a normalisation": {"norm", "ln", "lns", "bn", "gn", "rms"},
}
_FIRST_STATE = {"h", "c", "hx", "cx", "hidden", "cell", "state", "states", "init", "initial", "first", "learned"}
_OF_TRAINING = {
    "exp_avg",
    "exp_avg_sq",
    "max_exp_avg_sq",
    "square_avg",
    "momentum_buffer",
    "grad",
    "grads",
    "gradients",
}
_COUNTERS = {"num_batches_tracked", "n_averaged", "version", "rng_state", "cuda_rng_state"}


def beside(group: Group, tensors: Mapping[str, Tensor]) -> list[str]:
    """What a note has to say of it, each in a sentence; nothing if it stands alone.

    tensors: everything in the file.

    Raises:
        Unreadable: it has something that changes its states.
    """
    if kept := [part for part in group.of.split(".") if part.lower() in _OF_TRAINING]:
        raise Unreadable(f"{group.which} holds what training keeps beside weights ({_named(kept)})")
    rest = [name.removeprefix(group.of) for name in group.beside if not _is_counter(name, tensors.get(name))]
    inner = [name.removeprefix(group.of) for name in group.inner]
    for what, words in _INSIDE.items():
        if found := dict.fromkeys(own.split(".")[0] for own in [*rest, *inner] if words & _words(own)):
            raise Unreadable(f"{group.which} has {what} inside ({_named(found)}), as no plain cell has")
    if elsewhere := _adapting(group, tensors):
        raise Unreadable(f"{group.which} has {_ADAPTER} elsewhere in the file ({_named(elsewhere)})")
    first = [own for own in rest if _words(own) and _words(own) <= _FIRST_STATE]
    odd = [own for own in rest if "." not in own and own not in first]
    if odd := odd if group.of else [own for own in odd if own.startswith(("weight", "bias"))]:
        raise Unreadable(f"{group.which} has {_named(odd)} beside its weights, which may change what it computes")
    modules = dict.fromkeys(own.split(".")[0] for own in rest if own not in first)
    modules |= dict.fromkeys(inner)
    notes: list[str] = []
    if first:
        notes.append(f"The first state of {group.which} ({_named(first)}) is left out: here it starts at zeros.")
    if modules:
        notes.append(f"What stands inside {group.which} beside its weights is not computed: {_named(modules)}.")
    if around := [module for module, names in group.around.items() if not _are_tables(names, tensors)]:
        left_out = f"What stands beside it is not computed: {_named(around)}."
        notes.append(f"{_start(group.which)} is a cell, shown as a layer. {left_out}")
    return notes


def _are_tables(names: Iterable[str], tensors: Mapping[str, Tensor]) -> bool:
    return all(name in tensors and is_one(name, tensors[name], tensors) for name in names)


def _adapting(group: Group, tensors: Mapping[str, Tensor]) -> list[str]:
    """Names of adapters elsewhere in the file that name this layer, as `lora.rnn.A` does for `encoder.rnn`."""
    last = group.of.rstrip(".").rpartition(".")[2]
    around = [name for name in tensors if last and not name.startswith(group.of) and last in name.split(".")]
    return [name for name in around if _INSIDE[_ADAPTER] & _words(name)]


def _is_counter(name: str, tensor: Tensor | None) -> bool:
    return tensor is not None and not tensor.is_floating_point() and name.rpartition(".")[2] in _COUNTERS


def _words(name: str) -> set[str]:
    """The words of a name: `layerNorm_ih1.weight` has "layer", "norm", "ih" and "weight"."""
    words = {*re.split(r"[^a-z]+", spaced(name).lower())} - {""}
    return words | ({"norm"} if any("norm" in word for word in words) else set())


def spaced(name: str) -> str:
    """`layerNorm` as `layer Norm`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _named(names: Iterable[str]) -> str:
    all_of = [*names]
    short = [shown(Words(plain(name, LONGEST))) for name in all_of[:MOST]]
    return listed(short, "and") if len(all_of) <= MOST else f"{', '.join(short)} and {len(all_of) - MOST:,} more"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]
