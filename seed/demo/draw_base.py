"""Draws the demo neighborhood: invented streets at a real extent, marked 示意; always the same.

Run `python seed/demo/draw_base.py` to write `seed/demo/base/*.geojson`. Local metres (x east, y north, origin
at the south-west corner) are turned by a few degrees and laid at 118.7495 E, 32.0655 N.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent / "base"
LON, LAT = 118.7495, 32.0655
M_LON, M_LAT = 94_340.0, 110_890.0
TURN = -3.0
RANDOM = random.Random(20260918)
Feature = tuple[BaseGeometry, dict[str, Any]]


def place(geom: BaseGeometry) -> BaseGeometry:
    """Local metres to WGS84 with 6 decimals."""
    turned = affinity.rotate(geom, TURN, origin=(495, 332))
    moved = affinity.affine_transform(turned, [1 / M_LON, 0, 0, 1 / M_LAT, LON, LAT])
    return shapely.set_precision(moved, 1e-6, mode="pointwise")


def write(name: str, features: Iterable[Feature]) -> None:
    """One GeoJSON file, one feature a line."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(place(geom))),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for geom, properties in features
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    (HERE / f"{name}.geojson").write_text(text, encoding="utf-8")


def box(x: float, y: float, width: float, height: float, angle: float = 0) -> shapely.Polygon:
    """A rectangle from its south-west corner."""
    made = shapely.box(x, y, x + width, y + height)
    return affinity.rotate(made, angle, origin="center") if angle else made


def line(*points: tuple[float, float]) -> shapely.LineString:
    """A line through points."""
    return shapely.LineString(points)


AVENUES = [
    ("西沿路", line((8, -230), (8, 900)), 16),
    ("听雨路", line((330, -230), (330, 900)), 14),
    ("砚山路", line((640, -230), (640, 900)), 14),
    ("东沿路", line((982, -230), (982, 900)), 18),
    ("南沿街", line((-230, 8), (1220, 8)), 18),
    ("半亩街", line((-40, 235), (1220, 235)), 13),
    ("银杏路", line((-40, 450), (1220, 450)), 13),
    ("北沿街", line((-230, 657), (1220, 657)), 16),
]
LANES = [
    ("槐荫巷", line((330, 345), (640, 345)), 6),
    ("石榴巷", line((470, 235), (470, 345)), 4),
    ("棠梨巷", line((165, 235), (165, 450)), 5),
    ("晨露巷", line((810, 8), (810, 235)), 6),
    ("桂语巷", line((490, 450), (490, 657)), 5),
    ("学前巷", line((810, 235), (810, 345)), 6),
]
STREETS = [*AVENUES, *LANES]
CARRIAGEWAY = shapely.union_all([geom.buffer(width / 2 + 3) for _, geom, width in STREETS])

# estate code, name, built, area, rows of slabs (x, y, count, step, width, depth), households
ESTATES = [
    ("yxl", "银杏里小区", 1984, box(345, 356, 282, 86), [(356, 418, 4, 68, 52, 12), (356, 389, 4, 68, 52, 12), (424, 361, 1, 68, 120, 12)], 312),
    ("nc", "南窗小区", 1992, box(20, 24, 130, 200), [(32, 196, 2, 60, 46, 12), (32, 160, 2, 60, 46, 12), (32, 124, 2, 60, 46, 12)], 248),
    ("sly", "石榴院", 1936, box(478, 246, 84, 88), [], 14),
    ("mxl", "梅香里小区", 1988, box(20, 246, 136, 194), [(32, 416, 2, 62, 48, 12), (32, 384, 2, 62, 48, 12), (32, 352, 2, 62, 48, 12), (32, 320, 2, 62, 48, 12), (32, 288, 2, 62, 48, 12), (32, 256, 2, 62, 48, 12)], 340),
    ("tly", "棠梨苑", 1996, box(174, 246, 146, 194), [(184, 416, 2, 66, 54, 13), (184, 380, 2, 66, 54, 13), (184, 344, 2, 66, 54, 13), (184, 308, 2, 66, 54, 13), (184, 272, 2, 66, 54, 13)], 330),
    ("zyy", "竹影苑", 2001, box(20, 462, 300, 186), [(34, 622, 4, 70, 54, 13), (34, 586, 4, 70, 54, 13), (34, 550, 4, 70, 54, 13), (34, 514, 4, 70, 54, 13), (34, 476, 4, 70, 54, 13)], 480),
    ("gyl", "桂语里小区", 1990, box(342, 462, 140, 186), [(352, 624, 2, 66, 50, 12), (352, 592, 2, 66, 50, 12), (352, 560, 2, 66, 50, 12), (352, 528, 2, 66, 50, 12), (352, 496, 2, 66, 50, 12)], 260),
    ("sgy", "松光苑", 1998, box(498, 462, 132, 186), [(508, 624, 2, 62, 48, 12), (508, 592, 2, 62, 48, 12), (508, 560, 2, 62, 48, 12), (508, 528, 2, 62, 48, 12)], 206),
    ("hyl", "荷影里小区", 1994, box(652, 462, 320, 186), [(664, 622, 4, 76, 58, 12), (664, 588, 4, 76, 58, 12), (664, 554, 4, 76, 58, 12)], 136),
]
SHOPHOUSE = ("hy8", "槐荫巷8号楼", box(345, 316, 118, 15), 124)
COURTS = [box(484, 304, 24, 24), box(514, 304, 24, 24), box(496, 262, 26, 26)]
OTHER = [
    ("school-a", "街区小学教学楼", "school", box(660, 318, 92, 15)),
    ("school-b", "街区小学综合楼", "school", box(660, 262, 15, 48)),
    ("school-c", "街区小学南楼", "school", box(684, 262, 68, 14)),
    ("market", "晨露便民菜场", "market", box(660, 150, 92, 44)),
    ("design", "砚山设计公司", "office", box(832, 122, 96, 26)),
    ("design-b", "砚山设计公司北楼", "office", box(832, 178, 60, 20)),
    ("garage", "旧车库", "other", box(572, 316, 18, 10)),
    ("canteen", "银杏里助餐点", "market", box(598, 314, 26, 14)),
    ("hall", "街区文化站", "office", box(352, 150, 60, 26)),
    ("nursery", "荷影里托育点", "school", box(664, 480, 58, 22)),
    ("clinic", "听雨路卫生站", "office", box(180, 178, 46, 20)),
    ("library", "社区图书屋", "office", box(872, 300, 58, 22)),
    ("gym", "社区健身馆", "office", box(872, 372, 70, 34)),
]


