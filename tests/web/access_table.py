"""Who may open which route, written out by hand. A new route must be added here, or the test fails."""

from __future__ import annotations

from dataclasses import dataclass

DESIGNERS = frozenset({"community", "street", "total"})
UNIT = frozenset({"drafter", "checker", "issuer", "clerk_of_unit"})
STAFF = DESIGNERS | UNIT | {"moderator", "office", "local_admin", "admin"}
"""Everybody with something to do in neighborhood A."""

OUTSIDERS = frozenset({"staff_of_b", "ex_staff"})
SIGNED_IN = STAFF | OUTSIDERS
EVERYBODY = SIGNED_IN | {"visitor"}
OFFICE = frozenset({"office", "local_admin", "admin"})
ADMINS = frozenset({"local_admin", "admin"})
ADMIN = frozenset({"admin"})
MODERATORS = OFFICE | {"moderator"}
INSIDE = OFFICE | {"community", "drafter", "checker", "issuer"}
"""Own seat, own unit and office of the case that the table opens; it is not published."""


@dataclass(frozen=True)
class Route:
    """`who` gets one of `ok`; the others get what `test_access` derives (303, 401, 403 or 404)."""

    who: frozenset[str]
    ok: tuple[int, ...] = (200,)
    args: str = ""
    hides: bool = False
    """Whether those with work in A who may not get 404 instead of 403 (an object they may not know of)."""


PAGE = (200,)
FORM = (303, 409, 422)
"""An empty form: taken, too late, or named as incomplete."""

GONE = (404,)
"""Nothing there for anybody: the address asks for an object of one's own, or that does not exist."""

