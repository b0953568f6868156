"""Verbs of the accounts room: people and units, seats."""

from .people import (
    add_member,
    create_person,
    create_token,
    create_unit,
    end_all_sign_ins,
    end_grant,
    end_sign_in,
    erase_person,
    grant_role,
    is_locked,
    note_failure,
    open_sign_in,
    set_chain,
    set_password,
)
from .seats import add_seat, appoint, end_appointment, set_remits, set_seat_number

__all__ = [
    "add_member",
    "add_seat",
    "appoint",
    "create_person",
    "create_token",
    "create_unit",
    "end_all_sign_ins",
    "end_appointment",
    "end_grant",
    "end_sign_in",
    "erase_person",
    "grant_role",
    "is_locked",
    "note_failure",
    "open_sign_in",
    "set_chain",
    "set_password",
    "set_remits",
    "set_seat_number",
]
