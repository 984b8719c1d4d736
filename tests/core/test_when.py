"""Fields that say something only beside others or for some tasks: what is refused there, and what a form offers."""

import dataclasses
import types
from typing import Any

import pytest

from rnnviz.core import fields
from rnnviz.core.errors import ExperimentError
from rnnviz.core.when import When

WARM = When(lambda spec: bool(spec.heat > 0), lambda spec: f"where heat is {spec.heat}")
LONG = When(lambda task: bool(task.long), lambda task: f"for the task {task.name}")
NAMES = {"a": "first", "b": "second"}
PLAY, WORK = types.SimpleNamespace(name="play", long=False), types.SimpleNamespace(name="work", long=True)


@dataclasses.dataclass(frozen=True)
class Spec:
    heat: int = fields.whole(0, 0, 9, "How warm")
    melt: float | None = fields.real(None, 0.0, 1.0, "How much melts", optional=True, when=WARM, usual=0.5)
    flow: bool = fields.flag(False, "Whether it flows", when=WARM, label="Flows")
    kind: str = fields.choice("a", NAMES, "Which", unfit=lambda spec: {"b": "where it flows"} if spec.flow else {})
    wait: int = fields.whole(1, 1, 9, "How long", task=LONG)

    def __post_init__(self) -> None:
        fields.validate(self)
        fields.check(self)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"melt": 0.1}, "melt must be none where heat is 0; got 0.1."),
        ({"flow": True}, "flow must be false where heat is 0; got True."),
        ({"heat": 1, "flow": True, "kind": "b"}, "kind must be a where it flows; got 'b'."),
    ],
)
def test_what_says_nothing_must_stand_at_its_default(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ExperimentError) as raised:
        Spec(**given)
    assert str(raised.value) == said


def test_what_is_none_where_it_says_something_gets_what_is_usual() -> None:
    assert Spec().melt is None and Spec(heat=1).melt == 0.5 and Spec(heat=1, melt=0.0).melt == 0.0


def test_what_says_nothing_for_a_task_is_refused_by_who_knows_the_task() -> None:
    fields.check_for(Spec(wait=2), WORK)
    fields.check_for(Spec(), PLAY)
    with pytest.raises(ExperimentError, match=r"^wait must be 1 for the task play; got 2\.$"):
        fields.check_for(Spec(wait=2), PLAY)


def test_a_form_offers_what_says_something() -> None:
    def offered(spec: Any, task: Any) -> list[str]:
        return [one.name for one in fields.describe(Spec) if fields.says(one, spec, task)]

    assert offered(Spec(), PLAY) == ["heat", "kind"]
    assert offered(Spec(heat=1), PLAY) == ["heat", "melt", "flow", "kind"]
    assert offered(Spec(), WORK) == ["heat", "kind", "wait"]


def test_options_are_those_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NAMES, "c", "third")
    assert fields.meaning(Spec, "kind").options == ("a", "b", "c") and Spec(kind="c").kind == "c"
    assert fields.meaning(Spec, "flow").label == "Flows"
