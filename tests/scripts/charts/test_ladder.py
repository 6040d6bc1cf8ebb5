import pytest

from suite.judge.standings import standings
from suite.runs import results
from synthetic_run import Builder, case, close, hostile, rung, two_examples
from words_of_charts import charts_of, table, texts

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def run():
    return results.read(two_examples().document())


def of(run, slug: str, kind: str = "ladder"):
    return next(chart for chart in charts_of(run, kind) if chart.slug == slug)


def points(figure) -> dict[float, object]:
    """The marks of the rungs, by their places: each is a line of one point."""
    marks = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "s")]
    return {float(mark.get_ydata()[0]): mark for mark in marks}


def marks(chart) -> dict[str, object]:
    by_place = points(chart.figure())
    labels = [point.label for point in chart.records.points]
    return dict(zip(labels, (by_place[place] for place in sorted(by_place))))


def test_points_stand_at_their_times_on_a_logarithmic_axis(run):
    chart = of(run, "locator_grid-small_events-4")
    figure = chart.figure()
    assert figure.axes[0].get_xscale() == "log"
    drawn = [float(mark.get_xdata()[0]) for _, mark in sorted(points(figure).items())]
    assert drawn == [point.seconds.value for point in chart.records.points]


def test_a_failed_rung_has_no_point_and_is_named_under_the_chart(run):
    words = texts(of(run, "locator_grid-small_events-4").figure())
    assert "45 mine" not in words
    assert "Wrong answers, left out: 45 mine (error 3, tolerance 0)" in words


def test_what_was_not_run_has_no_point_and_no_guess_but_a_line(run):
    chart = of(run, "locator_grid-medium_events-64")
    words = texts(chart.figure())
    assert "05 python_talk" not in words
    assert not any("forecast" in each for each in words)
    _, _, line = " ".join(words).partition("Not run: ")
    assert "08 numba_talk (numba is not installed)" in line
    assert "05 python_talk, 06 numpy_broadcast" in line and "(no time: about " in line


def test_every_point_carries_its_absolute_time_and_its_factor(run):
    chart = of(run, "locator_grid-small_events-4")
    words = texts(chart.figure())
    for point in chart.records.points:
        assert point.time in words
        assert point.comparison in words
    assert words.count("baseline") == 1


def test_languages_differ_in_colour_and_in_shape(run):
    drawn = marks(of(run, "dummy_objects_n-4000"))
    python, cpp = drawn["05 numpy_one_array"], drawn["10 one_array"]
    assert (python.get_marker(), cpp.get_marker()) == ("o", "s")
    assert python.get_markerfacecolor() != cpp.get_markerfacecolor()


def test_light_colours_have_an_edge_that_stands_out_from_the_paper(run):
    drawn = marks(of(run, "dummy_objects_n-4000"))
    assert {mark.get_markeredgecolor() for mark in drawn.values()} == {"#1b1f24"}


@pytest.mark.parametrize(("rounds", "told"), [(1, "1 round"), (5, "5 rounds")])
def test_fewer_than_six_rounds_are_a_hollow_mark_without_interval_or_factor(rounds, told):
    builder = Builder(rounds).ladder(
        "few",
        cases=[case("n:1", 1)],
        rungs=[rung("a", 1, "src/few/01_a.cpp", ""), rung("b", 2, "src/few/02_b.py", "")],
    )
    builder.ok("few", "a", "n:1", 1.0).ok("few", "b", "n:1", 9.0)
    (chart,) = charts_of(results.read(builder.document()), "ladder")
    figure = chart.figure()
    assert texts(figure).count(told) == 2
    assert not any("faster" in each or "slower" in each for each in texts(figure))
    assert {mark.get_markerfacecolor() for mark in points(figure).values()} == {"#ffffff"}
    assert not figure.axes[0].containers  # no whiskers
    assert chart.words.title == "few, n:1"
    assert chart.words.what.endswith("hollow: fewer than 6 rounds")


