"""What Slack says when it refuses a call, also where its answer is no JSON at all, as from a proxy in trouble."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError


def word(problem: SlackApiError) -> str:
    """Slack's word for what is wrong, or the HTTP status where it has none."""
    data = getattr(problem.response, "data", problem.response)
    said = data.get("error") if isinstance(data, dict) else None
    return str(said or f"status {status(problem)}")


def status(problem: SlackApiError) -> int:
    """The HTTP status of the answer."""
    response = problem.response
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0))


def retry_after(problem: SlackApiError) -> float:
    """For how many seconds Slack asks to be left alone; one where it does not say."""
    given = str(getattr(problem.response, "headers", {}).get("Retry-After", ""))
    return float(given) if given.isascii() and given.isdecimal() else 1.0
