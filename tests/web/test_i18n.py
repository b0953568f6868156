import pytest

from planner.web.i18n import choose


@pytest.mark.parametrize(
    ("cookie", "query", "accepted", "chosen"),
    [
        (None, None, ["zh-CN", "zh", "en"], "zh"),
        (None, None, ["zh-HK"], "zh"),
        (None, None, ["zh-Hans-CN"], "zh"),
        (None, None, ["en-GB", "zh"], "en"),
        (None, None, ["fr", "de"], "zh"),
        (None, None, [], "zh"),
        ("en", None, ["zh"], "en"),
        ("en", "zh", ["en"], "zh"),
        ("xx", "yy", ["en"], "en"),
    ],
)
def test_choose_when_wishes_differ_then_own_choice_first_and_chinese_last(
    cookie, query, accepted, chosen
):
    assert choose(cookie, query, accepted) == chosen