def slabs() -> list[tuple[str, str, shapely.Polygon]]:
    """(estate, number, footprint) of every apartment slab."""
    made = []
    for code, _, _, _, rows, _ in ESTATES:
        number = 0
        for x, y, count, step, width, depth in rows:
            for i in range(count):
                number += 1
                shift = RANDOM.uniform(-1.5, 1.5)
                made.append((code, str(number), box(x + i * step + shift, y, width, depth)))
    return made


def shares(total: int, count: int) -> list[int]:
    """`total` households over `count` buildings, as even as whole numbers allow."""
    base, rest = divmod(total, count)
    return [base + (i < rest) for i in range(count)]


def buildings() -> list[Feature]:
    """Every building with households and floor area; 2,450 households in all."""
    made: list[Feature] = []
    homes = slabs()
    for code, name, _, _, _, households in ESTATES:
        own = [(n, geom) for c, n, geom in homes if c == code]
        for (number, geom), share in zip(own, shares(households, len(own) or 1), strict=False):
            facts = {"code": f"{code}-{number}", "name": f"{name}{number}栋", "estate": code, "class": "home"}
            made.append((geom, {**facts, "households": share, "floor_area_m2": round(geom.area * 6 * 0.9, 2)}))
    for i, (geom, share) in enumerate(zip(COURTS, shares(14, 3), strict=True), start=1):
        yard = geom.difference(geom.buffer(-7, join_style="mitre"))
        facts = {"code": f"sly-{i}", "name": f"石榴院{i}号", "estate": "sly", "class": "heritage"}
        made.append((yard, {**facts, "households": share, "floor_area_m2": round(yard.area * 1.4, 2)}))
    code, name, geom, share = SHOPHOUSE
    facts = {"code": code, "name": name, "estate": "", "class": "home"}
    made.append((geom, {**facts, "households": share, "floor_area_m2": round(geom.area * 6.5, 2)}))
    for code, name, kind, geom in OTHER:
        facts = {"code": code, "name": name, "estate": "", "class": kind}
        made.append((geom, {**facts, "households": 0, "floor_area_m2": round(geom.area * 2, 2)}))
    return made


