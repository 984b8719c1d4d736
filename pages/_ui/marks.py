"""Text that came from elsewhere, such as a link, shown as it is: nothing in it is read as Markdown."""

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!$|<>:~&])")


def escaped(text: str) -> str:
    """`text` with every mark that Markdown would read put out of action."""
    return _MARKS.sub(r"\\\1", text)
