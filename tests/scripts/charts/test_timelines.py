"""Memory over time: what was watched, and the chart of it."""

from __future__ import annotations

import csv
import io

import pytest

from suite.charts import draw_charts, timelines
from suite.runs import results
from synthetic_run import two_examples


def watched_document(peak: float = 160e6) -> dict:
    """Two rungs of dummy_objects that were watched, one of which takes memory in between."""
    document = two_examples().document()
    rows = [r for r in document["rows"] if r["example"] == "dummy_objects" and r["status"] == "ok"]
    for row in rows:
        if row["case"]["n"] != 4000:
            continue
        base = row["layers"]["os"]["baseline_resident_bytes"]
        large = row["rung"] == "numpy_one_array"
        row["layers"]["os"].update(
            seconds=0.5,
            peak_resident_bytes=peak if large else base,
            resident={
                "seconds": [0.0, 0.1, 0.4],
                "bytes": [base, peak if large else base, base],
            },
        )
    return document


def group_of(document: dict):
    run = results.read(document)
    (ladder,) = [ladder for ladder in run.ladders if ladder.example == "dummy_objects"]
    (group,) = [g for g in results.groups(run, ladder) if g.slug == "dummy_objects_n-4000"]
    return run, group


def words_of(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj() if hasattr(text, "get_text")]


def test_each_rung_that_was_watched_has_a_line():
    _, group = group_of(watched_document())
    lines = timelines.timelines(group)
    assert len(lines) > 1
    assert all(line.end == 0.5 and line.seconds == [0.0, 0.1, 0.4] for line in lines)
    assert max(line.peak for line in lines) == 160e6


def test_a_chart_is_drawn_where_memory_is_worth_a_picture():
    _, group = group_of(watched_document())
    assert draw_charts.kinds(group) == ["ladder", "memory", "timeline"]
    document = watched_document()
    for row in document["rows"]:
        row.get("layers", {}).get("os", {}).pop("resident", None)
    _, unwatched = group_of(document)
    assert draw_charts.kinds(unwatched) == ["ladder", "memory"]


def test_flat_lines_are_not_drawn():
    document = watched_document()
    for row in document["rows"]:
        counts = row.get("layers", {}).get("os", {})
        if "resident" in counts:
            counts["peak_resident_bytes"] = counts["baseline_resident_bytes"] + 1e6
            counts["resident"]["bytes"] = [counts["baseline_resident_bytes"]] * 3
    _, group = group_of(document)
    assert "timeline" not in draw_charts.kinds(group)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_names_each_rung_with_its_peak_and_its_time(narrow, theme):
    run, group = group_of(watched_document())
    figure = draw_charts.draw(run, group, "timeline", theme, narrow)
    said = " ".join(words_of(figure))
    for line in timelines.timelines(group):
        assert line.bar.label in said
        assert line.words in said
    assert "160 MB" in said


def test_the_data_and_the_words_beside_are_those_of_the_chart():
    _, group = group_of(watched_document())
    rows = list(csv.DictReader(io.StringIO(timelines.timeline_csv(group))))
    lines = timelines.timelines(group)
    assert len(rows) == sum(len(line.seconds) for line in lines)
    assert float(rows[1]["resident_bytes"]) == lines[0].bytes[1]
    assert all(line.bar.label in timelines.timeline_alt(group) for line in lines)


def test_the_schema_knows_what_was_watched():
    jsonschema = pytest.importorskip("jsonschema")
    import json

    schema = json.loads((results.RESULTS / "run.schema.json").read_text())
    jsonschema.validate(watched_document(), schema)
