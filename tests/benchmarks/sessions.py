"""Many visitors without many browsers: sessions over Streamlit's own websocket.

python -m tests.benchmarks.sessions http://127.0.0.1:8501 --sessions 60 --query "steps=2000&seed=7"
"""

import argparse
import contextlib
import re
import threading
import time
from collections.abc import Callable

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

MOST_BYTES = 64_000_000  # one message; a page of charts is large


class Session:
    """One visitor: opens the app at a query, presses buttons, follows timers, reads what is said."""

    def __init__(self, url: str, query: str) -> None:
        self.query = query
        self.buttons: dict[str, str] = {}  # label → id
        self.said: list[str] = []  # every Markdown text that came
        self.seconds = 0.0  # the last script run took, as the visitor saw it
        address = url.replace("http", "ws", 1).rstrip("/") + "/_stcore/stream"
        self.open = contextlib.ExitStack()
        self.socket = self.open.enter_context(connect(address, subprotocols=["streamlit"], max_size=MOST_BYTES))
        self.rerun()

    def rerun(self, pressed: str | None = None) -> None:
        """Run the script, perhaps because a button was pressed, and read what comes of it."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        if pressed is not None:
            state = WidgetState(id=self.buttons[pressed], trigger_value=True)
            message.rerun_script.widget_states.widgets.append(state)
        began = time.monotonic()
        self.socket.send(message.SerializeToString())
        self.read(until=lambda forward: forward.WhichOneof("type") == "script_finished")
        self.seconds = time.monotonic() - began

    def read(self, until: Callable[[ForwardMsg], bool], timeout: float = 60.0) -> None:
        """Read messages up to the one that `until` accepts."""
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(self.socket.recv(timeout))
            element = forward.delta.new_element
            if element.HasField("button"):
                self.buttons[element.button.label] = element.button.id
            if element.HasField("markdown"):
                self.said.append(element.markdown.body)
            if until(forward):
                return

    def close(self) -> None:
        """Close the tab."""
        self.open.close()


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
    """How many watch the run, as the page says it last."""
    found = [re.search(r"(\d+) watching", said) for said in session.said]
    return max((int(match.group(1)) for match in found if match), default=1)


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
        session.rerun("Train" if "Train" in session.buttons else None)
    sessions[-1].rerun()
    spent = sorted(session.seconds for session in sessions)
    print(f"a script run takes {spent[len(spent) // 2]:.3f} s in the median, {spent[-1]:.3f} s at most")
    print(f"the last page says that {watching(sessions[-1])} watch one run")
    for session in sessions:
        session.close()


if __name__ == "__main__":
    main()
