import csv
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from suite.charts import bars
from suite.runs import results
from synthetic_run import close, hostile, two_examples
from words_of_charts import assert_words_are_apart

pytest.importorskip("matplotlib")
from suite.charts import draw_charts, page

VIEWS = [(theme, narrow) for theme in ("light", "dark") for narrow in (False, True)]


@pytest.fixture(scope="module")
def run():
    return results.read(two_examples().document())


def group_of(run, slug):
    return next(g for g in bars.measured_groups(run) if g.slug == slug)


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts if text.get_text()]


def bar_names(figure):
    return [patch.get_label() for patch in figure.axes[0].patches if patch.get_label()]


@pytest.mark.parametrize(("theme", "narrow"), VIEWS)
@pytest.mark.parametrize("build", [two_examples, hostile, close])
def test_no_text_meets_another_or_leaves_the_figure(build, theme, narrow):
    run = results.read(build().document())
    for group in bars.measured_groups(run)[-3:]:
        for kind in draw_charts.kinds(group):
            figure = draw_charts.draw(run, group, kind, theme, narrow)
            assert_words_are_apart(figure, f"{group.slug} {kind}")


def test_no_text_lies_on_a_bar(run):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    group = group_of(run, "locator_grid-medium_events-64")
    for narrow in (False, True):
        figure = draw_charts.draw(run, group, "ladder", narrow=narrow)
        renderer = FigureCanvasAgg(figure).get_renderer()
        named = [p.get_window_extent(renderer) for p in figure.axes[0].patches if p.get_label()]
        assert named
        for text in figure.axes[0].texts:
            box = text.get_window_extent(renderer)
            assert not any(box.overlaps(bar) for bar in named), text.get_text()


def test_a_failed_rung_has_no_bar_and_is_named_under_the_chart(run):
    group = group_of(run, "locator_grid-small_events-4")
    figure = draw_charts.draw(run, group, "ladder")
    assert "45 mine" not in bar_names(figure)
    assert "45 mine" not in texts(figure)
    assert "Wrong answers, left out: 45 mine (error 3, tolerance 0)" in texts(figure)


def test_a_rung_that_broke_is_not_called_a_wrong_answer():
    builder = close().ok("close", "a", "n:1", 1.0)
    builder.rows[1].update(status="failed", reason="failed: it ended with signal 11", samples=[])
    del builder.rows[1]["check"]
    group = group_of(results.read(builder.document()), "close_n-1")
    assert bars.notes(bars.ladder_bars(group)) == [
        "Failed, left out: 11 b (it ended with signal 11)"
    ]


def test_a_skipped_rung_is_named_with_its_reason_and_has_no_bar(run):
    figure = draw_charts.draw(run, group_of(run, "locator_grid-small_events-4"), "ladder")
    assert "08 numba_talk" in texts(figure)
    assert "skipped: numba is not installed" in texts(figure)
    assert "08 numba_talk" not in bar_names(figure)


def test_a_forecast_is_drawn_hatched_as_long_as_it_would_take(run):
    group = group_of(run, "locator_grid-medium_events-64")
    figure = draw_charts.draw(run, group, "ladder")
    patches = {p.get_label(): p for p in figure.axes[0].patches if p.get_label()}
    assert patches["05 python_talk"].get_hatch() == "//"
    assert patches["05 python_talk"].get_facecolor()[3] == 0
    assert patches["07 numpy_matrix_product"].get_hatch() is None
    assert patches["05 python_talk"].get_width() > patches["06 numpy_broadcast"].get_width()
    assert "forecast 44 min" in texts(figure)


def test_a_reason_beyond_the_forecast_stands_under_the_chart():
    run = results.read(hostile().document())
    (group,) = bars.measured_groups(run)
    (wrong, budget) = bars.notes(bars.ladder_bars(group))
    assert wrong.startswith("Wrong answers, left out: 92 z")
    assert budget.startswith("Not run, no time left in the budget of 5 min: 90 x (CPython 3.11)")


