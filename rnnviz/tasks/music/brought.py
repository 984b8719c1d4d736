"""A melody of one's own as it is learned: opened by its hash, its last quarter held out, in stretches of one length."""

import collections
import dataclasses
import functools
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnviz.core import limits
from rnnviz.core.contents import Content
from rnnviz.core.errors import ExperimentError, Words
from rnnviz.core.names import counted, listed, percent
from rnnviz.tasks.batch import Batch
from rnnviz.tasks.declared import Chosen
from rnnviz.tasks.music.notes import LENGTHS, Note, pitch_name
from rnnviz.tasks.music.repertoire import Repertoire
from rnnviz.tasks.music.styles import Style

FIELD = "melody"  # of the task
FEWEST = 64  # notes
SLOWEST, FASTEST = 40.0, 400.0  # quarters in a minute that are played
USUAL_LENGTH = 16  # notes of a stretch
SCORED = 64  # stretches of what is held out
_SHARE = 4  # the last quarter is held out, but at least so many notes that three usual stretches fit in:
_FEWEST_HELD_OUT = USUAL_LENGTH + 2
_COUNTS = ("channel", "drums", "tempos", "below", "rests", "cut", "rounded", "beyond")
_AGAIN = 8  # notes in a row by which a passage is known again


def trained_of(count: int) -> int:
    """Of so many notes, how many are trained on."""
    return count - max(count // _SHARE, _FEWEST_HELD_OUT)


@dataclasses.dataclass(frozen=True, eq=False)
class Brought(Repertoire):
    """One melody (note,) of symbols in stretches of `steps` notes; no grammar of it is known.

    told: what is known of its file.
    """

    of: np.ndarray
    different: tuple[Note, ...]
    length: int
    told: Mapping[str, Any]

    @functools.cached_property
    def styles(self) -> tuple[Style, ...]:
        return (Style(name="melody", said="your melody", bar=0, tempo=self.told["tempo"]),)

    @property
    def notes(self) -> tuple[Note, ...]:
        return self.different

    @property
    def steps(self) -> int:
        return self.length

    @property
    def begin(self) -> str:
        return "the word melody"

    @property
    def trained(self) -> int:
        """Notes that are trained on, the first ones."""
        return trained_of(len(self.of))

    def sample(self, rng: np.random.Generator, size: int) -> Batch:
        return self._stretches(rng.integers(0, self._last + 1, size))

    def held_out(self, rng: np.random.Generator, size: int) -> Batch:
        """Stretches at equal distances; always the same."""
        return self._stretches(self._scored(min(size, SCORED)))

    def answers_trained(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """All of them."""
        return self.of[: self.trained, None]

    def probes(self) -> tuple[Batch, tuple[str, ...]]:
        """Three stretches of what is held out: its beginning, its middle, its end."""
        starts = self._scored(3)
        return self._stretches(starts), tuple(f"notes {at + 1:,} to {at + self.length:,}" for at in starts.tolist())

    def played(self, style: Style) -> int:
        """At most a minute: it has no end."""
        return round(2 * style.tempo)

    @property
    def _last(self) -> int:
        """The last note at which a stretch to train on begins.

        Raises:
            ExperimentError: three stretches do not fit into what is held out.
        """
        count, held_out = len(self.of), len(self.of) - self.trained
        most = min(self.trained, held_out) - 2
        if self.length > most:
            of = f"for a melody of {count:,} notes, the last {held_out:,} of which are held out"
            raise ExperimentError("length", f"at most {most} {of}", self.length)
        return self.trained - self.length

    def _scored(self, most: int) -> np.ndarray:
        """Where at most so many stretches of what is held out begin."""
        assert self._last >= 0
        found: np.ndarray = np.unique(np.linspace(self.trained, len(self.of) - self.length, most).round().astype(int))
        return found

    def _stretches(self, starts: np.ndarray) -> Batch:
        targets = self.of[starts + np.arange(self.length)[:, None]]
        return self.batch(np.zeros(len(starts), np.int64), targets)

    @functools.cached_property
    def known_again(self) -> float:
        """The share in percent of the runs of eight notes of what is held out that come in what is trained on, too."""
        runs = np.lib.stride_tricks.sliding_window_view(self.of, _AGAIN)
        before = {run.tobytes() for run in runs[: self.trained - _AGAIN + 1]}
        return 100.0 * float(np.mean([run.tobytes() in before for run in runs[self.trained :]]))


@functools.lru_cache(maxsize=limits.MOST_TABLES_OPEN)
def opened(melody: Content, length: int) -> Brought:
    """A melody that `reading` stored, in stretches of so many notes.

    Raises:
        ContentNeeded: it is not on this machine.
        ExperimentError: it is none, or too short for such stretches.
    """
    notes, told = unpacked(melody.view(FIELD))
    different = tuple(sorted(set(notes)))
    places = {one: place for place, one in enumerate(different)}
    found = Brought(np.array([places[one] for one in notes], np.int64), different, length, told)
    assert found._last >= 0
    return found


def unpacked(view: memoryview) -> tuple[list[Note], dict[str, Any]]:
    """What was stored: the notes, and what is told of the file.

    Raises:
        ExperimentError: it is something else.
    """
    try:
        if len(view) > 64 * limits.MOST_MELODY_NOTES:
            raise ValueError
        stored = json.loads(bytes(view))
        notes = [Note(*one) for one in stored["melody"]]
        told = stored["told"]
        counts = {int(number): count for number, count in told["channels"].items()}
        fits = (
            FEWEST <= len(notes) <= limits.MOST_MELODY_NOTES
            and 1 < len(set(notes)) <= limits.MOST_DIFFERENT_NOTES
            and all(
                _is_count(one.pitch) and one.pitch < 128 and _is_count(one.length) and one.length in LENGTHS
                for one in notes
            )
            and all(map(_is_count, (*counts, *counts.values(), *(told[name] for name in _COUNTS))))
            and told["channel"] in counts
            and isinstance(told["tempo"], float)
            and SLOWEST <= told["tempo"] <= FASTEST
            and told["unit"] in ("eighth", "sixteenth")
            and isinstance(told["tempo_kept"], bool)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        fits = False
    if not fits:
        raise ExperimentError(FIELD, "a melody of a MIDI file", Words("something else"))
    return notes, {**told, "channels": counts}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000


def chosen(view: memoryview) -> tuple[tuple[str, ...], Chosen]:
    """The channels of a file by name, and which one is read."""
    _, told = unpacked(view)
    names = {number: f"channel {number} ({counted(count, 'note')})" for number, count in told["channels"].items()}
    return tuple(names.values()), (names[told["channel"]], None)


def summary(of: Brought) -> str:
    """What of a file is learned and what is not, for people."""
    told, count = of.told, len(of.of)
    low, high = (pitch_name(find(one.pitch for one in of.notes)) for find in (min, max))
    said = [
        f"Learning {counted(count, 'note')} of channel {told['channel']}, {low} to {high}, "
        f"{len(of.notes)} different ones (pitch and length): at every moment the highest.",
        *_said_of_left_out(told),
        *_said_of_lengths(told),
    ]
    held_out = count - of.trained
    said.append(f"The last {counted(held_out, 'note')} are held out and not trained on.")
    if again := of.known_again:
        said.append(f"Of their runs of {_AGAIN} notes, {percent(again)} come in the part that is trained on, too.")
    unknown = collections.Counter((~np.isin(of.of[of.trained :], of.of[: of.trained])).tolist())[True]
    if unknown:
        said.append(f"{counted(unknown, 'held-out note')} with a pitch and length that never come there.")
    return " ".join(said)


def _said_of_left_out(told: Mapping[str, Any]) -> list[str]:
    others = sum(count for number, count in told["channels"].items() if number != told["channel"])
    parts = {
        "below another one": told["below"],
        f"of {counted(len(told['channels']) - 1, 'other channel')}": others,
        "of drums": told["drums"],
        f"beyond the first {limits.MOST_MELODY_NOTES:,}": told["beyond"],
    }
    left = [f"{counted(many, 'note')} {where}" for where, many in parts.items() if many]
    return [f"Left out: {listed(left)}."] if left else []


def _said_of_lengths(told: Mapping[str, Any]) -> list[str]:
    said = []
    if told["unit"] == "sixteenth":
        said.append("Written twice as long as in the file, since sixteenths are common, and played as fast as there.")
    if told["rests"]:
        said.append(f"{counted(told['rests'], 'rest')} swallowed: the note before lasts until the next one.")
    if told["cut"]:
        said.append(f"{counted(told['cut'], 'note')} cut to a whole note, the longest that there is.")
    if told["rounded"]:
        said.append(f"{counted(told['rounded'], 'length')} rounded to the nearest that there is, in eighths.")
    usual = "" if told["tempo_kept"] else ", the nearest that is played to what the file says"
    tempo = told["tempo"] / (2 if told["unit"] == "sixteenth" else 1)
    said.append(f"Played at {tempo:g} quarters of the file in a minute{usual}.")
    if told["tempos"] > 1:
        said.append(f"The file has {told['tempos']:,} tempos; this is the one that lasts longest.")
    return said
