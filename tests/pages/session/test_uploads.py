"""Files that a browser puts where Streamlit takes them: a visit has room for a few, whether or not a box asked."""

import http.client
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import DeletedFile
from streamlit.web.server.starlette.starlette_routes import create_upload_routes

from pages._ui.frame.uploads import Uploads
from pages._ui.session import streamlit_internals
from rnnviz.core import limits
from tests.engine.helpers import until

BOUNDARY = "files"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'.encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


class Door:
    """Streamlit's own routes for uploads behind the app's middleware, on a port; every session is an active one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = MemoryUploadedFileManager("/_stcore/upload_file")
        active = SimpleNamespace(uploaded_file_mgr=self.files, is_active_session=lambda session: session != "nobody")
        monkeypatch.setattr(runtime, "get_instance", lambda: active)
        routes = create_upload_routes(active, self.files, None)  # type: ignore[arg-type]
        app = Starlette(routes=routes, middleware=[Middleware(Uploads)])
        self.server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="error", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until(lambda: self.server.started)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]

    def put(self, name: str, size: int, session: str = "one", said: int | None = None) -> int:
        """Upload a file; returns the status. `said`: the length of a body that is announced and never sent."""
        body = HEAD + bytes(size) + TAIL if said is None else b""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(said or len(body)),
        }
        connection.request("PUT", f"/_stcore/upload_file/{session}/{name}", body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    @property
    def kept(self) -> int:
        """Bytes that the server keeps."""
        return sum(len(file.data) for files in self.files.file_storage.values() for file in files.values())


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    before = config.get_option("server.enableXsrfProtection")
    config.set_option("server.enableXsrfProtection", False)
    door = Door(monkeypatch)
    yield door
    door.server.should_exit = door.server.force_exit = True
    door.thread.join(30)
    config.set_option("server.enableXsrfProtection", before)


def test_a_visit_has_room_for_a_few_files(door: Door) -> None:
    taken = [door.put(f"file-{number}", 1_000) for number in range(12)]
    assert taken == [204] * limits.MOST_UPLOADS_OPEN + [413] * (12 - limits.MOST_UPLOADS_OPEN)
    assert door.kept == limits.MOST_UPLOADS_OPEN * 1_000
    assert door.put("another", 1_000, "two") == 204, "each visit has its own room"
    door.files.remove_file("one", "file-0")
    assert door.put("file-12", 1_000) == 204, "a file that was read makes room"


def test_a_visit_has_room_for_one_of_the_largest_files(door: Door) -> None:
    taken = [door.put(f"file-{number}", 15_000_000) for number in range(8)]
    assert taken == [204] * 5 + [413] * 3 and door.kept == 75_000_000
    assert door.put("small", 1_000) == 204


def test_a_file_is_refused_before_it_is_read(door: Door) -> None:
    assert door.put("half", 15_000_000) == 204
    assert door.put("rest", 0, said=80_000_000) == 413, "no byte of it was sent"


def test_the_largest_table_fits(door: Door) -> None:
    assert door.put("text", 5_000_000) == 204
    assert door.put("table", limits.LARGEST_TABLE) == 204


def test_what_streamlit_itself_refuses_takes_no_room(door: Door) -> None:
    assert [door.put("a", 20_000_000, "nobody") for _ in range(8)] == [400] * 8


@pytest.mark.parametrize(
    ("kind", "method", "path", "target"),
    [
        ("http", "PUT", "/_stcore/upload_file/abc/file", ("abc", "file")),
        ("http", "DELETE", "/_stcore/upload_file/abc/file", None),
        ("http", "PUT", "/_stcore/health", None),
        ("http", "PUT", "/_stcore/upload_file/", None),
        ("websocket", "PUT", "/_stcore/upload_file/abc/file", None),
    ],
)
def test_only_uploads_are_looked_at(kind: str, method: str, path: str, target: tuple[str, str] | None) -> None:
    assert streamlit_internals.upload_target({"type": kind, "method": method, "path": path}) == target


def test_all_visits_together_have_room_for_two_of_the_largest_files(door: Door) -> None:
    taken = [door.put("a", 75_000_000, f"visit-{number}") for number in range(6)]
    assert taken == [204] * 2 + [413] * 4 and door.kept == 150_000_000
    assert door.put("small", 1_000_000, "visit-9") == 204, "a class of sixty with small files still has room"


def test_what_no_page_has_read_for_a_while_is_forgotten(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS_UNREAD", 0.1)
    assert door.put("left", 1_000) == 204
    until(lambda: door.kept == 0)
    assert door.put("another", 1_000) == 204


def test_a_forgotten_file_is_no_new_one() -> None:
    assert streamlit_internals.is_forgotten(DeletedFile("1")) and not streamlit_internals.is_forgotten(None)
