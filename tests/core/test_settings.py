"""Settings: what is refused in plain words, what is kept where nothing is set."""

import pytest

from planner.core.settings import Settings, SettingsError, load_settings


def load(tmp_path, **over: str) -> Settings:
    return load_settings({"PLANNER_DATA_DIR": str(tmp_path / "var"), **over})


def test_settings_when_nothing_is_set_then_development_on_spatialite(tmp_path):
    made = load(tmp_path)
    assert not made.is_production
    assert made.database_url == f"sqlite:///{tmp_path / 'var' / 'planner.sqlite'}"
    assert not made.secure_cookies
    assert len(made.receipt_key) == 32


def test_keys_when_loaded_again_then_the_same_and_private(tmp_path):
    first, second = load(tmp_path), load(tmp_path)
    assert (first.secret_key, first.receipt_key) == (second.secret_key, second.receipt_key)
    for name in ("secret.key", "receipt.key"):
        assert (tmp_path / "var" / name).stat().st_mode & 0o777 == 0o600


PRODUCTION = {
    "PLANNER_ENV": "production",
    "PLANNER_SECRET_KEY": "k" * 32,
    "PLANNER_HOSTS": "jiequ.example www.jiequ.example",
}


def test_production_when_complete_then_secure(tmp_path):
    made = load(tmp_path, **PRODUCTION)
    assert made.is_production
    assert made.secure_cookies
    assert made.hosts == ("jiequ.example", "www.jiequ.example")
    assert not (tmp_path / "var" / "secret.key").exists()


@pytest.mark.parametrize("missing", ["PLANNER_SECRET_KEY", "PLANNER_HOSTS"])
def test_production_when_something_is_missing_then_refused_by_name(tmp_path, missing):
    with pytest.raises(SettingsError, match=missing):
        load(tmp_path, **{**PRODUCTION, missing: ""})


def test_postgres_when_named_shortly_then_with_our_driver(tmp_path):
    made = load(tmp_path, PLANNER_DATABASE_URL="postgresql://u@h/d")
    assert made.database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLANNER_ENV", "staging"),
        ("PLANNER_DATABASE_URL", "mysql://u@h/d"),
        ("PLANNER_PROXIES", "-1"),
        ("PLANNER_PROXIES", "two"),
        ("PLANNER_SECURE_COOKIES", "yes"),
        ("PLANNER_IDENTITY", "phone"),
        ("PLANNER_RECEIPT_KEY", "abc"),
        ("PLANNER_RECEIPT_KEY", "ab" * 16),
        ("PLANNER_DATA_DIR", "/proc/nowhere"),
    ],
)
def test_setting_when_wrong_then_refused_by_name(tmp_path, name, value):
    with pytest.raises(SettingsError, match=name):
        load(tmp_path, **{name: value})
