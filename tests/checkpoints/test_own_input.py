"""What somebody types or uploads for their model to read."""

import io
import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.checkpoints.own_input import indices, noise, one_hot, tokenised, vectors, vocabulary
from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from tests.support.refusals import SCRIPT, refused


def npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npy_header(text: str, data: bytes = b"") -> bytes:
    line = text.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(line)) + line + data


def test_indices_as_anybody_separates_them() -> None:
    for text in ("0 1 2", "0,1,2", " 0; 1;2\n", "0\n1\n\n2"):
        np.testing.assert_array_equal(indices(text, 3), [0, 1, 2])
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.array([1999, 0]), 2000).sum(axis=0)[[0, 1999]].tolist() == [1, 1]


@pytest.mark.parametrize("text", ["", "  ", "3", "-1", "1.0", "a", "1e2", "٣", "9" * 999, SCRIPT, "0 " * 401])
def test_indices_that_are_none(text: str) -> None:
    assert refused(lambda: indices(text, 3), ExperimentError).field == "input"


def test_noise_is_the_same_for_the_same_seed() -> None:
    assert noise(4, 3, 1).shape == (4, 3) and (noise(4, 3, 1) == noise(4, 3, 1)).all()
    assert (noise(4, 3, 1) != noise(4, 3, 2)).all()


@given(arrays(np.float32, (5, 3), elements=st.floats(-1e6, 1e6, width=32)))
def test_vectors_come_back_as_they_were_written(x: np.ndarray) -> None:
    np.testing.assert_array_equal(vectors(npy(x)), x)
    text = "\n".join(",".join(repr(float(n)) for n in row) for row in x)
    np.testing.assert_array_equal(vectors(text.encode()), x)


def test_vectors_as_spreadsheets_write_them() -> None:
    wanted = [[1, -0.5], [2, 30]]
    for text in (
        "1,-0.5\n2,3e1\n",
        "a;b\r\n1;-.5\r\n2;30\r\n",
        "\ufeff1\t-0.5\n\n2\t30",
        "1 -0.5\n2 30",
        '"1","-0.5"\n2,30',
    ):
        np.testing.assert_array_equal(vectors(text.encode()), wanted)
    np.testing.assert_array_equal(vectors(b"1\n2\n"), [[1], [2]])
    np.testing.assert_array_equal(vectors(npy(np.array([1, 2]))), [[1], [2]])


VECTORS = [
    b"",
    b"\n\n",
    b"a,b",
    b"1,2\n3",
    b"1,2\n3,x",
    b"1,nan",
    b"inf,1",
    b"1e999,1",
    b"1,0x10",
    b"1,=cmd()",
    f"1,{SCRIPT}".encode(),
    b"caf\xe9",
    b"\x89PNG\x00\x01",
    b"1," * 100_000,
    b"0" * (limits.LARGEST_UPLOAD + 1),
    b"\x93NUMPY",
    npy(np.zeros((2, 2, 2))),
    npy(np.zeros((0, 2))),
    npy(np.array(["a", "b"])),
    npy(np.array([[1, np.nan]])),
    npy(np.zeros((3, 2)))[:-1],
    npy(np.array([[1 + 2j]])),
    npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000, 9), }\n"),
    npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -4), }\n", bytes(16)),
    npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 2), }\n"),
    npy_header("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }\n", b"cos\nsystem\n"),
    npy_header("__import__('os').system('true')\n"),
    npy_header("(" * 9000 + "\n"),
    npy_header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}\n", bytes(4)),
]


VECTORS += [
    b"1," * 3_900_000,
    b"1," * 300_000 + b"1",
    b"1 " * 300_000,
    b"1," + b"1" * 131_073,
    npy(np.zeros((3, 700_000), np.int8)),
    npy_header(f"{{'descr': '<f4', 'fortran_order': False, 'shape': (0x{'f' * 4_000}, 2), }}\n"),
    npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1, " * 40 + "9), }\n", bytes(4)),
]


@pytest.mark.parametrize("data", VECTORS, ids=range(len(VECTORS)))
def test_vectors_that_are_none(data: bytes) -> None:
    assert refused(lambda: vectors(data), ExperimentError).field == "input"


def test_a_vocabulary_by_lines_or_as_json() -> None:
    wanted = ("a", "b", " ", "\n")
    for text in ("a\nb\n \n\\n", "a\r\nb\r\n\\s\r\n\\n\r\n", json.dumps(wanted), '{"b": 1, "a": 0, "\\n": 3, " ": 2}'):
        assert vocabulary(text) == wanted
        assert vocabulary(text.encode()) == wanted
    assert vocabulary("[PAD]\n[UNK]\na") == ("[PAD]", "[UNK]", "a")


