"""German sentences with their English translations, from a small grammar written for this project.

In small letters and without punctuation, as in translation tables of old. German puts the verb at the end where
English has it second: after a modal verb, in the perfect, in subordinate clauses; and it splits verbs such as
"zurückbringen". All of these are here, so that the words of the two sentences do not stand in the same order.
"""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

Pair = tuple[str, str]


class Noun(NamedTuple):
    """Gender is that of "den" (m), "das" (n) or "die" (f), the articles of the accusative."""

    german: str
    gender: str
    english: str


class Verb(NamedTuple):
    """A verb with an object. `prefix` parts from it where it stands second; English has {} where its object stands."""

    prefix: str
    infinitive: str  # without the prefix
    participle: str  # with the prefix
    english: str
    past: str
    objects: str  # German nouns


class Subject(NamedTuple):
    """Person and number choose the form of a verb: 0 ich, 1 du, 2 er, 3 wir."""

    german: str
    english: str
    form: int


NOUNS = {
    noun.german: noun
    for noun in (
        Noun("buch", "n", "book"),
        Noun("brief", "m", "letter"),
        Noun("auto", "n", "car"),
        Noun("zug", "m", "train"),
        Noun("paket", "n", "package"),
        Noun("fenster", "n", "window"),
        Noun("tür", "f", "door"),
        Noun("zeitung", "f", "newspaper"),
        Noun("kuchen", "m", "cake"),
        Noun("apfel", "m", "apple"),
        Noun("film", "m", "movie"),
        Noun("hund", "m", "dog"),
        Noun("katze", "f", "cat"),
        Noun("bild", "n", "picture"),
        Noun("fahrrad", "n", "bicycle"),
        Noun("koffer", "m", "suitcase"),
        Noun("schlüssel", "m", "key"),
        Noun("tasche", "f", "bag"),
        Noun("haus", "n", "house"),
        Noun("arzt", "m", "doctor"),
        Noun("lehrerin", "f", "teacher"),
    )
}
VERBS = (
    Verb("", "kaufen", "gekauft", "buy {}", "bought {}", "buch auto zeitung kuchen fahrrad koffer tasche haus bild"),
    Verb("", "verkaufen", "verkauft", "sell {}", "sold {}", "auto fahrrad haus bild koffer tasche"),
    Verb("", "lesen", "gelesen", "read {}", "read {}", "buch brief zeitung"),
    Verb("", "schreiben", "geschrieben", "write {}", "wrote {}", "buch brief"),
    Verb("", "essen", "gegessen", "eat {}", "ate {}", "kuchen apfel"),
    Verb("", "sehen", "gesehen", "see {}", "saw {}", "film haus hund katze bild arzt lehrerin"),
    Verb("", "suchen", "gesucht", "look for {}", "looked for {}", "schlüssel koffer tasche hund katze brief arzt"),
    Verb("", "finden", "gefunden", "find {}", "found {}", "schlüssel koffer tasche hund katze brief"),
    Verb("", "verpassen", "verpasst", "miss {}", "missed {}", "zug film"),
    Verb("", "reparieren", "repariert", "repair {}", "repaired {}", "auto fahrrad fenster tür"),
    Verb("zurück", "bringen", "zurückgebracht", "return {}", "returned {}", "auto buch fahrrad koffer schlüssel"),
    Verb("mit", "nehmen", "mitgenommen", "take {} along", "took {} along", "hund koffer tasche fahrrad schlüssel"),
    Verb("ab", "holen", "abgeholt", "pick {} up", "picked {} up", "paket koffer arzt lehrerin"),
    Verb("auf", "machen", "aufgemacht", "open {}", "opened {}", "fenster tür paket koffer brief"),
    Verb("zu", "machen", "zugemacht", "close {}", "closed {}", "fenster tür koffer tasche"),
    Verb("an", "rufen", "angerufen", "call {}", "called {}", "arzt lehrerin"),
)
SECOND = {  # the present of the verbs that part from their prefix: ich, du, er, wir
    "bringen": "bringe bringst bringt bringen",
    "nehmen": "nehme nimmst nimmt nehmen",
    "holen": "hole holst holt holen",
    "machen": "mache machst macht machen",
    "rufen": "rufe rufst ruft rufen",
}
SUBJECTS = (
    Subject("ich", "i", 0),
    Subject("du", "you", 1),
    Subject("er", "he", 2),
    Subject("sie", "she", 2),
    Subject("wir", "we", 3),
    Subject("mein bruder", "my brother", 2),
)
PERSONS = (
    ("dich", "you", "du"),
    ("ihn", "him", "er"),
    ("uns", "us", "wir ich"),
)  # as objects, and who never does it to them
OF_PERSONS = ("sehen", "suchen", "finden", "nehmen", "holen", "rufen")
MODALS = (  # German forms, English for him and for all others
    ("möchte möchtest möchte möchten", "wants to", "want to"),
    ("muss musst muss müssen", "must", "must"),
    ("kann kannst kann können", "can", "can"),
)
UNASKED = ("verpassen", "sehen")  # what nobody is asked to do
HAVE = ["habe", "hast", "hat", "haben"]
TO_COME = (("", ""), ("heute", "today"), ("morgen", "tomorrow"), ("am montag", "on monday"))
GONE_BY = (("", ""), ("heute", "today"), ("gestern", "yesterday"), ("am montag", "on monday"))
OPENINGS = (
    ("ich weiß dass", "i know that"),
    ("wir glauben dass", "we believe that"),
    ("er ist traurig weil", "he is sad because"),
    ("sie ist müde weil", "she is tired because"),
)
DEFINITE, INDEFINITE = {"m": "den", "n": "das", "f": "die"}, {"m": "einen", "n": "ein", "f": "eine"}


