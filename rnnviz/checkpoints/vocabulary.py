"""Vocabularies as libraries and people write them: lists, mappings either way, tokenizer files, lines with counts."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rnnviz.checkpoints.token_lines import MOST_GAPS, NoVocabulary, of_lines
from rnnviz.core import limits
from rnnviz.core.uploads import writable

LONGEST_TOKEN = 60  # characters
DEEPEST = 4  # tokenizers inside each other
_TOKEN = (
    "words?|w|tokens?|tok|t|chars?|characters?|c|letters?|symbols?|sym|s|str|string|vocab|ch"
    "|items?|notes?|phonemes?|phones?"
)
_PLACE = "index|indices|idx|ix|ids?|ints?|i|num|number"
_NAMED = re.compile(
    rf"(?:^|_)(?:(?:{_TOKEN})_?(?:2|to)?_?(?:{_PLACE})|(?:{_PLACE})_?(?:2|to)?_?(?:{_TOKEN})"
    r"|vocab(?:ulary)?|vocab_(?:dict|list|map)|(?:word|token|char)_?(?:dict|map|list|vocab)|tokens|itos|stoi|chars"
    r"|characters|charset|alphabet|letters|symbols|dictionary|words)(?:$|_)"
)
_ALPHABET = re.compile(r"(?:^|_)(?:all_?)?(?:chars?|characters|charset|alphabet|letters)(?:$|_)")
_COUNTED = re.compile("count|freq", re.IGNORECASE)
_AROUND = ("model", "config")
_INSIDE = ("word_index", "token_to_id", "vocab", "vocabulary", "stoi", "word2idx", "itos", "index_word", "tokens")


class Unordered(list[Any]):
    """What stands in a set, in no order that means anything."""


def is_vocabulary(name: str, value: Any) -> bool:
    """Whether something under this name is likely to be a vocabulary, such as `word2idx`, `src_vocab` or `charset`."""
    if not isinstance(value, (str, list, tuple, Mapping)) or not value:
        return False
    part = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.rpartition(".")[2]).lower()
    if isinstance(value, str) and value[:1] not in "[{":
        return _ALPHABET.search(part) is not None  # else it is the name of a file, or of a model
    return _NAMED.search(part) is not None


def each_of(name: str, value: Any) -> Mapping[str, Any]:
    """Under their full names: each of several vocabularies, as of source and target, or the one that it is."""
    if not isinstance(value, Mapping) or {*_INSIDE, *_AROUND} & value.keys():
        return {name: value}
    several = {str(key): one for key, one in value.items() if isinstance(one, (list, tuple, Mapping)) and one}
    if any(is_vocabulary(key, one) for key, one in several.items()):
        return {}  # these are found by their own names
    several = {key: one for key, one in several.items() if not _COUNTED.search(key)}
    return {f"{name}.{key}": one for key, one in several.items()} if several else {name: value}


def tokens_of(found: Any) -> tuple[str, ...]:
    """Tokens by index, "" where an index has none.

    found: a list of tokens, a mapping from tokens to indices or back, what tokenizers of Hugging Face and Keras write,
           or the JSON of one of these.

    Raises:
        NoVocabulary: it is none of these.
    """
    tokens = _tokens(_parsed(found) if isinstance(found, str) else found, DEEPEST)
    if not 0 < len(tokens) <= limits.LARGEST_TOKEN_LIST:
        raise NoVocabulary(f"1 to {limits.LARGEST_TOKEN_LIST:,} tokens", f"{len(tokens):,}")
    return tuple(writable(token[:LONGEST_TOKEN]) for token in tokens)


def tokens_of_text(text: str) -> tuple[str, ...]:
    r"""Tokens by index of a file or a pasted text: JSON as for `tokens_of`, or one token on each line.

    A line may have a count, a score or the index beside its token, if all lines have one; see `token_lines.of_lines`.

    Raises:
        NoVocabulary: it is none of these.
    """
    if text.lstrip()[:1] in ("[", "{", '"'):
        parsed = _parsed(text)
        parsed = _parsed(parsed) if isinstance(parsed, str) and parsed != text else parsed  # JSON written as JSON
        if not isinstance(parsed, str):
            return tokens_of(parsed)
    if text.count("\n") > limits.LARGEST_TOKEN_LIST:
        raise NoVocabulary(f"1 to {limits.LARGEST_TOKEN_LIST:,} tokens", f"{text.count(chr(10)):,}")
    return tokens_of(of_lines(text))


def _parsed(text: str) -> Any:
    """What a text is as JSON; the text if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _tokens(found: Any, depth: int) -> Sequence[str]:
    if isinstance(found, str) and len({*found}) == len(found):
        return [*found]  # an alphabet
    if isinstance(found, Mapping):
        return _of_mapping(found, depth)
    if isinstance(found, Unordered):
        raise NoVocabulary("a list of tokens, or a mapping from each token to its index", "a set, which has no order")
    if isinstance(found, (list, tuple)):
        return _of_list(found)
    raise NoVocabulary("a list of tokens, or a mapping from each token to its index", f"a {type(found).__name__}")


