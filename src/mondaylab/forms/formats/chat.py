"""The chat: what somebody asked in one bubble, what the assistant answered in another."""

from __future__ import annotations

from mondaylab.forms.formats.draft_format import NOT_AI, Body, DraftFormat, escaped_lines, quoted_lines

_ASKED = f"What was asked. {NOT_AI}"
_ANSWERED = "The assistant answered"


def _html(body: Body, _: object) -> str:
    asked = "" if body.prompt is None else f'<p class="chat-by">{_ASKED}</p><p>{escaped_lines(body.prompt)}</p>'
    asked = asked and f'<div class="chat-asked">{asked}</div>'
    return f'{asked}<div class="chat-said"><p class="chat-by">{_ANSWERED}</p>{body.html}</div>'


def _text(body: Body, _: object) -> str:
    asked = "" if body.prompt is None else f"{_ASKED}\n{quoted_lines(body.prompt)}\n\n"
    return f"{asked}{_ANSWERED}:\n{body.text}"


CHAT = DraftFormat(
    label="chat answer",
    html=_html,
    text=_text,
    panel=f"""\
LAYOUTS.chat = (body, layout, draft) => [
  draft.prompt
    ? el("div", {{ class: "chat-turn chat-me" }}, el("p", {{ class: "chat-by" }}, "{_ASKED}"), el("div", {{ class: "chat-bubble lines" }}, draft.prompt))
    : null,
  el("div", {{ class: "chat-turn" }}, el("p", {{ class: "chat-by" }}, "{_ANSWERED}"), el("article", {{ class: "paper chat-bubble" }}, body)),
].filter(Boolean);
LAYOUTS.chat.asks = true;
""",
    style="""\
.chat-by { font-size: 12.5px; line-height: 18px; opacity: 0.8; }
.chat-asked { margin: 0 0 12px 15%; padding: 10px 16px; border-radius: 14px 14px 4px 14px;
  background: color-mix(in srgb, currentColor 11%, transparent); }
.chat-said { padding: 10px 16px; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: 14px 14px 14px 4px; }
.chat-turn { display: flex; flex-direction: column; gap: 4px; }
.chat-turn + .chat-turn { margin-top: 12px; }
.chat-me { align-items: flex-end; }
.chat-me .chat-bubble { max-width: 86%; padding: 12px 16px; font-size: 15.5px; line-height: 25px; border-radius: 14px 14px 4px 14px;
  background: color-mix(in srgb, currentColor 11%, var(--mdl-surface, transparent)); overflow-wrap: anywhere; }
.mdl .panel .chat-bubble.paper { padding: 16px 20px 18px; font-size: 15.5px; line-height: 25px; border-radius: 14px 14px 14px 4px; }
""",
    shows_prompt=True,
)
