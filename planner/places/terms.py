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


class ImportTarget(StrEnum):
    """What a foreign file becomes; BASE is the painted map, sorted into layers by its tags."""

    BASE = "base"
    GRID = "grid"
    BUILDINGS = "buildings"
    COMMUNITIES = "communities"
    ESTATES = "estates"
    VENUES = "venues"
    PLACES = "places"
    MASKS = "masks"


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

SETTING_LABELS = {
    "organiser": "主办单位名称",
    "promise": "答复承诺",
    "contact_phone": "咨询电话",
    "map_source": "底图来源说明",
    "map_review_number": "审图号",
    "min_reason": "原因最少字数",
    "max_reason": "原因最多字数",
    "photo_count": "每条意见最多几张照片",
    "line_cap_m": "线的最大长度（米）",
    "area_cap_m2": "区域的最大面积（平方米）",
    "border_m": "离网格边界多近时请人选择（米）",
    "near_m": "多近算“附近已有意见”（米）",
    "contested_m": "多近算“同一处看法不一”（米）",
    "wide_cells": "涉及几个网格就由总设计师统筹",
    "wide_m": "超过多长就由总设计师统筹（米）",
    "small_estate_m2": "小区内多小的绿地归社区（平方米）",
    "opinion_days": "设计师意见时限（工作日）",
    "reply_days": "正式答复时限（工作日）",
    "reopen_days": "办结后多少天内可重新提出",
}
SETTING_HINTS = {
    "promise": "例如：15 个工作日内答复。居民会看到这句话。",
    "contact_phone": "居民不便上网时可以打的电话。",
    "map_source": "印在地图一角，例如数据的版权说明。",
    "map_review_number": "使用在线地图服务时填写。",
}
SETTING_GROUPS = (
    ("对外的话", ("organiser", "promise", "contact_phone", "map_source", "map_review_number")),
    ("收集意见", ("min_reason", "max_reason", "photo_count", "line_cap_m", "area_cap_m2")),
    ("距离", ("border_m", "near_m", "contested_m")),
    (
        "分派与时限",
        ("wide_cells", "wide_m", "small_estate_m2", "opinion_days", "reply_days", "reopen_days"),
    ),
)
"""How the settings stand on the page: heading and names."""

TARGET_LABELS = {
    ImportTarget.BASE: "底图（按属性自动分层）",
    ImportTarget.GRID: "网格",
    ImportTarget.BUILDINGS: "楼栋（户数、建筑面积）",
    ImportTarget.COMMUNITIES: "社区范围",
    ImportTarget.ESTATES: "小区",
    ImportTarget.VENUES: "协商阵地",
    ImportTarget.PLACES: "地名",
    ImportTarget.MASKS: "不便标注的区域",
}

STATE_LABELS = {
    ImportState.WAITING: "等待读取",
    ImportState.READING: "正在读取",
    ImportState.READY: "待确认",
    ImportState.REFUSED: "没有通过检查",
    ImportState.TAKEN: "已采用",
    ImportState.DROPPED: "已放弃",
}

DATUM_LABELS = {
    "": "按文件自带的坐标系",
    "wgs84": "WGS-84（国际通用、手机定位）",
    "cgcs2000": "CGCS2000 经纬度（国家坐标系）",
    "EPSG:4528": "CGCS2000 三度带，带号 40（EPSG:4528）",
    "EPSG:4549": "CGCS2000 三度带，中央经线 120°（EPSG:4549）",
    "gcj02": "GCJ-02（高德、腾讯地图）",
    "bd09": "BD-09（百度地图）",
}

PLACE_LABELS = {
    "lane": "街巷",
    "building": "楼栋",
    "estate": "小区",
    "park": "公园和广场",
    "crossing": "路口",
    "facility": "公共设施",
    "venue": "协商阵地",
}

