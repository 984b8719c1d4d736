"""Sentences in which one word is decided far back, from a small grammar written for this project.

A sentence follows a plan: parts in a row, each with phrases to choose from, all equally likely. What is chosen in one
part changes nothing in another, so the words of a plan depend on each other only through the plan. In every plan a word
in [brackets] follows from what stands at least four words before it, while the words in between fit other plans, too:
the language from the country, the verb from its subject and not from the noun beside it, what is bought from the place,
“she” or “he” from the name, “or”, “nor” or “but” from “either”, “neither” or “not only”.
"""

import dataclasses
import functools
import itertools
import random
import re
from collections.abc import Mapping, Sequence

END = "."
Draw = random.Random
Phrase = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Part:
    """Phrases to choose from; far: whether what they say is decided far back."""

    phrases: tuple[Phrase, ...]
    far: bool = False


Plan = tuple[Part, ...]
Place = tuple[int, int, Phrase]  # a plan, the next of its parts, and what is left of the phrase before it
Belief = dict[Place, float]

COUNTRIES = {
    "germany": "german",
    "italy": "italian",
    "france": "french",
    "spain": "spanish",
}
WANTED = {  # where one is → what one asks for
    "library": "book",
    "station": "ticket",
    "hotel": "room",
    "café": "coffee",
}
HER, HIM = ("anna", "maria", "my sister"), ("tom", "david", "my brother")
THINGS = ("key", "letter", "map", "book", "ticket")
FURNITURE = ("door", "window", "mirror")
PEOPLE = ("my parents", "our friends", "the children", "my brother", "my sister")
CHOICES = {"either": "or", "neither": "nor", "not only": "but"}
RIDES = ("the train", "the bus", "the boat", "the car")
WHEN = ("when i was small", "years ago", "in the summer", "later")


