"""Bringing a model of one's own to the inspect page, and what the page then shows."""

from collections.abc import Iterable
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.live.reader import unpack

RNN, GRU, LSTM = 2, 3, 4  # charts below the pictures


def bring(app: AppTest, data: bytes, name: str = "model.pt") -> AppTest:
    (box,) = [box for box in app.main.file_uploader if box.label.startswith("A checkpoint")]
    box.set_value((name, data, "application/octet-stream"))
    return app.run()


def charts(app: AppTest) -> int:
    return len(app.get("vega_lite_chart"))


def stage(app: AppTest) -> Any:
    """The message that the browser draws its pictures from; None where there are none."""
    parts = [part.proto for part in app.get("bidi_component")]
    messages = [unpack(part.bytes) for part in parts if part.WhichOneof("data") == "bytes"]
    return messages[0] if messages else None


def variables(app: AppTest) -> list[str]:
    ((_, model),) = stage(app)["moment"]["models"].items()
    return list(model["values"])


def line(app: AppTest) -> str:
    """The sentence below the pictures."""
    return stage(app)["moment"]["findings"][0]["text"]


def box(kind: Iterable[Any], label: str) -> Any:
    return next(one for one in kind if one.label == label)
