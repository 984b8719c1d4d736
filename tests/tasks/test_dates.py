"""Dates: read back one by one, with the words of the languages themselves."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core.errors import ExperimentError
from rnnviz.tasks.dates import calendars
from rnnviz.tasks.dates.writer import FIRST, LAST, days_written, place_of
from tests.support.tasks import task

DAYS = st.dates(FIRST, LAST)


@given(language=st.sampled_from(["all", *calendars.LANGUAGES]), seed=st.integers(0, 2**32 - 1))
def test_every_date_reads_back_as_its_answer(language: str, seed: int) -> None:
    chosen = task("dates", language=language)
    batch = chosen.sample(np.random.default_rng(seed), 20)
    for inputs, targets in zip(batch.inputs.T, batch.targets.T, strict=True):
        assert chosen.right(inputs) == chosen.write(targets)
        assert chosen.read(chosen.spell(inputs)).tolist() == inputs[inputs >= 0].tolist()


@given(day=DAYS, language=st.sampled_from(list(calendars.LANGUAGES)))
def test_babel_writes_the_same(day: datetime.date, language: str) -> None:
    """The long format of a language, as Babel itself writes it."""
    from babel.dates import format_date

    pattern = next(p for p in calendars.patterns(language) if p.style == calendars.WRITTEN_OUT)
    assert calendars.formatted(pattern, day) == calendars.normalised(format_date(day, "long", locale=language))
    assert calendars.understood(pattern, calendars.formatted(pattern, day)) == day.isoformat()


@given(day=DAYS)
def test_nothing_that_is_written_may_mean_another_day(day: datetime.date) -> None:
    chosen = task("dates")
    for pattern in calendars.patterns("all"):
        assert chosen.right(chosen.read(calendars.formatted(pattern, day))) == day.isoformat()


@pytest.mark.parametrize(("text", "iso"), [
    ("14. März 2026", "2026-03-14"),
    ("  14.   MÄRZ 2026 ", "2026-03-14"),
    ("14\u00a0mars\u202f2026", "2026-03-14"),
    ("14. ma\u0308rz 2026", "2026-03-14"),
    ("September 3, 1976", "1976-09-03"),
    ("3 de septiembre de 1976", "1976-09-03"),
    ("Sat, Mar 14, 2026", "2026-03-14"),
    ("14 Μαρτίου 2026", "2026-03-14"),
    ("14 марта 2026\u202fг.", "2026-03-14"),
    ("2026年3月14日", "2026-03-14"),
    ("2026. március 14.", "2026-03-14"),
    ("14. maaliskuuta 2026", "2026-03-14"),
    ("03.04.2026", "2026-04-03"),
    ("29. februar 2024", "2024-02-29"),
    ("29. februar 2025", ""),
    ("12 июля 2014", "2014-07-12"),
    ("Donnerstag, 5. Mai 2016", "2016-05-05"),
    ("Thursday 5 May 2016", "2016-05-05"),
    ("jeudi 5 mai 2016", "2016-05-05"),
    ("5 mai 2016", "2016-05-05"),
    ("Donnerstag, 5. Mai", ""),
    ("5. mai 6. mai 2016", ""),
    ("5. mai juni 2016", ""),
    ("31. juni 2016", ""),
    ("5. mai 216", ""),
    ("1 listopad 2020", "2020-11-01"),
    ("3/4/2026", ""),
    ("14. märz", ""),
    ("maerz", ""),
])  # fmt: skip
def test_what_somebody_types(text: str, iso: str) -> None:
    chosen = task("dates")
    assert chosen.right(chosen.read(text)) == iso


@pytest.mark.parametrize("language", ["tr", "all"])
@pytest.mark.parametrize(("text", "read", "iso"), [
    ("14 KASIM 2026", "14 kasım 2026", "2026-11-14"),
    ("14 Kasım 2026", "14 kasım 2026", "2026-11-14"),
    ("14 MAYIS 2026", "14 mayıs 2026", "2026-05-14"),
    ("15 ARALIK 2026 SALI", "15 aralık 2026 salı", "2026-12-15"),
    ("14 NİSAN 2026", "14 nisan 2026", "2026-04-14"),
    ("14 EKI\u0307M 2026", "14 ekim 2026", "2026-10-14"),
    ("14 eki\u0307m 2026", "14 ekim 2026", "2026-10-14"),
    ("15 HAZİRAN 2026 PAZARTESİ", "15 haziran 2026 pazartesi", "2026-06-15"),
])  # fmt: skip
def test_turkish_capitals_have_turkish_small_letters(language: str, text: str, read: str, iso: str) -> None:
    chosen = task("dates", language=language)
    places = chosen.read(text)
    assert chosen.spell(places) == read and chosen.right(places) == iso


@pytest.mark.parametrize(("language", "text", "read", "iso"), [
    ("el", "14 ΜΑΡΤΙΟΥ 2026", "14 μαρτίου 2026", "2026-03-14"),
    ("el", "14 ΜΑΡΤΊΟΥ 2026", "14 μαρτίου 2026", "2026-03-14"),
    ("fr", "14 FEVRIER 2026", "14 février 2026", "2026-02-14"),
    ("fr", "14 FÉVRIER 2026", "14 février 2026", "2026-02-14"),
    ("de", "14. MARZ 2026", "14. märz 2026", "2026-03-14"),
    ("de", "14. marz 2026", "14. marz 2026", ""),
])  # fmt: skip
def test_capitals_may_lack_their_accents(language: str, text: str, read: str, iso: str) -> None:
    for chosen in (task("dates", language=language), task("dates")):
        places = chosen.read(text)
        assert chosen.spell(places) == read and chosen.right(places) == iso


@pytest.mark.parametrize(("language", "text", "iso"), [
    ("en", "APRIL 3, 2026", "2026-04-03"),
    ("de", "FREITAG, 3. APRIL 2026", "2026-04-03"),
    ("it", "3 APRILE 2026", "2026-04-03"),
    ("fi", "3. HUHTIKUUTA 2026", "2026-04-03"),
    ("pl", "3 KWIETNIA 2026", "2026-04-03"),
])  # fmt: skip
def test_other_capitals_are_no_turkish_ones(language: str, text: str, iso: str) -> None:
    for chosen in (task("dates", language=language), task("dates")):
        places = chosen.read(text)
        assert chosen.spell(places) == text.lower() and chosen.right(places) == iso


@pytest.mark.parametrize("language", calendars.LANGUAGES)
def test_every_name_in_capitals_reads_as_in_small_letters(language: str) -> None:
    def capitals(text: str) -> str:
        return text.replace("i", "İ").upper() if language == "tr" else text.upper()

    for chosen in (language, "all"):
        for pattern in calendars.patterns(language):
            for month in range(1, 13):
                text = calendars.formatted(pattern, datetime.date(2026, month, 14))
                assert calendars.typed(chosen, capitals(text)) == calendars.normalised(text)


@pytest.mark.parametrize("language", list(calendars.LANGUAGES))
@given(day=DAYS)
def test_the_full_format_with_the_weekday_is_known_where_the_months_have_names(
    language: str, day: datetime.date
) -> None:
    from babel.dates import format_date

    chosen = task("dates", language=language)
    text = format_date(day, "full", locale=language)
    try:
        places = chosen.read(text)
    except ExperimentError:  # too long, or a letter that stands in no date of the language
        return
    assert chosen.right(places) in ({""} if language == "ja" else {day.isoformat()})


def test_years_outside_of_those_trained_on_are_told() -> None:
    chosen = task("dates")
    assert chosen.warned(chosen.read("5. mai 1820")) == "Years from 1950 to 2049 are trained on."
    assert chosen.warned(chosen.read("5. mai 1950")) == chosen.warned(chosen.read("5. mai 2049")) == ""
    assert "1950 to 2049. Languages: English, German" in chosen.trained_on
    assert chosen.trained_on.endswith("Greek and Japanese.")
    assert task("dates", language="fi").trained_on.endswith("Languages: Finnish.")


@pytest.mark.parametrize(("language", "iso"), [("en", "2026-03-04"), ("fr", "2026-04-03"), ("es", "2026-04-03")])
def test_digits_mean_what_they_mean_in_the_one_language_that_is_read(language: str, iso: str) -> None:
    chosen = task("dates", language=language)
    assert chosen.right(chosen.read("03/04/2026")) == iso


def test_a_tenth_of_the_days_is_held_out_in_every_language() -> None:
    days = days_written()
    assert not set(days.trained) & set(days.held_out)
    assert len(days.trained) + len(days.held_out) == (LAST - FIRST).days + 1
    assert 0.09 < len(days.held_out) / (LAST - FIRST).days < 0.11
    held_out = {(FIRST + datetime.timedelta(int(day))).isoformat() for day in days.held_out}
    for language in ("all", "de", "el"):
        chosen = task("dates", language=language)
        trained = chosen.sample(np.random.default_rng(0), 2000).targets
        assert not held_out & {chosen.write(one) for one in trained.T}
        assert {chosen.write(one) for one in chosen.held_out().targets.T} <= held_out
        assert {answer for _, _, answer in chosen.examples()} <= held_out


def test_what_is_held_out_comes_from_every_language() -> None:
    chosen = task("dates")
    found = set()
    for inputs in chosen.held_out().inputs.T:
        text = chosen.spell(inputs)
        found |= {pattern.language for pattern in calendars.patterns("all") if calendars.understood(pattern, text)}
    assert found == set(calendars.LANGUAGES)


def test_the_longest_date_is_as_long_as_promised_and_no_symbol_is_too_much() -> None:
    for language in ("all", "pt", "ja"):
        chosen = task("dates", language=language)
        inputs = chosen.sample(np.random.default_rng(0), 20_000).inputs
        assert (inputs != -1).sum(axis=0).max() == chosen.input_steps
        assert set(np.unique(inputs)) == {-1, *range(chosen.input_size)}
    assert task("dates").input_steps <= 32 and task("dates").input_size <= 130


def test_days_have_their_weekdays() -> None:
    assert days_written().parts[place_of(datetime.date(2026, 3, 14))].tolist() == [76, 2, 13, 5, 0]