def _of_list(found: Sequence[Any]) -> Sequence[str]:
    if all(isinstance(token, (str, bytes)) for token in found):
        return [_text(token) for token in found]
    if all(_is_pair(row) for row in found):  # a token and its score
        return [row[0] for row in found]
    raise NoVocabulary("a JSON list of tokens, or a JSON object from each token to its index", "something else")


def _is_pair(row: Any) -> bool:
    return isinstance(row, (list, tuple)) and len(row) == 2 and isinstance(row[0], str) and isinstance(row[1], float)


def _text(token: str | bytes) -> str:
    return token.decode("utf-8", "replace") if isinstance(token, bytes) else token


def _of_mapping(found: Mapping[Any, Any], depth: int) -> Sequence[str]:
    found = {_text(key) if isinstance(key, bytes) else key: value for key, value in found.items()}
    if found and all(isinstance(token, str) and type(index) is int for token, index in found.items()):
        return _placed([(index, token) for token, index in found.items()])
    if found and all(_index(index) is not None and isinstance(token, str) for index, token in found.items()):
        return _placed([*found.items()])
    return _of_tokenizer(found, depth)


def _of_tokenizer(found: Mapping[Any, Any], depth: int) -> Sequence[str]:
    """Of a file of a tokenizer, whose vocabulary stands inside it under a name of its own."""
    inside = next((found[name] for name in _AROUND if isinstance(found.get(name), Mapping)), None)
    if depth and inside is not None:
        return _with_added(_tokens(inside, depth - 1), found.get("added_tokens"))
    named = next((found[name] for name in _INSIDE if isinstance(found.get(name), (str, Mapping, list, tuple))), None)
    if depth and named is not None:
        tokens = _tokens(_parsed(named) if isinstance(named, str) else named, depth - 1)
        kept = found.get("num_words")  # Keras reads all rarer words as unknown
        return tokens[:kept] if type(kept) is int and kept > 0 else tokens
    raise NoVocabulary("a JSON list of tokens, or a JSON object from each token to its index", "something else")


def _with_added(tokens: Sequence[str], added: Any) -> Sequence[str]:
    """With the special tokens that Hugging Face keeps beside the others."""
    rows = [row for row in added if isinstance(row, Mapping)] if isinstance(added, list) else []
    more = {row.get("id"): row.get("content") for row in rows if type(row.get("id")) is int}
    named: dict[Any, str] = {index: token for index, token in enumerate(tokens) if token}
    named |= {index: token for index, token in more.items() if isinstance(token, str)}
    return _placed([*named.items()])


def _index(value: Any) -> int | None:
    """An index, also where JSON has it as a text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if type(value) is int and value >= 0 else None


def _placed(pairs: Sequence[tuple[Any, Any]]) -> Sequence[str]:
    """Tokens in the order of their indices, "" where an index has none."""
    at = {int(index): token for index, token in pairs}
    most = max(at, default=-1) + 1
    allowed = f"indices from 0 to {len(pairs) - 1:,}, or from 1, each once"
    if min(at, default=0) < 0:
        raise NoVocabulary(allowed, "negative ones")
    if len(at) < len(pairs):
        raise NoVocabulary(allowed, "two tokens of one index")
    if most - len(at) > max(MOST_GAPS, len(at)) or most > limits.LARGEST_TOKEN_LIST:
        raise NoVocabulary(allowed, f"indices up to {most - 1:,}" if most < 10**12 else "larger ones")
    return [at.get(index, "") for index in range(most)]