GREENS = [
    ("半亩园小游园", box(184, 24, 70, 30).union(box(184, 54, 38, 14)), "green"),
    ("听雨角口袋公园", box(296, 208, 24, 17.5), "green"),
    ("", box(345, 24, 100, 26), "green"),
    ("", box(842, 246, 126, 40), "green"),
    ("", box(174, 70, 146, 96), "green"),
    ("", box(654, 512, 150, 34), "green"),
    ("", box(560, 246, 70, 58), "green"),
]
PLAZAS = [("百步广场", box(470, 130, 36, 25)), ("", box(345, 60, 240, 60)), ("说事亭前小场地", box(600, 296, 22, 14))]
SPORTS = [("街区小学操场", box(766, 256, 34, 80)), ("", box(880, 336, 60, 28)), ("", box(202, 30, 26, 16))]
PARKINGS = [("砚山设计公司停车场", box(832, 44, 132, 64)), ("晨露便民菜场停车场", box(660, 70, 110, 66)), ("", box(730, 516, 66, 26))]
POND = shapely.Point(246, 118).buffer(26).union(shapely.Point(278, 108).buffer(18)).simplify(0.8)
PATHS = [
    line((180, 74), (206, 100), (222, 140), (262, 152), (310, 130), (316, 78)),
    line((186, 62), (220, 40), (250, 28)),
    line((846, 250), (900, 270), (964, 280)),
    line((470, 142), (400, 110), (346, 92)),
    line((506, 142), (560, 96), (584, 64)),
    line((658, 516), (700, 540), (800, 530)),
    line((562, 250), (590, 280), (628, 300)),
]


def blocks() -> list[Feature]:
    """The paper-white blocks between the streets, also those beyond the boundary."""
    ground = shapely.box(-230, -230, 1220, 900)
    left = ground.difference(shapely.union_all([g.buffer(w / 2 + 4) for _, g, w in AVENUES]))
    parts = [part.buffer(-2).buffer(2) for part in left.geoms if part.area > 800]
    return [(part.simplify(0.5), {"class": "block"}) for part in parts]


def context() -> list[Feature]:
    """Houses beyond the boundary, so that the map's edge is never bare."""
    made: list[Feature] = []
    zones = [(-225, -225, 1440, 215), (-225, 672, 1440, 225), (1000, 20, 218, 630), (-30, 20, 20, 10)]
    for zx, zy, width, height in zones:
        y = zy + 12
        while y < zy + height - 18:
            x = zx + 14
            while x < zx + width - 60:
                slab = box(x, y, RANDOM.choice((44, 50, 56)), 12, RANDOM.uniform(-2, 2))
                if not slab.buffer(4).intersects(CARRIAGEWAY) and RANDOM.random() < 0.86:
                    made.append((slab, {"class": "building-home"}))
                x += 72
            y += 34
    return made


def trees(houses: list[Feature]) -> list[Feature]:
    """Plane trees along the avenues, and others wherever there is room."""
    taken = shapely.union_all([geom.buffer(2.2) for geom, _ in houses])
    water = POND.buffer(1)
    made: list[Feature] = []

    def plant(x: float, y: float, radius: float) -> None:
        point = shapely.Point(x, y)
        if not point.intersects(taken) and not point.intersects(water):
            spot = shapely.Point(round(x, 1), round(y, 1))
            made.append((spot, {"class": "tree", "r_m": round(radius, 1)}))

    for _, geom, width in AVENUES:
        for side in (-1, 1):
            edge = geom.parallel_offset(width / 2 + 3.2, "left" if side > 0 else "right")
            for at in range(4, int(edge.length), 14):
                point = edge.interpolate(at + RANDOM.uniform(-1, 1))
                if -60 < point.x < 1060 and -60 < point.y < 730:
                    plant(point.x, point.y, RANDOM.uniform(2.8, 3.8))
    for _, geom, _ in GREENS:
        west, south, east, north = geom.bounds
        for _ in range(int(geom.area / 70)):
            x, y = RANDOM.uniform(west, east), RANDOM.uniform(south, north)
            if geom.buffer(-2).contains(shapely.Point(x, y)):
                plant(x, y, RANDOM.uniform(1.8, 3.6))
    for _, _, _, area, _, _ in ESTATES:
        west, south, east, north = area.bounds
        for _ in range(int(area.area / 330)):
            plant(RANDOM.uniform(west, east), RANDOM.uniform(south, north), RANDOM.uniform(1.4, 2.6))
    return made


def cells() -> tuple[list[Feature], list[Feature], shapely.Polygon]:
    """Twelve cells that tile the boundary exactly, and the three communities of four cells each."""
    xs, ys = [0, 248, 497, 742, 990], [0, 235, 450, 665]
    names = [("wt", "梧桐社区"), ("hy", "槐荫社区"), ("yx", "银杏社区")]
    grid: list[Feature] = []
    committees: list[Feature] = []
    for row, (code, name) in enumerate(names):
        for column in range(4):
            number = row * 4 + column + 1
            geom = shapely.box(xs[column], ys[row], xs[column + 1], ys[row + 1])
            grid.append((geom, {"number": number, "code": f"{code}-{column + 1}", "community": code}))
        band = [(x, ys[row]) for x in xs] + [(x, ys[row + 1]) for x in reversed(xs)]
        committees.append((shapely.Polygon(band), {"code": code, "name": f"{name}（示意）"}))
    ring = [(x, 0) for x in xs] + [(990, y) for y in ys[1:]]
    ring += [(x, 665) for x in reversed(xs[:-1])] + [(0, y) for y in reversed(ys[1:-1])]
    return grid, committees, shapely.Polygon(ring)


