"""Tokens under the time axis stand at their time steps and never overlap."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from rnnviz.charts.kit.tokens import place, token_table

WIDTH = 280  # pixels of the narrowest chart


@given(st.lists(st.text("ab.1", max_size=5), min_size=1, max_size=120))
def test_words_in_a_row_do_not_touch(tokens: list[str]) -> None:
    placed = place(tuple(tokens))
    if placed.letters:
        return
    step = WIDTH / len(tokens)
    rows: dict[int, list[tuple[float, float]]] = {}
    for time, row, token in placed.placed:
        half = 7.0 * len(token) / 2
        rows.setdefault(row, []).append((time * step - half, time * step + half))
    for spans in rows.values():
        assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))


@given(st.lists(st.sampled_from(["", "a", "b", " "]), min_size=1, max_size=400))
def test_letters_all_stand_in_one_row(tokens: list[str]) -> None:
    placed = place(tuple(tokens))
    assert placed.letters
    assert placed.rows <= 1
    assert [time for time, _, _ in placed.placed] == [t for t, token in enumerate(tokens, 1) if token]


def test_few_words_all_find_a_place() -> None:
    tokens = [""] * 50
    tokens[24] = tokens[25] = tokens[26] = "0.5"
    assert [(time, row) for time, row, _ in place(tuple(tokens)).placed] == [(25, 0), (26, 1), (27, 2)]


def test_spaces_and_line_ends_can_be_seen() -> None:
    assert [token for _, _, token in place((" ", "\n", "\t")).placed] == ["␣", "↵", "⇥"]


def test_no_tokens_take_no_room() -> None:
    assert place(("",) * 9).rows == 0
    assert token_table(place(()), 10.0) == {"time": [], "middle": [], "token": []}


def test_letters_shrink_with_the_chart_and_vanish_where_they_cannot_be_read() -> None:
    assert place(tuple("hello")).font_size == "1.6 * width / 5 < 5 ? 0 : min(13, 1.6 * width / 5)"
    assert place(("0.5",)).font_size == "13"
