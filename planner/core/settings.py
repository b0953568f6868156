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
    read_database_url: str = ""
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
    env = environ.get("PLANNER_ENV", "development")
    if env not in ("development", "production"):
        raise SettingsError("PLANNER_ENV must be development or production")
    data_dir = Path(environ.get("PLANNER_DATA_DIR", "var")).resolve()
    identity = environ.get("PLANNER_IDENTITY", "none")
    if identity not in ("none", "phone", "unified"):
        raise SettingsError("PLANNER_IDENTITY must be none, phone or unified")
    if env == "production" and len(environ.get("PLANNER_SECRET_KEY", "")) < 32:
        raise SettingsError(
            "PLANNER_SECRET_KEY with at least 32 characters is required in production"
        )
    data_dir.mkdir(parents=True, exist_ok=True)
    secret = environ.get("PLANNER_SECRET_KEY") or _kept_secret(data_dir / "secret.key")
    return Settings(
        env=env,
        data_dir=data_dir,
        database_url=environ.get("PLANNER_DATABASE_URL")
        or f"sqlite:///{data_dir / 'planner.sqlite'}",
        read_database_url=environ.get("PLANNER_READ_DATABASE_URL", ""),
        secret_key=secret,
        storage_url=environ.get("PLANNER_STORAGE_URL") or str(data_dir / "photos"),
        notify_urls=tuple(environ.get("PLANNER_NOTIFY_URLS", "").split()),
        identity=identity,
        basemap_tiles=environ.get("PLANNER_BASEMAP_TILES", ""),
        basemap_attribution=environ.get("PLANNER_BASEMAP_ATTRIBUTION", ""),
        basemap_review_number=environ.get("PLANNER_BASEMAP_REVIEW_NUMBER", ""),
        hosts=tuple(environ.get("PLANNER_HOSTS", "").split()),
        proxies=int(environ.get("PLANNER_PROXIES", "0")),
        secure_cookies=environ.get("PLANNER_SECURE_COOKIES", "1" if env == "production" else "0")
        == "1",
        receipt_key=bytes.fromhex(
            environ.get("PLANNER_RECEIPT_KEY") or _kept_secret(data_dir / "receipt.key")
        ),
    )


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
