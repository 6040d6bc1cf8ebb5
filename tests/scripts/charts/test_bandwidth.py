import pytest

from sized_run import LARGE, sized_run
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")
from suite.charts import bandwidth


def triad(threads, memory, streaming=None):
    entries = [
        {"level": "L1", "bytes_per_second": 1e12, "stores": "ordinary", "holds_bytes": 20000},
        {"level": "memory", "bytes_per_second": memory, "stores": "ordinary"},
    ]
    if streaming:
        entries.append({"level": "memory", "bytes_per_second": streaming, "stores": "streaming"})
    rates = {"f64_operations_per_second": 1e10, "f32_operations_per_second": 2e10}
    return {"threads": threads, **rates, "bandwidths": entries}


def run_with(peaks, at=LARGE[-1], **given):
    run = sized_run(**given)
    run.machine["ceilings"] = {"instruction_set": "AVX2", "peaks": peaks}
    run.ladders[0].sizes.update({"bandwidth_at": at} if at else {})
    return run


def of(run):
    return bandwidth.shown(run, run.ladders[0])


def test_a_share_is_the_bytes_of_the_problem_over_time_and_over_the_triads_rate():
    shown = of(run_with([triad(1, memory=20e9, streaming=48e9)]))
    (panel,) = shown.panels
    share = panel.shares["one_array"]
    # 24 bytes in 1.02 ns, of the better kind of stores.
    assert share.value.value == pytest.approx(24 / 1.03e-9 / 48e9)
    assert share.value.low < share.value.value < share.value.high
    assert shown.of_one_thread is None


def test_a_problem_that_a_cache_holds_is_held_against_that_cache():
    (panel,) = of(run_with([triad(1, memory=20e9)], at=LARGE[1])).panels
    assert max(share.value.value for share in panel.shares.values()) == pytest.approx(
        24 / 1.03e-9 / 1e12
    )


def test_each_problem_has_a_panel_with_all_rungs():
    shown = of(run_with([triad(1, memory=20e9)], modes=("plain", "harder")))
    assert [panel.title for panel in shown.panels] == ["plain", "harder"]
    for panel in shown.panels:
        assert list(panel.shares) == list(shown.rungs)


@pytest.mark.parametrize(
    "run",
    [
        run_with([triad(1, memory=20e9)], at=None),
        run_with([triad(1, memory=20e9)], at=17),
        run_with([triad(2, memory=20e9)]),
        run_with([]),
    ],
    ids=["not asked for", "not measured", "no triad on so many threads", "no ceilings"],
)
def test_where_nothing_can_be_said_there_is_no_chart(run):
    assert of(run) is None


def test_words_and_data_stand_beside_the_chart():
    (chart,) = charts_of(run_with([triad(1, memory=48e9)]), "bandwidth")
    assert "48.0 GB/s on one thread" in chart.words.alt
    assert "one_array 49 %" in chart.words.alt
    rows = table(chart)
    assert {row["rung"] for row in rows} == set(chart.records.rungs)
    for row in rows:
        assert float(row["share"]) == pytest.approx(
            float(row["bytes"]) / float(row["seconds"]) / 48e9, rel=1e-4
        )


def test_the_title_names_the_most_and_the_least_of_the_bandwidth():
    (chart,) = charts_of(run_with([triad(1, memory=48e9)]), "bandwidth")
    share = 24 / 1.03e-9 / 48e9
    assert chart.words.title == (
        f"one_array turns {100 * share:.0f} % of the bandwidth into results, numpy_one_array "
        f"{100 * share / 1.016:.0f} %"
    )


def test_of_two_rounds_the_chart_says_so_and_its_title_claims_nothing():
    run = run_with([triad(1, memory=48e9)], rounds=2)
    (chart,) = charts_of(run, "bandwidth")
    assert "turns" not in chart.words.title
    assert "49 %, 2 rounds" in texts(chart.figure())


@pytest.mark.parametrize("narrow", [False, True])
def test_the_chart_names_every_rung_and_each_problem(narrow):
    run = run_with([triad(1, memory=20e9)], modes=("plain", "harder"))
    (chart,) = charts_of(run, "bandwidth")
    words = set(texts(chart.figure(narrow=narrow)))
    assert {line.label for line in chart.records.rungs.values()} <= words
    assert {"plain", "harder"} <= words