TABLE: dict[str, Route] = {
    # the house
    "static_file": Route(EVERYBODY, PAGE, "static"),
    "web.favicon": Route(EVERYBODY, (302,)),
    "web.live": Route(EVERYBODY),
    "web.ready": Route(EVERYBODY),
    "web.set_preferences": Route(EVERYBODY, (303,)),
    "web.forget_device": Route(EVERYBODY, (204,)),
    "web.service_worker": Route(EVERYBODY),
    "interop.docs": Route(EVERYBODY),
    "interop.openapi": Route(EVERYBODY),
    # start, receipts
    "home.start": Route(EVERYBODY),
    "home.receipt": Route(EVERYBODY),
    "home.find_receipt": Route(EVERYBODY, GONE),
    "home.open_receipt": Route(EVERYBODY, GONE, "code"),
    "home.poster": Route(EVERYBODY, GONE, "code"),
    # marks: open to all; what is seen is narrowed by the query
    "marks.map": Route(EVERYBODY, PAGE, "here"),
    "marks.index": Route(EVERYBODY, PAGE, "here"),
    "marks.mine": Route(EVERYBODY, PAGE, "here"),
    "marks.new": Route(EVERYBODY, PAGE, "here"),
    "marks.create": Route(EVERYBODY, (422,), "here"),
    "marks.show": Route(
        MODERATORS | {"community", "drafter", "checker", "issuer"}, PAGE, "mark", True
    ),
    "marks.own": Route(EVERYBODY, GONE, "own_mark"),
    "marks.thanks": Route(EVERYBODY, GONE, "receipt"),
    "marks.qr": Route(EVERYBODY, PAGE, "receipt"),
    "marks.endorse": Route(EVERYBODY, GONE, "no_code"),
    "marks.take_back": Route(EVERYBODY, GONE, "no_code"),
    "marks.ask_again": Route(EVERYBODY, GONE, "no_code"),
    "marks_api.index": Route(EVERYBODY),
    "marks_api.show": Route(EVERYBODY, PAGE, "here"),
    "marks_api.index_marks": Route(EVERYBODY, PAGE, "here"),
    "marks_api.cells": Route(EVERYBODY, (200, 400, 422), "here"),
    "marks_api.near": Route(EVERYBODY, (422,), "here"),
    "marks_api.chips": Route(EVERYBODY, (422,), "here"),
    "marks_api.endorse": Route(EVERYBODY, GONE, "no_mark"),
    "marks_api.take_back": Route(EVERYBODY, GONE, "no_mark"),
    "marks_api.create": Route(EVERYBODY, (400, 422), "here"),
    "marks_api.one": Route(
        MODERATORS | {"community", "drafter", "checker", "issuer"}, PAGE, "mark_uuid", True
    ),
    "marks.picture": Route(EVERYBODY, GONE, "no_photo"),
    "marks.erase_photo": Route(EVERYBODY, GONE, "no_photo"),
    "marks_api.put": Route(EVERYBODY, (400,), "photo_uuid"),
    "marks_export.table": Route(EVERYBODY, PAGE, "here"),
    "marks_export.geojson": Route(EVERYBODY, PAGE, "here"),
    "marks_export.mine": Route(EVERYBODY, PAGE, "here"),
    "moderation.queue": Route(MODERATORS, PAGE, "here"),
    "moderation.decide": Route(MODERATORS, FORM, "mark"),
    "moderation.photo": Route(MODERATORS, GONE, "no_photo"),
    "moderation.change_photo": Route(MODERATORS, GONE, "no_photo"),
    # own account
    "accounts.sign_in": Route(EVERYBODY),
    "accounts.do_sign_in": Route(EVERYBODY, (422,)),
    "accounts.sign_out": Route(EVERYBODY, (303,)),
    "accounts.me": Route(SIGNED_IN),
    "accounts.own_data": Route(SIGNED_IN),
    "accounts.change_password": Route(SIGNED_IN, (422,)),
    "accounts.end_sessions": Route(SIGNED_IN, (303,)),
    "accounts.contact": Route(SIGNED_IN, (303,)),
    "accounts.consents": Route(SIGNED_IN, (303,)),
    "accounts.make_token": Route(SIGNED_IN, (422,)),
    "accounts.revoke_token": Route(SIGNED_IN, GONE, "no_token"),
    "accounts.note_absence": Route(SIGNED_IN, GONE, "no_appointment"),
    "accounts.end_absence": Route(SIGNED_IN, GONE, "no_absence"),
    "accounts.erase": Route(SIGNED_IN, (422,)),
    # people, units, seats
    "people.index": Route(ADMINS, PAGE, "here"),
    "people.create": Route(ADMINS, (422,), "here"),
    "people.grant": Route(ADMINS, (422,), "here"),
    "people.end": Route(ADMINS, (303,), "grant"),
    "people.password": Route(ADMINS, (422,), "person"),
    "people.disable": Route(ADMIN, (303,), "person"),
    "units.index": Route(ADMINS, PAGE, "here"),
    "units.create": Route(ADMINS, (422,), "here"),
    "units.change": Route(ADMINS, (422,), "unit"),
    "units.retire": Route(ADMINS, (303,), "unit"),
    "units.add_member": Route(ADMINS, (422,), "unit"),
    "units.end_member": Route(ADMINS, (303,), "member"),
    "seats.index": Route(EVERYBODY, PAGE, "here"),
    "seats.show": Route(EVERYBODY, PAGE, "seat"),
    "seats.number": Route(OFFICE, (422,), "here"),
    "seats.add": Route(OFFICE, (422,), "here"),
    "seats.title": Route(OFFICE, (303,), "seat"),
    "seats.appoint": Route(OFFICE, (422,), "seat"),
    "seats.end": Route(OFFICE, (422,), "appointment"),
    "seats.absence": Route(OFFICE, (422,), "appointment"),
    "seats.back": Route(OFFICE, (303,), "absence"),
    "roster.form": Route(OFFICE, PAGE, "here"),
    "roster.take": Route(OFFICE, (422,), "here"),
    "remits.show": Route(OFFICE, PAGE, "seat"),
    "remits.save": Route(OFFICE, (303,), "seat"),
    # trays and cases
    "home.tray": Route(STAFF, PAGE, "here"),
    "home.offline": Route(STAFF, PAGE, "here"),
    "home.thank": Route(STAFF, (422,), "here"),
    "home.case": Route(INSIDE, PAGE, "case", True),
    "home.act": Route(INSIDE, FORM, "case_verb", True),
    "home.unassigned": Route(OFFICE, PAGE, "here"),
    "home.assign": Route(OFFICE, FORM, "case"),
    "home.workload": Route(OFFICE, PAGE, "here"),
    # catalogue and rules
    "catalogue.index": Route(STAFF, PAGE, "here"),
    "routing.rule_sets": Route(OFFICE, PAGE, "here"),
    "routing.draft": Route(OFFICE, (422,), "here"),
    "routing.rule_set": Route(OFFICE, PAGE, "rules"),
    "routing.activate": Route(OFFICE, (303,), "rules"),
    # places
    "places.base": Route(EVERYBODY, PAGE, "here"),
    "places.places": Route(EVERYBODY, PAGE, "here"),
    "upkeep.overview": Route(OFFICE, PAGE, "here"),
    "upkeep.settings": Route(OFFICE, FORM, "here"),
    "upkeep.layer": Route(OFFICE, (303, 404, 409, 422), "layer"),
    "naming.index": Route(OFFICE, PAGE, "here"),
    "naming.add": Route(OFFICE, FORM, "here"),
    "naming.remove": Route(OFFICE, (303,), "place"),
    "naming.add_mask": Route(OFFICE, FORM, "here"),
    "naming.remove_mask": Route(OFFICE, (303,), "mask"),
    "imports.receive": Route(OFFICE, FORM, "here"),
    "imports.show": Route(OFFICE, GONE, "no_import"),
    "imports.confirm": Route(OFFICE, GONE, "no_import"),
    "imports.drop": Route(OFFICE, GONE, "no_import"),
    "founding.form": Route(ADMIN),
    "founding.create": Route(ADMIN, FORM),
}
