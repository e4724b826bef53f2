"""A whole lab served for a browser."""

from __future__ import annotations

from tests.support import served_lab

site_to_serve = served_lab.site_to_serve
served = served_lab.served
served_mails = served_lab.served_mails
