"""The headers of every answer: a content policy under which script that slipped in could neither run nor reach out."""

from __future__ import annotations

import base64
import hashlib
import re

_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

_HIDDEN = base64.b64encode(hashlib.sha256(b"display: none").digest()).decode()
"""The one style attribute that nbgrader's scripts write: a message that is hidden until there is one."""

SILENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Of answers that are no page."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
"""Of all answers."""


def own_place(host: str, base_url: str) -> str:
    """The service as a source of a content policy: its host and path, whatever the scheme of the page.

    Args:
        host: The request's ``Host``.
        base_url: The service's path, such as ``/services/finance-demo/``.
    """
    return f"{host}{base_url}" if _HOST.fullmatch(host) else "'none'"


def page_policy(nonce: str, place: str) -> str:
    """The policy of a page.

    Args:
        nonce: Of this one answer; scripts and style sheets without it do nothing.
        place: The only place that the page may load from, ask and post to (`own_place`).
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}' 'unsafe-hashes' 'sha256-{_HIDDEN}'",
            "img-src data:",
            f"font-src {place}",
            f"connect-src {place}",
            f"form-action {place}",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def still_policy(place: str) -> str:
    """The policy of a page without any script, whose one style sheet stands in it.

    Args:
        place: As in `page_policy`.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            f"form-action {place}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
