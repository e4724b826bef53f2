"""Firefox as a distribution ships it, driven over WebDriver BiDi, which it speaks itself.

Playwright drives stock Chromium, but only a Firefox of its own build. Protocol: https://w3c.github.io/webdriver-bidi/.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import websocket

FIREFOX = Path("/usr/bin/firefox-esr")


class Firefox:
    """A headless Firefox with one page. Elements are named by CSS selector, the first shown one counts.

    Args:
        folder: Empty; its profile and log go there.
    """

    def __init__(self, folder: Path) -> None:
        log = folder / "firefox.log"
        command = [FIREFOX, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
        with log.open("w") as told:
            self._process = subprocess.Popen(command, stdout=told, stderr=told)
        self._numbers = itertools.count(1)
        try:
            self._begin(log)
        except BaseException:
            self._process.kill()
            raise

    def _begin(self, log: Path) -> None:
        address = None
        for _ in range(300):
            if address := re.search(r"WebDriver BiDi listening on (ws://\S+)", log.read_text()):
                break
            time.sleep(0.1)
        assert address, f"Firefox did not start: {log.read_text()}"
        self._socket = websocket.create_connection(f"{address[1]}/session", timeout=60, suppress_origin=True)
        self._send("session.new", capabilities={})
        # a tab of our own, in front: the first is Firefox's, and what lies behind is not drawn
        self._page = self._send("browsingContext.create", type="tab")["context"]
        self._send("browsingContext.activate", context=self._page)
        self._send("browsingContext.setViewport", context=self._page, viewport={"width": 1400, "height": 1000})

    def close(self) -> None:
        """Ends it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(30)

    def open(self, address: str) -> None:
        """Goes to an address; returns when the page is loaded."""
        self._send("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def value(self, expression: str) -> Any:
        """What a JavaScript expression comes to in the page: text, number, true or false, or none."""
        there = {"context": self._page}
        done = self._send("script.evaluate", expression=expression, target=there, awaitPromise=True)
        assert done["type"] == "success", done
        return done["result"].get("value")

    def wait(self, css: str, text: str = "", seconds: int = 180) -> None:
        """Waits until an element with this text is shown."""
        for _ in range(seconds * 4):
            if self.value(f"!!{self._element(css, text)}"):
                return
            time.sleep(0.25)
        raise AssertionError(f"no {css} with {text!r}: {self.value('document.body.innerText')}")

    def click(self, css: str, text: str = "") -> None:
        """Clicks in the middle of an element, of its first line where it has several, as soon as it is shown."""
        self.wait(css, text)
        element = self._element(css, text)
        self.value(f"{element}.scrollIntoView({{block: 'center'}})")
        middle = "box => [box.x + box.width / 2, box.y + box.height / 2].map(Math.round).join()"
        x, y = map(int, self.value(f"({middle})({element}.getClientRects()[0])").split(","))
        steps = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}]
        self._act("pointer", [*steps, {"type": "pointerUp", "button": 0}])

    def type(self, text: str) -> None:
        """Presses keys, one after the other, where the focus is."""
        self._act("key", [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")])

    def picture(self) -> bytes:
        """The page as PNG."""
        return base64.b64decode(self._send("browsingContext.captureScreenshot", context=self._page)["data"])

    def _element(self, css: str, text: str) -> str:
        shown = f"one.checkVisibility() && one.textContent.includes({json.dumps(text)})"
        return f"[...document.querySelectorAll({json.dumps(css)})].find(one => {shown})"

    def _act(self, kind: str, steps: list[dict[str, Any]]) -> None:
        self._send("input.performActions", context=self._page, actions=[{"type": kind, "id": kind, "actions": steps}])

    def _send(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            pass  # an event
        assert answer["type"] == "success", answer
        return answer["result"]
