import copy
import re

import pytest

from suite.runs import results
from synthetic_run import Builder, case, rung
from words_of_charts import charts_of, texts

pytest.importorskip("matplotlib")
from suite.charts import waterfall

COSTS = {"boxed": "boxing", "tagged": "type checks", "native": "the work"}


def built(rounds: int = 7, noise: float = 0.005, **seconds: float) -> Builder:
    """A ladder of three rungs; those of which the seconds are given have been measured."""
    builder = Builder(rounds, noise=noise).ladder(
        "loops",
        title="Loops are slow",
        item="iteration",
        cases=[case("n:10", 10), case("n:1000", 1000)],
        rungs=[
            rung(name, 10 * i, f"src/loops/{10 * i}_{name}.cpp", "A loop.")
            for i, name in enumerate(COSTS, start=1)
        ],
        waterfall=[{"rung": name, "cost": cost} for name, cost in COSTS.items()],
    )
    for name in COSTS:
        if name in seconds:
            builder.ok("loops", name, "n:10", seconds[name] / 50)
            builder.ok("loops", name, "n:1000", seconds[name])
        else:
            builder.skipped("loops", name, "n:1000", "there is no code generator here")
    return builder


def of(builder: Builder):
    run = results.read(copy.deepcopy(builder.document()))
    return run, waterfall.shown(run, run.ladder("loops"))


def test_a_slice_is_what_the_next_rung_leaves_out_per_item():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    assert [each.cost for each in shown.slices] == ["boxing", "type checks", "the work"]
    nanoseconds = [1e9 * each.seconds.value for each in shown.slices]
    assert nanoseconds == pytest.approx([6, 3, 1], rel=0.05)
    assert [each.word for each in shown.slices] == ["faster", "faster", "rest"]
    assert all(each.seconds.low <= each.seconds.value <= each.seconds.high for each in shown.slices)


def test_the_slices_add_up_to_the_first_rung_but_for_noise():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    assert sum(each.seconds.value for each in shown.slices) == pytest.approx(
        shown.total.value, rel=0.02
    )


def test_a_rung_that_is_slower_than_the_one_before_is_a_negative_slice_that_says_so():
    _, shown = of(built(boxed=4e-6, tagged=6e-6, native=1e-6))
    assert shown.slices[0].seconds.high < 0
    assert "the rung without it is slower" in shown.slices[0].told
    assert shown.slices[0].told.startswith("\N{MINUS SIGN}2.0")


def test_what_is_not_told_apart_is_said_to_be():
    _, shown = of(built(noise=0.2, boxed=4e-6, tagged=4e-6, native=1e-6))
    assert "not told apart from nothing" in shown.slices[0].told


def test_the_cost_of_a_missing_rung_is_part_of_its_neighbours_and_the_rung_is_named():
    _, shown = of(built(boxed=10e-6, tagged=4e-6))
    assert [each.cost for each in shown.slices] == ["boxing", "type checks and the work"]
    assert shown.missing == [("30 native", "there is no code generator here")]
    assert "there is no code generator here" in waterfall.words(shown).notes[0]


def test_of_one_rung_there_is_no_waterfall():
    assert of(built(boxed=10e-6))[1] is None


def test_of_two_rounds_nothing_is_said():
    assert of(built(rounds=2, boxed=10e-6, tagged=4e-6, native=1e-6))[1] is None


def test_the_title_names_the_dearest_costs_and_what_they_are_part_of():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    title = waterfall.words(shown).title
    assert re.match(r"boxing: (5\.9|6\.0)\d ns, type checks: (2\.9|3\.0)\d ns of the ", title)
    assert title.endswith(" ns of boxed")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_bar_is_as_long_as_its_cost_and_carries_it(theme, narrow):
    run, shown = of(built(boxed=4e-6, tagged=6e-6, native=1e-6))
    (chart,) = charts_of(run, "waterfall")
    figure = chart.figure(theme, narrow)
    bars = {bar.get_label(): bar for bar in figure.axes[0].containers if len(bar) == 1}
    lengths = {label: bar[0].get_width() for label, bar in bars.items()}
    assert lengths["whole"] == pytest.approx(shown.total.value, rel=0.02)
    for each in shown.slices:
        assert lengths[each.cost] == pytest.approx(each.seconds.value)
    hatched = {label for label, bar in bars.items() if bar[0].get_hatch()}
    assert hatched == {"boxing"}  # without it the rung is slower
    words = " ".join(texts(figure))
    for cost in COSTS.values():
        assert cost in words
    assert "\N{MINUS SIGN}2.0" in words


def test_the_data_beside_the_chart_has_a_line_per_slice():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    head, rows = waterfall.table(shown)
    assert head.startswith("cost,rung,without,seconds_per_item,low,high")
    assert [row[:3] for row in rows] == [
        ["boxing", "10 boxed", "20 tagged"],
        ["type checks", "20 tagged", "30 native"],
        ["the work", "30 native", ""],
    ]
