import pytest

from study_run import STUDY
from suite.runs import results, studies
from synthetic_run import two_examples
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")


@pytest.fixture
def chart(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    results.write_json(tmp_path / studies.FILE, STUDY)
    (found,) = charts_of(results.load(tmp_path), "growth")
    return found


def test_the_title_names_the_powers_that_are_sure(chart):
    assert chart.words.title == (
        "With the nodes of the grid: 60 fused: seconds as its power 1.00, 80 search: seconds of "
        "search alone as its power 1.00"
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_each_series_of_times_is_named_with_its_power(chart, narrow):
    words = texts(chart.figure(narrow=narrow))
    assert "60 fused: seconds, power 1.00 (0.98 to 1.02)" in words
    assert "80 search: seconds, power 1.02 (too few points for an interval)" in words


def test_ticks_of_large_counts_are_words_without_decimals(chart):
    words = texts(chart.figure())
    assert {"100,000", "1 million", "10 million"} <= set(words)


def test_the_table_holds_all_that_grows(chart):
    rows = table(chart)
    assert len(rows) == sum(len(entry["points"]) for entry in STUDY["growth"].values())
    assert {row["power"] for row in rows} == {"1", "1.02", "0.5"}
