"""Bringing a model of one's own to the inspect page, and what the page then shows."""

from tests.live.reader import unpack

RNN, GRU, LSTM = 2, 3, 4  # charts below the pictures


def bring(app, data, name="model.pt"):
    (box,) = [box for box in app.main.file_uploader if box.label.startswith("A checkpoint")]
    box.set_value((name, data, "application/octet-stream"))
    return app.run()


def charts(app):
    return len(app.get("vega_lite_chart"))


def stage(app):
    """The message that the browser draws its pictures from; None where there are none."""
    parts = [part.proto for part in app.get("bidi_component")]
    messages = [unpack(part.bytes) for part in parts if part.WhichOneof("data") == "bytes"]
    return messages[0] if messages else None


def variables(app):
    ((_, model),) = stage(app)["moment"]["models"].items()
    return list(model["values"])


def line(app):
    """The sentence below the pictures."""
    return stage(app)["moment"]["findings"][0]["text"]


def box(kind, label):
    return next(one for one in kind if one.label == label)
