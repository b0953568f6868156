"""The child: `python -m planner.places.reading ORDER.json` reads one file and writes plain features.

Lines on stdout: `{"done": n, "total": m}` while it works, then `{"ok": {…}}` or `{"refused": {…}}`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .bounds import Bounds, lock_down


def main(order_path: str) -> int:
    """Lock down, read, say how it went."""
    order = json.loads(Path(order_path).read_text(encoding="utf-8"))
    bounds = Bounds.from_json(order["bounds"])
    lock_down(bounds)
    # GDAL and the parsers are loaded only now, under the limits.
    from .work import read_order

    read_order(Path(order["path"]), Path(order["result"]), bounds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
