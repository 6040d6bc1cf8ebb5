"""What threads did, beside a run: drawn, and shown in the report."""

from __future__ import annotations

import re

import pytest

from suite.runs import results
from watched_run import WATCHED, made_up
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")
from suite.pages import build_report, chart_files


@pytest.fixture
def folder(tmp_path):
    results.write_json(tmp_path / "run.json", made_up().document())
    results.write_json(tmp_path / "threads.json", WATCHED)
    return tmp_path


def of(folder, kind: str):
    (chart,) = charts_of(results.load(folder), kind)
    return chart


def test_a_run_with_threads_says_what_they_speed_up(folder):
    chart = of(folder, "speedup")
    assert re.search(r"70 own_state: (1\.9|2\.0)\d × with 4 threads", chart.words.alt)
    rows = table(chart)
    assert len(rows) == 2 * 3
    for row in rows:
        assert row["threads take turns"] == ("yes" if int(row["threads"]) > 2 else "no")


def test_titles_are_the_findings(folder):
    assert of(
        folder, "lock"
    ).words.title == "100 switches a second: CPython 3.11.2; 40: a lock".replace(
        "100", f"{2 / 0.03:,.0f}"
    )
    late = "Late by 5.50 ms in the median: CPython 3.11.2; by 3.00 ms: a lock"
    assert of(folder, "convoy").words.title == late
    dear = "From 10.0 MB on, arguments cost more than the job: CPython 3.8.2"
    assert of(folder, "payload").words.title == dear


@pytest.mark.parametrize("narrow", [False, True])
def test_each_of_what_was_watched_is_named_with_its_numbers(folder, narrow):
    words = texts(of(folder, "lock").figure(narrow=narrow))
    assert any("no lock: each whenever it has a core" in each for each in words)
    assert any("40 switches/s, waits up to 20.0 ms" in each for each in words)
    assert "3.00 ms" in texts(of(folder, "convoy").figure(narrow=narrow))
    named = texts(of(folder, "payload").figure(narrow=narrow))
    assert any(each.startswith("CPython 3.11.2: job 4.00 ms, with 100 MB") for each in named)


def test_what_is_too_short_to_be_seen_is_drawn_once(folder):
    from suite.charts import lock
    from suite.runs.watched import Timeline

    tenures = [{"thread": 0, "taken": at * 1e-9, "given": at * 1e-9} for at in range(100)]
    assert lock._drawn(Timeline("it", tenures), 0) == [(0.0, lock.SEEN)]


def test_charts_are_files_in_both_themes_the_same_bytes_each_time(folder):
    first = {path.name: path.read_bytes() for path in chart_files.draw_run(folder)}
    for name in ("_work-gauss-speedup", "-lock", "-convoy", "-payload"):
        light, dark = (first[f"gil{name}-{theme}.svg"] for theme in ("light", "dark"))
        assert light != dark
        assert not re.search(rb"\bnan\b", light)
        assert first[f"gil{name}.txt"] and first[f"gil{name}.csv"]
    assert first == {path.name: path.read_bytes() for path in chart_files.draw_run(folder)}


def test_the_report_shows_speed_up_always_and_what_was_watched_if_there_is_any(folder):
    whole = build_report.build(folder).read_text(encoding="utf-8")
    (folder / "threads.json").unlink()
    without = build_report.build(folder).read_text(encoding="utf-8")
    for page in (whole, without):
        assert page.count('aria-label="Speed-up against threads') == 2  # wide and narrow
    for words in ("Who held the lock when", "How late a thread is", "Time of a job by a process"):
        assert whole.count(f'aria-label="{words}') == 2
        assert words not in without


def test_a_fault_in_what_was_watched_costs_neither_report_nor_charts(folder, capsys):
    (folder / "threads.json").write_text("{}")
    page = build_report.build(folder).read_text(encoding="utf-8")
    assert "The watched threads of this run could not be shown" in page
    assert "70 own_state" in page
    names = {path.name for path in chart_files.draw_run(folder)}
    assert "gil_work-gauss-speedup-light.svg" in names
    assert capsys.readouterr().err.count("'example' is missing") == 1 + 1
