"""`planner user`. No password is ever an argument or printed; a token is printed once."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from planner.accounts import actions, queries, rules
from planner.accounts.models import Person, RoleGrant
from planner.accounts.sheets import read_roster
from planner.accounts.terms import QUALIFIES, AppointmentKind, DesignerTier
from planner.core.actor import SYSTEM, Role
from planner.core.clock import local_date, utc_now
from planner.core.errors import Invalid, NotFound, PlannerError
from planner.places.models import Neighborhood
from planner.places.queries import neighborhood_by_slug

from .context import database, json_option, say

ROLES = [role.value for role in Role if role not in (Role.DESIGNER, Role.RESIDENT)]
role_option = click.option("--role", type=click.Choice(ROLES), help="What the person may do.")
place_option = click.option("--neighborhood", "slug", help="Only there; without it, everywhere.")
until_option = click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="First day without it."
)
password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


def _here(session: Session, slug: str) -> Neighborhood:
    found = neighborhood_by_slug(session, slug)
    if found is None:
        raise NotFound("neighborhood_not_found", slug=slug)
    return found


def _person(session: Session, login: str) -> Person:
    found = queries.person_by_key(session, rules.login_key(login))
    if found is None:
        raise NotFound("person_not_found", login=login)
    return found


def _password_hash(from_stdin: bool) -> str | None:
    """The hash of the first line of standard input, made before any transaction opens."""
    if not from_stdin:
        return None
    given = sys.stdin.readline().rstrip("\r\n")
    return rules.hash_password(rules.checked_password(given))


def _acting(session: Session) -> dict[str, Any]:
    return {"session": session, "actor": SYSTEM, "now": utc_now()}


def _give(
    session: Session, person: Person, role: str, slug: str | None, until: datetime | None
) -> RoleGrant:
    return actions.grant_role(
        **_acting(session),
        person=person,
        role=Role(role),
        neighborhood_id=_here(session, slug).id if slug else None,
        ends_on=until.date() if until else None,
    )


@click.group()
def user() -> None:
    """Accounts, roles, seats and tokens."""


@user.command()
@click.argument("login")
@click.option("--name", help="Name colleagues read; the login when left out.")
@role_option
@place_option
@click.option("--seat", help="Appoint to this seat, e.g. street-3 (needs --neighborhood).")
@until_option
@password_option
@json_option
def create(
    login: str,
    name: str | None,
    role: str | None,
    slug: str | None,
    seat: str | None,
    until: datetime | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Open the account LOGIN, with a role, a seat or both."""
    hashed = _password_hash(password_stdin)
    with database().write() as session:
        person = actions.create_person(
            **_acting(session), login=login, name=name or login, password_hash=hashed
        )
        if role:
            _give(session, person, role, slug, until)
        if seat:
            _seat(session, person, slug, seat, until.date() if until else None)
        facts = {
            "login": person.login,
            "role": role,
            "neighborhood": slug,
            "seat": seat,
            "has_password": hashed is not None,
        }
    say(as_json, facts, f"{login}: account opened" + ("" if hashed else ", without a password"))


def _seat(
    session: Session, person: Person, slug: str | None, code: str, until: date | None
) -> None:
    """Set the seat up when it is not there yet (within its tier's number) and appoint the person."""
    if slug is None:
        raise Invalid(fields={"neighborhood": "missing"})
    tier, _, number = code.partition("-")
    if tier not in tuple(DesignerTier) or not (number.isascii() and number.isdigit()):
        raise Invalid(fields={"seat": "bad_seat"})
    here = _here(session, slug)
    made = actions.add_seat(
        **_acting(session), neighborhood_id=here.id, tier=DesignerTier(tier), number=int(number)
    )
    actions.appoint(
        **_acting(session),
        seat=made,
        person=person,
        qualification=QUALIFIES[made.tier],
        starts_on=local_date(utc_now()),
        planned_until=until,
        kind=AppointmentKind.HOLDER,
    )


@user.command()
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), required=True)
@place_option
@until_option
@click.option("--end", is_flag=True, help="End the role today instead.")
@json_option
def grant(
    login: str, role: str, slug: str | None, until: datetime | None, end: bool, as_json: bool
) -> None:
    """Give LOGIN a role, or end it."""
    with database().write() as session:
        person = _person(session, login)
        if end:
            held = _held(session, person, Role(role), slug)
            actions.end_grant(**_acting(session), grant=held)
        else:
            held = _give(session, person, role, slug, until)
        facts = {
            "login": person.login,
            "role": role,
            "neighborhood": slug,
            "from": held.starts_on,
            "until": held.ends_on,
        }
    say(as_json, facts, f"{login}: {role} {'ended' if end else 'granted'}")