WORDS = ("", "the", "cat", "sat")
ADDED = [{"id": 0, "content": "[PAD]", "special": True}]
FORMS = {
    "from-one": ({"the": 1, "cat": 2, "sat": 3}, WORDS),
    "back": ({"1": "the", "2": "cat", "3": "sat"}, WORDS),
    "back-with-numbers-as-tokens": ({"0": "1", "1": "0"}, ("1", "0")),
    "tokens-that-are-numbers": ({"5": 0, "7": 1}, ("5", "7")),
    "gaps": ({"the": 1, "sat": 3}, ("", "the", "", "sat")),
    "hugging-face": ({"model": {"type": "WordPiece", "vocab": {"the": 1, "cat": 2, "sat": 3}}, "added_tokens": ADDED},
                     ("[PAD]", "the", "cat", "sat")),
    "hugging-face-unigram": ({"model": {"vocab": [["<unk>", 0.0], ["the", -2.5]]}}, ("<unk>", "the")),
    "keras": ({"class_name": "Tokenizer", "config": {"num_words": 3, "word_counts": '{"the": 9}',
               "word_index": '{"the": 1, "cat": 2, "sat": 3}'}}, ("", "the", "cat")),
    "torchtext": ({"itos": [*WORDS], "stoi": {"the": 1, "cat": 2, "sat": 3}}, WORDS),
    "in-a-name": ({"word2idx": {"the": 1, "cat": 2, "sat": 3}, "n_words": 3}, WORDS),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_vocabulary_in_the_forms_of_the_usual_libraries(name: str) -> None:
    given, wanted = FORMS[name]
    assert vocabulary(json.dumps(given)) == vocabulary(json.dumps(given, indent=1).encode()) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("the\t120\ncat\t30\nsat\t30", ("the", "cat", "sat")),
    ("the 120\ncat 30\n", ("the", "cat")),
    ("the\t-2.5\ncat\t-3e-1", ("the", "cat")),
    ("cat\t1\nthe\t0\nsat\t2", ("the", "cat", "sat")),
    ("the\t1\ncat\t2", ("", "the", "cat")),
    ("0\tthe\n1\tcat", ("the", "cat")),
    ("the\t120", ("the",)),
    ("new york\t5\nlos angeles\t3", ("new york", "los angeles")),
    ("the 120\ncat", ("the 120", "cat")),
    ("1\n2\n3", ("1", "2", "3")),
    ("\\t\n\\s\na", ("\t", " ", "a")),
    ("c\t3\nb\t2\na\t1", ("c", "b", "a")),
], ids=range(12))  # fmt: skip
def test_a_vocabulary_by_lines_with_counts_scores_or_indices(text: str, wanted: tuple[str, ...]) -> None:
    assert vocabulary(text) == vocabulary(text.replace("\n", "\r\n")) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        b"\x89PNG\x00",
        b"caf\xe9",
        "{}",
        "[1, 2]",
        '{"a": 100}',
        '{"a": 0, "b": 0}',
        '{"a": 0.5}',
        '{"a": -1}',
        '{"the": 120, "cat": 30}',
        '{"model": {"vocab": true}}',
        '{"model": {"model": {"model": {"model": {"model": {"model": {"vocab": ["a"]}}}}}}}',
        '{"9999999": "a"}',
        '{"a": true}',
        '["a", null]',
        "a\n" * 100_001,
        b"\n" * 2_000_000,
        b"a" * (limits.LARGEST_UPLOAD + 1),
    ],
    ids=range(18),
)
def test_a_vocabulary_that_is_none(text: Any) -> None:
    assert refused(lambda: vocabulary(text), ExperimentError).field == "vocabulary"


def test_a_token_that_cannot_be_written_is_shown_as_a_question_mark() -> None:
    assert vocabulary('["\\ud800", "a\\udfff", "\\ud83d\\ude00"]') == ("?", "a?", "😀")


def test_text_by_characters_and_by_words() -> None:
    ids, tokens, note = tokenised("abba", ("a", "b"), by_word=False)
    assert (ids.tolist(), tokens, note) == ([0, 1, 1, 0], ("a", "b", "b", "a"), "")
    ids, tokens, note = tokenised("to be  or\nnot", ("be", "not", "or", "to"), by_word=True)
    assert (ids.tolist(), tokens) == ([3, 0, 2, 1], ("to", "be", "or", "not"))


def test_a_token_that_the_vocabulary_does_not_have() -> None:
    error = refused(lambda: tokenised("abc", ("a", "b"), by_word=False), ExperimentError)
    assert str(error) == "input must be made of tokens of the vocabulary; got 'c'."
    ids, _, note = tokenised("to bee", ("<unk>", "to"), by_word=True)
    assert ids.tolist() == [1, 0] and note == "Not in the vocabulary and read as <unk>: 'bee'."
    for text in ("", " ", "a" * 401):
        refused(lambda text=text: tokenised(text, ("a",), by_word=text == " "), ExperimentError)  # type: ignore[misc]
