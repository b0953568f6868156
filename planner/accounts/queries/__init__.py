"""Reads of the accounts room."""

from .actors import actor_for
from .own_data import own_data
from .people import (
    Colleague,
    bearer,
    colleagues,
    consents_of,
    contact_of,
    live_sessions,
    live_sign_in,
    live_tokens,
    people,
    person_by_key,
)
from .seats import (
    Staffing,
    absences_from,
    appointments_from,
    appointments_held,
    appointments_of,
    live_appointments,
    seat_by_code,
    seat_number,
    seats,
    staffing,
)
from .units import all_units, members, unit_for, units

__all__ = [
    "Colleague",
    "Staffing",
    "absences_from",
    "actor_for",
    "all_units",
    "appointments_from",
    "appointments_held",
    "appointments_of",
    "bearer",
    "colleagues",
    "consents_of",
    "contact_of",
    "live_appointments",
    "live_sessions",
    "live_sign_in",
    "live_tokens",
    "members",
    "own_data",
    "people",
    "person_by_key",
    "seat_by_code",
    "seat_number",
    "seats",
    "staffing",
    "unit_for",
    "units",
]
