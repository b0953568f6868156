"""Settings of the installation, read once from the environment (table in docs/operators.md)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from .errors import PlannerError

PACKAGE_DIR = Path(__file__).resolve().parents[1]


class SettingsError(PlannerError):
    """A setting is missing or unsafe; the process must not start."""

    code = "settings"

    def __init__(self, message: str) -> None:
        super().__init__(message=message)
        self.message = message

    def __str__(self) -> str:
        return self.message


def resource_dir(name: str) -> Path:
    """Directory `static`, `migrations` or `seed`: the checkout's first, else the wheel's copy."""
    checkout = PACKAGE_DIR.parent / name
    if (PACKAGE_DIR.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    return PACKAGE_DIR / "_bundled" / name


@dataclass(frozen=True, slots=True)
class Settings:
    """One frozen value; nothing reads the environment after start."""

    env: str = "development"
    data_dir: Path = field(default_factory=lambda: Path("var").resolve())
    database_url: str = ""
    secret_key: str = ""
    storage_url: str = ""
    notify_urls: tuple[str, ...] = ()
    identity: str = "none"
    basemap_tiles: str = ""
    basemap_attribution: str = ""
    basemap_review_number: str = ""
    hosts: tuple[str, ...] = ()
    proxies: int = 0
    secure_cookies: bool = False
    receipt_key: bytes = b""

    @property
    def is_production(self) -> bool:
        """Whether unsafe defaults are refused."""
        return self.env == "production"


def load_settings(environ: dict[str, str]) -> Settings:
    """Read `PLANNER_*`; raise `SettingsError` in plain words when something is missing or unsafe."""
    env = _one_of(environ, "PLANNER_ENV", ("development", "production"))
    if env == "production":
        _refuse_unsafe(environ)
    data_dir = _writable(Path(environ.get("PLANNER_DATA_DIR") or "var").resolve())
    return Settings(
        env=env,
        data_dir=data_dir,
        database_url=_database_url(environ, data_dir),
        secret_key=environ.get("PLANNER_SECRET_KEY") or _kept_secret(data_dir / "secret.key"),
        storage_url=environ.get("PLANNER_STORAGE_URL") or str(data_dir / "photos"),
        notify_urls=tuple(environ.get("PLANNER_NOTIFY_URLS", "").split()),
        identity=_one_of(environ, "PLANNER_IDENTITY", ("none",)),
        basemap_tiles=environ.get("PLANNER_BASEMAP_TILES", ""),
        basemap_attribution=environ.get("PLANNER_BASEMAP_ATTRIBUTION", ""),
        basemap_review_number=environ.get("PLANNER_BASEMAP_REVIEW_NUMBER", ""),
        hosts=tuple(environ.get("PLANNER_HOSTS", "").split()),
        proxies=int(_one_of(environ, "PLANNER_PROXIES", ("0", "1", "2", "3"))),
        secure_cookies=_one_of(
            environ, "PLANNER_SECURE_COOKIES", ("1", "0") if env == "production" else ("0", "1")
        )
        == "1",
        receipt_key=_key(
            environ.get("PLANNER_RECEIPT_KEY") or _kept_secret(data_dir / "receipt.key")
        ),
    )


def _one_of(environ: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The value, the first choice when there is none."""
    value = environ.get(name) or choices[0]
    if value not in choices:
        raise SettingsError(f"{name} must be {' or '.join(choices)} in this version")
    return value


def _refuse_unsafe(environ: dict[str, str]) -> None:
    if len(environ.get("PLANNER_SECRET_KEY", "")) < 32:
        raise SettingsError(
            "PLANNER_SECRET_KEY with at least 32 characters is required in production"
        )
    if not environ.get("PLANNER_HOSTS", "").split():
        raise SettingsError(
            "PLANNER_HOSTS is required in production: the names people type, with blanks between"
        )


def _database_url(environ: dict[str, str], data_dir: Path) -> str:
    url = environ.get("PLANNER_DATABASE_URL") or f"sqlite:///{data_dir / 'planner.sqlite'}"
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("PLANNER_DATABASE_URL must begin with sqlite:/// or postgresql://")
    return url


def _writable(data_dir: Path) -> Path:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / ".writable").touch()
        (data_dir / ".writable").unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"PLANNER_DATA_DIR {data_dir} cannot be written to") from error
    return data_dir


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < 32:
        raise SettingsError("PLANNER_RECEIPT_KEY must be at least 64 hexadecimal digits")
    return key


def _kept_secret(path: Path) -> str:
    """A random key kept in the data directory, readable by its owner only."""
    if not path.exists():
        staged = path.with_suffix(f".{secrets.token_hex(4)}")
        staged.touch(mode=0o600)
        staged.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(staged)
        except FileExistsError:
            pass
        finally:
            staged.unlink()
    return path.read_text().strip()
