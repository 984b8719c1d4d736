"""All models write to one input by themselves, side by side: what each writes, and where it looks then."""

import html

import streamlit as st

from pages._ui.attention import output as attention_output
from pages._ui.attention import pictures, words
from pages._ui.attention.decoding import decoded, writers
from pages._ui.attention.output import Output
from pages._ui.live import stage
from pages._ui.run.choices import Choice
from pages._ui.run.place import columns, place
from pages._ui.run.sequence_input import Input, task_of
from pages._ui.run.shown import Shown
from pages._ui.session.trouble import guarded
from pages._ui.widgets import keys
from pages._ui.widgets.marks import escaped
from rnnviz.core.names import counted, percent
from rnnviz.live.applications import drawing
from rnnviz.live.attention import handed_over
from rnnviz.runs.translation import Decoding
from rnnviz.specs.models import ModelSpec
from rnnviz.tasks.captions import Captions
from rnnviz.tasks.translating import Translating

_NO_BAR = '<tr class="room" aria-hidden="true"><th>0</th><td></td><td>0 %</td></tr>'


def show(shown: Shown, given: Input) -> None:
    """One column per model."""
    seen = writers(shown)
    for label in columns(shown, "own", Choice()):
        with guarded():
            if label in seen:
                _model(shown, label, given)
            else:
                st.caption(f"It ended before its first picture. {escaped(shown.run.ended.get(label, ''))}")


def _model(shown: Shown, label: str, given: Input) -> None:
    task, spec = task_of(shown), shown.run.experiment.model(label)
    kind = words.kind(spec, task.at_once)
    st.caption(kind[:1].upper() + kind[1:])
    output = model_output(shown, label, given)
    heading(task, given, label, output)
    if spec.attention:
        about = shown.run.key, shown.shipped, "watch", label, given.codes.tobytes(), given.right, output.step
        if isinstance(task, Captions):
            _looked(task, label, given, output)
        else:
            place(pictures.keep(about, lambda: pictures.heatmap(task, given, output)), f"own-{label}")
        with st.container(key=keys.container("looks", label)):
            st.markdown("  \n".join(words.looks(shown.run.experiment, label, given, output)))
    else:
        without(task, given, spec, output)


def model_output(shown: Shown, label: str, given: Input, how: Decoding | None = None) -> Output:
    """What a model writes; how: greedily if None."""
    return attention_output.of(task_of(shown), given, decoded(shown, label, given.codes, how))


def heading(task: Translating, given: Input, label: str, output: Output) -> None:
    """What a model writes, and whether that is right."""
    st.markdown(f"After {counted(output.step, 'training step')} it writes **{escaped(output.text) or '(nothing)'}**")
    about = f"What the {words.name(label)} writes"
    attention_output.write(task, output, about, pictures.rows(task, given))


def _looked(task: Captions, label: str, given: Input, output: Output) -> None:
    """The drawing once for every word, bright where the model looked."""
    assert output.weights is not None
    signs = ["" if verdict == attention_output.UNKNOWN else verdict for verdict in output.verdicts]
    told = drawing.looked(task, given.codes, output.tokens, signs, output.weights)
    stage.part(f"looked-{label}", {"kind": "looked", "key": label, **told})


def without(task: Translating, given: Input, spec: ModelSpec, output: Output | None) -> None:
    """In place of a picture of attention: what such a model has, and how sure it is of what it writes."""
    numbers = handed_over(spec)
    of = "encoder's last state. However long the input is, there are no more"
    if task.at_once:
        of = "average of them all"
    st.markdown(
        f"**It cannot look back.** Of the {counted(len(given.tokens), task.reads.one)} the decoder gets only "
        f"**{counted(numbers, 'number')}**, its first state. They are made of the {of}."
    )
    if output is not None:
        st.html(_sureness(output, pictures.rows(task, given)))


def _sureness(output: Output, room: int) -> str:
    """A bar for the probability of every symbol written, with room for those that may come."""
    rows = "".join(map(_bar, output.tokens, output.probabilities))
    empty = _NO_BAR * max(0, room - len(output.tokens))
    head = "<caption>How sure it is of each symbol</caption>"
    return f'<table class="sure">{head}<tbody>{rows}{empty}</tbody></table>'


def _bar(token: str, probability: float) -> str:
    share = 100 * float(probability)
    return (
        f'<tr><th scope="row">{html.escape(token)}</th><td><span style="width:{share:.1f}%"></span></td>'
        f"<td>{html.escape(percent(share))}</td></tr>"
    )
