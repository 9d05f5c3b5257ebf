"""Tiers and buckets, with a hand-moved stopwatch."""

from __future__ import annotations

from sandbox.slack.rates import Rates


def test_a_tier_fills_up_again_over_a_minute() -> None:
    now = 0.0
    rates = Rates(now=lambda: now)
    assert [rates.method("T1", "users.list", 2) for _ in range(21)] == [0] * 20 + [3]
    assert rates.method("T2", "users.list", 2) == 0
    assert rates.method("T1", "users.info", 4) == 0
    now = 3.0
    assert rates.method("T1", "users.list", 2) == 0
    assert rates.method("T1", "users.list", 2) == 3


def test_one_message_a_second_after_a_short_burst() -> None:
    now = 0.0
    rates = Rates(now=lambda: now)
    assert [rates.message("T1", "C1") for _ in range(5)] == [0, 0, 0, 0, 1]
    assert rates.message("T1", "C2") == 0
    now = 1.0
    assert [rates.message("T1", "C1") for _ in range(2)] == [0, 1]


def test_a_workspace_takes_so_many_messages_a_minute() -> None:
    rates = Rates(now=lambda: 0.0)
    waits = [rates.message("T1", f"D{number}") for number in range(501)]
    assert waits[:500] == [0] * 500
    assert waits[500] == 1


def test_without_limits_nothing_is_too_much() -> None:
    rates = Rates(enforced=False)
    assert not any(rates.message("T1", "C1") or rates.method("T1", "users.list", 2) for _ in range(100))
