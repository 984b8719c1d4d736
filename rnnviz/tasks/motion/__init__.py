"""Films of moving shapes: which way they move, and what the next frame looks like."""

from rnnviz.tasks.motion.frames import Frames as Frames
from rnnviz.tasks.motion.motion import Motion as Motion
