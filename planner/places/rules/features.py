"""One foreign feature, and what its attributes are called in the files that offices have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ..terms import BuildingUse


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as read: `line` in its file, geometry in the file's own grid, attributes as text."""

    line: int
    geom: BaseGeometry
    tags: Mapping[str, str] = field(default_factory=dict)


def feature_from(value: Mapping[str, Any]) -> Feature:
    """A feature of the reader's result."""
    geom = shape(value["geometry"])
    if not isinstance(geom, BaseGeometry) or shapely.is_empty(geom):
        raise ValueError("the reader gave an empty shape")
    tags = {str(key).casefold(): str(text) for key, text in value["tags"].items()}
    return Feature(int(value["line"]), geom, tags)


NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "名称", "名字", "name:zh", "name_zh", "title", "mc", "楼名", "小区名称"),
    "code": ("code", "编号", "编码", "代码", "bh", "dm", "ref", "id", "osm_id", "objectid", "fid"),
    "number": ("number", "网格编号", "网格号", "no", "num", "grid", "grid_no", "编号", "序号", "id"),
    "community": ("community", "community_code", "社区编号", "社区", "所属社区", "社区名称"),
    "estate": ("estate", "estate_code", "小区编号", "小区", "所属小区"),
    "households": ("households", "户数", "总户数", "hs", "building:flats", "flats"),
    "floor_area_m2": (
        "floor_area_m2", "floor_area", "floorarea", "建筑面积", "建筑面积（平方米）", "jzmj",
    ),
    "use": ("use", "class", "用途", "房屋用途", "building", "类型"),
    "year": ("built_year", "year", "建成年份", "建成年代", "年代", "start_date"),
    "kind": ("kind", "类型", "类别", "type", "class"),
    "reason": ("reason", "原因", "理由", "说明"),
    "aliases": ("aliases", "别名", "alt_name", "loc_name", "old_name", "short_name"),
    "width_m": ("width_m", "路宽", "宽度", "width"),
    "radius_m": ("r_m", "radius_m", "冠幅半径"),
    "paint": ("class", "paint", "k"),
}  # fmt: skip
"""What we call it -> column names in order of preference, lower case; .dbf names end at 10 characters."""

USES: Mapping[str, BuildingUse] = {
    "住宅": BuildingUse.HOME, "居住": BuildingUse.HOME, "apartments": BuildingUse.HOME,
    "residential": BuildingUse.HOME, "house": BuildingUse.HOME, "dormitory": BuildingUse.HOME,
    "detached": BuildingUse.HOME, "terrace": BuildingUse.HOME, "宿舍": BuildingUse.HOME,
    "文物": BuildingUse.HERITAGE, "历史": BuildingUse.HERITAGE, "temple": BuildingUse.HERITAGE,
    "church": BuildingUse.HERITAGE, "mosque": BuildingUse.HERITAGE, "pagoda": BuildingUse.HERITAGE,
    "学校": BuildingUse.SCHOOL, "university": BuildingUse.SCHOOL, "kindergarten": BuildingUse.SCHOOL,
    "college": BuildingUse.SCHOOL, "幼儿园": BuildingUse.SCHOOL,
    "办公": BuildingUse.OFFICE, "commercial": BuildingUse.OFFICE, "hotel": BuildingUse.OFFICE,
    "hospital": BuildingUse.OFFICE, "civic": BuildingUse.OFFICE, "public": BuildingUse.OFFICE,
    "industrial": BuildingUse.OTHER, "医院": BuildingUse.OFFICE,
    "retail": BuildingUse.MARKET, "supermarket": BuildingUse.MARKET, "mall": BuildingUse.MARKET,
    "商业": BuildingUse.MARKET, "菜场": BuildingUse.MARKET, "市场": BuildingUse.MARKET,
}  # fmt: skip
_DIGITS = re.compile(r"-?\d+(?:\.\d+)?")


def value(tags: Mapping[str, str], what: str) -> str:
    """The attribute we call `what`, whatever the file calls it; else an empty text."""
    for name in NAMES[what]:
        found = tags.get(name, "").strip()
        if found:
            return found
    return ""


def name_of(tags: Mapping[str, str], maximum: int = 120) -> str:
    """A feature's name for people: one line, nothing hidden; empty when it has none."""
    return plain(value(tags, "name"), maximum)


def plain(text: str, maximum: int) -> str:
    """One line without control or formatting characters, cut to `maximum` characters."""
    shown = "".join(
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", text)
        if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return re.sub(" +", " ", shown).strip()[:maximum].strip()


def number(text: str, *, highest: float = 1e9) -> float | None:
    """The number a cell holds (`24户` is 24); None for an empty cell; ValueError when there is none."""
    if not text.strip():
        return None
    found = _DIGITS.search(text.replace(",", "").replace("，", ""))
    if found is None:
        raise ValueError(text)
    made = float(found[0])
    if not 0 <= made <= highest:
        raise ValueError(text)
    return made


def metres(text: str) -> float | None:
    """A width or radius in metres when the cell holds a sensible one, else None."""
    try:
        made = number(text, highest=200)
    except ValueError:
        return None
    return made or None


def use_of(tags: Mapping[str, str]) -> BuildingUse:
    """What a building is for, from our own words, Chinese words or OSM tags."""
    words = [value(tags, "use").casefold()]
    words += [tags.get(key, "").casefold() for key in ("building", "amenity", "shop", "office")]
    if tags.get("historic") or tags.get("heritage"):
        return BuildingUse.HERITAGE
    for word in words:
        if word in tuple(BuildingUse):
            return BuildingUse(word)
        for key, use in USES.items():
            if key == word or (not key.isascii() and key in word):
                return use
    if tags.get("shop"):
        return BuildingUse.MARKET
    return BuildingUse.OFFICE if tags.get("office") else BuildingUse.OTHER
