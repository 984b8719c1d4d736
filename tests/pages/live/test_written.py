"""What models write at a moment, over a real server: from the first moment on, of any run that can be opened."""

import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import rnnviz as rv
from pages._ui.live import names, written
from pages._ui.session import server
from rnnviz.nn.models.model import restored
from rnnviz.runs.continuation import USUAL_LENGTH
from rnnviz.runs.run import Run
from tests.live.reader import unpack
from tests.pages.fakes import FakeEngine
from tests.pages.watching import PATIENCE, Server

TASK = rv.task("text", corpus="own", text="hello world, hello network. " * 20, length=20)
EXPERIMENT = rv.Experiment(TASK, (rv.ModelSpec("rnn", 6), rv.ModelSpec("lstm", 6)), rv.TrainingSpec(steps=20, batch=8))


class Answering(FakeEngine):
    """Answers questions about a run that nobody trains."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


@pytest.fixture(scope="module")
def run() -> Run:
    return rv.run(EXPERIMENT)


@pytest.fixture
def asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> Answering:
    engine = Answering(run)
    monkeypatch.setattr(server, "_engine", engine)
    monkeypatch.setattr(names, "source", lambda name, id="": names.Source("one", engine.run, None))
    return engine


def ask(served: Server, place: int | str, **said: Any) -> tuple[int, dict[str, str], Any]:
    """A text: status, headers, what was told."""
    query = urllib.parse.urlencode({"prefix": "he", "id": "one"} | said)
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{served.port}/written/a/{place}?{query}", timeout=PATIENCE
        ) as it:
            return it.status, dict(it.headers), unpack(it.read())
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), None


def text(told: Any, label: str) -> str:
    return "".join(TASK.classes[place] for place in told["models"][label]["written"])


def test_every_moment_has_its_text_from_the_first_on_and_the_same_again(asked: Answering, served: Server) -> None:
    texts = []
    for place in range(len(asked.run.frames)):
        status, headers, told = ask(served, place)
        assert status == 200 and "immutable" in headers["cache-control"] and told["place"] == place
        assert list(told["models"]) == ["rnn", "lstm"]
        for model in told["models"].values():
            assert [TASK.classes[symbol] for symbol in model["prefix"]] == ["h", "e"]
            assert len(model["written"]) == len(model["sure"]) == USUAL_LENGTH
        texts.append((text(told, "rnn"), text(told, "lstm")))
    assert len({*texts}) == len(texts), "another text at every moment"
    count = len(asked.asked)
    assert ask(served, 3)[2]["models"]["lstm"]["sure"].size and len(asked.asked) == count, "kept for all who look"
    assert texts[0][0] != texts[0][1] and text(ask(served, 3, draw=1)[2], "rnn") != texts[3][0]


def test_the_same_experiment_writes_the_same_in_another_run_of_it(asked: Answering, served: Server) -> None:
    before = ask(served, 5, temperature=0.7)[2]
    asked.run = rv.run(EXPERIMENT)
    written.kept()._kept.clear()
    again = ask(served, 5, temperature=0.7)[2]
    for label in before["models"]:
        for name, values in before["models"][label].items():
            np.testing.assert_array_equal(values, again["models"][label][name])


@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, ""), (0.5, ""), (1.5, "3"), (0.0, "")])
def test_what_is_told_is_what_it_was_drawn_from(
    asked: Answering, served: Server, temperature: float, top_k: str
) -> None:
    told = ask(served, 6, temperature=temperature, top_k=top_k)[2]["models"]["lstm"]
    whole = np.concatenate([told["prefix"], told["written"]]).astype(np.int64)
    model = restored(EXPERIMENT.models[1], TASK, asked.run.frames[6].models["lstm"].weights)
    with torch.no_grad():
        logits = model(torch.tensor(TASK.reads.given(whole[:-1, None])))[1:, 0].double()
    own, rows = logits.softmax(-1).numpy(), np.arange(USUAL_LENGTH)
    np.testing.assert_allclose(told["sure"], own[rows, told["written"]], atol=1e-6)
    top = told["top"].reshape(-1, written.TOP)
    np.testing.assert_allclose(told["own"].reshape(top.shape), np.take_along_axis(own, top, -1), atol=1e-6)
    assert np.all(np.diff(told["own"].reshape(top.shape), axis=-1) <= 0) and told["own"][0] > 0
    if temperature == 0:
        assert np.all(told["drawn"] == 1) and np.array_equal(told["written"], top[:, 0])
        return
    drawn = (logits / temperature).softmax(-1).numpy()
    if top_k:
        drawn = np.where(drawn >= np.sort(drawn, -1)[:, -int(top_k), None], drawn, 0)
        drawn /= drawn.sum(-1, keepdims=True)
    np.testing.assert_allclose(told["drawn"], drawn[rows, told["written"]], atol=1e-5)
    np.testing.assert_allclose(told["draws"].reshape(top.shape), np.take_along_axis(drawn, top, -1), atol=1e-5)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"prefix": "héllo"}, "Beginning must be made of characters of the text that is learned; got 'é'."),
        ({"prefix": ""}, "Beginning must be a text of at least one symbol; got an empty text."),
        ({"prefix": "h" * 101}, "Beginning must be at most 100 characters; got 101 characters."),
        ({"temperature": "hot"}, "temperature must be 0 for the likeliest symbol, or more, up to 5; got 'hot'."),
        ({"top_k": "0"}, "top_k must be a whole number from 1 to 10,000, or none for all symbols; got 0."),
        ({"top_k": "-1"}, "top_k must be a whole number from 1 to 10,000, or none for all symbols; got '-1'."),
        ({"draw": "x"}, "draw must be a whole number from 0 to 1,000,000; got 'x'."),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(
    asked: Answering, served: Server, said: dict[str, str], sentence: str
) -> None:
    status, headers, told = ask(served, 0, **said)
    assert (status, told, headers["cache-control"]) == (200, {"refused": sentence}, "no-store") and not asked.asked


@pytest.mark.parametrize(("place", "said"), [(99, {}), ("x", {}), (-1, {}), (0, {"id": "another"})])
def test_a_moment_that_is_not_there_has_no_text(
    asked: Answering, served: Server, place: int | str, said: dict[str, str]
) -> None:
    assert ask(served, place, **said)[0] == 404


def test_models_of_a_run_that_was_saved_write_too_and_others_do_not(
    asked: Answering, served: Server, tmp_path: Path
) -> None:
    before = text(ask(served, 2)[2], "rnn")
    asked.run.save(tmp_path / "a.run")
    asked.run = Run.load(tmp_path / "a.run")
    written.kept()._kept.clear()
    assert text(ask(served, 2)[2], "rnn") == before
    asked.run = rv.run(rv.Experiment(rv.task("recall", lag=2), (rv.ModelSpec("rnn", 2),), rv.TrainingSpec(2, 2)))
    assert ask(served, 0)[0] == 404


def test_what_goes_wrong_with_one_model_is_told_and_not_kept(
    asked: Answering, served: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "ask", lambda *_, **__: (_ for _ in ()).throw(ValueError("no such thing.")))
    status, headers, told = ask(served, 0)
    assert status == 200 and headers["cache-control"] == "no-store"
    assert {model["trouble"] for model in told["models"].values()} == {"no such thing."}
