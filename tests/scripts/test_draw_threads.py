from __future__ import annotations

import csv
import io
import json
import re

import pytest

import draw_threads
import results
from draw_threads import pictures, switches, waits
from synthetic_run import CPYTHON, Builder, case, rung

WATCHED = {
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
            "tenures": [
                {"thread": 0, "taken": 0.0, "given": 0.01},
                {"thread": 1, "taken": 0.01, "given": 0.02},
                {"thread": 0, "taken": 0.02, "given": 0.03},
            ],
        },
    ],
    "convoys": [{"label": "a lock", "latencies": [0.001, 0.002, 0.003, 0.004, 0.5]}],
    "payloads": [
        {"label": "CPython 3.11.2", "points": [{"bytes": 10**n, "seconds": 1e-5} for n in (3, 8)]}
    ],
}


@pytest.fixture
def folder(tmp_path):
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
    results.write_json(tmp_path / "run.json", builder.document())
    return tmp_path


def test_a_run_with_threads_has_a_picture_of_its_speed_up(folder):
    (picture,) = pictures(results.load(folder))
    assert picture.name == "gil_work-gauss-speedup"
    assert re.search(r"70 own_state: (1\.9|2\.0)\d × with 4 threads", picture.alt)
    rows = list(csv.reader(io.StringIO(picture.csv())))
    assert rows[0][:3] == ["rung", "threads", "speed-up"]
    assert len(rows) == 1 + 2 * 3
    cores = results.load(folder).machine["cpu"]["usable_cores"]
    for row in rows[1:]:
        assert row[-1] == ("yes" if int(row[1]) > cores else "no")


def test_what_was_watched_is_drawn_beside_it_in_both_themes(folder):
    results.write_json(folder / "threads.json", WATCHED)
    written = draw_threads.write(results.load(folder), ["svg"], ["light", "dark"])
    names = {path.name for path in written}
    for name in ("gil_work-gauss-speedup", "gil-timeline", "gil-convoy", "gil-payload"):
        assert {f"{name}.csv", f"{name}.txt", f"{name}-light.svg", f"{name}-dark.svg"} <= names
        svg = (folder / "charts" / f"{name}-light.svg").read_text()
        assert svg != (folder / "charts" / f"{name}-dark.svg").read_text()
        assert not re.search(r"\bnan\b", svg)


def test_the_same_run_gives_the_same_bytes(folder):
    results.write_json(folder / "threads.json", WATCHED)
    first = [
        path.read_bytes() for path in draw_threads.write(results.load(folder), ["svg"], ["light"])
    ]
    again = [
        path.read_bytes() for path in draw_threads.write(results.load(folder), ["svg"], ["light"])
    ]
    assert first == again


def test_switches_count_other_threads_only():
    assert switches(WATCHED["timelines"][0]) == pytest.approx(2 / 0.05)


def test_a_wait_begins_when_a_thread_asks_or_when_it_ran_last():
    said, seen = WATCHED["timelines"]
    assert waits(said) == pytest.approx([0.0, 0.01, 0.005, 0.02])
    assert waits(seen) == pytest.approx([0.01])


def test_a_file_of_another_shape_is_refused_in_one_sentence(folder, capsys, monkeypatch):
    (folder / "threads.json").write_text(json.dumps({"timelines": []}))
    monkeypatch.setattr("sys.argv", ["draw_threads.py", "--run", str(folder)])
    assert draw_threads.main() == 2
    assert "'convoys' is missing" in capsys.readouterr().err
