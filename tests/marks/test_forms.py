"""What is sent, read as one input value; wrong fields are named."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from planner.core.errors import BadRequest, Invalid
from planner.marks import forms
from planner.marks.schemas import FILTERS
from planner.marks.terms import Channel, MarkStatus, PinOrigin
from planner.routing.terms import MarkKind
from tests.factories.marks import feature, point


def refused(body) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        forms.mark_from_json(body, uuid4())
    return caught.value.fields


def test_feature_when_well_formed_then_one_input() -> None:
    key = uuid4()
    made = forms.mark_from_json(feature(grid=2, chips=["dp1"], secret="s" * 16), key)
    assert made.uuid == key
    assert (made.kind, made.topic, made.grid) == (MarkKind.DISLIKE, "parking", 2)
    assert (made.chips, made.channel, made.pin_origin) == (("dp1",), Channel.WEB, PinOrigin.MAP)
    assert made.geometry == point()


@pytest.mark.parametrize("name", ["owner", "status", "tier", "seat", "case", "device", "code"])
def test_feature_when_it_names_what_is_ours_then_ignored(name) -> None:
    plain = forms.mark_from_json(feature(), uuid4())
    more = forms.mark_from_json(feature(**{name: "published"}), plain.uuid)
    assert more == plain
    assert more.body_hash == plain.body_hash


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"kind": "hate"}, {"kind": "kind_missing"}),
        ({"kind": 3}, {"kind": "kind_missing"}),
        ({"kind": None}, {"kind": "kind_missing"}),
        ({"origin": "import"}, {"origin": "not_a_choice"}),
        ({"origin": "telepathy"}, {"origin": "not_a_choice"}),
        ({"reason": 5}, {"reason": "invalid_value"}),
        ({"reason": "长" * 5_001}, {"reason": "too_long"}),
        ({"topic": "x" * 41}, {"topic": "too_long"}),
        ({"chips": ["a"] * 7}, {"chips": "too_long"}),
        ({"chips": [7]}, {"chips": "invalid_value"}),
        ({"secret": "short"}, {"secret": "too_short"}),
        ({"grid": -1}, {"grid": "grid_not_near"}),
        ({"grid": "2"}, {"grid": "grid_not_near"}),
        ({"grid": True}, {"grid": "grid_not_near"}),
    ],
)
def test_feature_when_a_property_is_wrong_then_named(over, fields) -> None:
    found = refused(feature(**over))
    assert found.keys() == fields.keys()
    if over.get("chips") != ["a"] * 7:
        assert found == fields


@pytest.mark.parametrize("body", [None, [], "x", 1, {"type": "FeatureCollection"}])
def test_body_when_no_feature_then_named(body) -> None:
    assert refused(body) == {"type": "not_a_feature"}


def test_body_when_without_properties_then_named() -> None:
    assert refused({"type": "Feature", "geometry": point()}) == {"properties": "missing"}
    assert refused({"type": "Feature", "properties": []}) == {"properties": "invalid_value"}


def test_body_hash_when_keys_are_ordered_otherwise_then_the_same() -> None:
    key = uuid4()
    one = forms.mark_from_json(feature({"type": "Point", "coordinates": [1.0, 2.0]}), key)
    other = forms.mark_from_json(feature({"coordinates": [1.0, 2.0], "type": "Point"}), key)
    assert one.body_hash == other.body_hash


@pytest.mark.parametrize("header", [None, "", "x", "123", "g" * 32])
def test_key_when_no_uuid_then_bad_request(header) -> None:
    with pytest.raises(BadRequest) as caught:
        forms.key_from(header)
    assert caught.value.code == "idempotency_key_missing"


def test_form_when_sent_then_the_same_input() -> None:
    key = uuid4()
    sent = MultiDict([("key", str(key)), ("kind", "like"), ("chips", "a"), ("chips", "b")])
    made = forms.mark_from_form(sent, point())
    assert (made.uuid, made.kind, made.chips) == (key, MarkKind.LIKE, ("a", "b"))
    assert (made.channel, made.pin_origin) == (Channel.FORM, PinOrigin.LIST)


def filters(**args: str) -> forms.FilterForm:
    return forms.filters_from(args)


def test_filters_when_days_then_whole_local_days() -> None:
    made = filters(since="2026-09-21", until="2026-09-21").filters
    assert made.since == datetime(2026, 9, 20, 16, tzinfo=UTC)
    assert made.until == datetime(2026, 9, 21, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-21T08:00:00+08:00",
        "2026-09-21T08:00:00 08:00",
        "2026-09-21T00:00:00Z",
        "2026-09-21t00:00:00z",
        "2026-09-20T20:00:00.000-04:00",
    ],
)
def test_filters_when_instants_then_that_instant(text) -> None:
    wanted = datetime(2026, 9, 21, tzinfo=UTC)
    assert filters(since=text).filters.since == wanted
    assert filters(until=text).filters.until == wanted


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-13-01",
        "2026-02-30",
        "2026-09-21x",
        "2026-09-21T08:00:00",
        "2026-09-21T25:00:00Z",
        "0001-01-01",
        "9999-12-31",
        "9999-12-31T23:59:59-23:00",
        "２０２６-09-21",
    ],
)
def test_filters_when_no_date_then_named(text) -> None:
    for name in ("since", "until"):
        with pytest.raises(Invalid) as caught:
            filters(**{name: text})
        assert caught.value.fields == {name: "not_a_date"}


@pytest.mark.parametrize(
    ("args", "fields"),
    [
        ({"kind": "like,hate"}, {"kind": "not_a_choice"}),
        ({"status": "secret"}, {"status": "not_a_choice"}),
        ({"tier": "district"}, {"tier": "not_a_choice"}),
        ({"tier": "total,street"}, {"tier": "not_a_choice"}),
        ({"grid": "²"}, {"grid": "not_a_number"}),
        ({"grid": "9" * 30}, {"grid": "not_a_number"}),
        ({"grid": "-1"}, {"grid": "not_a_number"}),
        ({"bbox": "1,2,3"}, {"bbox": "not_a_box"}),
        ({"bbox": "nan,0,1,1"}, {"bbox": "not_a_box"}),
        ({"bbox": "inf,0,1,1"}, {"bbox": "not_a_box"}),
        ({"bbox": "2,0,1,1"}, {"bbox": "not_a_box"}),
        ({"bbox": "0,0,181,1"}, {"bbox": "not_a_box"}),
        ({"topic": "a\x00b"}, {"topic": "bad_characters"}),
        ({"q": "\x00"}, {"q": "bad_characters"}),
        ({"q": "\ud800"}, {"q": "bad_characters"}),
        ({"topic": ",".join(map(str, range(41)))}, {"topic": "too_long"}),
        ({"kind": "x", "grid": "y"}, {"kind": "not_a_choice", "grid": "not_a_number"}),
    ],
)
def test_filters_when_a_value_cannot_be_meant_then_named(args, fields) -> None:
    with pytest.raises(Invalid) as caught:
        filters(**args)
    assert caught.value.fields == fields


def test_filters_when_all_are_given_then_all_are_repeated() -> None:
    args = {
        "bbox": "118,32,119,33",
        "kind": "like,dislike",
        "topic": "parking",
        "tier": "street",
        "grid": "3",
        "status": "published",
        "since": "2026-09-01",
        "until": "2026-09-30",
        "q": "停车",
    }
    made = forms.filters_from({**args, "page": "2", "utm": "x"})
    assert made.args == args
    assert made.args.keys() == FILTERS.keys()
    assert made.filters.statuses == (MarkStatus.PUBLISHED,)
    assert made.filters.kinds == (MarkKind.LIKE, MarkKind.DISLIKE)


@drawn(st.dictionaries(st.sampled_from(sorted(FILTERS)), st.text(max_size=40)))
def test_filters_when_anything_at_all_then_read_or_refused_by_name(args) -> None:
    wrong: dict[str, str] = {}
    try:
        forms.filters_from(args)
    except Invalid as refusal:
        wrong = refusal.fields
    assert wrong.keys() <= FILTERS.keys()


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "x", "²", " ", "9" * 18, "1001"])
def test_whole_number_when_out_of_its_limits_then_named(text) -> None:
    with pytest.raises(Invalid) as caught:
        forms.whole_number({"limit": text}, "limit", 100, 1, 1000)
    assert caught.value.fields == {"limit": "not_a_number"}


def test_whole_number_when_absent_then_the_default() -> None:
    assert forms.whole_number({}, "limit", 100, 1, 1000) == 100
    assert forms.whole_number({"limit": ""}, "limit", 100, 1, 1000) == 100
    assert forms.whole_number({"limit": "7"}, "limit", 100, 1, 1000) == 7
