"""The first weights of a model, drawn from an explicit generator."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from rnnviz.nn.cells.lookup import find_kind
from rnnviz.nn.cells.placed import Placed, PlacedReadout
from rnnviz.specs.models import ModelSpec


@torch.no_grad()
def draw_weights(model: nn.Module, spec: ModelSpec, generator: torch.Generator) -> None:
    """Set all weights: uniform in ±1/√N as torch draws them, then what `spec.init` and the cell's own options change.

    N is the width H of a recurrent layer, of one with shared weights the units that a unit reads, and the number of
    inputs of a linear one; embeddings are standard normal.
    The changes come last, so that models that differ in nothing else share all other weights.

    orthogonal: every gate's H×H block of W_hh is a random orthogonal matrix: all its singular values are 1.
    identity:   every block is the identity and the biases of the recurrent layers are 0 (Le, Jaitly & Hinton 2015).
    scaled:     an orthogonal block times sigma_max: all its singular values are sigma_max.
    """
    for part in model.modules():
        if isinstance(part, nn.Embedding):
            part.weight.normal_(generator=generator)
        elif isinstance(part, nn.Linear | PlacedReadout) or find_kind(part) is not None:
            size = _fan_in(part, spec)
            for weight in part.parameters(recurse=False):
                weight.uniform_(-1 / math.sqrt(size), 1 / math.sqrt(size), generator=generator)
    for part in model.modules():
        if find_kind(part) is not None:
            _change(part, spec, generator)


def _fan_in(part: nn.Module, spec: ModelSpec) -> int:
    """N: what the size of a part's first weights depends on."""
    if isinstance(part, nn.Linear | PlacedReadout):
        return part.in_features
    return part.fan_in if isinstance(part, Placed) else spec.hidden


def _change(recurrent: nn.Module, spec: ModelSpec, generator: torch.Generator) -> None:
    """What a spec wants otherwise than torch."""
    if spec.init == "identity":
        for square in _blocks(recurrent):
            square.copy_(torch.eye(spec.hidden))
        for bias in _biases(recurrent).values():
            bias.zero_()
    elif spec.init != "default":
        for square in _blocks(recurrent):
            square.copy_((spec.sigma_max or 1.0) * orthogonal(spec.hidden, generator))
    set_own_biases(recurrent, spec)


def orthogonal(size: int, generator: torch.Generator) -> Tensor:
    """A random orthogonal matrix (size, size), float64, every one as likely as any other (Haar measure).

    The Q of a QR decomposition is that only once the signs on R's diagonal are made positive (Mezzadri 2007).
    """
    q, r = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=torch.float64))
    weights: Tensor = q * torch.where(r.diagonal() < 0, -1.0, 1.0)
    return weights


def _blocks(module: nn.Module) -> Iterator[Tensor]:
    """Every gate's own block (H, H) of every W_hh."""
    for name, weight in module.named_parameters():
        if name.startswith("weight_hh"):
            yield from weight.split(weight.shape[1])


def _biases(module: nn.Module) -> dict[str, Tensor]:
    return {name: weight for name, weight in module.named_parameters() if name.startswith("bias")}


@torch.no_grad()
def set_own_biases(model: nn.Module, spec: ModelSpec) -> None:
    """The biases of gates that a spec sets, such as those of forget gates, in all recurrent layers of a model.

    Torch adds two biases; it is their sum that becomes what the spec says.
    """
    for part in model.modules():
        kind = find_kind(part)
        if kind is None:
            continue
        names = [block.name for block in kind.description.blocks]
        for name, begin in kind.biases(spec).items():
            for bias, weight in _biases(part).items():
                weight.chunk(len(names))[names.index(name)][:] = begin if bias.startswith("bias_ih") else 0.0
