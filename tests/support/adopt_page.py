"""The adopting screen in a page without JupyterLab: its messages go to the widget in this process, and come back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from mondaylab.authoring.screen import AdoptScreen

THEMES = {
    "light": "--jp-layout-color0:#fff;--jp-layout-color1:#fff;--jp-ui-font-color1:rgba(0,0,0,.87)",
    "dark": "--jp-layout-color0:#111;--jp-layout-color1:#212121;--jp-ui-font-color1:#fff",
}
"""What JupyterLab 4 sets for its two themes."""
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>adopt</title>
<link rel="icon" href="data:,">
<style>:root {{ {theme} }} body {{ margin: 0; padding: 12px; background: var(--jp-layout-color0) }}</style>
<style>{css}</style></head><body data-jp-theme-light="{light}"><main><div id="host"></div></main>
<script type="module">{esm}
const heard = [];
const told = {{ on: (_, hear) => heard.push(hear), off() {{}} }};
const send = async (content, callbacks, buffers = []) => {{
  const bytes = buffers.map((one) => [...new Uint8Array(one)]);
  for (const one of await window.toKernel(content, bytes)) heard.forEach((hear) => hear(one));
}};
const model = {{ get: () => "IPY_MODEL_7", send, widget_manager: {{ get_model: async () => told }} }};
{render}({{ model, el: document.getElementById("host") }});
</script></body></html>"""


def talk(screen: AdoptScreen, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> list[dict[str, Any]]:
    """What a screen answers a message of its page, the last of it what was asked for."""
    answers: list[dict[str, Any]] = []
    screen.told.send = lambda content, buffers=None: answers.append(json.loads(json.dumps(content)))
    screen._on_message(screen, message, [memoryview(one) for one in buffers])
    return answers


def open_page(context: BrowserContext, screen: AdoptScreen, *, theme: str = "light") -> Page:
    """A page with the screen; everything in it is the widget's own."""
    page = context.new_page()
    page.expose_function("toKernel", lambda message, raw: talk(screen, message, [bytes(one) for one in raw]))
    esm = AdoptScreen._esm
    source = esm.read_text("utf-8") if isinstance(esm, Path) else str(esm)
    css = str(AdoptScreen._css)
    page.set_content(
        _PAGE.format(
            theme=THEMES[theme],
            light=str(theme == "light").lower(),
            css=css,
            esm=source.replace("export default { render };", ""),
            render="render",
        )
    )
    expect(page.get_by_role("heading", level=2)).to_be_visible()
    return page
