"""What a model of one's own reads on the inspect page: indices, a text, vectors, or what cannot be read."""

import io
import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from torch import nn

from rnnviz.checkpoints import own_input
from tests.pages.fakes import FakeEngine
from tests.pages.inspect.bringing import GRU, LSTM, box, bring, charts, line
from tests.pages.visiting import words
from tests.support.checkpoints import tagger, torch_file


def test_a_nested_lstm_is_found_and_reads_indices_through_its_embedding(app: AppTest, engine: FakeEngine) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    assert "lstm: LSTM, 2 layers in both directions, 6 inputs, 8 units" in words(app).replace("**", "")
    assert box(app.selectbox, "It reads").value == "indices"
    assert box(app.selectbox, "Each index becomes").value == "embedding"
    indices = app.text_input[0]
    assert indices.label == "Indices from 0 to 10" and indices.value == "0 1 2 3 4 5 6 7 8 9 10"
    indices.set_value("3 3 11").run()
    assert "Input must be whole numbers from 0 to 10; got '11'." in words(app) and not charts(app)
    app.text_input[0].set_value("3, 3, 0").run()
    assert charts(app) == LSTM and "Made up" not in line(app)


def test_text_by_a_pasted_or_uploaded_vocabulary(app: AppTest) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    box(app.selectbox, "It reads").set_value("text").run()
    assert "Paste or upload the vocabulary" in words(app) and not charts(app)
    app.text_area[0].set_value("h\ne\nl\no").run()
    assert charts(app) == LSTM and box(app.text_input, "Text").value == "helo"
    box(app.text_input, "Text").set_value("hello!").run()
    assert "Input must be made of tokens of the vocabulary; got '!'." in words(app)
    box(app.file_uploader, "… or a file of that").set_value(
        ("v.json", json.dumps({"hello": 1, "<unk>": 0}).encode(), "")
    )
    app.run()
    box(app.selectbox, "Its tokens are").set_value("words").run()
    assert "one time step has nothing to look back to" in words(app) and charts(app) == 1
    box(app.text_input, "Text").set_value("hello hello!").run()
    assert line(app) == "Not in the vocabulary and read as <unk>: 'hello!'." and charts(app) == LSTM
    app.text_area[0].set_value("")
    box(app.file_uploader, "… or a file of that").set_value(("v.txt", "\n".join("abcdefghijkl").encode(), ""))
    app.run()
    assert "Vocabulary must be at most 11 tokens" in words(app)


def test_a_vocabulary_is_told_with_its_first_indices_and_with_those_that_have_no_token(app: AppTest) -> None:
    app = bring(app, torch_file(tagger().state_dict()))
    box(app.selectbox, "It reads").set_value("text").run()
    app.text_area[0].set_value("the\t120\nNew York\t30\ncat\t9").run()
    told = "3 tokens: 0 “the”, 1 “New York”, 2 “cat”. No token has an index from 3 to 10."
    assert told in words(app)
    assert box(app.text_input, "Text").value == "the cat" and charts(app) == LSTM


def test_vectors_pasted_or_uploaded(app: AppTest) -> None:
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    assert box(app.selectbox, "It reads").value == "noise" and "24 × 2 standard normal numbers" in line(app)
    box(app.selectbox, "It reads").set_value("vectors").run()
    assert "Paste or upload rows of 2 numbers" in words(app)
    app.text_area[0].set_value("1,2\n3,4\n5,6").run()
    assert "3 time steps" in words(app) and charts(app) == GRU
    app.text_area[0].set_value("1,2,3").run()
    assert "Input must be rows of 2 numbers; got 3." in words(app)
    file = io.BytesIO()
    np.save(file, np.zeros((5, 2)))
    box(app.file_uploader, "… or a .csv or .npy file (time, feature)").set_value(("x.npy", file.getvalue(), ""))
    app.run()
    assert "5 time steps" in words(app) and charts(app) == GRU


