"""The Debian packages that the suite names."""

from __future__ import annotations

from system import PROJECT

LIST = PROJECT / "scripts" / "packages.txt"


def packages(*kinds: str) -> tuple[str, ...]:
    """Those of these kinds; all without any."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    listed = dict(line.split(":", 1) for line in lines)
    return tuple(name for kind in kinds or listed for name in listed[kind].split())
