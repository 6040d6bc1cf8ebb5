import pytest

from suite.runs import results
from synthetic_run import Builder, case, rung
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")

SOURCES = {
    "loop": "import math\n",
    "numpy": "import os\nimport numpy as np\n",
    "numba": "from numba import njit\nimport numpy as np\n",
    "called": "from ctypes import PyDLL\nimport numpy as np\n",
}


def built(rounds: int = 7, **seconds: dict[str, float]) -> results.Run:
    """Two ladders or more; of each the rungs that were measured, with their seconds."""
    builder = Builder(rounds, noise=0.001)
    files = {"loop": "py", "numpy": "py", "numba": "py", "called": "py", "fused": "cpp"}
    for example, measured in seconds.items():
        rungs = [
            {**rung(name, i + 1, f"src/{example}/{name}.{end}", "", end == "cpp")}
            for i, (name, end) in enumerate(files.items())
        ]
        for each in rungs:
            each["source"] = SOURCES.get(each["name"], "")
        cases = [case(f"n:9/threads:{threads}", 9) for threads in (1, 2)]
        builder.ladder(example, cases=cases, rungs=rungs, baseline="loop")
        for name, took in measured.items():
            threads = 2 if name == "threads" else 1
            builder.ok(example, "fused" if threads == 2 else name, f"n:9/threads:{threads}", took)
    return results.read(builder.document())


SLOW = {"loop": 8.0, "numpy": 0.8, "numba": 0.1, "called": 0.01, "fused": 0.04, "threads": 0.02}


def only(run: results.Run):
    (chart,) = charts_of(run, "overview")
    return chart


def test_each_tool_is_held_against_the_baseline_of_its_ladder():
    chart = only(built(sums=SLOW, dots={"loop": 6.0, "fused": 2.0}))
    factors = {(row["ladder"], row["tool"]): float(row["times as fast"]) for row in table(chart)}
    told = {"Python": 1, "NumPy": 10, "Numba": 80, "C++": 200, "C++ with threads": 400}
    expected = {("sums", name): factor for name, factor in told.items()}
    expected |= {("dots", "Python"): 1, ("dots", "C++"): 3}
    assert factors == pytest.approx(expected, rel=0.01)


def test_a_rung_that_calls_another_library_is_no_numpy():
    chart = only(built(sums={"loop": 8.0, "called": 0.01}, dots={"loop": 6.0, "fused": 2.0}))
    assert {row["tool"] for row in table(chart)} == {"Python", "C++"}


def test_the_title_says_where_the_best_tool_leads_furthest_and_where_least():
    title = only(built(sums=SLOW, dots={"loop": 6.0, "fused": 2.0})).words.title
    assert title == (
        "From 3.0 times (C++, dots) to 400 times (C++ with threads, sums) as fast as the baseline"
    )


def test_what_was_not_measured_is_grey_on_a_slide_and_said_on_a_phone():
    chart = only(built(sums=SLOW, dots={"loop": 6.0, "fused": 2.0}))
    wide = chart.figure()
    assert [len(axes.patches) for axes in wide.axes] == [0, 1, 1, 0, 1]
    words = " ".join(texts(chart.figure(narrow=True)))
    assert words.count("not measured") == 3 + 1  # and in what grey stands for


def test_a_ladder_without_its_baseline_is_left_out_and_named():
    run = built(sums=SLOW, dots={"loop": 6.0, "fused": 2.0}, trees={"numpy": 1.0, "fused": 0.1})
    chart = only(run)
    assert chart.records.names == ["sums", "dots"]
    assert "Baseline not measured, left out: trees." in chart.words.notes


def test_of_two_rounds_or_one_ladder_there_is_no_such_chart():
    assert charts_of(built(rounds=2, sums=SLOW, dots=SLOW), "overview") == []
    assert charts_of(built(sums=SLOW), "overview") == []
