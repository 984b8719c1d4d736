"""Whatever somebody's own text holds, it comes to the browser as that text: never escaped, never more than data."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import rnnviz as rv
from rnnviz.live import View, moment, pack, scene, tail
from rnnviz.live.pages import PAGES
from tests.live.reader import unpack

EVIL = (
    "<b>&\"'</b>",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "*_`[x](javascript:y)$z$:red[!]",
    "שלום \u202eolleh\u202c مرحبا",
    "e\u0301 \U0001f3b2\u200d\u2028\u2029",
)


def lines(value: object) -> Iterator[str]:
    """Every text in a message."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from lines(one)


def told(whole: rv.Run) -> Iterator[Any]:
    """All that a browser is sent of a run, page by page."""
    for page in PAGES:
        view, last = View(page), len(whole.frames) - 1
        yield json.loads(json.dumps(scene(whole.experiment, page), allow_nan=False))
        yield unpack(pack({"moment": moment(whole, view, last), "tail": tail(whole, view, -1, last)}))


def unescaped(messages: Iterable[object]) -> Iterator[str]:
    for message in messages:
        for text in lines(message):
            assert "&lt;" not in text and "&amp;" not in text and "&#" not in text and "\\u" not in text
            yield text


@pytest.mark.parametrize("evil", EVIL)
def test_a_text_of_ones_own_is_sent_as_it_stands(evil: str) -> None:
    task = rv.task("text", corpus="own", text=evil * 12, length=12)
    whole = rv.run(rv.Experiment(task, (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=1, batch=2)))
    known = set(task.text)  # type: ignore[attr-defined]
    for one in scene(whole.experiment, "compare")["sequences"]:
        assert len(one["tokens"]) == task.steps
        assert any(set(token) <= known for token in one["tokens"])
    assert "".join(unescaped(told(whole)))


@pytest.mark.parametrize("unit", ["words", "characters"])
def test_pairs_of_ones_own_are_sent_as_they_stand(unit: str) -> None:
    rows = "".join(f'"{one.replace(chr(34), chr(34) * 2)} {place}",{place} <i>\n' for place, one in enumerate(EVIL))
    rows = "#html:false\n" + rows.replace("\u2028", " ").replace("\u2029", " ")  # else tags would be taken out
    task = rv.task("pairs", text=rows, unit=unit)
    models = (rv.ModelSpec("gru", 4, attention="additive"), rv.ModelSpec("gru", 4))
    whole = rv.run(rv.Experiment(task, models, rv.TrainingSpec(steps=1, batch=2)))
    sent = list(unescaped(told(whole)))
    asked = [one for probe in range(len(task.probes().names)) for one in task.asked(probe)]
    assert asked and all(one in sent for one in asked)
    assert any("<i>" in one for one in sent)


def test_a_message_is_taken_apart_by_its_own_keys_alone() -> None:
    """A text that looks like a reference to an array stays a text."""
    said = '{"$":["f4",0,99]}'
    assert unpack(pack({"text": said, "list": [said]})) == {"text": said, "list": [said]}
