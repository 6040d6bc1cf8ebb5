import pytest

from sized_run import LARGE, sized_run
from suite.judge import sizes
from suite.runs import results
from synthetic_run import two_examples


def only(run):
    (chart,) = sizes.of_ladder(run, run.ladders[0])
    return chart


def test_a_line_holds_the_time_per_item_of_each_size():
    chart = only(sized_run())
    (line,) = [line for line in chart.lines if line.rung == "one_array"]
    assert [point.size for point in line.points] == LARGE
    for point in line.points:
        assert point.seconds.value == pytest.approx(1.03e-9)
        assert point.seconds.low < point.seconds.value < point.seconds.high


def test_a_parameter_that_follows_from_the_size_makes_no_chart_of_its_own():
    assert only(sized_run()).problem == {}


def test_other_parameters_get_a_chart_each():
    run = sized_run(modes=("sum", "product"))
    charts = sizes.of_ladder(run, run.ladders[0])
    assert [chart.problem for chart in charts] == [{"mode": "sum"}, {"mode": "product"}]
    assert len({chart.slug for chart in charts}) == 2


def test_an_example_that_says_nothing_of_sizes_has_no_chart():
    run = results.read(two_examples().document())
    assert all(not sizes.of_ladder(run, ladder) for ladder in run.ladders)


def test_a_power_law_is_crossed_where_it_says():
    # 8 / n + 1 is not one, but 80 / n is.
    assert sizes.crossing([10, 100, 1000], [8, 0.8, 0.08], 1) == pytest.approx(80)
    assert sizes.crossing([10, 100, 1000], [8, 0.8, 0.08], 0.4) == pytest.approx(200)


def test_ratios_that_come_back_are_crossed_after_the_last_of_them():
    assert 100 < sizes.crossing([1, 10, 100, 1000], [3, 1, 2, 1], 1.5) < 1000


def test_ends_of_the_sizes_are_told_apart():
    assert sizes.crossing([10, 100], [1, 1], 2) == 0
    assert sizes.crossing([10, 100], [3, 3], 2) == float("inf")


def test_a_crossover_has_an_interval_and_words():
    (crossover,) = only(sized_run()).crossovers
    assert 10 < crossover.size.low <= crossover.size.value <= crossover.size.high < 1000
    assert crossover.size.low < crossover.size.high
    assert crossover.text.startswith("Who asks is free: from ")
    assert "95 % interval" in crossover.text


@pytest.mark.parametrize(
    "of, words",
    [
        (lambda n: 1e-9, "already at 10, the smallest measured"),
        (lambda n: 9e-9, "not yet at 1,000, the largest measured"),
    ],
)
def test_a_crossover_that_is_not_among_the_sizes_says_so(of, words):
    (crossover,) = only(sized_run(of)).crossovers
    assert crossover.size is None
    assert words in crossover.text


def test_a_crossover_of_a_rung_that_did_not_run_says_so():
    run = sized_run()
    run.rows[:] = [row for row in run.rows if row.rung == "one_array"]
    (crossover,) = only(run).crossovers
    assert crossover.text.endswith("not measured in this run.")


def test_of_too_few_rounds_no_crossover_is_told():
    chart = only(sized_run(rounds=2))
    (crossover,) = chart.crossovers
    assert crossover.size is None
    assert crossover.text.endswith("measured in too few rounds.")
    assert sizes.finding(chart) == ""


def test_what_was_found_is_a_crossover_or_the_fastest_against_the_baseline():
    assert sizes.finding(only(sized_run())).startswith("Who asks is free: from n = ")
    without = only(sized_run(lambda n: 9e-9))
    assert sizes.finding(without) == "At n = 1,000 one_array 9.0 times faster than numpy_one_array"


def test_levels_of_memory_are_lines_where_all_items_move_the_same_bytes():
    run = sized_run()
    chart = only(run)
    assert [ceiling.level for ceiling in chart.ceilings]
    run.rows[0].work["bytes"] *= 2
    assert not only(run).ceilings
