"""True single precision for a while, and then what the caller had set, whichever way it was set."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import nn

import rnnviz as rv
from rnnviz.nn.precision import _AROUND, _PLACES, true_float32

ALL: tuple[Any, ...] = (*_AROUND, *_PLACES)
AROUND, CUDNN = ALL[:2]


def settings() -> list[str]:
    return [where.fp32_precision for where in ALL]


def places() -> set[str]:
    return {where.fp32_precision for where in ALL[len(_AROUND) :]}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    kept = []
    for where in ALL:
        kept.append(where.fp32_precision)
        if where in _AROUND:
            where.fp32_precision = "none"
    for where, value in zip(ALL, kept, strict=True):
        where.fp32_precision = value
    yield
    torch.set_float32_matmul_precision("highest")
    torch.backends.cudnn.allow_tf32 = True
    for where, value in zip(ALL, kept, strict=True):
        where.fp32_precision = value


def _around(value: str) -> None:
    AROUND.fp32_precision = value


def _cudnn(value: str) -> None:
    CUDNN.fp32_precision = value


def _place(value: str) -> None:
    torch.backends.cuda.matmul.fp32_precision = value


WAYS: dict[str, Callable[[], None]] = {
    "as it is": lambda: None,
    "everywhere": lambda: _around("tf32"),
    "everywhere exact": lambda: _around("ieee"),
    "cudnn": lambda: _cudnn("tf32"),
    "a place": lambda: _place("tf32"),
    "older, by name": lambda: torch.set_float32_matmul_precision("medium"),
    "older, products": lambda: setattr(torch.backends.cuda.matmul, "allow_tf32", True),
    "older, cudnn": lambda: setattr(torch.backends.cudnn, "allow_tf32", False),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("way", WAYS)
def test_inside_it_is_exact_and_outside_as_it_was(way: str) -> None:
    WAYS[way]()
    before = settings()
    with true_float32():
        assert places() == {"ieee"}
        with true_float32():
            assert places() == {"ieee"}
        assert places() == {"ieee"}
    assert settings() == before
    with pytest.raises(KeyError), true_float32():
        raise KeyError
    assert settings() == before


def test_what_is_inherited_is_inherited_afterwards() -> None:
    _around("tf32")
    with true_float32():
        pass
    _around("ieee")
    assert torch.backends.cuda.matmul.fp32_precision == "ieee", "the place has no setting of its own"


def test_the_older_settings_can_be_read_afterwards() -> None:
    torch.set_float32_matmul_precision("high")
    with true_float32():
        pass
    assert torch.get_float32_matmul_precision() == "high" and torch.backends.cuda.matmul.allow_tf32
    assert torch.backends.cudnn.allow_tf32


def test_instruments_and_recordings_are_exact() -> None:
    module, x, seen = nn.GRU(3, 4), torch.zeros(5, 2, 3), []

    def loss(output: torch.Tensor) -> torch.Tensor:
        seen.append(places())
        return output.flatten(1).sum(1)

    rv.gradient_flow(module, x, lambda output: loss(output).sum())
    rv.influence(module, x, loss)
    rv.trace(module, x, edit={"hidden": lambda h: seen.append(places()) or h})
    before = settings()
    with rv.recording(module) as recorder:
        module(x)[0].sum().backward()
        assert settings() == before, "the training itself is as it was"
    assert seen and all(found == {"ieee"} for found in seen) and settings() == before
    assert float(recorder.dataset().difference.max()) < 1e-6
