import pytest

from sized_run import LARGE, sized_run
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")
from suite.charts import _lines
from suite.runs.intervals import Interval


def only(run):
    (chart,) = charts_of(run, "sizes")
    return chart


def test_the_table_holds_what_the_chart_shows():
    rows = table(only(sized_run()))
    measured = [row for row in rows if row["rung"]]
    assert len(measured) == 2 * len(LARGE)
    assert {row["size"] for row in measured} == {"10", "100", "1000"}
    assert [row for row in rows if row["label"].startswith("crossover: ")]
    assert all(None not in row and None not in row.values() for row in rows)


def test_the_crossover_is_the_title_and_stands_under_the_chart_with_its_interval():
    chart = only(sized_run())
    assert chart.words.title.startswith("Who asks is free: from n = ")
    assert any("95 % interval" in note for note in chart.words.notes)
    assert chart.name == "dummy_objects-sizes"


@pytest.mark.parametrize("narrow", [False, True])
def test_lines_are_named(narrow):
    words = texts(only(sized_run()).figure(narrow=narrow))
    assert {"05 numpy_one_array", "10 one_array"} <= set(words)


def test_of_five_rounds_there_are_hollow_marks_and_no_curve():
    def curves(rounds):
        axes = only(sized_run(rounds=rounds)).figure().axes[0]
        return [line for line in axes.lines if len(line.get_xdata()) == len(LARGE)]

    def hollow(line):
        return line.get_markerfacecolor() == "#ffffff"

    assert {line.get_linestyle() for line in curves(7)} >= {"-", "None"}
    assert not any(map(hollow, curves(7)))
    assert {line.get_linestyle() for line in curves(5)} == {"None"}
    assert all(map(hollow, curves(5)))


def line(index: int, language: str = "c++") -> _lines.Line:
    ends = [_lines.Point(x, Interval(index + 1, index + 1, index + 1)) for x in (1.0, 2.0)]
    return _lines.Line(f"{index:02} line", language, ends)


def test_of_more_than_seven_lines_the_five_that_matter_are_named_and_the_rest_are_told():
    lines = [line(index) for index in range(8)]
    few, many = _lines.Lines(lines[:7], 4.0, [6]), _lines.Lines(lines, 4.0, [7, 5])
    assert (few.named, many.named) == ([*range(7)], [0, 1, 2, 5, 7])
    assert (few.notes, many.notes) == ([], ["Grey: 03 line, 04 line, 06 line."])


def test_names_at_the_ends_of_lines_do_not_meet():
    places = _lines.apart([0.1, 0.1, 0.11, 0.99], [0.1] * 4)
    assert all(later - earlier >= 0.1 - 1e-9 for earlier, later in zip(places, places[1:]))
    assert places[0] >= 0.05 and places[-1] <= 0.95 + 1e-9
