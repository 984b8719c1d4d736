"""The network of 1982 that remembers patterns (Hopfield 1982), and its modern continuous form (Ramsauer et al. 2021).

Numpy alone. Patterns and states are arrays of +1 and −1, one number for each of N units; a pixel of a picture is one.
"""

from rnnviz.hopfield.capacity import CRITICAL_LOAD, Capacity, capacity
from rnnviz.hopfield.damage import covered, flipped
from rnnviz.hopfield.drawings import SIDE, UNITS, bits_of, drawing, start_set
from rnnviz.hopfield.modern import ModernRecall, attention, modern_energy, modern_recall, modern_update
from rnnviz.hopfield.network import Network, store
from rnnviz.hopfield.outcome import Found, Known, Outcome, overlaps, search
from rnnviz.hopfield.recall import Recall, recall, settle

__all__ = [
    "CRITICAL_LOAD",
    "SIDE",
    "UNITS",
    "Capacity",
    "Found",
    "Known",
    "ModernRecall",
    "Network",
    "Outcome",
    "Recall",
    "attention",
    "bits_of",
    "capacity",
    "covered",
    "drawing",
    "flipped",
    "modern_energy",
    "modern_recall",
    "modern_update",
    "overlaps",
    "recall",
    "search",
    "settle",
    "start_set",
    "store",
]
