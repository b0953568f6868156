"""Where photos lie: a directory, or a bucket that speaks S3. Keys are random; rights are judged above."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from .errors import NotFound, Unavailable
from .settings import SettingsError

Store: TypeAlias = ObjectStore


@lru_cache(maxsize=8)
def open_store(address: str) -> Store:
    """The store at a directory or at ``s3://bucket/prefix`` (keys and endpoint from AWS_… variables)."""
    if address.startswith("s3://"):
        return from_url(address)
    place = address.removeprefix("file://")
    if "://" in place:
        raise SettingsError("PLANNER_STORAGE_URL must be a directory or s3://bucket/prefix")
    Path(place).mkdir(parents=True, exist_ok=True)
    return LocalStore(place)


def put(store: Store, key: str, content: bytes) -> None:
    """Keep something under a key; the same key again is overwritten."""
    try:
        obstore.put(store, key, content)
    except (BaseError, OSError) as error:
        raise Unavailable(retry_after=5) from error


def get(store: Store, key: str) -> bytes:
    """What lies under a key; NotFound when nothing does."""
    try:
        return bytes(obstore.get(store, key).bytes())
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound() from error
    except (BaseError, OSError) as error:
        raise Unavailable(retry_after=5) from error


def delete(store: Store, key: str) -> None:
    """Take something away; it may be gone already."""
    try:
        with contextlib.suppress(NotFoundError, FileNotFoundError):
            obstore.delete(store, key)
    except (BaseError, OSError) as error:
        raise Unavailable(retry_after=5) from error
