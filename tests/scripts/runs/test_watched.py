"""What threads did, watched beside a run: read, put in words, drawn, and shown in the report."""

from __future__ import annotations

import copy
import csv
import io
import json
import re

import pytest

from suite.charts.scaling import speed_ups
from suite.runs import results, watched
from watched_run import WATCHED, made_up
from words_of_charts import assert_words_are_apart


@pytest.fixture
def folder(tmp_path):
    results.write_json(tmp_path / "run.json", made_up().document())
    results.write_json(tmp_path / "threads.json", WATCHED)
    return tmp_path


def table(shown) -> list[list[str]]:
    return list(csv.reader(io.StringIO(shown.csv())))


def changed(change) -> dict:
    document = copy.deepcopy(WATCHED)
    change(document)
    return document


def test_a_run_with_threads_says_what_they_speed_up(folder):
    run = results.load(folder)
    (group,) = results.groups(run, run.ladders[0])
    shown = speed_ups(run, group)
    assert re.search(r"70 own_state: (1\.9|2\.0)\d × with 4 threads", shown.alt)
    head, *rows = table(shown)
    assert head[:3] == ["rung", "threads", "speed-up"]
    assert len(rows) == 2 * 3
    cores = run.machine["cpu"]["usable_cores"]
    for row in rows:
        assert row[-1] == ("yes" if int(row[1]) > cores else "no")


def test_switches_count_other_threads_only():
    timeline = watched.read(WATCHED, "here").shown[0].timelines[0]
    assert timeline.switches == pytest.approx(2 / 0.05)


def test_a_wait_begins_when_a_thread_asks_or_when_it_ran_last():
    said, seen, _ = watched.read(WATCHED, "here").shown[0].timelines
    assert said.waits == pytest.approx([0.0, 0.01, 0.005, 0.02])
    assert seen.waits == pytest.approx([0.01])


def test_where_there_is_no_lock_nobody_switches():
    free = watched.read(WATCHED, "here").shown[0].timelines[-1]
    assert free.words.startswith("no lock")


def test_lateness_is_told_by_its_median_and_its_tail():
    convoy = watched.read(WATCHED, "here").shown[1].convoys[0]
    assert (convoy.middle, convoy.most, convoy.longest) == (0.003, 0.5, 0.5)


def test_arguments_are_dear_from_where_they_cost_more_than_the_job():
    payloads = watched.read(WATCHED, "here").shown[2]
    assert [payload.dear for payload in payloads.payloads] == [10**7, 10**7]
    assert "from 10.0 MB on, arguments cost more than the job" in payloads.alt
    assert table(payloads)[0][-2:] == ["seconds by a process", "seconds of the job"]


def test_one_dear_size_below_a_cheap_one_is_noise():
    points = [(10, 9.0, 1.0), (100, 1.5, 1.0), (1000, 2.5, 1.0)]
    assert watched.Payload("it", points).dear == 1000
    assert watched.Payload("it", points[:2]).dear is None


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"example": "gil", "timelines": []}, "'convoys' is missing"),
        (changed(lambda d: d.pop("example")), "'example' is missing"),
        (changed(lambda d: d["convoys"][0].update(latencies=[])), "'a lock' has no latencies"),
        (changed(lambda d: d["convoys"][0].update(latencies=[-1])), "-1 is no time"),
        (changed(lambda d: d["payloads"][0]["points"][0].update(bytes=0)), "not above 0"),
        (changed(lambda d: d.update(timelines=3)), "not shaped"),
        (changed(lambda d: d.update(example="other")), "no example called 'other'"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_one_sentence(folder, document, complaint):
    (folder / "threads.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match=r"threads\.json: ") as caught:
        watched.of_run(results.load(folder))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def charts(run) -> list[tuple]:
    draw_charts = pytest.importorskip("suite.charts.draw_charts")
    return [
        *draw_charts.watched_charts(watched.of_run(run)),
        *draw_charts.case_charts(run, results.groups(run, run.ladders[0])[0]),
    ]


@pytest.mark.parametrize("narrow", [False, True])
def test_no_text_meets_another_or_leaves_the_figure(folder, narrow):
    pytest.importorskip("matplotlib")
    run = results.load(folder)
    for name, shown, drawn in charts(run):
        figure = drawn(run, shown, narrow=narrow)
        assert_words_are_apart(figure, name)


def test_charts_are_files_in_both_themes_the_same_bytes_each_time(folder):
    draw_charts = pytest.importorskip("suite.charts.draw_charts")
    pytest.importorskip("matplotlib")
    first = {path.name: path.read_bytes() for path in draw_charts.draw_run(folder)}
    for name in ("_work-gauss-speedup", "-timeline", "-convoy", "-payload"):
        light, dark = (first[f"gil{name}-{theme}.svg"] for theme in ("light", "dark"))
        assert light != dark
        assert not re.search(rb"\bnan\b", light)
        assert first[f"gil{name}.txt"] and first[f"gil{name}.csv"]
    assert first == {path.name: path.read_bytes() for path in draw_charts.draw_run(folder)}


def test_the_report_shows_speed_up_always_and_what_was_watched_if_there_is_any(folder):
    pytest.importorskip("jinja2")
    build_report = pytest.importorskip("suite.pages.build_report")
    whole = build_report.build(folder).read_text(encoding="utf-8")
    (folder / "threads.json").unlink()
    without = build_report.build(folder).read_text(encoding="utf-8")
    for page in (whole, without):
        assert page.count('aria-label="Speed-up against threads') == 2  # wide and narrow
    for words in ("Who held the lock when", "How late a thread is", "Time of a job by a process"):
        assert whole.count(f'aria-label="{words}') == 2
        assert words not in without


def test_a_fault_in_what_was_watched_costs_neither_report_nor_charts(folder, capsys):
    pytest.importorskip("jinja2")
    build_report = pytest.importorskip("suite.pages.build_report")
    (folder / "threads.json").write_text("{}")
    page = build_report.build(folder).read_text(encoding="utf-8")
    assert "The watched threads of this run could not be shown" in page
    assert "70 own_state" in page
    names = {path.name for path in build_report.draw_charts.draw_run(folder)}
    assert "gil_work-gauss-speedup-light.svg" in names
    assert capsys.readouterr().err.count("'timelines' is missing") == 1 + 1
