"""A melody out of a MIDI file: read, said what of it is not, refused in a sentence, learned, written on, heard."""

import itertools
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz as rv
from rnnviz.cli import main
from rnnviz.core import contents, limits
from rnnviz.core.errors import ExperimentError
from rnnviz.findings.overfitting import repeats
from rnnviz.findings.scores import scores
from rnnviz.live.trends import TITLES
from rnnviz.tasks.music import Music, brought, sound
from rnnviz.tasks.music.notes import Note, note
from tests.support.midi_files import QUARTER, Line, melody, song, stored, track, tune, written
from tests.tasks.music.test_music import heard


def notes_of(data: bytes, channel: int | None = None) -> tuple[list[Note], dict[str, Any]]:
    return brought.unpacked(stored(data, channel).view())


def line(*parts: tuple[int, int], start: int = 60) -> Line:
    """Notes one after another: (what each takes, how long it sounds) in eighths, over and over, up and down."""
    found, at = [], 0
    for number in range(80):
        takes, sounds = parts[number % len(parts)]
        found.append((at * QUARTER // 2, (at + sounds) * QUARTER // 2, start + number % 3))
        at += takes
    return found


def test_the_highest_notes_of_the_channel_with_the_most_are_the_melody() -> None:
    notes, told = notes_of(song())
    expected = tune(120)
    assert [one.pitch for one in notes] == [pitch for *_, pitch in expected]
    assert [one.length for one in notes] == [(end - begin) * 2 // QUARTER for begin, end, _ in expected]
    assert (told["channel"], told["unit"], told["tempo"], told["tempos"]) == (1, "eighth", 100.0, 2)
    assert (told["rests"], told["cut"], told["rounded"]) == (0, 0, 0) and told["below"] % 3 == 0 and told["below"] > 20
    said = Music(melody=stored(song()), length=8).summary
    assert "Learning 120 notes of channel 1, G4 to G5" in said and "notes below another one" in said
    assert "notes of 1 other channel" in said and "notes of drums" in said
    assert "Played at 100 quarters of the file in a minute. The file has 2 tempos" in said
    assert "The last 30 notes are held out" in said


def test_rests_are_swallowed_long_notes_cut_odd_lengths_rounded_and_all_is_counted() -> None:
    notes, told = notes_of(written(track(line((2, 1), (4, 4), (20, 1), (5, 5)))))
    assert {one.length for one in notes} == {2, 4, 8} and told["rests"] == 40 and told["cut"] == 20
    assert told["rounded"] == 20 and told["unit"] == "eighth"
    said = Music(melody=stored(written(track(line((2, 1), (4, 4), (20, 1), (5, 5)))))).summary
    for words in ("40 rests swallowed", "20 notes cut to a whole note", "20 lengths rounded"):
        assert words in said


def test_sixteenths_are_written_as_eighths_and_sound_as_fast() -> None:
    notes, told = notes_of(written(track(tune(100, unit=QUARTER // 4))))
    assert {one.length for one in notes} == {1, 2, 3} and told["tempo"] == 240.0 and told["unit"] == "sixteenth"
    said = Music(melody=stored(written(track(tune(100, unit=QUARTER // 4))))).summary
    assert "Written twice as long as in the file" in said and "Played at 120 quarters of the file" in said


def test_another_channel_can_be_chosen_and_drums_never() -> None:
    both = written(track(tune(100), 2), track(tune(70, seed=1), 4), track(tune(200), 9))
    assert notes_of(both)[1]["channel"] == 3 and notes_of(both, 5)[1]["channel"] == 5
    assert brought.chosen(stored(both).view()) == (
        ("channel 3 (100 notes)", "channel 5 (70 notes)"), ("channel 3 (100 notes)", None)
    )  # fmt: skip
    chords = [(at, at + 240, pitch) for at in range(0, 480 * 40, 480) for pitch in (48, 52, 55)]
    assert notes_of(written(track(chords), track(tune(70), 4)))[1]["channel"] == 5, "the other one has no melody"
    with pytest.raises(ExperimentError, match=r"read from a channel that has notes \(3 or 5\); got 10"):
        stored(both, 10)


HEADER = b"MThd" + struct.pack(">LHHH", 6, 0, 1, QUARTER)
DRUMS = written(track(tune(100), 9))


def chunk(data: bytes) -> bytes:
    return HEADER + b"MTrk" + struct.pack(">L", len(data)) + data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", r"a MIDI file \(\.mid\); got an empty file"),
        (b"\0\0\0\x20ftypmp42" + bytes(500), "got a film or sound"),
        (b"ID3\x04" + bytes(500), "got an MP3 file"),
        (np.random.default_rng(0).bytes(500_000), "got something else"),
        (b"MThd" + np.random.default_rng(1).bytes(500_000), "that is whole; got"),
        (HEADER + np.random.default_rng(1).bytes(500_000), "that is whole; got a damaged one"),
        (song()[:1_000], "that is whole; got one that ends too early"),
        (chunk(b"\xff" * 500_000), "got a damaged one"),  # a number of half a million digits
        (chunk(b"\x00\xff\x01\x00" * 20_000), "not drums alone .*; got no note"),  # endless texts
        (chunk(b"\x8f\xff\xff\xff\xff\xff\x7f\x90\x40\x40"), "got a damaged one"),  # a time beyond all others
        (bytes(limits.LARGEST_MIDI + 1), r"at most 1 MB; got 1\.0 MB"),
        (DRUMS, r"not drums alone \(channel 10\); got 100 notes of drums"),
        (written(track([])), "got no note"),
        (written(track(tune(1))), "at least 64 notes; got 1 in channel 1"),
        (written(track(tune(63))), "at least 64 notes; got 63 in channel 1"),
        (written(track([(n * 240, n * 240 + 240, 60) for n in range(100)])), "changes in its .*; got one note again"),
        (written(track(tune(100)), type=2), r"one song \(format 0 or 1\); got format 2"),
        (b"MThd" + struct.pack(">LHHH", 6, 0, 1, 0xE728) + b"MTrk" + bytes(4), "got times of a film"),
        (b"MThd" + struct.pack(">LHHH", 6, 0, 1, 0) + b"MTrk" + bytes(4), "parts of a quarter; got none"),
    ],
    ids=lambda one: "" if isinstance(one, bytes) else one[-22:],
)  # fmt: skip
def test_what_is_no_melody_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(ExperimentError, match=why) as refused:
        stored(data)
    assert refused.value.field == "melody" and str(refused.value).count("\n") == 0


PLAIN = written(track(tune(70)))


@pytest.mark.parametrize(
    ("event", "tempo"),
    [
        (b"\xff\x59\x02\x63\x63", 120.0),  # a key that there is not
        (b"\xff\x54\x05\xff\xff\xff\xff\xff", 120.0),  # a time of a film that there is not
        (b"\xff\x54\x00", 120.0),
        (b"\xff\x00\x00", 120.0),  # no number of a sequence
        (b"\xff\x20\x00", 120.0),
        (b"\xff\x7f\x00", 120.0),
        (b"\xff\x58\x01\x04", 120.0),  # half a time signature
        (b"\xff\x51\x02\x00\x00", 120.0),  # half a tempo
        (b"\xff\x51\x03\x0f\x42\x40", 60.0),  # a whole one
    ],
)
def test_an_event_that_no_note_depends_on_may_hold_anything(event: bytes, tempo: float) -> None:
    of_track = PLAIN[22:]
    notes, told = notes_of(chunk(b"\x00" + event + of_track))
    assert notes == notes_of(PLAIN)[0] and told["tempo"] == tempo


def test_an_unknown_event_takes_its_time() -> None:
    first, rest = PLAIN[22:23], PLAIN[23:]
    assert first == b"\x00"
    begun = b"\x00\x90\x3c\x40\x81\x70\xff\x60\x01\x00" + b"\x81\x70\x80\x3c\x00"  # twice 240 ticks
    assert notes_of(chunk(begun + first + rest))[0][0] == Note(60, 2)


@pytest.mark.parametrize("count", [1, 2])
def test_chunks_that_are_no_tracks_are_skipped_whether_they_are_counted_or_not(count: int) -> None:
    header, other = b"MThd" + struct.pack(">LHHH", 6, 1, count, QUARTER), b"XFIH" + struct.pack(">L", 4) + b"abcd"
    for data in (header + other + PLAIN[14:], header + PLAIN[14:] + other):
        assert notes_of(data) == notes_of(PLAIN)
    with pytest.raises(ExperimentError, match="ends too early"):
        notes_of(b"MThd" + struct.pack(">LHHH", 6, 1, 3, QUARTER) + other + PLAIN[14:])


def test_too_many_different_notes_are_refused_with_the_limit() -> None:
    steps = np.cumsum([0, *(1 + number % 4 for number in range(600))]).tolist()
    many = [(240 * a, 240 * b, 7 * number % 127) for number, (a, b) in enumerate(itertools.pairwise(steps))]
    with pytest.raises(ExperimentError, match=r"at most 200 different notes \(pitch and length\); got \d+ in"):
        stored(written(track(many)))


def test_no_damage_of_a_file_is_more_than_a_refusal() -> None:
    """Bytes of a song are changed, taken out and cut off at random."""
    rng, whole, read = np.random.default_rng(3), np.frombuffer(song(70), np.uint8), 0
    for _ in range(150):
        data = whole.copy()
        at = rng.integers(14 if rng.random() < 0.8 else 0, len(data), rng.integers(1, 6))
        data[at] = rng.integers(0, 256, len(at))
        cut = len(data) if rng.random() < 0.8 else int(rng.integers(0, len(data)))
        try:
            stored(data[:cut].tobytes())
            read += 1
        except ExperimentError as error:
            assert error.field == "melody"
    assert read > 10


@pytest.mark.parametrize("change", [b"{}", b"[1, 2]", b"\xff\xfe", b'{"melody": [], "told": {}}', b"[" * 100_000])
def test_what_is_stored_as_something_else_is_no_melody(change: bytes) -> None:
    with pytest.raises(ExperimentError, match="melody must be a melody of a MIDI file; got something else"):
        Music(melody=contents.keep(change)).steps
    good = bytes(melody(100).view())
    for old, new in ((b'"channel": 1', b'"channel": 2'), (b'"tempo": 120.0', b'"tempo": 1e-9'), (b", 1]", b", 5]")):
        assert old in good
        with pytest.raises(ExperimentError, match="got something else"):
            Music(melody=contents.keep(good.replace(old, new))).steps


def test_training_and_what_is_held_out_share_no_note_of_the_melody() -> None:
    chosen = Music(melody=melody(100), length=20)
    whole = chosen.repertoire
    assert isinstance(whole, brought.Brought) and whole.trained == 75
    places = {tuple(whole.of[at : at + 20].tolist()): at for at in range(81)}
    assert len(places) == 81
    at = [places[tuple(one)] for one in chosen.sample(np.random.default_rng(0), 500).targets.T.tolist()]
    assert (min(at), max(at)) == (0, 55)
    at = [places[tuple(one)] for one in chosen.held_out().targets.T.tolist()]
    assert (at[0], at[-1], len(set(at))) == (75, 80, len(at))
    assert (
        chosen.best is None and chosen.marked(chosen.held_out()) is None and chosen.chances(chosen.held_out()) is None
    )
    frequent = np.bincount(whole.of[:75]).argmax()
    assert (chosen.guess(chosen.held_out()).argmax(-1) == frequent).all()
    with pytest.raises(ExperimentError, match=r"length must be at most 23 for a melody of 100 notes, the last 25 of"):
        Music(melody=melody(100), length=24).steps
    with pytest.raises(ExperimentError, match=r"task\.style must be all for a melody of your own"):
        rv.task("music", melody=melody(100), style="blues")
    with pytest.raises(ExperimentError, match=r"task\.length must be 16 without a melody of your own"):
        rv.task("music", length=17)


def test_it_is_learned_written_on_and_heard(tmp_path: Path) -> None:
    chosen = Music(melody=melody(100), length=8)
    training = rv.TrainingSpec(steps=150, batch=16, lr=1e-2, device="cpu")
    run = rv.run(rv.Experiment(chosen, (rv.ModelSpec("gru", 32),), training))
    first, last = (run.frames[at].models["gru"].losses.mean() for at in (1, -1))
    assert last < 0.5 * first and repeats(run.experiment)
    made = run.write("gru", "melody G4e A4e", length=30, temperature=0.5, seed=1)
    symbols = chosen.encode(f"melody G4e A4e {made}")[0][:, 0]
    rate, samples = heard(chosen.sound(symbols))
    assert rate == sound.RATE and len(samples) > rate and np.abs(samples).max() > 8_000
    endless = np.concatenate([symbols[:1], np.zeros(5_000, np.int64)])
    assert 60 <= len(heard(chosen.sound(endless))[1]) / rate < 63, "at most a minute"
    run.save(tmp_path / "a.run")
    opened = rv.Run.load(tmp_path / "a.run").experiment.task
    assert opened == chosen and opened.summary == chosen.summary and opened.asks != opened.about


def test_a_melody_keeps_no_key_of_an_experiment_without_one() -> None:
    assert "melody" not in rv.Experiment(Music()).to_json() and "length" not in rv.Experiment(Music()).to_query()
    mine = rv.Experiment(Music(melody=melody(100), length=9))
    assert rv.Experiment.from_query(mine.to_query()) == mine == rv.Experiment.from_json(mine.to_json())


def test_a_file_is_learned_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "song.mid").write_bytes(song())
    words = ["train", "--melody-file", str(tmp_path / "song.mid"), "--steps", "2", "--models", "gru:hidden=4"]
    assert main(words) == 0 and "notes named right" in capsys.readouterr().out
    (tmp_path / "song.mid").write_bytes(b"la la la")
    assert main(words) == 2 and "melody must be a MIDI file (.mid); got something else" in capsys.readouterr().err


def test_every_pitch_of_a_file_can_be_typed_and_the_highest_have_no_false_low_tones() -> None:
    assert all(note(str(Note(pitch, 2))) == (pitch, 2) for pitch in range(128))
    for pitch in (100, 110, 120):
        samples = sound.samples_of([Note(pitch, 8)], 60)
        found = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        frequency = 440 * 2 ** ((pitch - 69) / 12)
        assert found[: int(0.9 * frequency * len(samples) / sound.RATE)].max() < 0.01 * found.max()


def _again(count: int, times: int) -> Line:
    """The same notes again and again."""
    once = tune(count)
    end = once[-1][1]
    return [(begin + time * end, stop + time * end, pitch) for time in range(times) for begin, stop, pitch in once]


def test_a_melody_that_repeats_itself_is_not_called_new() -> None:
    again = rv.task("music", melody=stored(written(track(_again(12, 8)))))
    assert again.held_out_known == 100.0 and rv.task("music").held_out_known == 0.0
    title = TITLES["score"](rv.Experiment(again))
    assert re.fullmatch(
        r"Notes named right \(%\), \d+ sequences, 100 % of which is also trained on: it repeats itself", title
    )
    other = rv.task("music", melody=stored(written(track(tune(100)))))
    assert other.held_out_known < 50 and TITLES["score"](rv.Experiment(other)).endswith(" new sequences")


def test_the_finding_on_the_score_says_so_too() -> None:
    again = rv.task("music", melody=stored(written(track(_again(12, 8)))))
    run = rv.run(rv.Experiment(again, (rv.ModelSpec("gru", 4),), rv.TrainingSpec(steps=1, batch=2)))
    found = scores(run.at())
    assert found is not None and found.text.endswith(" Of what is scored, 100 % is also trained on.")
