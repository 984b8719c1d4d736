"""What is kept of a hand: every change can be undone, and it does not grow without end."""

import dataclasses

from pages._ui.anatomy.by_hand import numbers
from pages._ui.anatomy.by_hand import work as by_hand_work
from pages._ui.anatomy.by_hand.work import HandWork
from pages._ui.session.state import AppState
from rnnviz import byhand
from rnnviz.byhand import Entry
from rnnviz.specs.experiment import Experiment


def test_changes_are_undone_one_after_the_other_and_steps_taken_together_at_once():
    work = HandWork()
    first = work.hand
    work.change(first.put(Entry("b_y", 0), 1.0))
    second = work.hand
    work.change(byhand.downhill(second, 0.1), byhand.downhill(second, 0.2))
    assert len(work.losses) == 4 and work.losses[-1] == byhand.forward(work.hand).loss
    work.undo()
    assert work.hand is second
    work.undo()
    work.undo()
    assert work.hand is first and not work.marks


def test_losses_begin_anew_with_a_preset_or_another_word_and_undo_brings_both_back():
    work = HandWork()
    work.change(byhand.downhill(work.hand, 0.1))
    work.begin("random", 3)
    assert (work.preset, work.seed, len(work.losses)) == ("random", 3, 1)
    work.change(byhand.resized(work.hand, "abc", 2))
    assert (work.preset, len(work.losses)) == ("random", 1)
    work.undo()
    work.undo()
    assert (work.preset, work.seed, len(work.losses)) == ("hello", 0, 2)


def test_what_is_looked_at_stays_inside_a_smaller_hand():
    work = HandWork(at=3, weight=Entry("W_hy", 3, 2))
    work.change(byhand.resized(work.hand, "ab", 1))
    assert work.at == 0 and work.weight == Entry("W_hy", 1, 0)
    work = HandWork(weight=Entry("b_h", 2))
    work.change(byhand.resized(work.hand, "ab", 1))
    assert work.weight == Entry("b_h", 0)


def test_the_oldest_moments_are_forgotten(monkeypatch):
    monkeypatch.setattr(by_hand_work, "_MOST_MOMENTS", 5)
    work = HandWork()
    for value in range(8):
        work.change(work.hand.put(Entry("b_y", 0), float(value)))
    assert len(work.path) == 5
    for _ in range(8):
        work.undo()
    assert work.hand.b_y[0] == 3.0 and len(work.path) == 1
    assert dataclasses.replace(work, path=work.path[:1]).losses


def test_a_late_browser_that_tells_of_fields_made_anew_changes_nothing(monkeypatch):
    state = AppState("visitor", Experiment())
    monkeypatch.setattr(numbers, "get_state", lambda: state)
    monkeypatch.setattr(numbers.st, "session_state", {"old": 0.5})
    state.own(HandWork).change(byhand.resized(state.own(HandWork).hand, "ab", 1))
    state.own(HandWork).editions["numbers"] = 3
    hand = state.own(HandWork).hand
    numbers._type(Entry("W_hy", 3, 2), 2, "old")
    assert state.own(HandWork).hand is hand