def test_what_is_not_told_apart_from_the_ground_is_hatched_and_says_so():
    run = results.read(close().document())
    (group,) = bars.measured_groups(run)
    figure = draw_charts.draw(run, group, "ladder")
    patches = {p.get_label(): p for p in figure.axes[0].patches if p.get_label()}
    assert patches["11 b"].get_hatch() == "\\\\"
    assert patches["12 c"].get_hatch() is None
    assert "not separated from ground" in texts(figure)
    assert "no difference shown" in texts(figure)


def test_bars_are_as_long_as_their_times_on_a_logarithmic_scale(run):
    import math

    group = group_of(run, "locator_grid-small_events-4")
    figure = draw_charts.draw(run, group, "ladder")
    widths = {p.get_label(): p.get_width() for p in figure.axes[0].patches if p.get_label()}
    times = {b.label: math.log10(b.length) for b in bars.ladder_bars(group) if b.length}
    assert set(widths) == set(times)
    (a, x), (b, y), (c, z) = list(times.items())[:3]
    assert (widths[a] - widths[b]) / (x - y) == pytest.approx((widths[b] - widths[c]) / (y - z))


def test_every_bar_carries_its_absolute_time_and_its_factor(run):
    group = group_of(run, "locator_grid-small_events-4")
    words = texts(draw_charts.draw(run, group, "ladder"))
    for bar in bars.ladder_bars(group):
        if bar.status == "measured":
            assert bar.time in words
            assert bar.comparison in words
    assert words.count("ground rung") == 1


def test_languages_differ_in_colour_and_in_shape(run):
    from matplotlib.patches import Circle

    group = group_of(run, "dummy_objects_n-4000")
    figure = draw_charts.draw(run, group, "ladder")
    discs = [p for p in figure.axes[0].patches if isinstance(p, Circle)]
    assert len(discs) == 1 + 3  # the legend, and a Python rung each
    colors = {p.get_label(): p.get_facecolor() for p in figure.axes[0].patches if p.get_label()}
    assert colors["05 numpy_one_array"] != colors["10 one_array"]


def test_the_footer_names_machine_date_commit_and_rounds(run):
    group = group_of(run, "dummy_objects_n-4000")
    said = draw_charts.footer(run, group)
    for part in ("made-up", "Example Processor", "2026-11-22", "commit 0123456789", "5 rounds"):
        assert part in said


def test_memory_is_charted_where_a_claim_counts_it_or_rungs_differ(run):
    assert draw_charts.kinds(group_of(run, "dummy_objects_n-1000")) == ["ladder", "memory"]
    assert draw_charts.kinds(group_of(run, "locator_grid-small_events-4")) == ["ladder"]
    assert draw_charts.kinds(bars.measured_groups(results.read(hostile().document()))[0]) == [
        "ladder",
        "memory",
    ]


def test_the_memory_chart_shows_memory_page_faults_and_time(run):
    words = texts(draw_charts.draw(run, group_of(run, "dummy_objects_n-4000"), "memory"))
    assert {"Peak memory", "Page faults", "Time"} <= set(words)
    assert {"159 MB", "31,370"} <= set(words)


def test_a_rung_whose_memory_was_not_counted_is_named():
    builder = two_examples()
    builder.rows[0]["layers"] = {"reason": "fork is not there"}
    group = group_of(results.read(builder.document()), "dummy_objects_n-1000")
    assert bars.memory_notes(group) == ["Not shown, fork is not there: 05 numpy_one_array"]


def test_the_data_beside_a_chart_is_what_it_shows(run):
    group = group_of(run, "locator_grid-small_events-4")
    table = list(csv.DictReader(io.StringIO(bars.ladder_csv(group))))
    shown = bars.ladder_bars(group)
    assert [line["label"] for line in table] == [bar.label for bar in shown]
    for line, bar in zip(table, shown):
        assert line["status"] == bar.status
        if bar.status == "measured":
            assert float(line["seconds"]) == pytest.approx(bar.seconds.value)
            assert float(line["time_over_ground"]) == pytest.approx(bar.ratio.value)
            assert float(line["seconds_low"]) <= float(line["seconds"])
        else:
            assert line["seconds"] == ""
            assert line["reason"] == bar.row.reason
    memory = list(
        csv.DictReader(io.StringIO(bars.memory_csv(group_of(run, "dummy_objects_n-4000"))))
    )
    assert float(memory[0]["peak_resident_bytes"]) == 159_000_000


