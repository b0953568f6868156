"""Verbs of the accounts room: people, sessions, roles, units, seats, appointments."""

from .appointments import appoint, end_absence, end_appointment, note_absence
from .grants import end_grant, grant_role
from .people import (
    create_person,
    disable_person,
    erase_person,
    record_consent,
    set_contact,
    set_password,
)
from .roster import RosterFinding, take_roster
from .seats import add_seat, set_remits, set_seat_number, set_title
from .sign_ins import (
    confirm_sign_in,
    create_token,
    end_all_sign_ins,
    end_sign_in,
    forget_attempt,
    forget_attempts,
    forget_expired,
    is_locked,
    note_attempt,
    open_sign_in,
    revoke_token,
)
from .units import add_member, create_unit, end_member, rename_unit, retire_unit, set_chain

__all__ = [
    "RosterFinding",
    "add_member",
    "add_seat",
    "appoint",
    "confirm_sign_in",
    "create_person",
    "create_token",
    "create_unit",
    "disable_person",
    "end_absence",
    "end_all_sign_ins",
    "end_appointment",
    "end_grant",
    "end_member",
    "end_sign_in",
    "erase_person",
    "forget_attempt",
    "forget_attempts",
    "forget_expired",
    "grant_role",
    "is_locked",
    "note_absence",
    "note_attempt",
    "open_sign_in",
    "record_consent",
    "rename_unit",
    "retire_unit",
    "revoke_token",
    "set_chain",
    "set_contact",
    "set_password",
    "set_remits",
    "set_seat_number",
    "set_title",
    "take_roster",
]
