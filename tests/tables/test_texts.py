"""What may be uploaded as a text, in which encoding it is read, and what is said to the rest."""

import pytest

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError
from rnnviz.tables.encoding import BinaryFile, decoded
from rnnviz.tables.texts import brought

GERMAN = "Schöne Grüße aus Österreich: „wie geht’s?“ Es ist kühl, und die Bäche führen Wasser."
FRENCH = "Où est la forêt ? L’été dernier, j’ai mangé des crêpes à Orléans, près d’une église."
CHINESE = "你好，世界。今天天气很好，我们一起去公园散步吧。他说：这本书非常有意思。"
JAPANESE = "こんにちは、世界。今日は天気がいいので、公園を散歩しましょう。カタカナも漢字もあります。"


@pytest.mark.parametrize("data, text", [
    (b"plain", "plain"),
    ("schön".encode(), "schön"),
    (b"\xef\xbb\xbfwith a mark", "with a mark"),
    ("wide".encode("utf-16"), "wide"),
    ("wide, without a mark".encode("utf-16-le"), "wide, without a mark"),
    ("wide, without a mark".encode("utf-16-be"), "wide, without a mark"),
    (b"\x01\x02<b>\n", "\x01\x02<b>\n"),
    (b"caf\xe9", "café"),
])  # fmt: skip
def test_text_is_read(data: bytes, text: str) -> None:
    assert brought(data).text == text


@pytest.mark.parametrize(("text", "encoding", "said"), [
    (GERMAN, "cp1252", "Latin-1"), (FRENCH, "cp1252", "Latin-1"), ("El niño comió piña mañana.", "cp1252", "Latin-1"),
    (CHINESE, "gb18030", "GBK"), (CHINESE[:6], "gb18030", "GBK"), ("你好\thello\n再见\tgoodbye\n", "gb18030", "GBK"),
    (JAPANESE, "cp932", "Shift-JIS"), ("犬\tdog\n猫\tcat\nとり\tbird\n", "cp932", "Shift-JIS"),
    (GERMAN, "utf-8", ""), (CHINESE, "utf-8-sig", ""), (JAPANESE, "utf-16", ""), (FRENCH, "utf-32", ""),
])  # fmt: skip
def test_the_encoding_is_found_and_where_it_is_a_guess_that_is_said(text: str, encoding: str, said: str) -> None:
    found = brought(text.encode(encoding))
    assert (found.text, found.encoding, found.unread) == (text, encoding, 0)
    question = f"The encoding is a guess: {said}. Are letters wrong? Then choose another one."
    assert found.said == (question if said else "")


def test_another_encoding_may_be_chosen() -> None:
    data = "Füße".encode("cp1252")
    assert brought(data, "cp932").text != "Füße" and brought(data, "cp932").encoding == "cp932"
    assert brought("你好".encode("gb18030"), "gb18030").text == "你好"
    with pytest.raises(ExperimentError, match=r"encoding must be one of utf-8, .*; got 'klingon'"):
        brought(data, "klingon")


@pytest.mark.parametrize("data, said", [
    (b"", "an empty file"),
    (b"\x89PNG\r\n\x1a\n\x00\x00", "a binary file"),
    (b"\x7fELF\x02\x00", "a binary file"),
    (bytes(range(1, 256)), "a binary file"),
    (b"\xff\xfea", "one whose letters cannot be read"),
])  # fmt: skip
def test_what_is_no_text_is_refused_with_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(ExperimentError, match=r"^text must be .*; got .*\.$") as refused:
        brought(data)
    assert said in str(refused.value)


@pytest.mark.parametrize(("data", "kept"), [
    (b"x" * (limits.LARGEST_UPLOAD + 1), limits.LONGEST_TEXT),
    (b"x" * (limits.LONGEST_TEXT + 1), limits.LONGEST_TEXT),
    (b"a line\n" * 300_000, 7 * (limits.LONGEST_TEXT // 7)),
    ("ä".encode() * (limits.LARGEST_UPLOAD // 2 + 3), limits.LONGEST_TEXT),
])  # fmt: skip
def test_of_what_is_too_long_the_beginning_is_used_and_that_is_said(data: bytes, kept: int) -> None:
    found = brought(data)
    assert found.cut and len(found.text) == kept and data.startswith(found.text.encode())
    assert found.said == f"Too long: its first {kept:,} characters are used."


def test_bytes_that_are_no_text_have_no_encoding() -> None:
    with pytest.raises(BinaryFile):
        decoded(b"a\0b\0\0c")
