"""The two ways to write a GRU's update gate: one model, with z renamed to 1 − z.

    "z keeps" (lecture 000, torch, and this app):  h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ h̃_t
    "z updates" (lectures 001, 003):               h_t = (1 − z_t) ⊙ h_{t-1} + z_t ⊙ h̃_t

As 1 − σ(a) = σ(−a), the weights of one are those of the other with the signs of the update gate's turned. Where the
reset gate acts does not matter here; that makes two models, which no renaming turns into each other.

Both functions are their own inverse.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rnnviz.cells.convention import Convention

if TYPE_CHECKING:
    import xarray as xr

LONG_NAME = "update gate z_t: 0 keeps, 1 replaces"
HIDDEN = "h_t = (1 − z_t) ⊙ h_(t-1) + z_t ⊙ h̃_t"

Trace = TypeVar("Trace", "xr.Dataset", dict[str, np.ndarray])
_RECURRENT = re.compile(r"(.*\.)?(weight|bias)_(ih|hh)_l\d+(_reverse)?")


def z_updates(trace: Trace) -> Trace:
    """A GRU's trace as "z updates" writes it: `update_gate` becomes 1 − `update_gate`, all else is the same.

    trace: a Dataset, such as `rv.trace` gives, or arrays by name. It is not changed.

    Raises:
        ValueError: it has no update gate.
    """
    if "update_gate" not in trace:
        raise ValueError(f"trace must be that of a GRU, with an update_gate; got {', '.join(map(str, trace))}.")
    if isinstance(trace, dict):
        return {**trace, "update_gate": 1 - trace["update_gate"]}
    found = trace.assign(update_gate=1 - trace["update_gate"])
    found["update_gate"].attrs = trace["update_gate"].attrs | {"long_name": LONG_NAME}
    if "hidden" in found:
        found["hidden"].attrs = trace["hidden"].attrs | {"equation": HIDDEN}
    return found


def with_z_updates(weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A GRU's weights for a "z updates" GRU that computes the same: the update gate's change their signs.

    weights: by torch's names, such as those of a frame or a `state_dict`; what is no recurrent weight stays.

    Raises:
        ValueError: a recurrent weight has not the three blocks r, z, n.
    """
    return {name: _turned(name, weight) if _RECURRENT.fullmatch(name) else weight for name, weight in weights.items()}


def _turned(name: str, weight: np.ndarray) -> np.ndarray:
    if len(weight) % 3:
        raise ValueError(f"{name} must have three blocks of rows, as in a GRU; got {len(weight)} rows.")
    turned, size = np.array(weight), len(weight) // 3
    turned[size : 2 * size] *= -1
    return turned


Z_UPDATES = Convention(
    name="z-updates",
    asked="Update gate of the GRU",
    usual="z keeps (Cho 2014)",
    title="z updates (Chung 2014)",
    note="The same model under another name: where one says z, the other says 1 − z.",
    trace=z_updates,
    weights=with_z_updates,
)