def test_the_words_beside_a_chart_name_every_rung(run):
    for group in bars.measured_groups(run):
        words = bars.ladder_alt(group)
        assert all(label in words for label in results.bar_labels(group))
    words = bars.memory_alt(group_of(run, "dummy_objects_n-4000"))
    assert "peak 159 MB" in words


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    builder = close()
    results.write_json(folder / "run.json", builder.document())
    return folder, draw_charts.draw_run(folder, page.FORMATS, ("light", "dark"))


def test_a_run_is_drawn_in_every_format_and_theme_with_data_and_words(drawn):
    folder, written = drawn
    names = {path.relative_to(folder).as_posix() for path in written}
    pictures = {
        f"charts/close_n-1-ladder-{theme}.{form}"
        for theme in ("light", "dark")
        for form in ("svg", "pdf", "png")
    }
    assert names == pictures | {"charts/close_n-1-ladder.csv", "charts/close_n-1-ladder.txt"}
    for theme in ("light", "dark"):
        ET.parse(folder / f"charts/close_n-1-ladder-{theme}.svg")


def test_the_same_run_gives_the_same_bytes(drawn, tmp_path):
    _, written = drawn
    results.write_json(tmp_path / "run.json", close().document())
    again = draw_charts.draw_run(tmp_path, page.FORMATS, ("light", "dark"))
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_a_light_picture_repainted_is_the_dark_picture(run):
    """But for the ids of hatches, which matplotlib makes from their colours."""
    for slug in ("dummy_objects_n-4000", "locator_grid-medium_events-64"):
        group = group_of(run, slug)
        dark = page.rendered(draw_charts.draw(run, group, "ladder", "dark"), "svg", "dark")
        light = page.rendered(draw_charts.draw(run, group, "ladder"), "svg")
        same = [re.sub(rb"\bh[0-9a-f]{10}\b", b"", svg) for svg in (dark, page.repainted(light))]
        assert same[0] == same[1]
        assert light != dark


def test_a_picture_is_drawn_anew_when_the_run_shows_something_else():
    slow, fast = close(), close()
    for row in slow.rows:
        for sample in row["samples"]:
            sample["seconds"] *= 2
    pictures = []
    for builder in (slow, fast, slow):
        run = results.read(builder.document())
        group = group_of(run, "close_n-1")
        pictures.append(draw_charts.picture(run, group, "ladder", "svg", "light"))
    assert pictures[0] == pictures[2] != pictures[1]


def test_the_memory_of_a_single_rung_is_no_chart():
    builder = two_examples()
    builder.rows = [row for row in builder.rows if row["rung"] == "one_array"]
    run = results.read(builder.document())
    assert draw_charts.kinds(group_of(run, "dummy_objects_n-4000")) == ["ladder"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("forecast 4.7 days", []),
        ("forecast 45 s for 3 rounds", []),
        (
            "no time left in the budget of 5 min, forecast 21 hours for 3 rounds",
            ["no time left in the budget of 5 min"],
        ),
        (
            "forecast 80 GB of memory, 7.4 GB available",
            ["forecast 80 GB of memory, 7.4 GB available"],
        ),
    ],
)
def test_a_note_leaves_out_what_the_bar_says(reason, said):
    builder = close().skipped("close", "a", "n:1", reason, seconds=100)
    del builder.rows[0]
    group = group_of(results.read(builder.document()), "close_n-1")
    assert bars.notes(bars.ladder_bars(group)) == [f"Not run, {words}: 10 a" for words in said]


def test_the_themes_differ_in_colours_only():
    light, dark = page.palette("light"), page.palette("dark")
    assert set(light) == set(dark)
    assert len(set(light.values())) == len(light)
    assert len(set(dark.values())) == len(dark)