class Object(NamedTuple):
    """What a verb is about, in the accusative. A pronoun stands before the time, and nobody but others does it."""

    german: str
    english: str
    pronoun: bool = False
    never: str = ""  # the subjects it cannot have


def requests() -> Iterator[Pair]:
    """Pairs such as “bringen sie bitte das auto zurück” → “please return the car”."""
    for verb in VERBS:
        if verb.infinitive in UNASKED:
            continue
        for what in _objects(verb):
            if what.german != "dich":  # who is asked is "sie"
                polite = ("sie", what.german, "bitte") if what.pronoun else ("sie bitte", what.german)
                yield _joined(verb.infinitive, *polite, verb.prefix), "please " + verb.english.format(what.english)


def modals() -> Iterator[Pair]:
    """Pairs such as “ich möchte morgen ein buch kaufen” → “i want to buy a book tomorrow”."""
    for who, verb, what, (when, then) in _statements(TO_COME):
        if verb.infinitive == "verpassen":
            continue
        for forms, his, others in MODALS:
            middle = _middle(what, when)
            english = his if who.form == 2 else others
            yield (
                _joined(who.german, forms.split()[who.form], middle, verb.prefix + verb.infinitive),
                _joined(who.english, english, verb.english.format(what.english), then),
            )


def perfects() -> Iterator[Pair]:
    """Pairs such as “er hat gestern den brief geschrieben” → “he wrote the letter yesterday”."""
    for who, verb, what, (when, then) in _statements(GONE_BY):
        german = _joined(who.german, HAVE[who.form], _middle(what, when), verb.participle)
        yield german, _joined(who.english, verb.past.format(what.english), then)


def parted() -> Iterator[Pair]:
    """Pairs such as “ich rufe dich morgen an” → “i will call you tomorrow”."""
    for who, verb, what, (when, then) in _statements(TO_COME):
        if verb.prefix and when:
            second = SECOND[verb.infinitive].split()[who.form]
            german = _joined(who.german, second, _middle(what, when), verb.prefix)
            yield german, _joined(who.english, "will", verb.english.format(what.english), then)


def subordinate() -> Iterator[Pair]:
    """Pairs such as “er ist traurig weil sie den zug verpasst hat” → “he is sad because she missed the train”."""
    for opening, english in OPENINGS:
        for who, verb, what, (when, then) in _statements(GONE_BY[:3]):
            if opening.startswith(who.german) and "dass" in opening and who.german != "ich":
                continue
            german = _joined(opening, who.german, _middle(what, when), verb.participle, HAVE[who.form])
            yield german, _joined(english, who.english, verb.past.format(what.english), then)


KINDS = (requests, modals, perfects, parted, subordinate)


def _statements(times: tuple[Pair, ...]) -> Iterator[tuple[Subject, Verb, Object, Pair]]:
    for verb in VERBS:
        for who, what, when in itertools.product(SUBJECTS, _objects(verb), times):
            if who.german not in what.never.split():
                yield who, verb, what, when


def _objects(verb: Verb) -> Iterator[Object]:
    for noun in map(NOUNS.__getitem__, verb.objects.split()):
        yield Object(f"{DEFINITE[noun.gender]} {noun.german}", f"the {noun.english}")
        article = "an" if noun.english[0] in "aeiou" else "a"
        yield Object(f"{INDEFINITE[noun.gender]} {noun.german}", f"{article} {noun.english}")
    if verb.infinitive in OF_PERSONS:
        for german, english, never in PERSONS:
            yield Object(german, english, True, never)


def _middle(what: Object, when: str) -> str:
    return _joined(what.german, when) if what.pronoun else _joined(when, what.german)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
