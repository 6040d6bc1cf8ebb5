"""No label runs into another, whatever there is to show: by the boxes that the renderer reports."""

from dataclasses import replace

import pytest

from extreme_run import NAME, extreme_run
from suite import charts
from suite.judge.comparison import compared
from suite.runs import timings
from words_of_charts import assert_words_are_apart

pytest.importorskip("matplotlib")


def name(kind) -> str:
    return kind.__name__.rpartition(".")[2]


def machines(run, count: int):
    """As many machines as rungs, each slower than the last, with the longest of names."""
    own = timings.of_run(run)
    rows = [replace(row, of_peak=0.5, of_bandwidth=0.1) for row in own.rows]
    sides = [replace(own, name=f"{NAME}_{number}", rows=rows) for number in range(1 + count)]
    slower = [
        replace(side, rows=[replace(r, seconds=tuple(n * s for s in r.seconds)) for r in side.rows])
        for n, side in enumerate(sides, start=1)
    ]
    return compared(slower)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """The first chart of each kind: that of the case with all times there are."""
    every = {}
    for count in (1, 25):
        run = extreme_run(tmp_path_factory.mktemp("run"), count)
        every[count] = charts.of_run(run) + charts.of_comparison(machines(run, count))
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
