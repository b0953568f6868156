"""Uploads: the only pages of this room that take more than the house's 64 KB."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from planner.core.errors import TooLarge
from planner.places.reading.bounds import MEGABYTE
from planner.web.security import csrf

FORM_BYTES = 64 * 1024


def open_body(most: int) -> FileStorage | None:
    """Allow `most` bytes of file to this request, check its token, give the file named `file`.

    The view is exempt from the early token check, which would read the body under the small limit and
    before anybody was asked for the right to send it.
    """
    request.max_content_length = most + FORM_BYTES
    if (request.content_length or 0) > request.max_content_length:
        raise TooLarge(
            "file_too_large", fields={"file": "file_too_large"}, megabytes=most // MEGABYTE
        )
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    return request.files.get("file")
