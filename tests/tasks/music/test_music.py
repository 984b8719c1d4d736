"""Melodies: what is drawn is what the grammars say, the best is exact, and what is heard is what is written."""

import io
import wave

import numpy as np
import pytest
import torch

import rnnviz as rv
from rnnviz.core.errors import ExperimentError
from rnnviz.nn.decode.generating import write
from rnnviz.nn.models.model import make_model, restored
from rnnviz.tasks.batch import PAD
from rnnviz.tasks.music import Music, drawing, sound, styles
from rnnviz.tasks.music.notes import LENGTHS, Note, note

TASK = Music()
EVERY_STYLE = pytest.mark.parametrize("style", styles.STYLES.values(), ids=styles.STYLES)


def heard(data: bytes) -> tuple[int, np.ndarray]:
    """The rate and the samples of a WAV file."""
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


@EVERY_STYLE
@pytest.mark.parametrize("bars", [2, 4])
def test_a_melody_has_the_form_the_metre_and_the_scale_of_its_style(style: styles.Grammar, bars: int) -> None:
    pitches, lengths = drawing.melodies(style, bars, np.random.default_rng(0), 200)
    assert set(np.unique(pitches)) <= {*style.scale, PAD}
    for pitch, length in zip(pitches, lengths, strict=True):
        row = [Note(int(a), int(b)) for a, b in zip(pitch, length, strict=True) if a != PAD]
        assert sum(one.length for one in row) == style.eighths(bars)
        begins = np.cumsum([0, *(one.length for one in row)])
        assert set(range(0, style.eighths(bars), style.bar)) <= set(begins.tolist()), "no note goes over a bar line"
        whole = style.bar * bars
        phrases = [
            tuple(one for one, begin in zip(row, begins, strict=False) if whole * at <= begin < whole * (at + 1))
            for at in range(len(style.form))
        ]
        for letter, phrase in zip(style.form, phrases, strict=True):
            assert phrase == phrases[style.form.index(letter)]
            assert phrase[-1].pitch == style.scale[style.ends[letter]]


def test_notes_come_as_often_as_the_grammars_say() -> None:
    batch = TASK.sample(np.random.default_rng(2), 2_000)
    chances, asked = TASK.chances(batch), batch.targets != PAD
    np.testing.assert_allclose(chances[asked].sum(-1), 1, atol=1e-5)
    given = np.take_along_axis(chances, np.maximum(batch.targets, 0)[..., None], -1)[..., 0][asked]
    assert (given > 0).all(), "nothing comes that could not"
    likeliest = chances.argmax(-1)[asked] == batch.targets[asked]
    assert likeliest.mean() == pytest.approx(chances.max(-1)[asked].mean(), abs=0.01), "as sure as they are right"
    again = TASK.marked(batch)
    assert (chances.max(-1)[again] == 1).all() and chances.max(-1)[asked & ~again].mean() < 0.6
    assert TASK.best == TASK.score(TASK.chances(TASK.held_out()), TASK.held_out().targets)
    assert 9 < TASK.baseline < 60 < TASK.best < 80


def test_the_style_comes_first_and_only_once() -> None:
    batch = TASK.sample(np.random.default_rng(1), 50)
    assert (batch.inputs[0] >= len(TASK.notes)).all() and (batch.inputs[1:] < len(TASK.notes)).all()
    assert batch.targets.max() < len(TASK.notes)
    np.testing.assert_array_equal(
        batch.inputs[1:][batch.inputs[1:] != PAD], batch.targets[:-1][batch.inputs[1:] != PAD]
    )


def test_notes_are_typed_in_several_ways_and_anything_else_is_named() -> None:
    assert note("f#4q.") == note("Gb4q.") == note("G♭4Q.") == Note(66, 3) and str(Note(66, 3)) == "F#4q."
    assert all(note(str(Note(pitch, length))) == (pitch, length) for pitch in range(24, 96) for length in LENGTHS)
    assert note("H4q") is note("C4") is note("march") is note("C4e.") is None
    places, names = TASK.encode("Blues, c4e eb4E")
    assert names == ("blues", "C4e", "Eb4e") and TASK.written(places[:, 0]) == "blues C4e Eb4e"
    for wrong in ("C9q", "waltz", "march C4"):
        with pytest.raises(ExperimentError, match="a style \\(march, lament, tune, blues\\), then notes"):
            TASK.encode(wrong)


def test_a_model_goes_on_writing_what_it_reads_as_symbols() -> None:
    spec = rv.ModelSpec("gru", 6)
    weights = {name: 3 * weight.numpy() for name, weight in make_model(spec, TASK, 2).state_dict().items()}
    found = write(spec, TASK, weights, "march C4q E4q", 9)
    whole = np.concatenate([found["prefix"], found["classes"]])
    with torch.no_grad():
        answers = restored(spec, TASK, weights)(torch.tensor(whole[:-1, None]))[2:, 0]
    np.testing.assert_allclose(found["answers"], torch.softmax(answers, -1).numpy(), atol=2e-5)
    run = rv.run(rv.Experiment(TASK, (spec,), rv.TrainingSpec(steps=2, batch=4)))
    assert run.write("gru", "march C4q E4q", length=5).prefix == "march C4q E4q"


def test_a_tone_has_its_pitch_and_its_length_and_is_not_silent() -> None:
    data = sound.played((Note(69, 2), Note(81, 2)), tempo=60)
    rate, samples = heard(data)
    assert rate == 22_050 and len(samples) == round(2.25 * rate)
    for second, frequency in ((0, 440), (1, 880)):
        part = samples[second * rate : (second + 1) * rate].astype(float)
        assert np.abs(part).max() > 8_000 and np.abs(part).max() < 32_767
        assert np.abs(np.fft.rfft(part)).argmax() == pytest.approx(frequency, abs=1)
    assert not samples[2 * rate :].any()


def test_eighths_swing_and_quarters_do_not() -> None:
    straight, swung = (sound.samples_of([Note(60, 1), Note(64, 1), Note(67, 2)], 60, share) for share in (0.5, 2 / 3))
    assert len(straight) == len(swung) == 2 * sound.RATE
    quiet = [int(np.abs(one[9_000:16_000]).argmin()) + 9_000 for one in (straight, swung)]
    np.testing.assert_allclose(np.array(quiet) / sound.RATE, [1 / 2, 2 / 3], atol=0.01)


@EVERY_STYLE
def test_every_probe_can_be_heard_and_who_goes_on_writing_is_cut_at_the_end(style: styles.Grammar) -> None:
    chosen = Music(style=style.name)
    probe = chosen.probes().batch
    symbols = np.concatenate([probe.inputs[:1, 0], probe.targets[:, 0]])
    rate, samples = heard(chosen.sound(symbols))
    long = np.concatenate([symbols[symbols != PAD], np.zeros(50, np.int64)])
    np.testing.assert_array_equal(heard(chosen.sound(long))[1], samples)
    assert len(samples) / rate == pytest.approx(style.eighths(2) * 30 / style.tempo + 0.25, abs=1e-3)
    assert np.abs(samples).mean() > 500
    assert chosen.sound(symbols[:1]) == b"", "a style alone is silent"
