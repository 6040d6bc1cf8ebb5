"""Durations, to and from words."""

from __future__ import annotations

import pytest

from suite.runs.words import duration, seconds_in


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (4.7 * 86400, "4.7 days"),
        (12, "12 s"),
        (300, "5 min"),
        (75, "75 s"),
        (9.96, "10 s"),
        (0.0034, "3.4 ms"),
        (2e-6, "2 µs"),
        (3e9, "95 years"),
        (3 * 3600, "3 hours"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_fits(seconds, says):
    assert duration(seconds) == says


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5m", 300), ("75s", 75), ("60", 60), ("1m30s", 90), ("2 min", 120), ("1h", 3600)],
)
def test_a_budget_is_read_as_people_write_it(text, seconds):
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5x", "m5", "-3", "0s", "5m or so"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"no time|no\s+time"):
        seconds_in(text)
