"""Nobody but Slack is heard: whatever is not signed rightly and lately is refused, and leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Callable

from sandbox.slack.delivery import sign
from tests.platforms.wire import WHY, command, event, post, rows, signed
from tests.town import SECRET, Town

Forge = Callable[[bytes], dict[str, str]]


def stamped(timestamp: str) -> Forge:
    """Signed over a timestamp that is no timestamp."""

    def forge(body: bytes) -> dict[str, str]:
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(SECRET, timestamp, body)}

    return forge


def with_signature(change: Callable[[str], str]) -> Forge:
    def forge(body: bytes) -> dict[str, str]:
        headers = signed(body)
        return headers | {"X-Slack-Signature": change(headers["X-Slack-Signature"])}

    return forge


def without(name: str) -> Forge:
    return lambda body: {key: value for key, value in signed(body).items() if key != name}


FORGERIES: dict[str, Forge] = {
    "no signature": without("X-Slack-Signature"),
    "no timestamp": without("X-Slack-Request-Timestamp"),
    "neither": lambda body: {},
    "empty signature": with_signature(lambda one: ""),
    "garbled signature": with_signature(lambda one: one[:-1] + ("0" if one[-1] != "0" else "1")),
    "short signature": with_signature(lambda one: one[:20]),
    "no version": with_signature(lambda one: one.removeprefix("v0=")),
    "upper case": with_signature(str.upper),
    "letters of another alphabet": with_signature(lambda one: one[:-1] + "\u0435"),
    "wrong secret": lambda body: signed(body, secret="0" * 32),
    "changed body": lambda body: signed(body + b" "),
    "301 s old": lambda body: signed(body, at=time.time() - 301.5),
    "301 s in the future": lambda body: signed(body, at=time.time() + 302),
    "no number": stamped("yesterday"),
    "negative": stamped(f"-{int(time.time())}"),
    "with a sign": stamped(f"+{int(time.time())}"),
    "a fraction": stamped(f"{int(time.time())}.0"),
    "huge": stamped("9" * 5000),
    "digits of another script": stamped("".join(chr(0x0660 + int(digit)) for digit in str(int(time.time())))),
}


async def test_forgeries_are_refused_and_nothing_is_stored(town: Town) -> None:
    (ana,) = town.people("ana")
    await town.settle()
    before = rows(town)
    bo = town.person("bo")
    for asked in (
        command(town, ana, "/kudos", f"<@{bo.user_id}|bo> {WHY}"),
        event(town, {"type": "app_uninstalled"}),
        event(town, {"type": "user_change", "user": {"id": ana.user_id, "name": "mallory"}}),
    ):
        for name, forge in FORGERIES.items():
            status, _ = await post(town, asked, forge(asked[0]))
            assert status == 401, name
    await town.settle()
    assert rows(town) == before
    status, _ = await post(town, command(town, ana, "/kudos", f"<@{bo.user_id}|bo> {WHY}"))
    assert status == 200
    assert rows(town)["kudos"] == before["kudos"] + 1


async def test_an_answered_request_is_not_taken_again(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    asked = command(town, ana, "/kudos", f"<@{bo.user_id}|bo> {WHY}")
    headers = signed(asked[0])
    assert (await post(town, asked, headers))[0] == 200
    before = rows(town)
    for _ in range(3):
        assert (await post(town, asked, headers))[0] == 401
    assert rows(town)["kudos"] == before["kudos"] == 1


async def test_a_request_that_failed_may_be_sent_again(town: Town) -> None:
    (ana,) = town.people("ana")
    renamed = {"id": ana.user_id, "team_id": town.workspace.id, "profile": {"display_name": "Ana Renamed"}}
    told = event(town, {"type": "user_change", "user": renamed})
    headers = signed(told[0])
    real, town.app.inbound.person_changed = town.app.inbound.person_changed, _fails
    assert (await post(town, told, headers))[0] == 500
    town.app.inbound.person_changed = real
    assert (await post(town, told, headers))[0] == 200
    assert (await post(town, told, headers))[0] == 401
    assert (await post(town, told, signed(told[0], at=time.time() - 1)))[0] == 200
    with town.store() as store:
        known = store.members.by_key(ana.user_id)
    assert known
    assert known.name == "Ana Renamed"
    assert rows(town)["events"] == 1


async def _fails(_body: object) -> None:
    raise RuntimeError("a fault of ours")


async def test_slack_may_look_at_our_certificate(town: Town) -> None:
    form = "application/x-www-form-urlencoded"
    assert (await post(town, (b"ssl_check=1&token=x", form), {}))[0] == 200
    before = rows(town)
    assert (await post(town, (b"command=%2Fkudos&user_id=U1&team_id=T01SANDBOX&ssl_check=1", form), {}))[0] == 200
    assert rows(town) == before
    challenge = (b'{"type":"url_verification","challenge":"abc"}', "application/json")
    status, said = await post(town, challenge)
    assert (status, "abc" in said) == (200, True)
    assert (await post(town, challenge, {}))[0] == 401