SKIP_LABELS = {
    "outside": "不在街区附近，没有采用",
    "sensitive": "属于不宜上图的设施，没有采用",
    "unpainted": "没有对应的画法，没有采用",
    "shape": "图形类型不合用，没有采用",
    "unnamed": "没有名称，没有采用",
    "empty": "没有图形，没有采用",
    "kept": "新文件里没有、但已有意见或事项在用，予以保留",
}

MESSAGES = {
    "restricted_area": "这里不便标注：%(reason)s。请换一个位置，或致电社区说明。",
    "bad_slug": "地址只能用 2 至 60 个小写字母、数字和连字符。",
    "slug_taken": "这个地址已经有街区在用。",
    "boundary_needed": "请提供街区边界（一个或几个面）。",
    "boundary_too_large": "边界有 %(found)s 平方公里，最大 %(maximum)s 平方公里。是不是选成了整个区？",
    "boundary_invalid": "边界图形有交叉，请在制图软件里修正。",
    "grid_number_twice": "网格编号 %(number)s 出现了两次。",
    "layer_not_found": "没有这个图层。",
    "file_missing": "请选择文件。",
    "file_too_large": "文件超过 %(megabytes)s MB。",
    "file_unreadable": "读不出这个文件：可能已损坏，或内容与类型不符。",
    "file_kind": "只接受 GeoJSON、GeoPackage、压缩的 Shapefile、KML 或 CSV。",
    "file_json": "第 %(line)s 行不是有效的 JSON。",
    "file_empty": "文件里没有可用的图形。",
    "file_far": "图形都不在街区附近。坐标系可能填错了。",
    "file_too_costly": "文件太复杂，读取超过了时间或内存限制。请拆成几份。",
    "reader_died": "读取中断了。文件可能已损坏，请检查后重新上传。",
    "archive_members": "压缩包里的文件太多，最多 %(maximum)s 个。",
    "archive_path": "压缩包里有不安全的路径、加密或链接文件，已拒绝。",
    "archive_bomb": "压缩包解开后太大，已拒绝。",
    "too_many_features": "图形太多，一份文件最多 %(maximum)s 个。请拆成几份。",
    "too_many_points": "图形的点太多，一份文件最多 %(maximum)s 个点。请先化简。",
    "csv_columns": "CSV 里要有经度、纬度两列（lon、lat 或 经度、纬度），或一列 WKT。",
    "crs_unknown": "不认识文件自带的坐标系“%(found)s”，请先转换成 WGS-84 或 CGCS2000。",
    "crs_mixed": "一份文件里有几种坐标系（%(found)s），请分开导入。",
    "crs_needed": "文件没有说明坐标系，请在这里选一种。",
    "crs_contradicts": "文件自带的坐标系是 %(found)s，与所选的 %(declared)s 不一致。",
    "features_faulty": "有 %(number)s 个图形有问题，整份文件都没有采用。请改好后重新上传。",
    "feature_line": "第 %(line)s 个图形：%(reason)s",
    "row_line": "第 %(line)s 行：%(reason)s",
    "feature_broken": "这不是一个图形要素。",
    "feature_far": "离街区太远（约 %(metres)s 米）。",
    "geometry_kind": "不支持的图形类型 %(found)s，只能是点、线、面。",
    "geometry_text": "WKT 图形文字读不懂。",
    "shape_area": "这里要的是面。",
    "number_missing": "没有编号。",
    "number_bad": "“%(found)s”不是可用的数字。",
    "code_twice": "编号 %(found)s 出现了两次。",
    "name_missing": "没有名称。",
    "import_doubtful": "坐标系存疑，请先核对；确认无误再勾选“我已核对坐标系”。",
    "import_gone": "这份文件已经处理过了。",
    "place_not_found": "没有这一条，可能已被删除。",
    "place_outside": "这个位置不在街区范围内。",
    "imports_waiting": "还有 %(maximum)s 份文件没有处理完，请先确认或放弃。",
    "radius_range": "半径请填 %(low)s 至 %(high)s 米。",
    "import_not_ready": "这份文件还没有读完，或已处理过。",
}