def named(houses: list[Feature]) -> list[Feature]:
    """Names people use: crossings, lanes, gates, parks, buildings."""
    made: list[Feature] = []
    for i, (name, geom, _) in enumerate(STREETS):
        for other, crossing, _ in STREETS[i + 1 :]:
            point = geom.intersection(crossing)
            if point.geom_type == "Point" and -1 < point.x < 991 and -1 < point.y < 666:
                made.append((point, {"name": f"{name}与{other}路口", "kind": "crossing", "aliases": ""}))
    for name, geom, _ in LANES:
        made.append((geom.interpolate(0.5, normalized=True), {"name": f"{name}中段", "kind": "lane", "aliases": name}))
    for _, name, _, area, _, _ in ESTATES:
        west, south, east, _ = area.bounds
        made.append((shapely.Point((west + east) / 2, south + 1), {"name": f"{name}大门", "kind": "estate", "aliases": name}))
    for name, geom, _ in GREENS:
        if name:
            made.append((geom.representative_point(), {"name": name, "kind": "park", "aliases": "公园 小游园"}))
    for name, geom in [*PLAZAS, *PARKINGS, *SPORTS]:
        if name:
            made.append((geom.representative_point(), {"name": name, "kind": "facility", "aliases": ""}))
    for geom, facts in houses:
        if facts["class"] != "home" or facts["code"] == "hy8":
            made.append((geom.representative_point(), {"name": facts["name"], "kind": "building", "aliases": ""}))
        elif facts["code"].split("-")[0] in ("yxl", "nc"):
            made.append((geom.representative_point(), {"name": facts["name"], "kind": "building", "aliases": ""}))
    made.append((shapely.Point(611, 303), {"name": "说事亭", "kind": "venue", "aliases": "百姓说事亭"}))
    made.append((shapely.Point(756, 300), {"name": "街区小学东门", "kind": "facility", "aliases": "小学 学校 接送"}))
    return made


def main() -> None:
    """Write every file, after checking the facts the demo promises."""
    HERE.mkdir(exist_ok=True)
    houses = buildings()
    shapes = [geom for geom, _ in houses]
    for i, geom in enumerate(shapes):
        assert not any(geom.intersects(other) for other in shapes[i + 1 :]), houses[i][1]
        assert not geom.intersects(CARRIAGEWAY.buffer(-3)), houses[i][1]
    assert sum(facts["households"] for _, facts in houses) == 2450
    grid, committees, boundary = cells()
    assert math.isclose(LANES[0][1].length, 310)
    write("boundary", [(boundary, {"name": "天津新村（示意）"})])
    write("grid_cells", grid)
    write("communities", committees)
    write("estates", [(area, {"code": c, "name": n, "year": y}) for c, n, y, area, _, _ in ESTATES])
    write("buildings", houses)
    write("venues", [(shapely.Point(611, 303), {"code": "ssj", "name": "说事亭", "kind": "pavilion"}), (shapely.Point(380, 163), {"code": "mql", "name": "民情联络站", "kind": "station"})])
    write("places", named(houses))
    write("masks", [(box(930, 596, 34, 30), {"reason": "变电设施（示意）"})])
    write("poster_points", [(shapely.Point(x, y), {"code": c, "name": n}) for c, n, x, y in [("hyx", "槐荫巷口", 336, 345), ("bbgc", "百步广场", 488, 142), ("byy", "半亩园门口", 200, 26), ("dongmen", "街区小学东门", 756, 300)]])
    write("blocks", blocks())
    write("green", [(geom, {"class": kind, "name": name}) for name, geom, kind in GREENS])
    write("plazas", [(geom, {"class": "plaza", "name": name}) for name, geom in PLAZAS])
    write("sport", [(geom, {"class": "sport", "name": name}) for name, geom in SPORTS])
    write("parking", [(geom, {"class": "parking", "name": name}) for name, geom in PARKINGS])
    write("water", [(POND, {"class": "water", "name": "半亩塘"}), (line((-120, -230), (-96, 120), (-118, 420), (-90, 900)).buffer(22).simplify(0.6), {"class": "water", "name": "棠溪"})])
    write("banks", [(line((-120, -230), (-96, 120), (-118, 420), (-90, 900)).buffer(52).difference(CARRIAGEWAY).simplify(0.6), {"class": "green", "name": ""})])
    write("paths", [(geom, {"class": "path", "width_m": 2.4}) for geom in PATHS])
    write("roads", [(geom, {"class": "road", "name": name, "width_m": width}) for name, geom, width in STREETS])
    far = context()
    write("context", far)
    write("trees", trees([*houses, *far]))


if __name__ == "__main__":
    main()
