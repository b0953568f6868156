"""Reads of the accounts room."""

from .actors import actor_for
from .people import bearer, live_sign_in, people, person_by_key
from .seats import (
    Staffing,
    appointments_from,
    live_appointments,
    seat_by_code,
    seat_number,
    seats,
    staffing,
)
from .units import unit_for, units

__all__ = [
    "Staffing",
    "actor_for",
    "appointments_from",
    "bearer",
    "live_appointments",
    "live_sign_in",
    "people",
    "person_by_key",
    "seat_by_code",
    "seat_number",
    "seats",
    "staffing",
    "unit_for",
    "units",
]
