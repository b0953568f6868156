import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.core.codes import normalise_receipt, public_code, receipt_code, receipt_hash
from planner.core.errors import Invalid
from planner.core.text import clean_name, clean_reason, neutral_cell, restore_cell


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("好", "too_short"),
        ("！！！！！", "too_short"),
        ("路" * 1001, "too_long"),
        ("路灯\x00不亮", "bad_characters"),
        ("路灯\u202e不亮", "bad_characters"),
        ("路灯\ud800不亮", "bad_characters"),
    ],
)
def test_reason_when_it_cannot_be_taken_then_its_code(text, code):
    with pytest.raises(Invalid) as caught:
        clean_reason(text)
    assert caught.value.fields == {"reason": code}


def test_reason_when_good_then_normalised():
    assert clean_reason("  路灯太暗了\r\n看不清 ") == "路灯太暗了\n看不清"
    assert clean_reason("cafe\u0301 很吵") == "caf\u00e9 很吵"


def test_name_when_it_has_line_breaks_then_one_line():
    assert clean_name("银杏里\n  小区", field="name") == "银杏里 小区"


@given(st.text())
def test_cell_when_neutralised_then_restored_and_no_formula(text):
    cell = neutral_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert restore_cell(cell) == text


def test_receipt_when_typed_by_hand_then_found_again():
    code = receipt_code(b"key", uuid.UUID(int=7))
    assert code == receipt_code(b"key", uuid.UUID(int=7))
    assert code != receipt_code(b"other", uuid.UUID(int=7))
    typed = code.lower().replace("-", " ").replace("0", "o")
    assert normalise_receipt(typed) == code
    assert normalise_receipt("ＡＢ") is None
    assert len(receipt_hash(code)) == 32


def test_public_code_when_made_then_speakable():
    assert set(public_code("M")[2:]) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
