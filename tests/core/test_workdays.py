from datetime import UTC, date, datetime

import pytest

from planner.core.workdays import WorkCalendar

REST = ["2026-09-25", *(f"2026-10-0{d}" for d in (1, 2, 5, 6, 7))]
CALENDAR = WorkCalendar(
    version=1,
    official_from=date(2024, 1, 1),
    official_until=date(2027, 1, 1),
    days={
        **{date.fromisoformat(day): False for day in REST},
        date(2026, 9, 20): True,
        date(2026, 10, 10): True,
    },
)


def test_term_when_across_national_day_with_a_makeup_saturday_then_its_date():
    assert CALENDAR.add_workdays(date(2026, 9, 30), 3).day == date(2026, 10, 10)


def test_term_when_received_late_at_night_then_counted_from_the_local_day():
    received = datetime(2026, 9, 21, 17, 0, tzinfo=UTC)
    assert CALENDAR.due(received, 1).day == date(2026, 9, 23)
    assert CALENDAR.due(received, 1).at == datetime(2026, 9, 23, 16, 0, tzinfo=UTC)


def test_term_when_it_leaves_the_official_calendar_then_provisional():
    assert CALENDAR.add_workdays(date(2026, 12, 30), 5).is_provisional
    assert not CALENDAR.add_workdays(date(2026, 11, 2), 5).is_provisional


@pytest.mark.parametrize(
    ("published", "end"),
    [(date(2026, 9, 24), date(2026, 10, 8)), (date(2026, 9, 13), date(2026, 9, 20))],
)
def test_notice_when_seven_days_then_ends_after_the_rest_block(published, end):
    assert CALENDAR.notice_end(published, 7).day == end


def test_notice_when_weekends_do_not_extend_then_ends_on_the_weekend():
    assert CALENDAR.notice_end(date(2026, 11, 1), 7, extend_weekends=False).day == date(2026, 11, 8)
    assert CALENDAR.notice_end(date(2026, 11, 1), 7).day == date(2026, 11, 9)


def test_workdays_between_when_backward_then_negative():
    forward = CALENDAR.workdays_between(date(2026, 9, 30), date(2026, 10, 10))
    assert forward == 3
    assert CALENDAR.workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == -3
