"""Melodies from small grammars: what is the next note? With the sound of what is heard."""

from rnnviz.tasks.music.task import Music as Music