def test_columns_of_a_table_are_told_and_chosen(app: AppTest) -> None:
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    table = "Month;a;b;c\n" + "".join(f"Jan-{year};1,5;{year};-2,25\n" for year in (50, 52, 51, 57))
    app.text_area[0].set_value(table).run()
    assert "Input must be rows of 2 numbers (left out: Month); got 3." in words(app)
    chosen = box(app.multiselect, "Columns that are read")
    assert chosen.value == ["a", "b", "c"]
    chosen.set_value(["a", "c"]).run()
    assert "4 time steps" in words(app) and charts(app) == GRU and not app.exception
    assert "Columns read: “a” and “c”." in line(app) and "Left out: “Month”, which holds dates." in line(app)
    box(app.multiselect, "Columns that are read").set_value(["Month", "a"]).run()
    assert "numbers between commas" in app.error[0].value
    assert box(app.multiselect, "Columns that are read").value == ["a", "c"]
    assert "4 time steps" in words(app) and charts(app) == GRU and not app.exception, "what was read before stays"
    app.text_area[0].set_value("1,2\n3,4\n5,6").run()
    assert "3 time steps" in words(app) and charts(app) == GRU and not app.error


def test_an_upload_is_read_once(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    read = own_input.read_vectors
    monkeypatch.setattr(own_input, "read_vectors", lambda data, *a, **b: asked.append(len(data)) or read(data, *a, **b))
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    for text, why in (("1," * 250_000, "200,000 numbers as text"), ("1," + "1" * 131_073, "a very long cell")):
        box(app.file_uploader, "… or a .csv or .npy file (time, feature)").set_value(("x.csv", text.encode(), ""))
        for _ in range(3):
            app.run()
            assert why in words(app) and not app.exception and not charts(app)
    box(app.file_uploader, "… or a .csv or .npy file (time, feature)").set_value(("x.csv", b"1,2\n3,4", ""))
    app.run()
    app.run()
    assert asked == [500_000, 131_075, 7] and charts(app) == GRU


def test_words_that_cannot_be_written_do_not_stop_the_page(app: AppTest) -> None:
    weights = tagger().state_dict()
    app = bring(app, torch_file({"state_dict": weights, "vocab": ["a\udcff", *"bcdefghijk"]}))
    assert not app.exception and charts(app) == LSTM and box(app.text_input, "Text").value.startswith("a? b")
    app = bring(app, torch_file(weights))
    box(app.selectbox, "It reads").set_value("text").run()
    box(app.file_uploader, "… or a file of that").set_value(("v.json", b'["\\ud800", "b"]', ""))
    app.run()
    assert not app.exception and box(app.text_input, "Text").value == "?b"


def test_the_encoding_of_a_table_is_asked_where_it_is_a_guess(app: AppTest) -> None:
    app = bring(app, torch_file(nn.GRU(2, 4).state_dict()))
    box(app.selectbox, "It reads").set_value("vectors").run()
    table = "Größe;Höhe;Übrig\n" + "".join(f"{n},5;{n * n}.25;1\n" for n in range(1, 6))
    file = box(app.file_uploader, "… or a .csv or .npy file (time, feature)")
    file.set_value(("x.csv", table.replace("25;1", "25;2", 1).encode("cp1252"), ""))
    app.run()
    box(app.multiselect, "Columns that are read").set_value(["Größe", "Übrig"]).run()
    assert "The encoding is a guess: Latin-1" in words(app) and charts(app) == GRU
    chosen = box(app.selectbox, "Encoding of the file")
    assert chosen.value == "cp1252"
    chosen.set_value("cp932").run()
    columns = box(app.multiselect, "Columns that are read")
    assert len(columns.value) == 2 and "Größe" not in columns.options and charts(app) == GRU and not app.exception
    box(app.selectbox, "Encoding of the file").set_value("cp1252").run()
    assert box(app.multiselect, "Columns that are read").value == ["Größe", "Übrig"] and not app.exception
