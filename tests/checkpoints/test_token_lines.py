"""Tokens on lines, as people and libraries write them: nothing that stands beside them becomes part of one."""

from typing import Any

import pytest

from rnnviz.checkpoints.own_input import vocabulary
from rnnviz.core.errors import ExperimentError
from tests.support.refusals import refused

WORDS = ("<pad>", "the", "cat")
TABLES = {
    "index-first-and-a-space": "0 <pad>\n1 the\n2 cat",
    "index-first-and-a-comma": "0,<pad>\n1,the\n2,cat",
    "index-first-and-a-colon": "0: <pad>\n1: the\n2: cat",
    "index-behind-a-comma": "the,1\n<pad>,0\ncat,2",
    "index-behind-a-semicolon": "<pad>;0\nthe;1\ncat;2",
    "index-behind-a-colon": "<pad>: 0\nthe: 1\ncat: 2\n",
    "header": "token\tid\n<pad>\t0\nthe\t1\ncat\t2",
    "header-of-a-table": 'index,"token"\n0,"<pad>"\n1,"the"\n2,"cat"',
    "counts-with-a-header": "word,count\n<pad>,90\nthe,50\ncat,50",
    "counts-first": "    120 <pad>\n     90 the\n      3 cat",
    "counts-first-and-a-tab": "120\t<pad>\n90\tthe\n90\tcat",
    "index-token-count": "0\t<pad>\t0\n1\tthe\t120\n2\tcat\t30",
    "token-index-count": "cat\t2\t30\n<pad>\t0\t0\nthe\t1\t120",
    "vectors": "<pad> 0.1 0.2 0.3 0.4 -1e-3\nthe 0.1 0.2 0.3 0.4 0.5\ncat 0.1 0.2 0.3 0.4 0.5",
    "vectors-with-a-header": "3 2\n<pad> 0.1 0.2\nthe 0.1 0.2\ncat 0.1 0.2",
    "blank-lines-at-the-end": "<pad>\nthe\ncat\n\n\n",
    "old-ends-of-lines": "<pad>\rthe\rcat\r",
    "json-in-json": '"{\\"<pad>\\": 0, \\"the\\": 1, \\"cat\\": 2}"',
}


@pytest.mark.parametrize("name", TABLES)
def test_what_stands_beside_tokens_is_no_part_of_them(name: str) -> None:
    assert vocabulary(TABLES[name]) == vocabulary(TABLES[name].encode()) == WORDS
    if "\r" not in TABLES[name]:
        assert vocabulary("\ufeff".encode() + TABLES[name].replace("\n", "\r\n").encode()) == WORDS


@pytest.mark.parametrize(("text", "wanted"), [
    ("0\t9\n1\t8\n2\t7", ("0", "1", "2")),
    ("5\t0\n7\t1", ("5", "7")),
    ("a\t0\nb\t2\nc\t5", ("a", "", "b", "", "", "c")),
    ('",",0\n"""",1\n"a",2', (",", '"', "a")),
    (",,0\na,1", (",", "a")),
    ("12:30\n13:45", ("12:30", "13:45")),
    ("1,5\n2,7", ("1,5", "2,7")),
    ("New York\nArea 51\nSector 7", ("New York", "Area 51", "Sector 7")),
    ("[PAD]\n[UNK]\n[MASK]", ("[PAD]", "[UNK]", "[MASK]")),
    ("{\n}\n[\n]", ("{", "}", "[", "]")),
    ('"\na\n"', ('"', "a", '"')),
    ("\n\na", ("", "", "a")),
    (";\n:\n,\n\\t\n\\s\n-", (";", ":", ",", "\t", " ", "-")),
    ("  3\na 2", (" ", "a")),
], ids=range(14))  # fmt: skip
def test_tokens_that_look_like_something_else(text: str, wanted: tuple[str, ...]) -> None:
    assert vocabulary(text) == wanted


@pytest.mark.parametrize(("text", "why"), [
    ("the\tDT\ncat\tNN", "several columns of words"),
    ("0\tthe\tDT\n1\tcat\tNN", "several columns of words"),
    ("{'the': 0, 'cat': 1}", "broken JSON"),
    ("['the', 'cat']", "broken JSON"),
    ('{"id": 0, "token": "a"}\n{"id": 1, "token": "b"}', "broken JSON"),
    ('{\n"a": 0,\n"b": 1,\n}', "broken JSON"),
    ("#version: 0.2\nt h\nth e", "the merges of a BPE tokenizer"),
    ("<!DOCTYPE html><html></html>", "an HTML page"),
    ('{"a": {"b": {}}}', "something else"),
], ids=range(9))  # fmt: skip
def test_a_text_that_is_no_list_of_tokens(text: Any, why: str) -> None:
    error = refused(lambda: vocabulary(text), ExperimentError)
    assert error.field == "vocabulary" and str(error).endswith(f"got {why}.")
