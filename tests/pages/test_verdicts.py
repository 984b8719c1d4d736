"""The findings on the pages: the most important first, the others one click away, each with a way to its page."""

import re

import pytest

import rnnviz as rv
from pages._ui.frame import registry
from pages._ui.run import shipped, verdicts
from rnnviz.findings import Finding, findings
from tests.pages.test_visit import visit


def _sentences(block):
    return [re.sub(r"\\(.)", r"\1", one.value)[2:] for one in block.markdown if one.value.startswith("- ")]


def test_compare_begins_with_what_matters_most_and_hides_nothing(engine):
    app = visit()
    told = [finding.text for finding in findings(shipped.load())]
    (more,) = [one for one in app.expander if one.label == "More findings"]
    assert len(told) > verdicts.FIRST
    assert _sentences(more) == told[verdicts.FIRST :]
    assert [text for text in _sentences(app.main) if text in told] == told


def test_a_page_of_its_own_shows_its_own_findings_first(engine):
    app = visit(page="gradients")
    own = [finding.text for finding in findings(shipped.load()) if finding.view == "gradients"]
    (more,) = [one for one in app.expander if one.label == "More findings"]
    first = [text for text in _sentences(app.main) if text not in _sentences(more)]
    assert first == own
    assert "After 1,200 steps" in " ".join(_sentences(more))


def test_who_ended_comes_first_on_every_page():
    ended = Finding("RNN ended at step 3: its loss became infinite.", {}, "diverged")
    others = tuple(Finding(f"Finding {place} says so.", {}, "vanishing", "gradients") for place in range(9))
    for page in ("compare", "gradients", "gates"):
        here, more = verdicts._divided((ended, *others), page)
        assert here[0] == ended
        assert sorted((*here, *more), key=lambda one: one.text) == sorted((ended, *others), key=lambda one: one.text)


@pytest.mark.parametrize("task", ["adding", "recall", "waves", "brackets", "text"])
def test_every_finding_has_a_page_that_is_there(task):
    small = {"adding": {"length": 12}, "recall": {"lag": 6}}.get(task, {})
    models = (rv.ModelSpec("rnn", 4, init="scaled", sigma_max=2), rv.ModelSpec("lstm", 4, forget_bias=6.0))
    run = rv.run(rv.Experiment(rv.task(task, **small), models, rv.TrainingSpec(steps=25, batch=4)))
    for step in run.steps:
        for finding in findings(run, step):
            assert finding.view in registry.pages() or finding.kind == "diverged"
