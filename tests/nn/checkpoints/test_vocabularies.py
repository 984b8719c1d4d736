"""Vocabularies and embeddings that come with the weights."""

import collections
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from tests.nn.checkpoints.bringing import Setting, bring
from tests.support.odd_layers import state_of

WORDS = ("", "the", "cat", "sat")
FROM_ONE = {word: index for index, word in enumerate(WORDS) if word}
VOCABULARIES: dict[str, Any] = {
    **dict.fromkeys(("word2idx", "word_to_ix", "char2idx", "stoi", "token_to_id", "src_vocab", "wordToId"), FROM_ONE),
    **{
        name: {i: word for word, i in FROM_ONE.items()} for name in ("idx2word", "ix_to_word", "id2token", "index_word")
    },
    "itos": [*WORDS],
    "vocab": Setting(itos=[*WORDS], stoi={word: i for i, word in enumerate(WORDS)}),
    "dictionary": Setting(word2idx=FROM_ONE, count=3),
    "tokenizer_vocab": '{"the": 1, "cat": 2, "sat": 3}',
    "words": collections.OrderedDict(FROM_ONE),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_under_its_usual_names(tmp_path: Path, name: str) -> None:
    found = bring(tmp_path, {"state_dict": nn.GRU(3, 4).state_dict(), name: VOCABULARIES[name]})
    assert found.vocabulary == WORDS and not found.notes
    inside = bring(tmp_path, {"state_dict": nn.GRU(3, 4).state_dict(), "args": Setting(**{name: VOCABULARIES[name]})})
    assert inside.vocabulary == WORDS


def test_of_several_vocabularies_the_one_of_the_embedding_is_taken(tmp_path: Path) -> None:
    state = state_of(nn.GRU(3, 4), "rnn.") | state_of(nn.Embedding(4, 3), "emb.")
    found = bring(tmp_path, {"model": state, "src_vocab": ["a", "b"], "tgt_vocab": [*WORDS]})
    assert found.vocabulary == WORDS
    assert found.notes == ("The tokens are those of 'tgt_vocab'; others are left out: 'src_vocab'.",)


def test_a_vocabulary_that_no_embedding_has_room_for_is_left_out(tmp_path: Path) -> None:
    state = state_of(nn.GRU(3, 4), "rnn.") | state_of(nn.Embedding(2, 3), "emb.")
    found = bring(tmp_path, {"model": state, "vocab": [*WORDS], "chars": "ab"})
    assert found.vocabulary == ("a", "b")
    assert found.notes == ("'vocab' is left out: it has 4 tokens, more than any embedding.",)


SIDES = {"src": [*WORDS], "tgt": ["a", "b"]}
LANGUAGE = {
    "word2count": {"a": 2, "b": 1},
    "word2index": {"a": 2, "b": 3},
    "index2word": {0: "SOS", 1: "EOS", 2: "a", 3: "b"},
}
SEVERAL: dict[str, tuple[Any, tuple[str, ...]]] = {
    "lists": (SIDES, WORDS),
    "mappings": ({side: {word: i for i, word in enumerate(words)} for side, words in SIDES.items()}, WORDS),
    "objects": ({side: Setting(itos=words) for side, words in SIDES.items()}, WORDS),
    "pairs": ([(side, Setting(itos=words)) for side, words in SIDES.items()], WORDS),
    "with-counts": (LANGUAGE, ("SOS", "EOS", "a", "b")),
    "an-object-with-counts": (Setting(**LANGUAGE, name="english"), ("SOS", "EOS", "a", "b")),
    "bytes": (Setting(idx2item=[b"", b"the", b"cat", b"sat"], item2idx={b"the": 1}), WORDS),
}  # fmt: skip


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("name", SEVERAL)
def test_several_vocabularies_under_one_name(tmp_path: Path, name: str, protocol: int) -> None:
    value, wanted = SEVERAL[name]
    state = state_of(nn.GRU(3, 4), "rnn.") | state_of(nn.Embedding(4, 3), "emb.")
    found = bring(tmp_path, {"model": state, "vocab": value}, pickle_protocol=protocol)
    assert found.vocabulary == wanted
    assert all("others are left out: 'vocab." in note and "tgt" in note for note in found.notes)


@pytest.mark.parametrize("value", [{"a", "b"}, frozenset("ab"), {"a": 0.5}, {"a": {"b": 1.5}}], ids=range(4))
@pytest.mark.parametrize("protocol", [2, 4])
def test_what_has_no_order_is_no_vocabulary(tmp_path: Path, value: Any, protocol: int) -> None:
    found = bring(tmp_path, {"model": nn.GRU(3, 4).state_dict(), "vocab": value}, pickle_protocol=protocol)
    (note,) = found.notes
    assert not found.vocabulary and "is not read as a vocabulary: it has " in note
    assert note.endswith("a set, which has no order.") == isinstance(value, (set, frozenset))


def test_what_is_no_vocabulary_is_said(tmp_path: Path) -> None:
    found = bring(tmp_path, {"state_dict": nn.GRU(3, 4).state_dict(), "vocab": {"a": 0, "b": 0}})
    assert found.vocabulary == ()
    assert found.notes == ("'vocab' is not read as a vocabulary: it has two tokens of one index.",)


@pytest.mark.parametrize(("name", "offered"), [
    ("encoder.embedding.weight", True), ("wte.weight", True), ("0.encoder.weight", True), ("word_vectors", True),
    ("encoder.fc.weight", False), ("embedding_proj.weight", False), ("embedder.linear.weight", False),
    ("pos_embedding.weight", False), ("embeddings.0.weight", True), ("emb_luts.0.weight", True),
    ("encoder.lm_head.weight", False),
])  # fmt: skip
def test_embeddings_by_the_last_part_of_their_name(tmp_path: Path, name: str, offered: bool) -> None:
    found = bring(tmp_path, state_of(nn.GRU(8, 4), "decoder.rnn.") | {name: torch.randn(16, 8)})
    assert [*found.embeddings] == ([name.removesuffix(".weight")] if offered else [])


def test_a_linear_layer_is_no_embedding(tmp_path: Path) -> None:
    state = state_of(nn.GRU(8, 4), "decoder.rnn.") | state_of(nn.Linear(8, 16), "encoder.")
    assert not bring(tmp_path, state).embeddings
