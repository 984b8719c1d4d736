"""What is read on screen, taken apart into sentences, and what the house asks of each."""

import re
from collections.abc import Iterator
from typing import Any

MOST = 20  # words of a sentence
FORBIDDEN = ("torch's own", "torch’s own", "by h_t", "lecture 0", "past ±")
_FORMULA = re.compile(r"\$\$.*?\$\$|```.*?```|<pre.*?</pre>|<table.*?</table>|<svg.*?</svg>", re.S)
_INLINE = re.compile(r"\$[^$]*\$|`[^`]*`")
_CITED = re.compile(r"\([^()]*\b(?:19|20)\d\d[^()]*\)")  # who found it, and when
_BLOCK = re.compile(r"</?(?:p|div|li|td|th|tr|h\d|br|ul|ol|section|figure|figcaption|label|button)\b[^>]*>")
_ITEM = re.compile(r"\n\s*(?:[-*] |\d+\. |\||#)")
_END = re.compile(
    r"(?<=[.!?…])[*_)”\"’]*\s+(?=\S)|(?<=:)[*_]*\s+(?=(?:the )?[\w ]{1,30} – )|(?<=;)\s+(?=[\w ]{1,30} – )"
)
_STEP = re.compile(r"\bsteps?\b(?!-)", re.I)
_KIND = re.compile(r"(?:\b(?:training|time)[ \n]+|\bstep[ -]by[ -])$", re.I)
ALLOWED = ("Train from step 0", "From step 0", "Step by step", "step by step")


def sentences(text: str) -> Iterator[str]:
    """Its sentences: no formula, code or table is one, and a list or a formula that follows a colon ends one."""
    text = re.sub(r"\\([^a-zA-Z$])", r"\1", text.replace("\\\n", "\n"))
    text = _BLOCK.sub("\n\n", _FORMULA.sub("\n\n", text))
    text = re.sub(r"<[^>]*>", " ", _CITED.sub("", _INLINE.sub(" X ", text)))
    for part in re.split(r"\n\s*\n", _ITEM.sub("\n\n", text)):
        told = " ".join(part.split()).strip()
        if not told.startswith("Sources:"):
            yield from (one for one in _END.split(told) if one)


def length(sentence: str) -> int:
    """How many words it has; a number is one, a sign alone is none."""
    return sum(any(sign.isalnum() for sign in word) for word in sentence.split())


def bare(sentence: str) -> bool:
    """Whether it says "step" without saying of what."""
    for name in ALLOWED:
        sentence = sentence.replace(name, "")
    return any(not _KIND.search(sentence[: found.start()]) for found in _STEP.finditer(sentence))


def faults(sentence: str) -> list[str]:
    """What is to be changed about a sentence."""
    count = length(sentence)
    found = [f"{count} words, at most {MOST}"] if count > MOST else []
    found += [f"“{word}” is not said" for word in FORBIDDEN if word in sentence]
    return found + (["“step” of what: training step, time step or output position?"] if bare(sentence) else [])


def texts(told: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts within JSON that was sent to a browser, and where they stand."""
    if isinstance(told, str):
        yield path, told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield from texts(value, f"{path}.{name}")
    elif isinstance(told, list | tuple):
        for value in told:
            yield from texts(value, path)
