import copy

import pytest

from suite.runs import results
from synthetic_run import CPYTHON, Builder, case, rung
from words_of_charts import charts_of, texts

pytest.importorskip("matplotlib")
from suite.charts import years

GUESTS = [
    {"implementation": "PyPy", "version": "3.9.16", "gil": True, "guest": True},
    {"implementation": "CPython", "version": "3.9.18", "gil": True, "guest": True},
    {"implementation": "CPython", "version": "3.13.1", "gil": False, "guest": True},
]


def built(interpreters=(CPYTHON, *GUESTS), lua: bool = True) -> results.Run:
    builder = Builder(noise=0.005).ladder(
        "loops",
        title="Loops are slow",
        item="iteration",
        cases=[case("n:10", 10), case("n:1000", 1000)],
        rungs=[
            {**rung("plain", 5, "src/loops/05_plain.py", "A loop."), "every_interpreter": True},
            rung("ours", 10, "src/loops/10_ours.cpp", "A loop."),
            rung("lua", 12, "src/loops/12_lua.py", "A loop."),
        ],
        years={"title": "Python over the years", "beside": ["ours", "lua"]},
    )
    for i, interpreter in enumerate(interpreters):
        builder.ok("loops", "plain", "n:10", 1e-6 * (i + 1), interpreter=interpreter)
        builder.ok("loops", "plain", "n:1000", 50e-6 * (i + 1), interpreter=interpreter)
    builder.ok("loops", "ours", "n:1000", 20e-6)
    if lua:
        builder.ok("loops", "lua", "n:1000", 3e-6)
    else:
        builder.skipped("loops", "lua", "n:1000", "luajit is not installed")
    return results.read(copy.deepcopy(builder.document()))


def of(run: results.Run):
    return years.shown(run, run.ladder("loops"))


def test_interpreters_stand_in_the_order_of_their_versions_and_the_others_behind():
    told = ["CPython 3.9.18", "CPython 3.11.2", "CPython 3.13.1, free-threaded", "PyPy 3.9.16"]
    assert of(built()).interpreters == told


def test_times_are_per_item_on_the_largest_case():
    shown = of(built())
    (time,) = shown.under("CPython 3.11.2")
    assert time.seconds.value == pytest.approx(50e-9, rel=0.05)
    assert time.case == "n:1000"


def test_rungs_beside_are_told_or_named_with_the_reason():
    assert [time.rung for time in of(built()).under("")] == ["10 ours", "12 lua"]
    without = of(built(lua=False))
    assert [time.rung for time in without.under("")] == ["10 ours"]
    assert without.missing == [("12 lua", "luajit is not installed")]
    assert years.words(without).notes == ["Not measured: 12 lua (luajit is not installed)"]


def test_of_one_interpreter_there_is_no_such_chart():
    assert of(built(interpreters=[CPYTHON])) is None


def test_guests_are_no_rows_of_a_ladder():
    run = built()
    for group in results.groups(run, run.ladder("loops")):
        assert all(not row.guest for row in group.rows)
    assert sum(row.guest for row in run.rows) == 2 * len(GUESTS)


def test_the_title_holds_the_fastest_interpreter_against_the_slowest():
    title = years.words(of(built())).title
    assert title.startswith("CPython 3.11.2 ")
    assert title.endswith(" times faster than CPython 3.13.1, free-threaded: plain")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_chart_names_all_interpreters_and_what_stands_beside(theme, narrow):
    (chart,) = charts_of(built(), "years")
    words = texts(chart.figure(theme, narrow))
    assert {*chart.records.interpreters, "10 ours", "12 lua"} <= set(words)
