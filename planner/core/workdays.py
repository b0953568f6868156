"""Chinese working days: rest days, make-up workdays (调休), and periods that end on them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .clock import local_date, local_midnight

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A date found by counting; provisional when the count left the official calendar."""

    day: date
    is_provisional: bool

    @property
    def at(self) -> datetime:
        """First instant after the day, aware UTC: a term is kept until then."""
        return local_midnight(self.day + ONE_DAY)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Exceptional days (date -> is_workday) and the half-open span for which they are official."""

    version: int
    official_from: date
    official_until: date
    days: Mapping[date, bool]

    def is_workday(self, day: date) -> bool:
        """Whether people work on this date; outside the official span Monday to Friday."""
        return self.days.get(day, day.weekday() < 5)

    def is_official(self, day: date) -> bool:
        """Whether the date lies in the officially announced span."""
        return self.official_from <= day < self.official_until

    def add_workdays(self, start: date, number: int) -> Due:
        """The date `number` working days after `start`; the starting day is not counted."""
        if number < 0:
            raise ValueError("a term cannot be negative")
        day, left = start, number
        while left > 0:
            day += ONE_DAY
            left -= self.is_workday(day)
        return Due(day, not (self.is_official(start) and self.is_official(day)))

    def due(self, received_at: datetime, number: int) -> Due:
        """Term of so many working days for something received at this instant."""
        return self.add_workdays(local_date(received_at), number)

    def workdays_between(self, start: date, end: date) -> int:
        """Working days in (start, end]; negative when `end` lies before `start`."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + ONE_DAY * i) for i in range(1, (end - start).days + 1))

    def notice_end(
        self,
        published: date,
        number: int,
        *,
        in_workdays: bool = False,
        extend_weekends: bool = True,
    ) -> Due:
        """Last day of a public notice: the day of publication is not counted; see CONSULTATION rules.

        A last day that falls into a rest block moves to the first day after it. Ordinary weekends do so
        only with `extend_weekends`.
        """
        if in_workdays:
            return self.add_workdays(published, number)
        day = published + ONE_DAY * number
        while not self.is_workday(day) and (extend_weekends or day in self.days):
            day += ONE_DAY
        return Due(day, not (self.is_official(published) and self.is_official(day)))
