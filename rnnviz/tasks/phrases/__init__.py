"""German phrases from a grammar, answered in English."""

from rnnviz.tasks.phrases.task import Phrases as Phrases
