"""A moment of a run as bytes for one view of it: what a browser draws without asking a page's script.

    scene    what is told once about a page of an experiment: charts without data, pictures, sequences
    moment   what belongs to one measured moment alone
    tail     what the moments after one that the browser has add to everything that is drawn over the training
    branch   the original of a branch beside it
    wire     any of these as bytes

No Streamlit and no sockets in here.
"""

from rnnviz.live.branch import ghost
from rnnviz.live.moment import moment
from rnnviz.live.scene import scene
from rnnviz.live.tail import tail
from rnnviz.live.view import View, ViewError
from rnnviz.live.wire import pack

__all__ = ["View", "ViewError", "ghost", "moment", "pack", "scene", "tail"]
