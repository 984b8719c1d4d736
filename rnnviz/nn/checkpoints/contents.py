"""What a file of weights holds, as far as that does not depend on who has written it."""

import collections
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from rnnviz.core import limits

LARGEST_HEADER = 2_000_000  # bytes of what a file says about its tensors; looking through that takes seconds


class Unreadable(ValueError):
    """Why a file or a layer cannot be opened, in words that follow "FILE cannot be opened as a checkpoint: "."""


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a file holds.

    tensors:      dotted name → tensor, wrappers such as `state_dict.` and `module.` taken off.
    unread:       dotted name → what came in place of a plain tensor, such as "it is stored sparse".
    vocabularies: name → what stands under a name that a vocabulary may have, plain values only.
    metadata:     of a safetensors file.
    longest:      characters of the longest name of a tensor that was left out for its length; 0 if none was.
    """

    tensors: dict[str, Tensor]
    unread: dict[str, str] = dataclasses.field(default_factory=dict)
    vocabularies: dict[str, Any] = dataclasses.field(default_factory=dict)
    metadata: dict[str, str] = dataclasses.field(default_factory=dict)
    longest: int = 0


def too_long(characters: int) -> str:
    """Why a tensor's name of so many characters is too long."""
    return f"it has a name of {characters:,} characters, and {limits.LONGEST_TENSOR_NAME} are the most"


def in_words(count: int) -> str:
    """How many numbers a file declares, whatever it declares."""
    return f"{count:,}" if count < 10**15 else "more than 10¹⁵"


_WRAPPERS = ("state_dict.", "model_state_dict.", "model_state.", "net_state_dict.", "weights.", "params.")
_ANYWHERE = {  # names of modules that only hold another one
    "module",  # of data parallel training, of averages of weights, of dropout on weights
    "_orig_mod",  # of torch.compile
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
    "base_layer",  # of adapters, which then stand beside it
}


def unwrapped(tensors: Mapping[str, Tensor]) -> Callable[[str], str]:
    """What makes of a name in a file the name that the model has for it.

    Copies of one tensor under two names become one. Where two different tensors would have one name, all names of the
    file stay in full, as else the parts of two models would be mixed.
    """
    alike: dict[str, list[Tensor]] = collections.defaultdict(list)
    for name, tensor in tensors.items():
        alike[_short(name)].append(tensor)
    for first, *others in alike.values():
        if not all(_is_copy(first, other) for other in others):
            return str
    return _short


def _is_copy(first: Tensor, other: Tensor) -> bool:
    return first.shape == other.shape and first.dtype == other.dtype and torch.equal(first, other)


def _short(name: str) -> str:
    """A name without its wrappers; nothing can be taken off that again, so it is nobody else's full name."""
    *modules, own = name.split(".")
    name = ".".join([*(module for module in modules if module not in _ANYWHERE), own])
    while wrapper := next((one for one in _WRAPPERS if name.startswith(one)), ""):
        name = name.removeprefix(wrapper)
    return name
