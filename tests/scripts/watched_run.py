"""A made-up run with threads, and what was watched of them beside it."""

from __future__ import annotations

from synthetic_run import CPYTHON, Builder, case, rung

WATCHED = {
    "example": "gil",
    "timelines": [
        {
            "label": "a lock",
            "tenures": [
                {"thread": 0, "asked": 0.0, "taken": 0.0, "given": 0.01},
                {"thread": 1, "asked": 0.0, "taken": 0.01, "given": 0.02},
                {"thread": 1, "asked": 0.02, "taken": 0.025, "given": 0.03},
                {"thread": 0, "asked": 0.01, "taken": 0.03, "given": 0.05},
            ],
        },
        {
            "label": "CPython 3.11.2",
            "interpreter": {"gil": True},
            "tenures": [
                {"thread": 0, "taken": 0.0, "given": 0.01},
                {"thread": 1, "taken": 0.01, "given": 0.02},
                {"thread": 0, "taken": 0.02, "given": 0.03},
            ],
        },
        {
            "label": "CPython 3.13.1, free-threaded",
            "interpreter": {"gil": False},
            "tenures": [{"thread": t, "taken": 0.0, "given": 0.6} for t in (0, 1)],
        },
    ],
    "convoys": [
        {"label": "a lock", "language": "c++", "latencies": [0.003, 0.001, 0.002, 0.5, 0.004]},
        {"label": "CPython 3.11.2", "language": "python", "latencies": [0.005, 0.006]},
    ],
    "payloads": [
        {
            "label": f"CPython 3.{minor}.2",
            "points": [
                {"bytes": 10**n, "seconds": 0.004 + 1e-9 * minor * 10**n, "job_seconds": 0.004}
                for n in (3, 5, 7, 8)
            ],
        }
        for minor in (8, 11)
    ],
}


def made_up() -> Builder:
    threads = (1, 2, 4)
    builder = Builder().ladder(
        "gil",
        title="It doesn't support threads",
        cases=[case(f"work:gauss/threads:{t}", 100.0 * t) for t in threads],
        rungs=[
            rung("threads", 3, "src/gil/03_threads.py", "Threads.", threaded=True),
            rung("own_state", 70, "src/gil/70_own_state.cpp", "Nothing shared.", threaded=True),
        ],
    )
    for t in threads:
        builder.ok("gil", "threads", f"work:gauss/threads:{t}", 0.1 * t, interpreter=CPYTHON)
        builder.ok("gil", "own_state", f"work:gauss/threads:{t}", 0.1 * max(1, t / 2))
    return builder
