"""No label runs into another, whatever there is to show: by the boxes that the renderer reports."""

import pytest

from extreme_run import extreme_run
from suite import charts
from words_of_charts import assert_words_are_apart

pytest.importorskip("matplotlib")


def name(kind) -> str:
    return kind.__name__.rpartition(".")[2]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The first chart of each kind: that of the case with all times there are."""
    every = {
        count: charts.of_run(extreme_run(tmp_path_factory.mktemp("run"), count))
        for count in (1, 25)
    }
    return {(name(chart.kind), count): chart for count, of in every.items() for chart in of[::-1]}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("count", [1, 25])
@pytest.mark.parametrize("kind", charts.kinds(), ids=name)
def test_no_text_meets_another_or_leaves_the_figure(drawn, kind, count, narrow):
    chart = drawn.get((name(kind), count))
    if chart is None:
        assert count == 1  # of a single thing some charts have nothing to show
        pytest.skip("nothing to show")
    assert_words_are_apart(chart.figure(narrow=narrow), chart.name)
