"""What a server keeps of what was brought: uploads on Inspect, put away, rest; then files that no box asked for.

python -m streamlit run app.py --server.port 8501 --server.enableXsrfProtection=false &
python -m tests.benchmarks.uploads http://127.0.0.1:8501 --pid $!
"""

import argparse
import io
import time
import urllib.error
import urllib.request

import torch
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from torch import nn

from tests.benchmarks.sessions import Session
from tests.benchmarks.watchers import rss_of

BOUNDARY = "rnnviz-upload"


class Visitor(Session):
    """A session that uploads.

    boxes:   label → id, of the upload boxes that were drawn last.
    buttons: label → id, of the buttons.
    session: what the server calls it.
    last:    the number of the file that was uploaded last.
    """

    def __init__(self, url: str, page: str) -> None:
        self.boxes: dict[str, str] = {}
        self.buttons: dict[str, str] = {}
        self.session = self.last = ""
        self._uploads = 0
        super().__init__(url, "", page)

    def heard(self, forward: ForwardMsg) -> None:
        """Remember where something can be uploaded or pressed."""
        if forward.HasField("new_session"):
            self.session = forward.new_session.initialize.session_id
        element = forward.delta.new_element
        if element.HasField("file_uploader"):
            self.boxes[element.file_uploader.label] = element.file_uploader.id
        if element.HasField("button"):
            self.buttons[element.button.label] = element.button.id

    def upload(self, data: bytes, name: str = "model.pt") -> int:
        """Put a file where Streamlit takes them; returns the status of the answer, 0 if the server hung up."""
        self._uploads += 1
        self.last = f"file-{self._uploads}"
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        address = f"{self.url}/_stcore/upload_file/{self.session}/{self.last}"
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers, method="PUT")) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            return 0

    def bring(self, data: bytes) -> int:
        """Upload a checkpoint and let its box say so."""
        status = self.upload(data)
        box = next(id for label, id in self.boxes.items() if label.startswith("A checkpoint"))
        state = WidgetState(id=box)
        state.file_uploader_state_value.uploaded_file_info.add(file_id=self.last, name="model.pt", size=len(data))
        self.rerun(state)
        return status

    def click(self, label: str) -> None:
        """Press a button of the page."""
        self.rerun(WidgetState(id=self.buttons[label], trigger_value=True))


def checkpoint(seed: int) -> bytes:
    """A model of 8 MB, other weights for each seed."""
    torch.manual_seed(seed)
    file = io.BytesIO()
    torch.save(nn.LSTM(488, 512).state_dict(), file)
    return file.getvalue()


def main() -> None:
    """Upload, put away, rest, and say what the server takes after each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--pid", type=int, required=True, help="of the server")
    parser.add_argument("--uploads", type=int, default=30)
    parser.add_argument("--rest", type=float, default=120.0, help="seconds after Put away")
    parser.add_argument("--unasked", type=int, default=20, help="files of 15 MB where no box is")
    options = parser.parse_args()

    def told(when: str) -> None:
        print(f"{when:<40} {rss_of(options.pid) / 1e6:6.0f} MB", flush=True)

    visitor = Visitor(options.url, "inspect")
    told("start")
    for number in range(options.uploads):
        visitor.bring(checkpoint(number))
        if number in (0, 4, 9, 19):
            told(f"after upload {number + 1}")
    told(f"after {options.uploads} uploads of {len(checkpoint(0)) / 1e6:.1f} MB")
    visitor.click("Put away")
    told("put away")
    time.sleep(options.rest)
    told(f"after {options.rest:.0f} s of rest")
    taken = [visitor.upload(bytes(15_000_000)) for _ in range(options.unasked)]
    told(f"{taken.count(204)} of {options.unasked} files of 15 MB taken")
    visitor.close()


if __name__ == "__main__":
    main()
