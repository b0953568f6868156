"""Windows, who is counted, and who pays for a refused use."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from planner.core.errors import RateLimited
from planner.core.limits import Limit, forget_old, spend, spend_each
from planner.core.models import LimitCount
from tests.conftest import NOW

DEVICE, ADDRESS = Limit("device", 2, 600), Limit("address", 5, 600)


def counts(database) -> dict[str, int]:
    with database.read() as session:
        rows = session.scalars(select(LimitCount)).all()
    return {row.key.partition(":")[0]: row.count for row in rows}


def test_spend_when_used_up_then_refused_until_the_next_window(database):
    for _ in range(2):
        spend(database, DEVICE, "a", now=NOW)
    spend(database, DEVICE, "b", now=NOW)
    with pytest.raises(RateLimited) as caught:
        spend(database, DEVICE, "a", now=NOW + timedelta(seconds=200))
    assert caught.value.facts["retry_after"] == 400
    spend(database, DEVICE, "a", now=NOW + timedelta(seconds=600))


def test_spend_when_a_device_is_refused_then_its_address_does_not_pay(database):
    uses = [(DEVICE, "a"), (ADDRESS, "all")]
    for _ in range(2):
        spend_each(database, uses, now=NOW)
    for _ in range(9):
        with pytest.raises(RateLimited):
            spend_each(database, uses, now=NOW)
    assert counts(database)["address"] == 2
    spend_each(database, [(DEVICE, "b"), (ADDRESS, "all")], now=NOW)


def test_spend_when_kept_then_who_it_was_cannot_be_read(database):
    spend(database, ADDRESS, "203.0.113.7", now=NOW)
    with database.read() as session:
        assert "203" not in session.scalars(select(LimitCount.key)).one()


def test_forget_when_windows_are_old_then_dropped(database):
    spend(database, DEVICE, "a", now=NOW)
    spend(database, DEVICE, "a", now=NOW + timedelta(days=2))
    assert forget_old(database, now=NOW + timedelta(days=2, seconds=1)) == 1
    assert counts(database) == {"device": 1}
