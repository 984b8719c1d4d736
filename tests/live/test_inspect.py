"""What the stage is told of a model that was brought."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from rnnviz.checkpoints.brought import Layer
from rnnviz.live import inspect, pack
from tests.live.reader import unpack


def layer(hidden: int, cell: str = "lstm", **changes: Any) -> Layer:
    return Layer("it", cell, 2, hidden, 1, 1, True, {}, **changes)


def traced(
    hidden: int,
    times: int = 7,
    names: Sequence[str] = ("hidden", "cell", "forget_gate", "input_gate", "output_gate", "cell_candidate"),
) -> dict[str, np.ndarray]:
    numbers = np.random.default_rng(0)
    return {name: numbers.normal(size=(times, hidden)).astype(np.float32) for name in names}


def told(
    of: Layer, trace: dict[str, np.ndarray], tokens: Sequence[str] | None = None, direction: int = 0
) -> dict[str, Any]:
    times = len(trace["hidden"])
    return inspect.message("a model", of, 0, direction, trace, tokens or ("",) * times, "said")


def test_narrow_layers_come_as_they_are() -> None:
    trace = traced(5)
    message = unpack(pack(told(layer(5), trace)))
    for name, values in message["moment"]["models"]["lstm"]["values"].items():
        np.testing.assert_array_equal(values, trace[name].astype(np.float16).ravel())
    (picture,) = message["scene"]["pictures"]
    assert picture["units"] == 5 and not picture["groups"]
    assert [band["name"] for band in picture["bands"]] == [
        "hidden", "cell", "forget_gate", "input_gate", "output_gate", "cell_candidate",
    ]  # fmt: skip


@pytest.mark.parametrize("hidden", [128, 129, 300, 1024])
def test_the_units_of_wide_layers_share_rows_each_in_one(hidden: int) -> None:
    trace = traced(hidden, 5)
    groups = inspect.alike(trace["hidden"])
    assert len(groups) == 128 and sorted(np.concatenate(groups)) == list(range(hidden))
    means = inspect.means(trace["cell"], groups)
    np.testing.assert_allclose(means[:, 7], trace["cell"][:, groups[7]].mean(axis=1), atol=2e-3)


def test_units_that_go_up_and_down_together_share_a_row() -> None:
    times = np.arange(20)
    kinds = np.stack([np.sin(times), -np.sin(times), np.cos(times), -np.cos(times)], axis=1)
    hidden = kinds[:, np.arange(512) % 4]
    for units in inspect.alike(hidden):
        assert len({unit % 4 for unit in units}) == 1


def test_the_largest_message_is_small() -> None:
    trace = traced(1024, 400)
    assert len(pack(told(layer(1024), trace, ("a long word",) * 400))) < 1_000_000


def test_a_message_of_other_numbers_or_words_is_another_one() -> None:
    trace = traced(4)
    of = layer(4)
    ids = {
        told(of, trace)["id"],
        told(of, trace, tuple("abcdefg"))["id"],
        told(of, trace | {"cell": trace["cell"] + 1})["id"],
        inspect.message("a model", of, 0, 0, trace, ("",) * 7, "other")["id"],
    }
    assert len(ids) == 4 and told(of, trace)["id"] in ids


def test_numbers_too_large_for_sixteen_bits_and_a_single_step_can_be_sent() -> None:
    trace = traced(200, 1, ("hidden",))
    trace["hidden"][0, :] = 1e30
    message = unpack(pack(told(layer(200, "rnn", activation="relu"), trace)))
    assert np.isposinf(message["moment"]["models"]["rnn"]["values"]["hidden"]).all()
    assert message["scene"]["pictures"][0]["bands"][0]["high"] == 3.0
