"""Where the way back from a branch lands, and what is said where no further branch can be told by a link."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui.widgets.marks import escaped
from rnnviz.core import limits
from rnnviz.specs import branch_query
from rnnviz.specs.branch import Branch, Training
from tests.pages.branch.test_panel import STEP, begin, branched, dialog
from tests.pages.fakes import FakeEngine, FakeJob
from tests.pages.visiting import StateOf, parts, press, words


@pytest.mark.parametrize(("seen_at", "lands"), [(3, 3), (4, 4), (0, STEP), (None, STEP), (9, STEP)])
def test_the_way_back_lands_at_the_step_in_view_or_where_the_branch_began(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, state_of: StateOf, seen_at: int | None, lands: int
) -> None:
    app = branched(trained[0])
    app = press(app, "Back to the original", seen_at)
    assert parts(app)["bar"]["go"] == {"number": 1, "step": lands} and state_of(app).start is None


def test_the_last_branch_of_a_chain_says_that_no_further_one_fits(
    trained: tuple[AppTest, FakeJob], engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_BRANCHES", 1)
    app = trained[0]
    assert parts(app)["bar"]["full"] == ""
    app = branched(app)
    engine.all[1].train()
    said = "No further branch fits into a link: 1 leads here already."
    assert parts(app.run())["bar"]["full"] == said
    app = press(app, "Branch", 3)
    assert not dialog(app) and [escaped(said)] == [toast.value for toast in app.toast]


def test_a_change_whose_link_would_be_too_long_is_not_trained(
    trained: tuple[AppTest, FakeJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, job = trained
    params = branch_query.to_params(Training(job.experiment, Branch(job.experiment, STEP)))
    monkeypatch.setattr(limits, "LONGEST_QUERY", sum(map(len, (*params, *params.values()))))
    app = begin(app)
    (button,) = [one for one in app.button if one.label.startswith("Train on")]
    assert button.disabled and "link would be too long" in words(app)