def test_a_pdf_and_an_svg_carry_no_date(drawn):
    folder, _ = drawn
    assert b"CreationDate" not in (folder / "charts/close_n-1-ladder-light.pdf").read_bytes()
    assert b"dc:date" not in (folder / "charts/close_n-1-ladder-light.svg").read_bytes()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--run", "nowhere"], "no run 'nowhere'"),
        (["--format", "gif"], "'gif' is none of svg, pdf, png"),
        (["--theme", "pink"], "'pink' is none of light, dark"),
    ],
)
def test_bad_usage_is_one_clear_line_and_status_2(options, complaint):
    suite = results.PROJECT / "scripts" / "suite"
    done = subprocess.run(
        [sys.executable, str(suite), "charts", *options],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_without_matplotlib_charts_are_skipped_with_the_reason(drawn, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert draw_charts.draw_run(drawn[0]) == []
    assert "charts: skipped: matplotlib is not installed" in capsys.readouterr().err


def test_a_long_name_is_broken_at_an_underscore_and_loses_nothing():
    name = "05 a_name_that_is_far_too_long_for_the_width_it_is_given"
    lines = page.wrapped(name, 3.0)
    assert len(lines) > 1
    assert "".join(lines) == name
    assert all(line.endswith("_") for line in lines[:-1])
    assert all(page.text_width(line) <= 3.0 for line in lines)
    assert page.wrapped("x" * 100, 2.0)[0].startswith("xxx")


def test_dollars_in_a_reason_are_no_formula():
    builder = close().failed("close", "b", "n:1", "failed: $HOME and $PATH_TO^2 are not set")
    del builder.rows[1]
    run = results.read(builder.document())
    figure = draw_charts.draw(run, group_of(run, "close_n-1"), "ladder")
    # Formulas are set in slanted letters.
    assert b"Oblique" not in page.rendered(figure, "svg")


def test_the_limit_of_a_rung_crosses_its_bar_where_the_ceiling_stands(run):
    group = group_of(run, "locator_grid-medium_events-64")
    (one, two) = (bar for bar in bars.ladder_bars(group) if bar.row.rung == "fused")
    assert one.of_limit.low < one.of_limit.value < one.of_limit.high
    assert one.of_limit.value == pytest.approx(one.limit / one.seconds.value)
    words = texts(draw_charts.draw(run, group, "ladder"))
    assert "this machine's limit for that rung" in words
    assert "of this machine's limit for it" in bars.ladder_alt(group)
    table = list(csv.DictReader(io.StringIO(bars.ladder_csv(group))))
    line = next(line for line in table if line["label"] == two.label)
    assert float(line["limit_seconds"]) == pytest.approx(two.limit)
    assert float(line["of_limit_low"]) < float(line["of_limit"]) < float(line["of_limit_high"])


def test_no_forecast_is_below_what_the_machine_can_do_at_most(run):
    group = next(
        g for g in results.groups(run, run.ladder("locator")) if any(r.limit for r in g.rows)
    )
    row = next(row for row in group.rows if row.limit)
    forecast = replace(row, status="skipped", reason="", forecast={"seconds": row.limit / 10})
    rows = [forecast if each is row else each for each in group.rows]
    (bar,) = [b for b in bars.ladder_bars(replace(group, rows=rows)) if b.row is forecast]
    assert bar.forecast == row.limit


def test_without_bounds_no_limit_is_spoken_of(run):
    words = texts(draw_charts.draw(run, group_of(run, "dummy_objects_n-4000"), "ladder"))
    assert "this machine's limit for that rung" not in words
    assert {bar.of_limit for bar in bars.ladder_bars(group_of(run, "dummy_objects_n-4000"))} == {
        None
    }


def test_what_a_rung_notes_is_told_in_units_by_the_ends_of_the_names():
    notes = {
        "build_seconds": 0.031,
        "search_seconds": 0.012,
        "nodes_visited": 64,
        "tree_bytes": 2e6,
    }
    builder = close().ok("close", "a", "n:1", 1.0, notes=notes)
    builder.rows[-1]["samples"] = [{"round": 0, "seconds": 1.0, "notes": notes}]
    row = results.read(builder.document()).rows[-1]
    assert bars.phases_text(row) == "build 31.0 ms + search 12.0 ms"
    assert bars.counts_text(row) == "nodes visited 64, tree 2.00 MB"
