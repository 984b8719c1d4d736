"""Tables of embeddings: named so in the last part of their name, without a bias, as wide as what a layer reads."""

import re
from collections.abc import Mapping

import torch
from torch import Tensor

from rnnviz.core import limits
from rnnviz.nn.checkpoints.contents import Unreadable
from rnnviz.nn.checkpoints.parameters import is_parameter

_NAMED = re.compile(r"emb|wte|lookup|vocab|word|token|encoder$|^E$", re.IGNORECASE)
_OTHERS = re.compile(
    r"proj|linear|dense|norm|attn|attention|pos|(?:^|_)(?:fc|out|type|tag|label)(?:_|$)", re.IGNORECASE
)


def embeddings(tensors: Mapping[str, Tensor], widths: set[int]) -> dict[str, Tensor]:
    """Name of the tensor → (tokens, width), in the file's order; of equal tables the first.

    Raises:
        Unreadable: there are too many.
    """
    found: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        fits = is_one(name, tensor, tensors) and tensor.shape[1] in widths
        if fits and not any(other.shape == tensor.shape and torch.equal(other, tensor) for other in found.values()):
            found[name] = tensor
        if len(found) > limits.MOST_STACKS:
            raise Unreadable(f"it has more than {limits.MOST_STACKS} embeddings, which are the most")
    return found


def is_one(name: str, tensor: Tensor, tensors: Mapping[str, Tensor]) -> bool:
    """Whether a tensor of this name is a table of embeddings, as wide as it may be."""
    if tensor.dim() != 2 or 0 in tensor.shape or not tensor.is_floating_point() or is_parameter(name):
        return False
    module = name.removesuffix(".weight")
    last = module.rstrip(".0123456789").rpartition(".")[2]  # of a list of them, the list's
    return bool(_NAMED.search(last)) and not _OTHERS.search(last) and f"{module}.bias" not in tensors
