"""Weights that a file holds in parts, put together by torch's own formulas.

`torch.nn.utils.weight_norm`, `spectral_norm`, `prune` and `parametrizations` keep, in place of a weight, what they
compute it from; dropout on weights, as AWD-LSTM has it, keeps the weight without dropout as `weight_hh_l0_raw`.
"""

import collections
import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping

import torch
from torch import Tensor

from rnnviz.core.errors import plain
from rnnviz.core.names import listed

Parts = Mapping[str, Tensor]  # by the last part of their names

_PART = re.compile(
    r"(?P<base>(?:.*\.)?(?:weight|bias)(?:_[a-z]{1,3})?(?:_l\d{1,3})?(?:_reverse)?)_(?P<part>raw|g|v|u|orig|mask)"
)
_PARAMETRISED = re.compile(r"(?P<of>(?:.*\.)?)parametrizations\.(?P<name>[^.]+)\.(?P<part>.+)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Stored:
    """One way to store a weight in parts.

    parts:   how these are called.
    join:    makes the weight of them; raises a ValueError with what is wrong with them.
    assumed: what is assumed about it that no file tells; "" if all is told.
    """

    parts: frozenset[str]
    join: Callable[[Parts], Tensor]
    assumed: str = ""


@dataclasses.dataclass(frozen=True)
class Whole:
    """What a file holds once the parts are put together.

    tensors: by name, without the parts.
    unread:  name → why a weight cannot be put together; it goes on after the name.
    assumed: name → what had to be assumed.
    """

    tensors: dict[str, Tensor]
    unread: dict[str, str]
    assumed: dict[str, str]


def whole(tensors: Mapping[str, Tensor]) -> Whole:
    """Every weight that is stored in parts put together, in the place of its first part; all others as they are."""
    parts: dict[str, dict[str, Tensor]] = collections.defaultdict(dict)
    found = Whole({}, {}, {})
    for name, tensor in tensors.items():
        base, part = split(name)
        if part:
            parts[base][part] = tensor
        found.tensors[base] = tensor
    for base, those in parts.items():
        known = [one for one in WAYS if one.parts == {*those}]
        try:
            if base in tensors and "raw" not in those:
                raise ValueError("stands in it whole and in parts")
            if not known:
                raise ValueError(f"is stored in parts that are not known ({_listed(those)})")
            found.tensors[base] = known[0].join({part: _wide(tensor) for part, tensor in those.items()})
        except (ValueError, RuntimeError, IndexError) as error:
            del found.tensors[base]
            found.unread[base] = str(error) if isinstance(error, ValueError) else _ODD
        else:
            if known[0].assumed:
                found.assumed[base] = known[0].assumed
    return found


def _listed(parts: Iterable[str]) -> str:
    return listed([plain(part, 20) for part in sorted(parts)[:4]])


def split(name: str) -> tuple[str, str]:
    """Of a part the name of the weight and what part it is; of all others the name and ""."""
    if match := _PARAMETRISED.fullmatch(name):
        return match["of"] + match["name"], match["part"]
    match = _PART.fullmatch(name)
    return (match["base"], match["part"]) if match else (name, "")


def _wide(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() and tensor.dtype != torch.float64 else tensor


_ODD = "has parts that do not fit together"


def _check(fits: bool) -> None:
    if not fits:
        raise ValueError(_ODD)


def _norm(v: Tensor, g: Tensor) -> Tensor:
    """v · g / ‖v‖, the norm taken of each row, each column or all of v: of as many as g has numbers.

    Source: `torch.nn.utils.parametrizations.weight_norm`.
    """
    along = [dim for dim in range(g.dim()) if g.shape[dim] != 1]
    whole_of = not g.dim() or (g.dim() == v.dim() and not along and 1 in v.shape)
    rows_of = g.dim() == v.dim() and len(along) == 1 and g.shape[along[0]] == v.shape[along[0]]
    _check(whole_of or rows_of)
    found: Tensor = torch._weight_norm(v, g.reshape(()) if whole_of else g, -1 if whole_of else along[0])
    return found


def _spectral(weight: Tensor, u: Tensor, v: Tensor) -> Tensor:
    """W / σ with σ = uᵀ W v; u and v are the singular vectors that the power method has come to.

    Rows and columns may be exchanged; of a square matrix that way is right in which u is along W v, or v along Wᵀ u.
    Source: `torch.nn.utils.parametrizations.spectral_norm`.
    """
    ways = [matrix for matrix in (weight, weight.mT) if weight.dim() == 2 and matrix.shape == (len(u), len(v))]
    _check(bool(ways) and u.dim() == v.dim() == 1)
    matrix = max(ways, key=lambda way: max(_cosine(u, way @ v), _cosine(v, way.mT @ u)))
    return weight / torch.vdot(u, torch.mv(matrix, v))


def _cosine(one: Tensor, other: Tensor) -> float:
    return float(torch.nn.functional.cosine_similarity(one, other, dim=0))


def _pruned(weight: Tensor, mask: Tensor) -> Tensor:
    _check(weight.shape == mask.shape)
    return weight * mask


def _orthogonal(x: Tensor, base: Tensor | None = None) -> Tensor:
    """Q of x: by the matrix exponential where x is square, else by reflections, as torch does if it is told nothing.

    Source: `torch.nn.utils.parametrizations.orthogonal`.
    """
    _check(x.dim() == 2)
    tall = x.mT if x.shape[0] < x.shape[1] else x
    if base is None:  # then x was made by the reflections, and says so on its diagonal
        if not bool((tall.diagonal().abs() == 1).all()):
            raise ValueError("is computed from something by a parametrisation that is not known")
        q = _reflected(tall)
    else:
        _check(base.shape == (tall.shape[0], tall.shape[0]))
        lower = tall.tril()
        q = base @ (torch.matrix_exp(lower - lower.mT) if tall.shape[0] == tall.shape[1] else _reflected(tall))
    return q.mT.contiguous() if tall is not x else q


def _reflected(tall: Tensor) -> Tensor:
    reflections = tall.tril(diagonal=-1)
    tau = 2.0 / (1.0 + (reflections * reflections).sum(dim=-2))
    q: Tensor = torch.linalg.householder_product(reflections, tau) * tall.diagonal().int()
    return q


_DEFAULT = "is computed by torch's default map to orthogonal matrices; a model made with another map has others"
WAYS = (
    Stored(frozenset({"g", "v"}), lambda p: _norm(p["v"], p["g"])),
    Stored(frozenset({"original0", "original1"}), lambda p: _norm(p["original1"], p["original0"])),
    Stored(frozenset({"orig", "u", "v"}), lambda p: _spectral(p["orig"], p["u"], p["v"])),
    Stored(frozenset({"original", "0._u", "0._v"}), lambda p: _spectral(p["original"], p["0._u"], p["0._v"])),
    Stored(frozenset({"orig", "mask"}), lambda p: _pruned(p["orig"], p["mask"])),
    Stored(frozenset({"original", "0.base"}), lambda p: _orthogonal(p["original"], p["0.base"]), _DEFAULT),
    Stored(frozenset({"original"}), lambda p: _orthogonal(p["original"]), _DEFAULT),
    Stored(frozenset({"raw"}), lambda p: p["raw"]),  # the weight in use is this with some of it dropped
)
