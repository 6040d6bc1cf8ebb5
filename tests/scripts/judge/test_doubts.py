"""Warnings: which numbers raise one, and which do not."""

from __future__ import annotations

import pytest

from suite.judge.doubts import warnings


def row(times: list[float], rung: str = "naive", cpu: float = 1.0) -> dict:
    samples = [
        {"round": i + 1, "seconds": seconds, "cpu_seconds": cpu * seconds}
        for i, seconds in enumerate(times)
    ]
    return {"example": "sums", "rung": rung, "case": {"n": 8}, "status": "ok", "samples": samples}


def document(rows: list[dict], machine: dict | None = None, sentinels=()) -> dict:
    rungs = [{"name": "naive", "threaded": False}, {"name": "shared", "threaded": True}]
    return {
        "rows": rows,
        "ladders": [{"example": "sums", "rungs": rungs}],
        "sentinels": list(sentinels),
        "machine": machine or {},
        "settings": {"rounds": 3},
        "complete": True,
    }


def sentinel(number: int, first: float, again: float) -> dict:
    return {"round": number, "first_seconds": first, "again_seconds": again}


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ([1.0, 1.2, 1.1], "varied by"),
        ([1.0, 1.0, 1.6], "had a round 60% slower than its median"),
        ([1.3, 1.0, 1.0], "was 30% slower in its first round"),
    ],
)
def test_unsteady_times_are_told_with_their_row(times, says):
    (sentence, *_) = [s for s in warnings(document([row(times)])) if says in s]
    assert sentence.startswith("sums/naive/n:8 ")


def test_steady_times_raise_no_doubt():
    assert warnings(document([row([1.0, 1.01, 0.99])])) == []


def test_many_rows_with_one_doubt_make_one_sentence_that_names_the_worst():
    rows = [row([1.0, 1.2, 1.1]), row([1.0, 2.0, 1.5], "shared"), row([1.0, 1.2, 1.1])]
    (sentence,) = [s for s in warnings(document(rows)) if "varied by" in s]
    assert sentence.startswith("sums/shared/n:8 ")
    assert "; so did 2 other rows. Close other programs" in sentence


def test_waiting_for_the_processor_counts_for_rungs_with_one_thread_only():
    (sentence,) = warnings(document([row([1.0, 1.0, 1.0], cpu=0.8)]))
    assert "took 25% more time than the processor worked for it" in sentence
    assert warnings(document([row([1.0, 1.0, 1.0], "shared", cpu=0.8)])) == []


def test_drift_between_the_ends_of_a_round_is_told():
    drifting = [sentinel(1, 1.0, 1.01), sentinel(2, 1.0, 1.2)]
    (sentence,) = warnings(document([], sentinels=drifting))
    assert "round 2 was 20% slower at its end (1 of 2 rounds drifted)" in sentence


def test_rows_that_lack_rounds_are_counted():
    (sentence,) = warnings(document([row([1.0, 1.0])]))
    assert sentence == (
        "1 row has fewer than 3 rounds: there was no time for more. "
        "Give a longer BUDGET=, or fewer examples with ONLY=."
    )


def processors(busy: float, own: float, steal: float = 0.0, process: int = 7) -> dict:
    """Of 100 seconds while the run measured; what was before it does not count."""
    names = ("busy_seconds", "steal_seconds", "all_seconds", "own_seconds")
    before = dict(zip(names, (900.0, 300.0, 5000.0, 20.0)))
    later = {n: before[n] + more for n, more in zip(names, (busy, steal, 100.0, own))}
    return {
        "processor_before": {**before, "process": 7},
        "processor_after": {**later, "process": process},
    }


@pytest.mark.parametrize(
    ("machine", "says"),
    [
        ({"cpu": {"usable_cores": 4}, "cgroup": {"cpu_quota": 1.5}}, "grants 1.5 of the 4 cores"),
        ({"cpu": {"usable_cores": 1}, "cgroup": {"cpu_quota": 0.5}}, "grants 0.5 of the 1 core in"),
        ({"power": "battery"}, "runs on battery"),
        (
            {"environment": {"kept": [{"name": "A", "value": "1", "does": "does harm"}]}},
            "KEEP_ENV let A=1 reach what was measured, which does harm.",
        ),
        (processors(busy=80, own=50), "Other programs took 30% of the processors' time"),
        (processors(busy=50, own=50, steal=10), "Others on the same hardware took 10%"),
    ],
)
def test_a_machine_that_is_not_ours_alone_is_told(machine, says):
    (sentence,) = warnings(document([], machine))
    assert says in sentence


def test_a_quiet_machine_raises_no_doubt():
    machine = {"cpu": {"usable_cores": 2}, "cgroup": {}, "power": "mains", "load_before": 0.3}
    assert warnings(document([], machine)) == []


def test_the_load_that_a_build_left_is_no_doubt_where_the_run_had_the_processors():
    machine = {"cpu": {"usable_cores": 2}, "load_before": 9.0, **processors(busy=52, own=50)}
    assert warnings(document([], machine)) == []


@pytest.mark.parametrize(
    "machine", [processors(busy=90, own=5, process=8), processors(busy=-90, own=5)]
)
def test_of_a_run_that_another_process_or_another_start_took_up_nothing_is_known(machine):
    assert warnings(document([], machine)) == []
