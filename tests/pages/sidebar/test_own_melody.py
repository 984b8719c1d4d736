"""A visitor's own melody in the sidebar: a MIDI file uploaded, learned, another channel chosen, put away; refused."""

import rnnviz as rv
from rnnviz.tasks.music import Music
from tests.pages.fakes import FakeEngine
from tests.pages.sidebar.test_own_series import settled
from tests.pages.sidebar.test_own_table import upload
from tests.pages.visiting import StateOf, visit, words
from tests.support.midi_files import song, stored, track, tune, written

SMALL = {"task": "music", "models": "gru:hidden=4", "steps": "4"}
FILE = written(track(tune(100)), track(tune(80, seed=1), 4))


def test_a_melody_is_learned_its_channel_changed_and_put_away(engine: FakeEngine, state_of: StateOf) -> None:
    app = visit(SMALL)
    assert Music.tables.hint in words(app) and not app.exception
    assert "experiment.task.length" not in [one.key for one in app.sidebar.slider]
    app = upload(app, state_of, FILE, "song.mid")
    assert not app.exception and not app.sidebar.error
    assert state_of(app).experiment.task == rv.task("music", melody=stored(FILE))
    assert "Learning 100 notes of channel 1" in words(app) and "a melody of yours in stretches of 16 notes" in words(
        app
    )
    assert "experiment.task.style" not in [box.key for box in app.sidebar.selectbox]
    (channel,) = (box for box in app.sidebar.selectbox if box.key.startswith("table."))
    assert (channel.label, channel.value) == ("Channel that is learned", "channel 1 (100 notes)")
    channel.set_value("channel 5 (80 notes)").run()
    app = settled(app, state_of)
    assert state_of(app).experiment.task == rv.task("music", melody=stored(FILE, 5)) and not app.exception
    app.sidebar.slider(key="experiment.task.length").set_value(10).run()
    assert state_of(app).experiment.task == rv.task("music", melody=stored(FILE, 5), length=10)
    app.sidebar.button(key="table.away").click().run()
    assert state_of(app).experiment.task == rv.task("music") and not app.exception


def test_a_damaged_file_is_refused_in_a_sentence(engine: FakeEngine, state_of: StateOf) -> None:
    app = upload(visit(SMALL), state_of, song()[:900], "song.mid")
    assert "melody must be a MIDI file (.mid) that is whole; got one that ends too early" in words(app)
    assert state_of(app).experiment.task == rv.task("music") and not app.exception
