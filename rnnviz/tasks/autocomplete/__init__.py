"""The next word, as the keyboard of a phone suggests it."""

from rnnviz.tasks.autocomplete.task import Autocomplete as Autocomplete
