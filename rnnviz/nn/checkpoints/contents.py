"""What a file of weights holds, as far as that does not depend on who has written it."""

import collections
import dataclasses
from typing import Any

from torch import Tensor

from rnnviz.core import limits

LARGEST_HEADER = 2_000_000  # bytes of what a file says about its tensors; looking through that takes seconds
VOCABULARY_NAMES = ("vocabulary", "vocab", "itos", "stoi", "token_to_id", "tokens")


class Unreadable(ValueError):
    """Why a file cannot be opened, in words that follow "FILE cannot be opened as a checkpoint: "."""


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a file holds.

    tensors:  dotted name → tensor, wrappers such as `state_dict.` and `module.` taken off.
    notes:    what is told beside the tensors under a name that a vocabulary may have, plain values only.
    metadata: of a safetensors file.
    """

    tensors: dict[str, Tensor]
    notes: dict[str, Any]
    metadata: dict[str, str]


def check_length(characters: int) -> None:
    """Refuse, as `Unreadable`, a tensor's name of so many characters if they are too many."""
    if characters > limits.LONGEST_TENSOR_NAME:
        most = f"{limits.LONGEST_TENSOR_NAME} are the most"
        raise Unreadable(f"it has a name of {characters:,} characters, and {most}")


def in_words(count: int) -> str:
    """How many numbers a file declares, whatever it declares."""
    return f"{count:,}" if count < 10**15 else "more than 10¹⁵"


_WRAPPERS = ("state_dict.", "model_state_dict.", "model_state.", "net_state_dict.", "weights.", "params.")
_ANYWHERE = ("module", "_orig_mod")  # of data parallel training and of torch.compile


def unwrapped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Names as the model has them; in full where that would make two of them equal."""
    short = {name: _short(name) for name in tensors}
    alike = collections.Counter(short.values())
    return {short[name] if alike[short[name]] == 1 else name: tensor for name, tensor in tensors.items()}


def _short(name: str) -> str:
    """A name without its wrappers; nothing can be taken off that again, so it is nobody else's full name."""
    name = ".".join(part for part in name.split(".") if part not in _ANYWHERE)
    while wrapper := next((one for one in _WRAPPERS if name.startswith(one)), ""):
        name = name.removeprefix(wrapper)
    return name
