import json
import time

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planner.core.errors import Invalid, PlannerError
from planner.core.geo import Metric
from planner.core.shapes import MESSAGES, Caps, parse_json, parse_shape

EXTENT = (118.74, 32.06, 118.77, 32.08)
METRIC = Metric(32650)
HERE = [118.7527, 32.0681]


def shaped(value, **caps):
    return parse_shape(value, extent=EXTENT, metric=METRIC, caps=Caps(**caps) if caps else None)


def ring(*points):
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def refusal(value, **caps):
    with pytest.raises(Invalid) as caught:
        shaped(value, **caps)
    code = caught.value.fields["geometry"]
    assert code in MESSAGES
    return code


def test_point_when_inside_then_taken_unchanged():
    assert shaped({"type": "Point", "coordinates": HERE}) == shapely.Point(HERE)


def test_area_when_valid_then_round_trips():
    made = shaped(ring([118.75, 32.067], [118.751, 32.067], [118.751, 32.068]))
    assert made.is_valid
    assert len(made.exterior.coords) == 4


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "geometry_missing"),
        ("POINT(1 2)", "geometry_type"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_type"),
        ({"type": "MultiPoint", "coordinates": [HERE]}, "geometry_type"),
        ({"type": "Point"}, "geometry_points"),
        ({"type": "Point", "coordinates": [118.75]}, "geometry_points"),
        ({"type": "Point", "coordinates": ["118.75", "32.06"]}, "geometry_number"),
        ({"type": "Point", "coordinates": [True, False]}, "geometry_number"),
        ({"type": "Point", "coordinates": [float("nan"), 32.07]}, "geometry_number"),
        ({"type": "Point", "coordinates": [float("inf"), 32.07]}, "geometry_number"),
        ({"type": "Point", "coordinates": [10**300, 32.07]}, "geometry_number"),
        ({"type": "Point", "coordinates": [10**400, 32.07]}, "geometry_number"),
        ({"type": "Point", "coordinates": [118.75, 32.07, float("nan")]}, "geometry_number"),
        ({"type": ["Point"], "coordinates": HERE}, "geometry_type"),
        ({"type": "Point", "coordinates": [*HERE, 0, 0]}, "geometry_points"),
        ({"type": "Polygon", "coordinates": [[]]}, "geometry_points"),
        ({"type": "Polygon", "coordinates": [[HERE] * 499] * 499}, "geometry_too_many_points"),
        ({"type": "Point", "coordinates": [32.0681, 118.7527]}, "geometry_swapped"),
        ({"type": "Point", "coordinates": [0, 0]}, "geometry_far"),
        ({"type": "LineString", "coordinates": [HERE]}, "geometry_points"),
        ({"type": "LineString", "coordinates": [HERE, HERE]}, "geometry_flat"),
        ({"type": "LineString", "coordinates": [HERE] * 501}, "geometry_too_many_points"),
        ({"type": "Polygon", "coordinates": []}, "geometry_points"),
        ({"type": "Polygon", "coordinates": [[HERE] * 4]}, "geometry_flat"),
    ],
)
def test_shape_when_wrong_then_refused_with_its_reason(value, code):
    assert refusal(value) == code


def test_area_when_it_crosses_itself_then_refused():
    bow = ring([118.75, 32.067], [118.751, 32.068], [118.751, 32.067], [118.75, 32.068])
    assert refusal(bow) == "geometry_crossing"


def test_area_when_not_closed_then_refused():
    open_ring = {
        "type": "Polygon",
        "coordinates": [[[118.75, 32.067], [118.751, 32.067], [118.751, 32.068], [118.75, 32.068]]],
    }
    assert refusal(open_ring) == "geometry_open_ring"


def test_line_when_longer_than_the_cap_then_refused_with_both_numbers():
    line = {"type": "LineString", "coordinates": [[118.745, 32.067], [118.755, 32.067]]}
    assert shaped(line, line_m=1_000).length > 0
    with pytest.raises(Invalid) as caught:
        shaped(line, line_m=900)
    assert caught.value.facts["maximum"] == 900
    assert 940 < caught.value.facts["found"] < 950


def test_area_when_larger_than_the_cap_then_refused():
    field = ring([118.75, 32.067], [118.751, 32.067], [118.751, 32.068], [118.75, 32.068])
    assert refusal(field, area_m2=5_000) == "geometry_too_wide"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 123456789012345678901234567890}',
        b'{"a": 9223372036854775808}',
        b"[" * 20 + b"]" * 20,
        b"[" * 30_000,
        b"nonsense",
        b'{"a": 1e400}',
        b"[-1e99999]",
        b'{"a": {"b": 1, "b": 2}}',
        b'{"\\ud83d": 1}',
        b"\xef\xbb\xbf{}",
        b"{} {}",
        b"1" * 60_000,
        b'"' + b'\\"' * 32_000,
        b'"\\' * 21_000,
        b'"\\\n[[[["',
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_json_when_malformed_or_hostile_then_refused_quickly(raw):
    began = time.perf_counter()
    with pytest.raises(PlannerError) as caught:
        parse_json(raw)
    assert caught.value.status == 400
    assert time.perf_counter() - began < 0.5


def test_json_when_numbers_are_at_the_safe_limit_then_taken():
    assert parse_json(b"[9007199254740992, -9007199254740992, 1e300]") == [2**53, -(2**53), 1e300]
    with pytest.raises(PlannerError):
        parse_json(b"[9007199254740993]")


@pytest.mark.parametrize(("depth", "taken"), [(12, True), (13, False)])
def test_json_when_nested_then_twelve_levels_are_the_limit(depth, taken):
    raw = b"[" * depth + b"]" * depth
    if taken:
        assert parse_json(raw)[0] is not None
    else:
        with pytest.raises(PlannerError):
            parse_json(raw)


@given(st.binary(max_size=200) | st.text('[]{}"\\,:0a', max_size=200).map(str.encode))
def test_json_when_any_bytes_then_a_value_or_a_refusal(raw):
    status = 200
    try:
        parse_json(raw)
    except PlannerError as refused:
        status = refused.status
    assert status in (200, 400)


@pytest.mark.parametrize("kind", ["Point", "LineString", "Polygon"])
def test_shape_when_nested_a_hundred_thousand_deep_then_refused_without_recursion(kind):
    bomb = 1
    for _ in range(100_000):
        bomb = [bomb]
    assert refusal({"type": kind, "coordinates": bomb}) == "geometry_points"


def test_json_when_too_large_then_413():
    with pytest.raises(PlannerError) as caught:
        parse_json(b'"' + b"a" * 70_000 + b'"')
    assert caught.value.status == 413


def test_json_when_brackets_stand_inside_text_then_not_counted():
    value = {"reason": "[" * 50 + '\\"}'}
    assert parse_json(json.dumps(value).encode()) == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    st.one_of(
        json_values,
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["Point", "LineString", "Polygon", "X"]),
                "coordinates": json_values,
            }
        ),
    )
)
def test_shape_when_any_json_then_a_geometry_or_a_refusal(value):
    try:
        made = shaped(value)
    except Invalid as refused:
        made = None
        code = refused.fields["geometry"]
    assert not made.is_empty if made else code in MESSAGES
