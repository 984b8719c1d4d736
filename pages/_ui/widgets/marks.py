"""Text that came from elsewhere, such as a link, shown as it is: nothing in it is read as Markdown."""

import re

JOINER = "\u2060"  # takes no room and breaks no line
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-=.!$|<>:~&])")
_SPACES = re.compile(r"^ | $|[\t\n\v\f\r]")  # would begin a block, break a line, or be cut off
_LATE = re.compile(  # inside icons, emojis, links, and lone arrows and dashes, which are replaced after the marks
    r"(?<=:)(?=[\w+\-/]+:|material/|//)|(?<=www)(?=\.)|(?<=[\w.+\-]@)(?=[\w\-])|(?<=(?<!\S)[-<>~])(?=[-=>]{1,2}(?!\S))",
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """`text` with every mark that Markdown would read put out of action.

    Streamlit replaces `:material/home:` and a few more once the backslashes are gone; an invisible joiner prevents it.
    """
    return _SPACES.sub(lambda found: f"&#{ord(found[0])};", _MARKS.sub(r"\\\1", _LATE.sub(JOINER, text)))


def sentence(said: str) -> str:
    """What is said, with a capital at its beginning."""
    return said[:1].upper() + said[1:]
