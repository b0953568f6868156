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


LAYER_LABELS = {
    LayerKind.BLOCK: "街坊",
    LayerKind.GREEN: "绿地",
    LayerKind.PLAZA: "广场",
    LayerKind.SPORT: "运动场地",
    LayerKind.PARKING: "停车场",
    LayerKind.WATER: "水面",
    LayerKind.PATH: "步道",
    LayerKind.ROAD: "道路",
    LayerKind.BUILDING: "建筑",
    LayerKind.TREE: "树木",
    LayerKind.FACILITY: "设施",
    LayerKind.OVERLAY: "叠加图",
}

MESSAGES = {
    "restricted_area": "这里不便标注：%(reason)s。请换一个位置，或致电社区说明。",
    "bad_slug": "地址只能用 2 至 60 个小写字母、数字和连字符。",
    "slug_taken": "这个地址已经有街区在用。",
    "boundary_needed": "请提供街区边界（一个或几个面）。",
    "boundary_invalid": "边界图形有交叉，请在制图软件里修正。",
    "grid_number_missing": "第 %(line)s 个网格没有编号。",
    "grid_number_twice": "网格编号 %(number)s 出现了两次。",
    "reason_needed": "请写明理由。",
    "layer_not_found": "没有这个图层。",
    "file_missing": "请选择文件。",
    "file_too_large": "文件超过 %(megabytes)s MB。",
    "file_unreadable": "读不出这个文件：%(reason)s。",
    "file_kind": "只接受 GeoJSON、GeoPackage、压缩的 Shapefile、KML 或 CSV。",
    "file_empty": "文件里没有任何图形。",
    "file_far": "图形不在街区附近。坐标系可能填错了，按 %(best)s 更合适。",
    "feature_invalid": "第 %(line)s 个图形有问题：%(reason)s。",
    "import_not_ready": "这份文件还没有读完，或已处理过。",
}