def _each(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """Every way to say one of each in a row."""
    return tuple(" ".join(filter(None, one)) for one in itertools.product(*parts))


SLOTS: dict[str, tuple[str, ...]] = {
    "came": ("i was born in", "i grew up in", "my family comes from"),
    "left": (
        *(",",) * 12,
        *_each((", but",), PEOPLE[:2], ("left", "moved away"), WHEN, (",",)),
        *_each((", where",), PEOPLE, ("have a house near the sea ,",)),
    ),
    "speak": ("and i still speak", "so i can read", "and so i learned", "so we speak"),
    "well": ("", "", "at home", "a little"),
    "thing": THINGS,
    "things": tuple(f"{one}s" for one in THINGS),
    "beside": _each(("near the", "behind the", "under the"), ("", "old"), FURNITURE)
    + _each(("near the", "behind the", "under the"), ("", "old"), tuple(f"{one}s" for one in FURNITURE)),
    "whose": (*("",) * 20, *_each(("that we bought for",), PEOPLE), *_each(("that",), PEOPLE, ("found", "left there"))),
    "still": ("", "", "now", "still", "very"),
    "lost": ("old", "expensive", "small", "too small"),
    "at": ("at the", "near the", "behind the"),
    "who": (*HER, *HIM, "we", "i"),
    "met": _each(("met", "waited for", "talked to", "found"), PEOPLE, ("", "near the door", "in the morning", "there")),
    "asked": ("and then asked for a", "and bought a", "and went home with a", "and paid for a"),
    "her": HER,
    "him": HIM,
    "said": (
        *_each(("said that",), RIDES, ("was",), ("late ,", "too late ,", "too small ,", "expensive ,")),
        *_each(("left", "found", "paid for"), ("the key", "the old map", "the ticket"), (",", "in the morning ,")),
        *_each(("talked to", "met"), PEOPLE[:3], (",", "at the station ,")),
    ),
    "so": ("so", "and then", "so this time", "and years later"),
    "did": (
        *_each(("took",), RIDES),
        *_each(("went home", "waited"), ("", "with the children")),
        *_each(("asked for",), ("a map", "a room", "the key")),
    ),
    "can": ("we can take", "you can take", "they will take", "my parents take"),
    "first": _each(RIDES, ("to the",), tuple(WANTED)),
    "second": _each(RIDES, ("to the sea", "home")),
}
_PART = re.compile(r"\{(\w+)\}|\[(\w+)\]|([^\s{}\[\]]+)")
TEMPLATES = (  # a kind of sentence each, all equally likely, and so are the plans of a kind
    tuple(f"{{came}} {land} {{left}} {{speak}} [{language}] {{well}} ." for land, language in COUNTRIES.items()),
    (
        "the {thing} {beside} {whose} [is] {still} {lost} .",
        "the {things} {beside} {whose} [are] {still} {lost} .",
    ),
    tuple(f"{{at}} {where} , {{who}} {{met}} {{asked}} [{what}] ." for where, what in WANTED.items()),
    ("{her} {said} {so} [she] {did} .", "{him} {said} {so} [he] {did} ."),
    tuple(f"{{can}} {choice} {{first}} [{other}] {{second}} ." for choice, other in CHOICES.items()),
)


def _plan(template: str) -> Plan:
    """Its parts: slots by their names, far words in brackets, other words as they stand."""
    parts = _PART.findall(template)
    return tuple(
        Part(tuple(tuple(one.split()) for one in SLOTS.get(slot, (far or word,))), bool(far))
        for slot, far, word in parts
    )


PLANS = tuple(_plan(template) for kind in TEMPLATES for template in kind)
CHANCES = tuple(1.0 / (len(TEMPLATES) * len(kind)) for kind in TEMPLATES for _ in kind)


def sentence(draw: Draw) -> tuple[Phrase, tuple[bool, ...]]:
    """One sentence with its end, and of each word whether it is decided far back."""
    (plan,) = draw.choices(PLANS, CHANCES)
    words, far = list[str](), list[bool]()
    for part in plan:
        phrase = draw.choice(part.phrases)
        words += phrase
        far += [part.far] * len(phrase)
    return tuple(words), tuple(far)


def parse(words: Sequence[str]) -> tuple[bool, ...]:
    """Of each word of a sentence of the grammar, whether it is decided far back.

    Raises:
        ValueError: the grammar makes no such sentence.
    """
    for plan in PLANS:
        if (found := _read(plan, tuple(words))) is not None:
            return found
    raise ValueError(f"no sentence of the grammar: {' '.join(words)!r}")


def _read(plan: Plan, words: Phrase) -> tuple[bool, ...] | None:
    if not plan:
        return None if words else ()
    for phrase in plan[0].phrases:
        if words[: len(phrase)] == phrase and (rest := _read(plan[1:], words[len(phrase) :])) is not None:
            return (plan[0].far,) * len(phrase) + rest
    return None


@functools.lru_cache(maxsize=20_000)
def following(words: Phrase) -> Mapping[str, float]:
    """How likely each word is after these, to who knows the grammar (Bayes' rule over plans and phrases).

    words: those of a sentence from its beginning. Empty where no sentence of the grammar begins so, or it is over.
    """
    found = dict[str, float]()
    for (_, _, left), chance in _belief(words).items():
        found[left[0]] = found.get(left[0], 0.0) + chance
    return found


@functools.lru_cache(maxsize=20_000)
def _belief(words: Phrase) -> Belief:
    """Where in the grammar a sentence may be that begins with these words; places have a word to come each."""
    if not words:
        return _opened({(plan, 0, ()): chance for plan, chance in enumerate(CHANCES)})
    before = _belief(words[:-1])
    read = {place: chance for place, chance in before.items() if place[2][0] == words[-1]}
    total = sum(read.values())
    return _opened({(plan, part, left[1:]): chance / total for (plan, part, left), chance in read.items()})


def _opened(belief: Belief) -> Belief:
    """Places at which a phrase is over, as those at the beginning of the next one; ends of sentences are left out."""
    found, waiting = Belief(), list(belief.items())
    while waiting:
        (plan, part, left), chance = waiting.pop()
        if left:
            found[plan, part, left] = found.get((plan, part, left), 0.0) + chance
        elif part < len(PLANS[plan]):
            phrases = PLANS[plan][part].phrases
            waiting += [((plan, part + 1, phrase), chance / len(phrases)) for phrase in phrases]
    return found
