"""Memory over time: what was watched, and the chart of it."""

from __future__ import annotations

import pytest

from suite.runs import results
from synthetic_run import two_examples
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")
from suite.charts import timeline


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


def of(document: dict):
    """The chart of the only case that was watched."""
    run, _ = group_of(document)
    (chart,) = charts_of(run, "timeline")
    return chart


def test_each_rung_that_was_watched_has_a_strip():
    strips = of(watched_document()).records.strips
    assert len(strips) > 1
    assert all(strip.end == 0.5 and strip.seconds == [0.0, 0.1, 0.4] for strip in strips)
    assert max(strip.peak for strip in strips) == 160e6


def test_a_chart_is_drawn_where_memory_was_watched():
    assert of(watched_document()).name == "dummy_objects_n-4000-timeline"
    document = watched_document()
    for row in document["rows"]:
        row.get("layers", {}).get("os", {}).pop("resident", None)
    assert timeline.shown(*group_of(document)) is None


def test_flat_lines_are_not_drawn():
    document = watched_document()
    for row in document["rows"]:
        counts = row.get("layers", {}).get("os", {})
        if "resident" in counts:
            counts["peak_resident_bytes"] = counts["baseline_resident_bytes"] + 1e6
            counts["resident"]["bytes"] = [counts["baseline_resident_bytes"]] * 3
    assert timeline.shown(*group_of(document)) is None


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_names_each_rung_with_its_peak_and_its_time(narrow, theme):
    chart = of(watched_document())
    said = texts(chart.figure(theme, narrow))
    for strip in chart.records.strips:
        assert strip.standing.label in said
        assert strip.told in said
    assert "160 MB at most, 500 ms" in said
    assert chart.words.title == "numpy_one_array grows to 160 MB, one_array to 4.20 MB"


def test_the_data_and_the_words_beside_are_those_of_the_chart():
    chart = of(watched_document())
    strips, rows = chart.records.strips, table(chart)
    assert len(rows) == sum(len(strip.seconds) for strip in strips)
    assert float(rows[1]["resident_bytes"]) == strips[0].bytes[1]
    assert all(strip.standing.label in chart.words.alt for strip in strips)


def test_the_schema_knows_what_was_watched():
    jsonschema = pytest.importorskip("jsonschema")
    import json

    schema = json.loads((results.RESULTS / "run.schema.json").read_text())
    jsonschema.validate(watched_document(), schema)
