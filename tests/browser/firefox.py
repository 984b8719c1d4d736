"""A Firefox that is on this machine, driven over WebDriver BiDi: nothing but a WebSocket is needed for it."""

import itertools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.engine.helpers import until

NAMES = ("firefox", "firefox-esr")
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


def find() -> str | None:
    """The path of a Firefox; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Firefox:
    """One window of it."""

    def __init__(self, path: str, profile: Path) -> None:
        command = [path, "--headless", "--remote-debugging-port=0", "--profile", str(profile)]
        quiet = os.environ | {"MOZ_CRASHREPORTER_DISABLE": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=quiet
        )
        self._numbers = itertools.count(1)
        try:
            self._socket = connect(f"{self._address()}/session", max_size=None)
            self.ask("session.new", capabilities={})
            self._window = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self._process.kill()
            raise

    def _address(self) -> str:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if found := LISTENING.search(line):
                return found.group(1)
        raise RuntimeError("Firefox ended before it listened")

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Have a command carried out; returns its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv(60))).get("id") != number:
            pass
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, url: str) -> None:
        """Go to an address."""
        self.ask("browsingContext.navigate", context=self._window, url=url, wait="none")

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, as JSON can hold it; None if it throws."""
        said = self.ask(
            "script.evaluate",
            expression=f"JSON.stringify(({expression}) ?? null)",
            target={"context": self._window},
            awaitPromise=False,
        )
        return json.loads(said["result"]["value"]) if said["type"] == "success" else None

    def wait(self, expression: str, seconds: float = 60.0) -> Any:
        """The first value of an expression that is true."""
        return until(lambda: self.evaluate(expression), seconds, every=0.1, what=expression)

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(15)
