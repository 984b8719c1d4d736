"""Text from a file that anyone may have chosen."""

from rnnviz.core import limits
from rnnviz.core.errors import ExperimentError, Words


def writable(text: str) -> str:
    """`text` with a "?" for every half of a pair of UTF-16, which JSON and pickles can hold and no page can show."""
    return text.encode("utf-8", "replace").decode()


def decoded(data: bytes) -> str:
    """The text of an uploaded file: UTF-8, or UTF-16 if its first two bytes say so.

    Raises:
        ExperimentError: it is too large, empty, no text, or in another encoding.
    """
    if len(data) > limits.LARGEST_UPLOAD:
        allowed = f"a file of at most {limits.LARGEST_UPLOAD // 1_000_000} MB"
        raise ExperimentError("text", allowed, Words(f"{len(data) / 1e6:.1f} MB"))
    if not data:
        raise ExperimentError("text", "a file with at least two different characters", Words("an empty file"))
    text = _as_text(data)
    if len(text) > limits.LONGEST_TEXT:
        raise ExperimentError("text", f"at most {limits.LONGEST_TEXT:,} characters", Words(f"{len(text):,}"))
    return text


def _as_text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if b"\0" in data and not wide:
        raise ExperimentError("text", "a plain text file", Words("a binary file"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        came = Words(f"a file that is not UTF-8 at byte {error.start + 1:,}")
        raise ExperimentError("text", "a plain text file in UTF-8", came) from None
