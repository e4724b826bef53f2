"""A memo: running text on a sheet."""

from __future__ import annotations

from mondaylab.forms.draft_format import DraftFormat

MEMO = DraftFormat(label="memo", html=lambda body, _, __: body, text=lambda body, _, __: body)
