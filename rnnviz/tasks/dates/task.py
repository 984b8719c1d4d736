"""Dates as people write them in many languages, answered by the one way that sorts: ISO 8601."""

import dataclasses
import datetime
import re
from typing import ClassVar

import numpy as np

from rnnviz.core import fields
from rnnviz.core.names import listed
from rnnviz.tasks.base import Defaults
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.dates import calendars
from rnnviz.tasks.dates.calendars import DIGITS, LANGUAGES, WEEKDAY, WRITTEN_OUT
from rnnviz.tasks.dates.writer import FIRST, ISO, LAST, PROBE_DAY, days_written, place_of, writer_of
from rnnviz.tasks.translating import Translating
from rnnviz.tasks.typed import whole

ALL = "all"
_LONGEST_TEXT = 2_000  # characters: composing them takes time that grows with the square of a hostile text


@dataclasses.dataclass(frozen=True)
class Dates(Translating):
    """A date from 1950 to 2049, written in one of many languages and formats; answer "2026-03-14".

    The formats are those of the Unicode CLDR (see `calendars`). A tenth of the days is held out: none of them is
    trained on in any language.
    """

    name: ClassVar[str] = "dates"
    place: ClassVar[int] = 5
    title: ClassVar[str] = "Read a date in any language"
    application: ClassVar[str] = "Machine translation"
    about: ClassVar[str] = (
        "The encoder reads a date as people write it, in one of sixteen languages. The decoder has to write the year, "
        "the month and the day in the order of ISO 8601. So the names of months must be known in every language. "
        "Digits that are read last are often to be written first."
    )
    always_new: ClassVar[bool] = False
    sized_by_data: ClassVar[bool] = True
    defaults: ClassVar[Defaults] = Defaults(steps=600, batch=64, lr=5e-3, hidden=64)

    language: str = fields.choice(ALL, (ALL, *LANGUAGES), "The language in which dates are written")

    @property
    def symbols(self) -> tuple[str, ...]:
        return writer_of(self.language).symbols

    @property
    def written_symbols(self) -> tuple[str, ...]:
        return tuple(ISO)

    @property
    def input_steps(self) -> int:
        return writer_of(self.language).longest

    @property
    def output_steps(self) -> int:
        return len("2026-03-14") + 1

    @property
    def trained_on(self) -> str:
        names = list(LANGUAGES.values()) if self.language == ALL else [LANGUAGES[self.language]]
        return f"Trained on are the days from {FIRST.year} to {LAST.year}. Languages: {listed(names)}."

    @property
    def typing(self) -> str:
        return "letters, digits and signs of the dates that are read"

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        days = days_written().trained
        writer = writer_of(self.language)
        return self._asking(writer.draw(rng, size), days[rng.integers(0, len(days), size)])

    def make_held_out(self, rng: np.random.Generator) -> Batch:
        """Every pattern about equally often, each on a day of its own."""
        days = rng.choice(days_written().held_out, self.held_out_wanted, replace=False)
        return self._asking(np.arange(self.held_out_wanted) % len(writer_of(self.language).patterns), days)

    def examples(self) -> tuple[tuple[str, str, str], ...]:
        languages = ("de", "ru", "fi") if self.language == ALL else (self.language,) * 3
        styles = (WRITTEN_OUT, WEEKDAY, DIGITS)
        return tuple(self._example(*one) for one in zip(languages, styles, range(3), strict=True))

    def _example(self, language: str, style: str, place: int) -> tuple[str, str, str]:
        """One style of a language on one of three days that are held out."""
        pattern = next(one for one in calendars.patterns(language) if one.style == style)
        later = place_of(PROBE_DAY + datetime.timedelta(4000 * place * (-1) ** place))
        held_out = days_written().held_out
        day = int(held_out[np.searchsorted(held_out, later) % len(held_out)])
        date = FIRST + datetime.timedelta(day)
        return f"{LANGUAGES[language]}, {style}", calendars.formatted(pattern, date), date.isoformat()

    def read(self, text: str) -> np.ndarray:
        return super().read(calendars.typed(self.language, whole(text, _LONGEST_TEXT)))

    def right(self, places: np.ndarray) -> str:
        """The date that all patterns agree on; where none reads it, all languages that know its words.

        "" if nobody reads it or two read different days.
        """
        text = self.spell(places)
        found = {day for pattern in calendars.patterns(self.language) if (day := calendars.understood(pattern, text))}
        if not found:
            languages = tuple(LANGUAGES) if self.language == ALL else (self.language,)
            found = {day for one in languages if (day := calendars.in_words(one, text))}
        return found.pop() if len(found) == 1 else ""

    def warned(self, places: np.ndarray) -> str:
        years = {int(year) for year in re.findall(r"\d+", self.spell(places)) if len(year) == 4}
        outside = any(not FIRST.year <= year <= LAST.year for year in years)
        return f"Years from {FIRST.year} to {LAST.year} are trained on." if outside else ""

    def _asking(self, chosen: np.ndarray, days: np.ndarray) -> Batch:
        """The patterns (sample,) on the days (sample,), counted from the first."""
        return Batch(writer_of(self.language).write(chosen, days_written().parts[days]), days_written().iso[:, days])
