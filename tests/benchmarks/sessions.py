"""Many visitors without many browsers: sessions over Streamlit's own websocket.

python -m tests.benchmarks.sessions http://127.0.0.1:8501 --sessions 60 --query "steps=2000&seed=7"
"""

import argparse
import contextlib
import json
import re
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

MOST_BYTES = 64_000_000  # one message; a page of charts is large


class Session:
    """One visitor: opens the app at a query, presses buttons of the bar, reads what is said.

    page:    the page that it opens, by its path; "" for the first.
    bar:     what the page told its bar last: the run's name, the page, the scene, …
    said:    every Markdown text that came.
    seconds: the last script run took, as the visitor saw it.
    """

    def __init__(self, url: str, query: str, page: str = "") -> None:
        self.url, self.query, self.page = url.rstrip("/"), query, page
        self.bar: dict[str, Any] = {}
        self.said: list[str] = []
        self.seconds = 0.0
        self._page = self._bar_id = ""
        self._pressed = 0
        self._open = contextlib.ExitStack()
        address = f"{self.url.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = self._open.enter_context(connect(address, subprotocols=["streamlit"], max_size=MOST_BYTES))  # type: ignore[list-item]
        self.rerun()

    def press(self, name: str) -> None:
        """Press a button of the bar, such as "Train"."""
        self._pressed += 1
        press = {"tab": str(id(self)), "number": self._pressed, "name": name}
        said = json.dumps([{"event": "press", "value": [press]}])
        self.rerun(WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{self._bar_id}__events", json_trigger_value=said))

    def rerun(self, *states: WidgetState) -> None:
        """Run the script, perhaps because something was pressed, and read what comes of it."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = self._page  # without it, what was pressed is of another page
        message.rerun_script.widget_states.widgets.extend(states)
        began = time.monotonic()
        self._socket.send(message.SerializeToString())
        self._read(until=_is_last)
        self.seconds = time.monotonic() - began

    def _read(self, until: Callable[[ForwardMsg], bool], timeout: float = 60.0) -> None:
        """Read messages up to the one that `until` accepts."""
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(self._socket.recv(timeout))
            if forward.HasField("navigation"):
                self._page = forward.navigation.page_script_hash
            self.heard(forward)
            element = forward.delta.new_element
            component = element.bidi_component
            if component.component_name == "rnnviz.bar" and component.WhichOneof("data") == "json":
                self._bar_id = component.id
                self.bar = json.loads(component.json)
            if element.HasField("markdown"):
                self.said.append(element.markdown.body)
            if until(forward):
                return

    def heard(self, forward: ForwardMsg) -> None:
        """For those who want more of a message than this."""

    def live(self, view: str = "") -> str:
        """The address of the socket over which the page's run comes."""
        return f"{self.url.replace('http', 'ws', 1)}/live/{self.bar['run']}?view={view or self.bar['page']}"

    def standing(self) -> dict[str, Any]:
        """How the run is doing now, as every watcher is told: state, text, message."""
        with connect(self.live(), max_size=MOST_BYTES) as socket:
            standing: dict[str, Any] = head(socket.recv(60.0))["status"]
            return standing

    def close(self) -> None:
        """Close the tab."""
        self._open.close()


def _is_last(forward: ForwardMsg) -> bool:
    """Whether the script ran to its end: one that asked to be run again goes on."""
    over = forward.WhichOneof("type") == "script_finished"
    return over and forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def head(message: str | bytes) -> dict[str, Any]:
    """The head of a message of the live channel: all but its arrays."""
    assert isinstance(message, bytes)
    (length,) = struct.unpack_from("<I", message)
    told: dict[str, Any] = json.loads(message[4 : 4 + length])
    return told


def open_all(url: str, query: str, count: int) -> list[Session]:
    """`count` sessions, opened at once."""
    sessions: list[Session] = []
    threads = [threading.Thread(target=lambda: sessions.append(Session(url, query))) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sessions


def watching(session: Session) -> int:
    """How many watch the run, as the bar says it."""
    found = re.search(r"(\d+) watching", session.standing()["text"])
    return int(found.group(1)) if found else 1


def main() -> None:
    """Open sessions, press Train in each, and say how long it took and how many share the job."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--query", default="steps=5000&seed=7")
    options = parser.parse_args()
    began = time.monotonic()
    sessions = open_all(options.url, options.query, options.sessions)
    print(f"{len(sessions)} sessions opened in {time.monotonic() - began:.2f} s")
    for session in sessions:
        session.press("Train")
    spent = sorted(session.seconds for session in sessions)
    print(f"a script run takes {spent[len(spent) // 2]:.3f} s in the median, {spent[-1]:.3f} s at most")
    print(f"the bar says that {watching(sessions[-1])} watch one run")
    for session in sessions:
        session.close()


if __name__ == "__main__":
    main()
