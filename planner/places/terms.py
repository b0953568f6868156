"""Words of the places room."""

from __future__ import annotations

from enum import StrEnum


class AdminLevel(StrEnum):
    """The ladder of `escalate`."""

    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    DISTRICT = "district"


class BuildingUse(StrEnum):
    """How a building is painted and counted."""

    HOME = "home"
    HERITAGE = "heritage"
    SCHOOL = "school"
    OFFICE = "office"
    MARKET = "market"
    OTHER = "other"


class LayerKind(StrEnum):
    """What a base layer paints; the order is the painting order."""

    BLOCK = "block"
    GREEN = "green"
    PLAZA = "plaza"
    SPORT = "sport"
    PARKING = "parking"
    WATER = "water"
    PATH = "path"
    ROAD = "road"
    BUILDING = "building"
    TREE = "tree"
    FACILITY = "facility"
    OVERLAY = "overlay"


class ImportState(StrEnum):
    """An uploaded base-map file: read in a child process, looked at, then taken or dropped."""

    WAITING = "waiting"
    READING = "reading"
    READY = "ready"
    REFUSED = "refused"
    TAKEN = "taken"
    DROPPED = "dropped"


class IssuingChain(StrEnum):
    """Through whose hands a formal reply goes before it is public."""

    NONE = "none"
    ONE_SIGNATURE = "one_signature"
    THREE_STEPS = "three_steps"
