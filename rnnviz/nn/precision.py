"""In which precision single-precision numbers are multiplied."""

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

_BACKENDS: Any = torch.backends  # torch's own types do not know these settings
_AROUND = (_BACKENDS, _BACKENDS.cudnn)  # where a setting holds for all places inside that have none
_PLACES = (
    _BACKENDS.cudnn.rnn,
    _BACKENDS.cudnn.conv,
    _BACKENDS.cuda.matmul,
    _BACKENDS.mkldnn.rnn,
    _BACKENDS.mkldnn.conv,
    _BACKENDS.mkldnn.matmul,
)


@contextlib.contextmanager
def true_float32() -> Iterator[None]:
    """Single precision as it is (IEEE 754) for a while, in place of TF32 or bfloat16; then what the caller had set.

    Where the caller has autocast on, it is off for as long.

    cuDNN multiplies in TF32 unless told otherwise, with ten bits in place of 23: states are 3e-4 off. Of torch's two
    kinds of settings, which may not be mixed, only those by place are used: the older ones are not touched.
    """
    before = []
    try:
        for wanted, several in (("none", _AROUND), ("ieee", _PLACES)):  # a place tells its own only with none around it
            for where in several:
                before.append((where, where.fp32_precision))
                where.fp32_precision = wanted
        with contextlib.ExitStack() as off:
            for device in filter(torch.is_autocast_enabled, ("cpu", "cuda")):
                off.enter_context(torch.autocast(device, enabled=False))
            yield
    finally:
        for where, precision in before:
            where.fp32_precision = precision
