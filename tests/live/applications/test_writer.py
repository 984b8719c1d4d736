"""A text that writes itself: the picture is told what can be chosen, and needs nothing of a frame but its weights."""

from pathlib import Path

from rnnviz.live import moment, pack, scene
from rnnviz.live.view import View
from rnnviz.runs.run import Run
from tests.live.reader import unpack
from tests.live.runs import experiment, run


def test_the_picture_is_told_the_symbols_and_what_is_read_first() -> None:
    chosen = experiment("text")
    pictures = scene(chosen, "compare")["pictures"]
    assert [one["kind"] for one in pictures] == ["writer"] * len(chosen.labels)
    assert [one["leads"] for one in pictures] == [True] + [False] * (len(chosen.labels) - 1)
    for one, model in zip(pictures, chosen.models, strict=True):
        assert one["symbols"] == list(chosen.task.classes) and one["units"] == model.hidden and one["free"]
        assert one["band"]["name"] == "hidden" and chosen.task.encode(one["begins"])[1] == (one["begins"],)


def test_a_frame_of_any_file_can_be_shown_for_nothing_of_the_text_is_in_it(tmp_path: Path) -> None:
    run("text").save(tmp_path / "a.run")
    opened = Run.load(tmp_path / "a.run")
    sent = unpack(pack(moment(opened, View("compare"), 0)))
    assert all(model["own"] == {} and model["values"] == {} for model in sent["models"].values())
