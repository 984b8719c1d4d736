"""Melodies from grammars, and one of somebody's own out of a MIDI file."""
