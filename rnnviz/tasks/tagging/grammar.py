"""Sentences with a tag for every word, from a small grammar written for this project.

Some names are of two kinds: an apple is a fruit, Apple a company. Which one is meant says what is told of it, and in
two sentences of three that comes later. A word has its tag behind a colon; without one it is `OTHER`.
"""

import random

PERSON, PLACE, COMPANY, FRUIT, VERB, NOUN, OTHER = "PERSON", "PLACE", "COMPANY", "FRUIT", "VERB", "NOUN", "OTHER"
TAGS = (PERSON, PLACE, COMPANY, FRUIT, VERB, NOUN, OTHER)
KINDS = (PERSON, PLACE, COMPANY, FRUIT)  # of names

AMBIGUOUS = {
    "apple": (FRUIT, COMPANY),
    "orange": (FRUIT, COMPANY),
    "blackberry": (FRUIT, COMPANY),
    "clementine": (FRUIT, PERSON),
    "cherry": (FRUIT, PERSON),
    "jordan": (PERSON, PLACE),
    "paris": (PERSON, PLACE),
    "georgia": (PERSON, PLACE),
    "sydney": (PERSON, PLACE),
    "austin": (PERSON, PLACE),
    "ford": (PERSON, COMPANY),
    "disney": (PERSON, COMPANY),
    "hershey": (PLACE, COMPANY),
    "corning": (PLACE, COMPANY),
}
CLEAR = {
    PERSON: ("anna", "tom", "maria", "david"),
    PLACE: ("berlin", "rome", "tokyo"),
    COMPANY: ("siemens", "toyota", "novartis"),
    FRUIT: ("banana", "pear", "plum"),
}
TOLD = {  # what is told of a name, from which its kind follows
    PERSON: (
        "plays:V the violin:N",
        "called:V her mother:N",
        "smiled:V at the children:N",
        "wrote:V a long letter:N",
        "is:V my best friend:N",
        "was:V late for school:N",
    ),
    PLACE: (
        "lies:V by a wide river:N",
        "has:V narrow streets:N",
        "is:V full of tourists:N",
        "gets:V cold in winter:N",
        "was:V destroyed by a flood:N",
        "has:V two airports:N",
    ),
    COMPANY: (
        "produces:V electronics:N",
        "hired:V two hundred engineers:N",
        "pays:V its workers:N well",
        "opened:V a new factory:N",
        "is:V losing:V customers:N",
        "was:V sued by its owners:N",
    ),
    FRUIT: (
        "keeps:V me healthy",
        "grows:V on a tree:N",
        "tastes:V sweet",
        "is:V ripe in autumn:N",
        "was:V eaten by a bird:N",
        "has:V too many seeds:N",
    ),
}
LED_TO = {  # what comes before a name and says its kind
    PERSON: ("we talked:V to", "they married:V their daughter:N to", "my friend:N thanked:V"),
    PLACE: ("we live:V near", "they took:V the train:N to", "my friend:N was:V born in"),
    COMPANY: ("we work:V for", "they bought:V shares:N of", "my friend:N sued:V the owners:N of"),
    FRUIT: ("we peeled:V a ripe", "they ate:V half a", "my friend:N baked:V a cake:N with one"),
}
OPENINGS = ("", "", "well ,", "by the way ,", "as for")
ASIDES = ("", "", ", as you know ,", ", i think ,", ", to be honest ,")
AGAIN = {PERSON: "she", PLACE: "it", COMPANY: "it", FRUIT: "it"}

Draw = random.Random
Tagged = list[tuple[str, str]]  # word, tag


def sentence(draw: Draw) -> Tagged:
    """One sentence: in two of three a name comes before what is told of it, in the others behind what leads to it."""
    kind, name = _named(draw)
    if draw.random() < 2 / 3:
        return _told_later(draw, kind, name)
    return [*parse(draw.choice(LED_TO[kind])), (name, kind), *_end(draw)]


def _named(draw: Draw) -> tuple[str, str]:
    """The kind of a name, and the name: three in four are ambiguous, and either kind is equally likely."""
    if draw.random() < 0.75:
        name = draw.choice(tuple(AMBIGUOUS))
        return draw.choice(AMBIGUOUS[name]), name
    kind = draw.choice(KINDS)
    return kind, draw.choice(CLEAR[kind])


def _told_later(draw: Draw, kind: str, name: str) -> Tagged:
    opening, aside = draw.choice(OPENINGS), draw.choice(ASIDES)
    again = AGAIN[kind] if opening == "as for" or draw.random() < 0.5 else ""
    between = f"{aside or ','} {again}" if again else aside
    return [*parse(opening), (name, kind), *parse(between), *parse(draw.choice(TOLD[kind])), *_end(draw)]


def _end(draw: Draw) -> Tagged:
    return parse(draw.choice(("", "", "again", "this year:N", "for a long time:N")))


def parse(text: str) -> Tagged:
    """Words with the tags that stand behind them, V and N for verbs and nouns."""
    short = {"V": VERB, "N": NOUN, "": OTHER}
    return [(word, short.get(tag, tag)) for word, _, tag in (one.partition(":") for one in text.split())]
