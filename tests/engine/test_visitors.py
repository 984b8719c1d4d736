"""Who watches a job, and what they want together."""

from rnnviz.engine.visitors import Visitors


def visitors() -> Visitors:
    return Visitors(grace=10.0, now=0.0)


def test_nobody_wants_nothing() -> None:
    assert visitors().verdict is None


def test_it_runs_while_one_wants_it_to() -> None:
    them = visitors()
    them.join("a", "run")
    them.join("b", "pause")
    assert them.verdict == "run"
    them.join("a", "pause")
    assert them.verdict == "pause"


def test_a_newcomer_takes_it_as_it_is() -> None:
    them = visitors()
    them.join("a", "pause")
    them.join("b")
    assert them.verdict == "pause"
    them.join("a", "run")
    them.join("c")
    assert them.wish("c") == "run"


def test_the_first_of_all_wants_it_to_run() -> None:
    them = visitors()
    them.join("a")
    assert them.verdict == "run"


def test_one_who_comes_back_keeps_the_wish() -> None:
    them = visitors()
    them.join("a", "pause")
    them.leave("a", now=1.0)
    them.join("a")
    them.forget(now=100.0)
    assert (them.wish("a"), len(them)) == ("pause", 1)


def test_what_the_last_one_wanted_stands_while_nobody_is_present() -> None:
    them = visitors()
    them.join("a", "run")
    them.join("b", "pause")
    them.leave("a", now=0.0)
    assert (them.verdict, len(them)) == ("pause", 1)
    them.leave("b", now=0.0)
    assert (them.verdict, len(them)) == ("pause", 0)
    them.join("c")  # who reloads a paused page is somebody new
    assert (them.verdict, them.wish("c")) == ("pause", "pause")
    them.join("a")
    assert them.verdict == "run"


def test_who_left_is_forgotten_after_the_grace_period() -> None:
    them = visitors()
    them.join("a", "run")
    them.leave("a", now=5.0)
    them.leave("a", now=9.0)  # leaving twice does not prolong it
    assert them.next_change == 15.0
    them.forget(now=14.9)
    assert them.verdict == "run"
    them.forget(now=15.0)
    assert (them.verdict, them.alone_since, them.next_change) == (None, 15.0, None)
