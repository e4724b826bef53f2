"""What of a request is passed on: text, tools that the caller runs, and what bounds an answer."""

from __future__ import annotations

import pytest

from mondaylab.hub.models.asking import of_company, of_llama
from mondaylab.hub.models.unanswered import Unanswered

HELLO = [{"role": "user", "content": "hello"}]
TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {}}}
CALL = {"id": "1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}


def picture(**part: object) -> dict:
    return {"messages": [{"role": "user", "content": [{"type": "text", "text": "See."}, part]}]}


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"messages": "hello"},
        {"messages": ["hello"]},
        {"messages": [{"role": "user", "content": {"type": "text", "text": "x"}}]},
        {"messages": [{"role": "user", "content": ["hello"]}]},
        picture(type="image_url", image_url={"url": "http://10.0.0.1/"}),
        picture(type="input_audio", input_audio={}),
        picture(type="file", file={"file_id": "file-1"}),
        picture(type="text", text="x", file_id="file-1"),
        picture(type="text", text={"url": "http://10.0.0.1/"}),
        {"messages": [{"role": "assistant", "tool_calls": [{"id": "1", "type": "mcp"}]}]},
    ],
)
def test_a_company_is_sent_text_alone(asked) -> None:
    with pytest.raises(Unanswered, match="text alone") as refused:
        of_company(asked, "large")
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "more",
    [
        {"tools": [{"type": "web_search"}]},
        {"tools": [TOOL, {"type": "mcp", "server_url": "http://10.0.0.1/"}]},
        {"tools": "web_search"},
        {"tools": [TOOL], "tool_choice": {"type": "mcp", "server_label": "x"}},
    ],
)
def test_a_company_is_asked_for_no_tools_of_its_own(more) -> None:
    with pytest.raises(Unanswered, match="type function alone"):
        of_company({"messages": HELLO} | more, "large")


def test_text_and_the_callers_own_tools_are_passed_on() -> None:
    told = [
        {"role": "user", "content": [{"type": "text", "text": "Look it up."}], "audio": {"id": "kept there"}},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
    ]
    asked = {"messages": told, "tools": [TOOL], "tool_choice": "auto", "max_tokens": 5, "model": "mine"}
    wanted = of_company(asked, "large")
    del told[0]["audio"]
    assert wanted == asked | {"messages": told, "model": "large"}


def test_llama_is_asked_for_nothing_that_makes_an_answer_many_times_as_long() -> None:
    kept = {"messages": HELLO, "grammar": "root ::= x", "cache_prompt": False, "logprobs": True, "top_logprobs": 20}
    assert of_llama(kept | {"n_probs": 50_000, "n": 9, "post_sampling_probs": True, "id_slot": 1}) == kept


@pytest.mark.parametrize("most", [21, -1, True, 1.5, "9"])
def test_odds_are_bounded_for_llama_too(most) -> None:
    with pytest.raises(Unanswered, match="top_logprobs"):
        of_llama({"messages": HELLO, "logprobs": True, "top_logprobs": most})
