"""Moments in UTC, as files hold them, and how long ago they were, in words."""

from __future__ import annotations

from datetime import datetime, timezone

from .words import duration

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def now() -> str:
    return datetime.now(timezone.utc).strftime(FORMAT)


def ago(moment: str) -> str:
    """3.2 hours ago; of a moment that the clock has not reached: just now."""
    then = datetime.fromisoformat(moment[:-1]).replace(tzinfo=timezone.utc)
    seconds = (datetime.now(timezone.utc) - then).total_seconds()
    return "just now" if seconds < 60 else f"{duration(seconds)} ago"
