"""Strings of random letters, read by an encoder and written otherwise by a decoder."""

from rnnviz.tasks.letters.reverse import Reverse as Reverse
from rnnviz.tasks.letters.sorting import Sort as Sort
