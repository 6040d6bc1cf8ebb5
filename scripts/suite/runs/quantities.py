"""Numbers as people read them. Seconds, bytes, ratios and counts in; short texts out."""

from __future__ import annotations

import math

MINUTE, HOUR, DAY, YEAR = 60.0, 3600.0, 86400.0, 365.25 * 86400.0


def time_text(seconds: float) -> str:
    """1.23 µs, 45.0 s, 4.7 days: three digits, two from minutes on."""
    for unit, size in (("ns", 1e-9), ("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 0.9995 * 1000 * size:
            return f"{digits(seconds / size)} {unit}"
    for unit, size, limit in (
        ("s", 1.0, 2 * MINUTE),
        ("min", MINUTE, 2 * HOUR),
        ("h", HOUR, 2 * DAY),
        ("days", DAY, 2 * YEAR),
    ):
        if seconds < limit:
            return f"{digits(seconds / size, 3 if unit == 's' else 2)} {unit}"
    return f"{digits(seconds / YEAR, 2)} years"


def size_text(size: float) -> str:
    """250 MB: in powers of ten, as memory and disks are sold."""
    for unit, scale in (("B", 1.0), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if scale == 1.0 and size < 1000:
            return f"{size:.0f} B"
        if size < 999.5 * scale:
            return f"{digits(size / scale)} {unit}"
    return f"{digits(size / 1e12)} TB"


def count_text(count: float) -> str:
    """2,138; from a million on in words, since nobody compares their last digits."""
    for word, scale in (("million", 1e6), ("billion", 1e9), ("trillion", 1e12)):
        if scale <= count < 1000 * scale:
            return f"{digits(count / scale)} {word}"
    return f"{count:,.0f}" if count == int(count) else digits(count)


def factor_text(ratio: float) -> str:
    """12.3×; from a million on in words."""
    return f"{digits(ratio) if ratio < 1e6 else count_text(ratio)}×"


def digits(value: float, significant: int = 3) -> str:
    """Rounded to so many digits, in plain notation, with a comma between thousands."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    places = significant - 1 - math.floor(math.log10(abs(value)))
    # Rounding may carry into one digit more: 9.996 is 10.0.
    places = significant - 1 - math.floor(math.log10(abs(round(value, places))))
    if places > 15:
        return f"{value:.{significant - 1}e}"
    return f"{round(value, places):,.{max(places, 0)}f}"


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
