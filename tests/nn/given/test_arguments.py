"""Whatever numpy can read will do as inputs; from whatever else nothing leaves but a ValueError in one sentence."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

import rnnviz as rv
from tests.nn.reference import numbers

X = numbers(4, 3).numpy()
PLAIN: Callable[[Any], Any] = lambda output: output.sum()  # noqa: E731
EACH: Callable[[Any], Any] = lambda output: output.flatten(1).sum(1)  # noqa: E731
LOOKS: dict[str, Callable[..., Any]] = {
    "trace": rv.trace,
    "jacobians": rv.jacobians,
    "gradient_flow": lambda module, x, **more: rv.gradient_flow(module, x, PLAIN, **more),
    "influence": lambda module, x, **more: rv.influence(module, x, EACH, **more),
}


class Arraylike:
    """Numbers of another library."""

    def __init__(self, values: np.ndarray) -> None:
        self._values = values

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self._values.astype(dtype or self._values.dtype)


class Broken:
    """What says it is an array, and fails."""

    shape, dtype, ndim = (4, 3), np.dtype(float), 2

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise KeyError("nothing here")


FORMS: dict[str, Any] = {
    "DataFrame": pd.DataFrame(X, columns=["a", "b", "c"], index=[5, 6, 7, 8]),
    "nullable DataFrame": pd.DataFrame(X).convert_dtypes(),
    "DataFrame of mixed columns": pd.DataFrame(
        {"a": [1, 2, 3, 4], "b": [0.5, 1, 2, 3], "c": [True, False, True, True]}
    ),
    "xarray": xr.DataArray(X, dims=("time", "feature")),
    "anything with __array__": Arraylike(X),
    "list": X.tolist(),
    "tuple of arrays": tuple(X),
    "list of tensors": [*torch.from_numpy(X)],
    "objects": X.astype(object),
    "reversed": X[::-1],
    "column order": np.asfortranarray(X),
    "big-endian": X.astype(">f4"),
    "long double": X.astype(np.longdouble),
    "half": X.astype(np.float16),
    "read only": np.broadcast_to(X[:1], (4, 3)),
    "unsigned": np.arange(12, dtype=np.uint16).reshape(4, 3),
    "flags": X > 0,
    "whole numbers": torch.arange(12).view(4, 3),
    "bfloat16": torch.from_numpy(X).bfloat16(),
    "needs a gradient": torch.from_numpy(X).requires_grad_(),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("look", LOOKS)
def test_arrays_of_every_form(look: str, form: str) -> None:
    value = FORMS[form]
    values = value.to_numpy() if hasattr(value, "to_numpy") else value
    values = [*map(np.asarray, values)] if isinstance(values, tuple) else values
    plainly = values.detach().double() if isinstance(values, torch.Tensor) else None
    plainly = torch.tensor(np.array(values, dtype=float)) if plainly is None and form != "list of tensors" else plainly
    module = nn.GRU(3, 2).double()
    wanted = LOOKS[look](module, torch.from_numpy(X) if plainly is None else plainly)
    xr.testing.assert_identical(LOOKS[look](module, value), wanted)


def test_hidden_entries_of_a_masked_array_are_no_numbers() -> None:
    masked = np.ma.masked_array(X, np.arange(12).reshape(4, 3) == 4)
    assert np.isnan(rv.trace(nn.GRU(3, 2), masked).hidden[..., 1:, :, :]).all()


NO_MODULE = [None, "gru", 3, nn.GRU, nn.Linear(3, 2), nn.GRUCell(3, 2), nn.Sequential(nn.GRU(3, 2)), nn.Identity()]
NO_INPUTS: dict[str, Any] = {
    "nothing": None,
    "text": "abc",
    "bytes": b"abc",
    "a function": print,
    "ragged": [[1.0, 2.0, 3.0], [1.0]],
    "objects": np.array([["a", None, 1.0]], dtype=object),
    "texts of numbers": np.array([["1", "2", "3"]]),
    "nullable": pd.DataFrame({"a": [1.0, None], "b": [pd.NA, 1], "c": [1, 2]}, dtype="object"),
    "dates": pd.DataFrame({name: pd.date_range("2020", periods=4) for name in "abc"}),
    "words": pd.DataFrame({name: ["x", "y"] for name in "abc"}),
    "complex": X * 1j,
    "empty": [],
    "empty array": np.zeros((0, 3)),
    "no features": np.zeros((4, 0)),
    "one number": 1.0,
    "a row": X[0],
    "four dims": np.zeros((1, 2, 4, 3)),
    "too wide": np.zeros((4, 5)),
    "a mapping": {"a": 1},
    "a set": {1, 2},
    "a broken array": Broken(),
    "list of broken arrays": [Broken()],
    "tensors of other shapes": [torch.zeros(3), torch.zeros(2)],
    "sparse": torch.zeros(4, 3).to_sparse(),
    "structured": np.zeros(4, [("a", float), ("b", float), ("c", float)]),
    "larger than all memory": np.broadcast_to(np.float64(0), (2**45, 3)),
    "a number too large": [[10**400, 1, 2]],
}
ITSELF: list[Any] = []
ITSELF.append(ITSELF)
NO_INPUTS["itself"] = ITSELF
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # both are on their way in or out
    NO_INPUTS["quantised"] = torch.quantize_per_tensor(torch.zeros(4, 3), 0.1, 0, torch.quint8)
    NO_INPUTS["nested"] = torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(1, 3)])


@pytest.mark.parametrize("name", NO_INPUTS)
@pytest.mark.parametrize("look", LOOKS)
def test_what_is_no_input_is_refused_in_a_sentence(look: str, name: str) -> None:
    for module in (nn.GRU(3, 2), nn.LSTM(3, 2, batch_first=True).bfloat16()):
        with pytest.raises(ValueError) as refused:
            LOOKS[look](module, NO_INPUTS[name])
        assert "\n" not in str(refused.value) and str(refused.value).endswith(".")
        if NO_INPUTS[name] is not None and not isinstance(NO_INPUTS[name], (list, tuple)):
            with pytest.raises(ValueError):
                LOOKS[look](module, X, state=NO_INPUTS[name])


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_no_module_is_refused(look: str) -> None:
    for module in NO_MODULE:
        with pytest.raises(ValueError, match="module must be"):
            LOOKS[look](module, X)


SHAPES = {"weight_ih_l0": (3, 3), "weight_ih_l1_reverse": (1, 4), "weight_hh_l1": (0, 0), "bias_hh_l0": (1,)}


@pytest.mark.parametrize("look", LOOKS)
def test_a_module_that_is_damaged_is_refused(look: str) -> None:
    for kind in (nn.RNN, nn.LSTM, nn.GRU):
        for narrow in (False, True):
            without, other, *wrong = modules = [kind(3, 2, 2, bidirectional=True) for _ in range(6)]
            for module in modules if narrow else ():
                module.bfloat16()
            del without.weight_hh_l0
            other.weight_hh_l0 = nn.Parameter(other.weight_hh_l0.detach().double())
            for module, (name, shape) in zip(wrong, SHAPES.items(), strict=True):
                setattr(module, name, nn.Parameter(torch.zeros(shape).to(next(module.parameters()))))
            for module in [*([] if narrow else [without, other]), *wrong]:
                with pytest.raises(ValueError, match="module must have"):
                    LOOKS[look](module, X)


NO_LOSS: list[Any] = [
    None, "mse", len, print, dict, lambda: 0, lambda output: None, lambda output: 1.0, lambda output: output,
    lambda output: output.detach().sum(), lambda output: {}["loss"], lambda output: 1 / 0,
    lambda output: torch.ones(3) @ torch.ones(2), lambda output: torch.tensor(1.0), lambda output: output.sum() * 1j,
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(NO_LOSS)))
@pytest.mark.parametrize("look", [rv.gradient_flow, rv.influence])
def test_what_is_no_loss_is_refused_in_a_sentence(look: Any, place: int) -> None:
    packed = nn.utils.rnn.pack_sequence([torch.zeros(4, 3)])
    for inputs in (X, packed):
        with pytest.raises(ValueError, match="loss_fn must"):
            look(nn.GRU(3, 2), inputs, NO_LOSS[place])


ODD_ARGUMENTS: list[dict[str, Any]] = [
    {"reset": 3}, {"reset": "1"}, {"reset": None}, {"reset": [4]}, {"reset": [1.5]}, {"reset": {1: 2}},
    {"edit": 3}, {"edit": [1]}, {"edit": {"hidden": object()}}, {"edit": {1: 2}}, {"edit": {"hidden": "x"}},
    {"tokens": Broken()}, {"tokens": 3},
]  # fmt: skip
ODD_EDITS: list[dict[str, Any]] = [{"units": 3}, {"steps": "ab"}, {"layer": "top"}, {"units": [[]]}, {"direction": 2}]
ODD_PLACES: list[dict[str, Any]] = [
    {"layer": "top"},
    {"layer": 7},
    {"layer": None},
    {"direction": 1},
    {"direction": []},
]


def test_other_arguments_are_refused_in_a_sentence() -> None:
    module = nn.GRU(3, 2)
    for more in [*ODD_ARGUMENTS, *({"edit": {"hidden": rv.Edit(1.0, **odd)}} for odd in ODD_EDITS)]:
        with pytest.raises(ValueError):
            rv.trace(module, X, **more)
    for more in ODD_PLACES:
        with pytest.raises(ValueError):
            rv.influence(module, X, EACH, **more)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.binary() | st.complex_numbers(),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("look", LOOKS)
@given(inputs=ODD, state=ODD)
def test_anything_is_looked_at_or_refused(look: str, inputs: Any, state: Any) -> None:
    for more in ({}, {"state": state}):
        try:
            LOOKS[look](nn.GRU(3, 2), inputs, **more)
        except ValueError as refused:
            assert str(refused)
        try:
            LOOKS[look](nn.LSTM(3, 2), X, **more)
        except ValueError as refused:
            assert str(refused)
