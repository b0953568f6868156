"""What is wrong with a foreign file, as codes that `places.terms.MESSAGES` puts into words."""

from __future__ import annotations


class FileFault(Exception):
    """The whole file is refused."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


class FeatureFault(Exception):
    """One feature is wrong; the rest is still looked at, so that all faults are named at once."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts
