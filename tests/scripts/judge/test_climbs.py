import pytest

from suite.judge.climbs import climb, climb_text
from suite.runs import results
from synthetic_run import Builder, case, rung, two_examples


def two_rungs(rounds: int = 7) -> Builder:
    return Builder(rounds).ladder(
        "sums",
        cases=[case("n:10", 10), case("n:1000", 1000)],
        rungs=[rung("loop", 5, "src/sums/05_loop.py", ""), rung("fast", 10, "src/sums/a.cpp", "")],
    )


def found(builder):
    run = results.read(builder.document())
    return climb(run, run.ladders[0]), climb_text(run, run.ladders[0])


def test_a_baseline_that_was_measured_is_compared_as_it_was_measured():
    builder = two_rungs().ok("sums", "loop", "n:1000", 4.0).ok("sums", "fast", "n:1000", 0.01)
    top, text = found(builder)
    assert not top.forecast
    assert top.factor.low < 400 < top.factor.high
    assert text.startswith("On n:1000, 05 loop takes ")
    assert "forecast" not in text


def test_a_baseline_that_was_too_slow_is_forecast_by_the_ratio_of_work_and_says_so():
    builder = two_rungs().ok("sums", "loop", "n:10", 4.0).ok("sums", "fast", "n:1000", 0.01)
    top, text = found(builder)
    assert top.forecast
    small = results.read(builder.document()).rows[0]
    assert top.seconds.value == pytest.approx(100 * small.seconds())
    assert top.factor.low < 40_000 < top.factor.high
    assert top.factor.low < top.factor.value < top.factor.high
    assert "05 loop would take " in text
    assert "a forecast from n:10, where it was measured, by the ratio of work" in text
    assert "95 % interval" in text


def test_of_two_rounds_no_climb_is_told():
    builder = two_rungs(2).ok("sums", "loop", "n:10", 4.0).ok("sums", "fast", "n:1000", 0.01)
    assert found(builder)[1] == ""


@pytest.mark.parametrize("name", ["loop", "fast"])
def test_one_rung_alone_is_no_climb(name):
    assert found(two_rungs().ok("sums", name, "n:10", 1.0)) == (None, "")


def test_the_largest_problem_counts_and_the_fastest_rung_there():
    run = results.read(two_examples().document())
    top = climb(run, run.ladder("locator"))
    assert top.group.label == "grid:medium/events:64"
    assert top.best.rung == "search"
