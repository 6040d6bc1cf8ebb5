import copy

import pytest

from suite.charts import draw_waterfall
from suite.charts.waterfalls import waterfall
from suite.judge import verdicts
from suite.runs import results
from synthetic_run import Builder, case, rung

COSTS = {"boxed": "boxing", "tagged": "type checks", "native": "the work"}


def built(rounds: int = 5, noise: float = 0.005, **seconds: float) -> Builder:
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
    return run, waterfall(run, run.ladder("loops"))


def test_a_slice_is_what_the_next_rung_leaves_out_per_item():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    assert [each.cost for each in shown.slices] == ["boxing", "type checks", "the work"]
    nanoseconds = [1e9 * each.seconds.value for each in shown.slices]
    assert nanoseconds == pytest.approx([6, 3, 1], rel=0.05)
    assert [each.word for each in shown.slices] == ["faster", "faster", "rest"]
    assert all(each.seconds.low <= each.seconds.value <= each.seconds.high for each in shown.slices)


def test_the_slices_add_up_to_the_first_rung():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    assert sum(each.seconds.value for each in shown.slices) == pytest.approx(shown.total.value)


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
    assert shown.missing == ["30 native (there is no code generator here)"]
    assert "there is no code generator here" in shown.alt


def test_of_one_rung_there_is_no_waterfall():
    assert of(built(boxed=10e-6))[1] is None


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_every_bar_is_as_long_as_its_cost_and_carries_it(theme, narrow):
    pytest.importorskip("matplotlib")
    run, shown = of(built(boxed=4e-6, tagged=6e-6, native=1e-6))
    figure = draw_waterfall.draw(run, shown, theme, narrow)
    bars = {bar.get_label(): bar.get_width() for bar in figure.axes[0].patches}
    per_inch = shown.total.value / bars["whole"]
    for each in shown.slices:
        assert bars[each.cost] * per_inch == pytest.approx(abs(each.seconds.value), rel=1e-6)
    words = " ".join(text.get_text() for text in figure.axes[0].texts)
    for cost in COSTS.values():
        assert cost in words
    assert "\N{MINUS SIGN}2.0" in words


def test_the_data_beside_the_chart_has_a_line_per_slice():
    _, shown = of(built(boxed=10e-6, tagged=4e-6, native=1e-6))
    lines = shown.csv().splitlines()
    assert lines[0].startswith("cost,rung,without,seconds_per_item,low,high")
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["boxing", "10 boxed", "20 tagged"],
        ["type checks", "20 tagged", "30 native"],
        ["the work", "30 native", ""],
    ]


@pytest.mark.parametrize(
    ("slices", "complaint"),
    [
        ([{"rung": "boxed", "cost": "boxing"}], "two rungs or more"),
        ([{"rung": "boxed"}, {"rung": "native", "cost": "x"}], "'cost'"),
        ([{"rung": "boxed", "cost": "x"}, {"rung": "flown", "cost": "y"}], "no rung 'flown'"),
        ([{"rung": "native", "cost": "x"}, {"rung": "boxed", "cost": "y"}], "in the order"),
    ],
)
def test_a_waterfall_that_makes_no_sense_is_refused(slices, complaint):
    document = {"title": "T", "kind": "myth", "claims": [], "waterfall": slices}
    with pytest.raises(ValueError, match="claims.json: 'waterfall'") as refused:
        verdicts.check_claims(document, "claims.json", list(COSTS))
    assert complaint in str(refused.value)
