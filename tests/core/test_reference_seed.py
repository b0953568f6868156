import csv
from collections import Counter
from datetime import date

import pytest

from planner.core.settings import resource_dir


def rows(name):
    with (resource_dir("seed") / "reference" / name).open(newline="") as source:
        return list(csv.DictReader(source))


def test_catalogue_when_read_then_seven_groups_and_150_topics_without_doubles():
    topics = rows("catalogue.csv")
    assert len({row["group_code"] for row in topics}) == 7
    assert len(topics) >= 150
    assert len({row["topic_code"] for row in topics}) == len(topics)
    assert {row["tier"] for row in topics} == {"total", "street", "community"}
    assert {row["handling"] for row in topics} == {"immediate", "coordinated", "joint"}
    assert all(0 < int(row["opinion_days"]) <= int(row["reply_days"]) for row in topics)


def test_catalogue_when_it_names_others_then_they_exist():
    public = {row["code"] for row in rows("public_topics.csv")}
    units = {row["code"] for row in rows("units.csv")}
    for row in rows("catalogue.csv"):
        assert row["public_topic"] in public
        assert row["default_unit"] in units


def test_catalogue_when_a_unit_decides_then_it_may():
    cannot = {row["code"] for row in rows("units.csv") if row["can_decide"] == "no"}
    assert cannot == {"grid_worker"}
    assert not {row["default_unit"] for row in rows("catalogue.csv")} & cannot


def test_public_topics_when_read_then_at_most_twelve():
    assert len(rows("public_topics.csv")) <= 12


def test_chips_when_read_then_each_kind_of_each_topic_has_some():
    topics = {row["topic_code"]: row for row in rows("catalogue.csv")}
    chips = rows("chips.csv")
    assert len({row["code"] for row in chips}) == len(chips)
    assert all(row["topic_code"] in topics for row in chips if row["topic_code"])
    counts = Counter((row["public_topic"], row["kind"]) for row in chips)
    for topic in rows("public_topics.csv"):
        for kind in ("like", "dislike", "improve"):
            assert counts[topic["code"], kind] >= 2
    helpers = [row for row in chips if not row["topic_code"]]
    assert {row["kind"] for row in helpers} == {"like", "dislike", "improve"}


def test_rules_when_read_then_every_public_topic_reaches_its_own_tier():
    tiers = {row["code"]: row["tier"] for row in rows("public_topics.csv")}
    plain = {row["topic"]: row["tier"] for row in rows("rules.csv") if not row["scale"]}
    assert plain == tiers


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_calendar_when_read_then_each_year_has_its_notice_and_makeup_days(year):
    days = [row for row in rows("work_calendar.csv") if row["date"].startswith(str(year))]
    assert len({row["source"] for row in days}) == 1
    for row in days:
        weekday = date.fromisoformat(row["date"]).weekday()
        assert row["is_workday"] == "no" or weekday >= 5