def test_the_title_is_the_finding_and_the_myth_is_the_line_above(run):
    chart = of(run, "locator_grid-small_events-4")
    title, myth = chart.words.title, chart.words.myth
    assert title.startswith("numba_closed_form with 2 threads ")
    assert " times faster than python_talk, search " in title
    assert myth.startswith("Rumour: Python cannot locate an earthquake")
    lines = [text.get_text().split("\n")[0] for text in chart.figure().texts]
    above, below = (
        next(i for i, line in enumerate(lines) if words.startswith(line)) for words in (myth, title)
    )
    assert above < below


def test_where_the_baseline_was_not_measured_there_are_no_factors_and_it_is_said(run):
    chart = of(run, "locator_grid-medium_events-64")
    words = texts(chart.figure())
    assert not any(each.endswith(("faster", "slower")) for each in words if "×" in each)
    assert any("No factors: 05 python_talk, the baseline" in each for each in words)
    assert "No factors: 05 python_talk" in chart.alt


def test_the_footer_names_machine_date_commit_and_rounds(run):
    said = texts(of(run, "dummy_objects_n-4000").figure())
    (footer,) = [each for each in said if each.startswith("made-up")]
    for part in ("Example Processor", "2026-11-22", "commit 0123456789", "7 rounds"):
        assert part in footer


def test_the_limit_of_a_rung_stands_where_the_ceiling_is(run):
    chart = of(run, "locator_grid-medium_events-64")
    bars = [line for line in chart.figure().axes[0].lines if line.get_marker() == "|"]
    limits = {point.limit for point in chart.records.points} - {None}
    assert limits <= {float(bar.get_xdata()[0]) for bar in bars}
    assert "this machine's limit" in chart.words.what
    assert "of this machine's limit for it" in chart.words.alt
    line = next(line for line in table(chart) if line["rung"] == "fused")
    assert float(line["of_limit_low"]) < float(line["of_limit"]) < float(line["of_limit_high"])
    without = of(run, "dummy_objects_n-4000")
    assert "limit" not in without.words.what


def test_the_data_beside_a_chart_is_what_it_shows(run):
    chart = of(run, "locator_grid-small_events-4")
    lines, shown = table(chart), standings(chart.thing)
    assert [line["label"] for line in lines] == [each.label for each in shown]
    for line, each in zip(lines, shown):
        if each.status == "measured":
            assert float(line["seconds"]) == pytest.approx(each.seconds.value)
            assert float(line["time_over_baseline"]) == pytest.approx(each.ratio.value)
            assert float(line["seconds_low"]) <= float(line["seconds"])
        else:
            assert line["seconds"] == ""
            assert line["reason"] == each.row.reason


def test_the_words_beside_a_chart_name_every_rung(run):
    for chart in charts_of(run, "ladder"):
        labels = [each.label for each in chart.records.every]
        assert all(label in chart.alt for label in labels)


@pytest.mark.parametrize("narrow", [False, True])
def test_no_text_lies_on_a_mark(run, narrow):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = of(run, "locator_grid-medium_events-64").figure(narrow=narrow)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    drawn = [mark.get_window_extent(renderer) for mark in points(figure).values()]
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert not any(box.overlaps(mark) for mark in drawn), text.get_text()


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("build", [hostile, close])
def test_all_that_can_go_wrong_is_drawn_without_a_text_meeting_another(build, narrow):
    from words_of_charts import assert_words_are_apart

    for kind in ("ladder", "memory"):
        for chart in charts_of(results.read(build().document()), kind):
            assert_words_are_apart(chart.figure(narrow=narrow), chart.name)


def test_dollars_in_a_reason_are_no_formula():
    builder = close().failed("close", "b", "n:1", "failed: $HOME and $PATH_TO^2 are not set")
    del builder.rows[1]
    (chart,) = charts_of(results.read(builder.document()), "ladder")
    assert any("$HOME and $PATH_TO^2" in words for words in texts(chart.figure()))