def _held(session: Session, person: Person, role: Role, slug: str | None) -> RoleGrant:
    here = _here(session, slug).id if slug else None
    found = session.scalars(
        select(RoleGrant)
        .filter_by(person_id=person.id, role=role, neighborhood_id=here)
        .order_by(RoleGrant.id.desc())
    ).first()
    if found is None:
        raise NotFound("not_found", role=role.value)
    return found


@user.command("list")
@place_option
@json_option
def list_(slug: str | None, as_json: bool) -> None:
    """Everybody with an account, or those who work in one neighborhood."""
    today = local_date(utc_now())
    with database().read() as session:
        if slug:
            here = _here(session, slug)
            found = [each.person for each in queries.colleagues(session, here.id, today)]
        else:
            found = queries.people(session)
        rows = [_row(session, person, today) for person in found]
    lines = [f"{row['login']}\t{row['name']}\t{', '.join(row['holds'])}" for row in rows]
    say(as_json, {"users": rows}, "\n".join(lines) or "no accounts")


def _row(session: Session, person: Person, day: date) -> dict[str, Any]:
    grants = queries.actor_for(session, person, day).grants
    holds = [
        grant.scope_name if grant.scope_kind.value == "seat" else grant.role.value
        for grant in grants
    ]
    return {
        "login": person.login,
        "name": person.name,
        "disabled": person.disabled_at is not None,
        "has_password": person.password_hash is not None,
        "holds": holds,
    }


@user.command()
@click.argument("login")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@click.option("--label", default="command line", show_default=True)
@json_option
def token(login: str, days: int, label: str, as_json: bool) -> None:
    """Make a bearer token for LOGIN's scripts; it is shown this once."""
    with database().write() as session:
        person = _person(session, login)
        made = actions.create_token(**_acting(session), person=person, label=label, days=days)
    say(as_json, {"login": login, "token": made, "days": days}, made)


@user.command()
@click.argument("login")
@password_option
@json_option
def password(login: str, password_stdin: bool, as_json: bool) -> None:
    """Set LOGIN's password; every session of LOGIN ends."""
    hashed = _password_hash(password_stdin)
    if hashed is None:
        raise Invalid(fields={"password": "missing"})
    with database().write() as session:
        person = _person(session, login)
        actions.set_password(**_acting(session), person=person, password_hash=hashed)
    say(as_json, {"login": login}, f"{login}: password set")


@user.command()
@click.argument("login")
@json_option
def disable(login: str, as_json: bool) -> None:
    """Close the account LOGIN; its seats count as vacant."""
    with database().write() as session:
        actions.disable_person(**_acting(session), person=_person(session, login))
    say(as_json, {"login": login, "disabled": True}, f"{login}: disabled")


@user.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--neighborhood", "slug", required=True)
@click.option("--dry-run", is_flag=True, help="Judge every line and keep nothing.")
@json_option
def roster(file: Path, slug: str, dry_run: bool, as_json: bool) -> None:
    """Take a roster of appointments from the CSV FILE: every line, or none."""
    lines = read_roster(file.read_bytes())
    with database().writing() as session:
        here = _here(session, slug)
        found = actions.take_roster(**_acting(session), neighborhood_id=here.id, lines=lines)
        faults = [each for each in found if each.problem]
        if not faults and not dry_run:
            session.commit()
    facts = {
        "lines": len(found),
        "new_people": sum(each.is_new_person for each in found),
        "taken": not faults and not dry_run,
        "faults": [
            {"line": each.line.number_in_file, "problem": each.problem, **each.facts}
            for each in faults
        ],
    }
    said = [f"line {each.line.number_in_file}: {each.problem}" for each in faults]
    said.append(f"{len(found)} lines, " + ("taken" if facts["taken"] else "nothing taken"))
    say(as_json, facts, "\n".join(said))
    if faults:
        raise PlannerError("roster_refused", lines=len(faults))


@user.command("seats")
@click.argument("slug")
@click.option("--tier", type=click.Choice([tier.value for tier in DesignerTier]), required=True)
@click.option("--number", type=click.IntRange(1, rules.MOST_SEATS), required=True)
@click.option("--reason", required=True, help="Why; it is kept.")
@json_option
def seats(slug: str, tier: str, number: int, reason: str, as_json: bool) -> None:
    """Change how many seats a tier of the neighborhood SLUG has, with a reason."""
    with database().write() as session:
        here = _here(session, slug)
        actions.set_seat_number(
            **_acting(session),
            neighborhood_id=here.id,
            tier=DesignerTier(tier),
            number=number,
            reason=reason,
        )
    say(
        as_json,
        {"neighborhood": slug, "tier": tier, "number": number},
        f"{slug}: {number} {tier} seats",
    )
