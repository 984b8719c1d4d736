"""A review as it comes in a file, as the words that are read: without HTML, in small letters, punctuation apart."""

import html
import re

from rnnviz.core import limits

_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]{0,400}>", re.DOTALL)
_WORD = re.compile(r"\w+(?:'\w+)*|[^\w\s]")


def tokens(text: str) -> list[str]:
    """Words and signs of a review in their order; of one that is very long, those of its beginning.

    HTML tags part words like a space, entities are what they stand for ("&amp;" is "&"); “wasn't” is one word.
    """
    return _WORD.findall(stripped(text[: limits.LONGEST_REVIEW]).lower().replace("’", "'"))


def stripped(text: str) -> str:
    """Without HTML tags and entities."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
        if "<" in text:  # tags that were written as entities
            text = _TAG.sub(" ", text)
    return text
