"""Word by word: what a model would answer after each word, and how much each word speaks for its answer."""

import math

import numpy as np
import streamlit as st

from pages._ui.run import model_answers
from pages._ui.run.choices import Choice
from pages._ui.run.place import columns
from pages._ui.run.shown import Shown
from pages._ui.session.asking import Answer
from pages._ui.widgets import tables
from pages._ui.widgets.marks import escaped
from pages._ui.widgets.values import select
from pages._ui.words.sentence import Sentence, choose
from rnnviz.analysis.by_class import MOST_CLASSES
from rnnviz.charts.theme import style_of
from rnnviz.core.names import number, percent
from rnnviz.engine import questions
from rnnviz.tasks import Task
from rnnviz.tasks.shapes import Symbols

_HEAD = ("word", "if it ended here", "by its gradient", "by leaving it out")
_GOLDEN = 137.5  # degrees between the hues of two classes
_STRONG = 4.0  # nats that are shown at full strength


def fits(task: Task) -> bool:
    """Whether a task reads words and is answered by few enough classes to have a colour each."""
    one_network = task.answers.at_end or task.answers.at_every_step
    return isinstance(task.reads, Symbols) and 0 < len(task.classes) <= MOST_CLASSES and one_network


def show(shown: Shown) -> None:
    """The section."""
    task = shown.run.experiment.task
    st.markdown("### Word by word")
    sentence = choose(task)
    if task.answers.at_end and sentence.right:
        st.markdown(f"Right: **{escaped(sentence.right[0])}**")
    at = _chosen(task, sentence)
    found = model_answers.of_all(shown, questions.WORD_BY_WORD, sentence.inputs, at)
    if not found:
        st.caption("No model has been measured yet.")
        return
    if task.answers.at_every_step:
        st.html(_legend(task))
    for label in columns(shown, "word-by-word", Choice()):
        if label not in found:
            st.caption("Not measured yet.")
            continue
        of = found[label].found
        if task.answers.at_every_step:
            st.html(_tagged(task, sentence, of["answers"]))
        _table(label, task, sentence, of, at)
    st.caption(
        "**If it ended here**: the answer if the sentence ended with this word.  \n"
        "The other two columns say how much the word speaks for the answer to the whole sentence. It speaks for it "
        "(+, orange) or against it (−, blue). Each is the natural logarithm of a factor on the odds of this "
        "answer against all "
        "others. +0.7 doubles the odds, −0.7 halves them.  \n"
        "**By its gradient**: the slope of the logarithm of the odds along the word's vector, times this vector. This "
        "is gradient × input, an estimate from a small change.  \n"
        "**By leaving it out**: the sentence is read once more without the word, and the difference is exact. The two "
        "ask different questions, so their signs may differ for the same word."
    )


def _chosen(task: Task, sentence: Sentence) -> int:
    """Which answer is looked at: the only one, or that to a word that is chosen."""
    if task.answers.at_end:
        return 0
    options = list(range(len(sentence.tokens)))
    title = "Influence on the answer to"
    return int(select(title, f"words.at.{task.name}", options, lambda at: f"{at + 1}: {sentence.tokens[at]}", 240))


def _table(label: str, task: Task, sentence: Sentence, of: Answer, at: int) -> None:
    shares = of["answers"][at]
    best = int(shares.argmax())
    right = sentence.right[at] if sentence.right else ""
    verdict = "" if not right else " ✓" if right == task.classes[best] else f" ✗ right: {escaped(right)}"
    st.markdown(f"**{escaped(task.classes[best])}** ({percent(100 * float(shares[best]))} sure){verdict}")
    rows = [
        (
            tables.safe(token),
            (_verdict(task, of["prefixes"][time]), _signed(of["gradient"][time]), _signed(of["left_out"][time])),
        )
        for time, token in enumerate(sentence.tokens)
    ]
    tables.table(
        _HEAD,
        rows,
        f"words-influence-{label}",
        about=f"What each word does to the answer of the {style_of(label).name}",
    )


def _verdict(task: Task, shares: np.ndarray) -> str:
    if not np.isfinite(shares).all():
        return "–"
    best = int(shares.argmax())
    return f"{tables.safe(task.classes[best])} {tables.safe(percent(100 * float(shares[best])))}"


def _signed(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    share = min(1.0, abs(float(value)) / _STRONG)
    kind = "for" if value > 0 else "against"
    sign = "+" if value >= 0.005 else ""  # of what is not written as 0.00
    return f'<span class="share {kind}" style="--share:{share:.3f}">{sign}{number(float(value))}</span>'


def _tagged(task: Task, sentence: Sentence, shares: np.ndarray) -> str:
    """The sentence with each word in the colour of its class; wrong ones are struck out, the right class beside."""
    said = [task.classes[place] for place in shares.argmax(-1)]
    right = sentence.right or tuple(said)
    words = []
    for token, answer, asked in zip(sentence.tokens, said, right, strict=True):
        wrong = bool(asked) and answer != asked
        below = f"<s>{tables.safe(answer)}</s> {tables.safe(asked)}" if wrong else tables.safe(answer)
        mark = f'class="tagged{" wrong" if wrong else ""}" style="--hue:{_hue(task, answer):.0f}"'
        words.append(f"<span {mark}>{tables.safe(token)}<small>{below}</small></span>")
    return f'<p class="sentence">{"".join(words)}</p>'


def _legend(task: Task) -> str:
    words = (
        f'<span class="tagged" style="--hue:{_hue(task, name):.0f}">{tables.safe(name)}</span>' for name in task.classes
    )
    return f'<p class="sentence">{"".join(words)}<span class="tagged wrong">wrong</span></p>'


def _hue(task: Task, name: str) -> float:
    return (task.classes.index(name) * _GOLDEN) % 360
