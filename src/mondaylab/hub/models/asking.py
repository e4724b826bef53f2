"""What of a caller's request a model is asked: a list for each kind of model, and nothing beside it."""

from __future__ import annotations

from typing import Any

from mondaylab.hub.models.unanswered import Unanswered

LIMIT = "max_tokens"
PASSED_ON = frozenset(
    {
        *("messages", "stream", "stream_options", "stop", "seed", "temperature", "top_p", "response_format"),
        *("presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort", "verbosity"),
        *("logprobs", "top_logprobs", "tools", "tool_choice", "parallel_tool_calls", LIMIT),
    }
)
"""What a company's endpoint is asked of what a caller wrote: nothing that costs more than the one answer (``n``), keeps
it (``store``), searches elsewhere or is llama.cpp's own."""
LLAMAS_OWN = frozenset(
    {
        *("model", "grammar", "json_schema", "cache_prompt", "ignore_eos", "top_k", "min_p", "typical_p"),
        *("repeat_penalty", "repeat_last_n", "mirostat", "mirostat_tau", "mirostat_eta"),
    }
)
"""What llama.cpp is asked beside that: nothing that makes an answer many times as long to send (``n_probs``)."""
_MOST_PROBABLE = 20
"""Words of which the odds are told beside each one that was written, as OpenAI bounds it."""
_OF_MESSAGES = frozenset({"role", "content", "name", "refusal", "tool_calls", "tool_call_id"})


def of_llama(asked: dict[str, Any]) -> dict[str, Any]:
    """What llama.cpp is asked.

    Raises:
        Unanswered: More odds are wanted than are told.
    """
    return _listed(asked, PASSED_ON | LLAMAS_OWN)


def of_company(asked: dict[str, Any], model: str) -> dict[str, Any]:
    """What a company's endpoint is asked: text, and tools that the caller runs.

    Raises:
        Unanswered: Something else is wanted. A picture's address or a tool of the endpoint's own has it look at what
            lies on its side, in a company's network.
    """
    wanted = _listed(asked, PASSED_ON)
    messages = wanted.get("messages")
    if not isinstance(messages, list) or not all(_is_text(message) for message in messages):
        raise Unanswered(
            400, "The assistant takes text alone: no pictures, sounds or files. Send the text in a message."
        )
    kept = [{name: value for name, value in message.items() if name in _OF_MESSAGES} for message in messages]
    choice = wanted.get("tool_choice")
    if not _are_functions(wanted.get("tools")) or (isinstance(choice, dict) and not _are_functions([choice])):
        raise Unanswered(400, "The assistant takes tools of the type function alone. Leave out the others.")
    return wanted | {"messages": kept, "model": model}


def _listed(asked: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    wanted = {name: value for name, value in asked.items() if name in names}
    most, told = wanted.get("top_logprobs"), wanted.get("logprobs")
    if most is not None and (type(most) is not int or not 0 <= most <= _MOST_PROBABLE):
        raise Unanswered(400, f"top_logprobs is none. Send a whole number from 0 to {_MOST_PROBABLE}.")
    if told is not None and type(told) is not bool:
        raise Unanswered(400, "logprobs is none. Send true or false.")
    return wanted


def _is_text(message: object) -> bool:
    if not isinstance(message, dict) or not _are_functions(message.get("tool_calls")):
        return False
    content = message.get("content")
    if isinstance(content, list):
        return all(isinstance(part, dict) and _is_text_part(part) for part in content)
    return content is None or isinstance(content, str)


def _is_text_part(part: dict[str, Any]) -> bool:
    return part.keys() == {"type", "text"} and part["type"] == "text" and isinstance(part["text"], str)


def _are_functions(tools: object) -> bool:
    """Whether tools, or calls of them, are functions that the caller runs; none at all is so too."""
    if tools is None:
        return True
    return isinstance(tools, list) and all(isinstance(one, dict) and one.get("type") == "function" for one in tools)
