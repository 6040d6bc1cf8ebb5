import pytest

from suite.runs import results
from synthetic_run import hostile, two_examples
from words_of_charts import assert_words_are_apart, charts_of, table, texts

pytest.importorskip("matplotlib")


def charts(builder) -> dict[str, object]:
    return {c.slug: c for c in charts_of(results.read(builder.document()), "memory")}


def test_memory_is_charted_where_a_claim_counts_it_or_rungs_differ():
    found = charts(two_examples())
    assert {slug.partition("_n-")[0] for slug in found} == {"dummy_objects"}
    assert len(charts(hostile())) == 1


def test_the_memory_of_a_single_rung_is_no_chart():
    builder = two_examples()
    builder.rows = [row for row in builder.rows if row["rung"] == "one_array"]
    assert charts(builder) == {}


def test_the_chart_shows_memory_page_faults_and_time_from_zero():
    chart = charts(two_examples())["dummy_objects_n-4000"]
    figure = chart.figure()
    assert {"Peak memory", "Page faults", "Time"} <= set(texts(figure))
    assert {"159 MB", "31,370"} <= set(texts(figure))
    assert all(axes.get_xlim()[0] == 0 for axes in figure.axes)


def test_the_title_names_the_most_and_the_least():
    chart = charts(two_examples())["dummy_objects_n-4000"]
    assert chart.words.title == "no_array peaks at 4.20 MB, numpy_one_array at 159 MB"


def test_a_rung_whose_memory_was_not_counted_is_named():
    builder = two_examples()
    builder.rows[0]["layers"] = {"reason": "fork is not there"}
    chart = charts(builder)["dummy_objects_n-1000"]
    assert chart.words.notes == ["Not shown, fork is not there: 05 numpy_one_array"]


def test_the_data_and_the_words_are_those_of_the_chart():
    chart = charts(two_examples())["dummy_objects_n-4000"]
    assert float(table(chart)[0]["peak_resident_bytes"]) == 159_000_000
    assert "peak 159 MB" in chart.words.alt


@pytest.mark.parametrize("narrow", [False, True])
def test_where_memory_was_counted_and_no_time_taken_it_is_said_in_a_line(narrow):
    builder = two_examples()
    builder.rows[0]["samples"] = []
    builder.rows[0].update(status="skipped", reason="no time left in the budget, forecast 3 s")
    chart = charts(builder)["dummy_objects_n-1000"]
    assert "Not timed: 05 numpy_one_array (no time: about 3 s in all)" in chart.words.notes
    figure = chart.figure(narrow=narrow)
    assert_words_are_apart(figure, chart.name)
    assert "not timed" in texts(figure)
