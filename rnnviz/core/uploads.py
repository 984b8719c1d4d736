"""Text from a file that anyone may have chosen."""


def writable(text: str) -> str:
    """`text` with a "?" for every half of a pair of UTF-16, which JSON and pickles can hold and no page can show."""
    return text.encode("utf-8", "replace").decode()
