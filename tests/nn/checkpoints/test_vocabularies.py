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


def test_what_is_no_vocabulary_is_said(tmp_path: Path) -> None:
    found = bring(tmp_path, {"state_dict": nn.GRU(3, 4).state_dict(), "vocab": {"a": 0, "b": 0}})
    assert found.vocabulary == ()
    assert found.notes == ("'vocab' is not read as a vocabulary: it has two tokens of one index.",)


@pytest.mark.parametrize(("name", "offered"), [
    ("encoder.embedding.weight", True), ("wte.weight", True), ("0.encoder.weight", True), ("word_vectors", True),
    ("encoder.fc.weight", False), ("embedding_proj.weight", False), ("embedder.linear.weight", False),
    ("pos_embedding.weight", False), ("encoder.lm_head.weight", False),
])  # fmt: skip
def test_embeddings_by_the_last_part_of_their_name(tmp_path: Path, name: str, offered: bool) -> None:
    found = bring(tmp_path, state_of(nn.GRU(8, 4), "decoder.rnn.") | {name: torch.randn(16, 8)})
    assert [*found.embeddings] == ([name.removesuffix(".weight")] if offered else [])


def test_a_linear_layer_is_no_embedding(tmp_path: Path) -> None:
    state = state_of(nn.GRU(8, 4), "decoder.rnn.") | state_of(nn.Linear(8, 16), "encoder.")
    assert not bring(tmp_path, state).embeddings
