"""Charts as files: all kinds, in every format and theme, the same bytes each time."""

import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from suite import charts
from suite.runs import results
from suite.runs.documents import Refused
from synthetic_run import Builder, case, close, rung, scripted, two_examples

pytest.importorskip("matplotlib")
from suite.charts import _files, _look
from suite.pages import chart_files

SUITE = results.PROJECT / "scripts" / "suite"
NEW = '''"""How many rungs each ladder has."""

from dataclasses import dataclass

from . import _look

OF = "run"


@dataclass(frozen=True)
class Counts:
    rungs: dict[str, int]


def shown(run, _):
    return Counts({ladder.example: len(ladder.rungs) for ladder in run.ladders})


def words(counts):
    said = ", ".join(f"{name} {count}" for name, count in counts.rungs.items())
    return _look.Words("Ladders are long", "Myth: few ways lead to Rome", "rungs", f"Rungs: {said}")


def table(counts):
    return "ladder,rungs", [list(pair) for pair in counts.rungs.items()]


def draw(counts, look):
    figure, axes = look.figure(words(counts), 4.0)
    axes.bar(list(counts.rungs), list(counts.rungs.values()), **look.bar("c++"))
    return figure
'''


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    results.write_json(folder / "run.json", close().document())
    return folder, chart_files.draw_run(folder, chart_files.FORMATS, ("light", "dark"))


def test_a_run_is_drawn_in_every_format_and_theme_with_data_and_words(drawn):
    folder, written = drawn
    names = {path.relative_to(folder).as_posix() for path in written}
    pictures = {
        f"charts/close_n-1-ladder-{theme}.{form}"
        for theme in ("light", "dark")
        for form in ("svg", "pdf", "png")
    }
    assert names >= pictures | {"charts/close_n-1-ladder.csv", "charts/close_n-1-ladder.txt"}
    for theme in ("light", "dark"):
        ET.parse(folder / f"charts/close_n-1-ladder-{theme}.svg")


def test_the_same_run_gives_the_same_bytes(drawn, tmp_path, monkeypatch):
    _, written = drawn
    monkeypatch.setattr(_files, "_drawn", {})
    results.write_json(tmp_path / "run.json", close().document())
    again = chart_files.draw_run(tmp_path, chart_files.FORMATS, ("light", "dark"))
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_text_stays_text_and_brings_its_letters_along(drawn):
    svg = (drawn[0] / "charts/close_n-1-ladder-light.svg").read_text(encoding="utf-8")
    assert ">10 a</text>" in svg
    assert re.findall(r"@font-face\{font-family:'DejaVu Sans';font-weight:(\d+)", svg) == [
        "400",
        "700",
    ]


def test_a_pdf_and_an_svg_carry_no_date(drawn):
    folder, _ = drawn
    assert b"CreationDate" not in (folder / "charts/close_n-1-ladder-light.pdf").read_bytes()
    assert b"dc:date" not in (folder / "charts/close_n-1-ladder-light.svg").read_bytes()


def test_a_light_picture_repainted_is_the_dark_picture():
    """But for ids, which matplotlib makes from what they stand for, colours included."""
    run = results.read(two_examples().document())
    kinds = {chart.kind: chart for chart in charts.of_run(run)}
    for chart in kinds.values():
        dark = _files.rendered(chart.figure("dark"), "svg", "dark")
        light = _files.repainted(_files.svg(chart))
        same = [re.sub(rb"\b[hmp][0-9a-f]{10}\b", b"", svg) for svg in (dark, light)]
        assert same[0] == same[1], chart.name
        assert light != _files.svg(chart)


def test_a_picture_is_drawn_anew_when_the_run_shows_something_else():
    slow, fast = close(), close()
    for row in slow.rows:
        for sample in row["samples"]:
            sample["seconds"] *= 2
    pictures = []
    for builder in (slow, fast, slow):
        chart = next(iter(charts.of_run(results.read(builder.document()))))
        pictures.append(_files.picture(chart, "svg", "light"))
    assert pictures[0] == pictures[2] != pictures[1]


def test_the_themes_differ_in_colours_only():
    light, dark = _look.palette("light"), _look.palette("dark")
    assert set(light) == set(dark)
    assert len(set(light.values())) == len(light)
    assert len(set(dark.values())) == len(dark)


def test_charts_are_never_written_where_a_link_leads(tmp_path):
    run, outside = tmp_path / "run", tmp_path / "outside"
    results.write_json(run / "run.json", close().document())
    outside.mkdir()
    (run / "charts").symlink_to(outside)
    with pytest.raises(Refused, match="charts: is a link"):
        chart_files.draw_run(run)
    assert list(outside.iterdir()) == []


def test_a_link_in_place_of_a_chart_is_replaced_and_not_followed(tmp_path):
    run, outside = tmp_path / "run", tmp_path / "outside.csv"
    results.write_json(run / "run.json", close().document())
    outside.write_text("kept")
    (run / "charts").mkdir()
    (run / "charts" / "close_n-1-ladder.csv").symlink_to(outside)
    chart_files.draw_run(run, ("svg",), ("light",))
    assert outside.read_text() == "kept"
    assert not (run / "charts" / "close_n-1-ladder.csv").is_symlink()


def test_a_picture_of_any_text_is_one_that_can_be_read(tmp_path):
    results.write_json(tmp_path / "run.json", scripted(close()))
    written = chart_files.draw_run(tmp_path, ("svg",), ("light",))
    for file in written:
        if file.suffix == ".svg":
            tags = {element.tag.rpartition("}")[2] for element in ET.parse(file).iter()}
            assert "script" not in tags
        assert "\x1b" not in file.read_text(encoding="utf-8")


def test_two_charts_that_would_be_one_file_are_refused(tmp_path):
    builder = Builder(3)
    for example, label in (("x", "a_b:1"), ("x_a", "b:1")):
        rungs = [rung(name, 1, f"src/{example}/{name}.cpp", "") for name in ("one", "two")]
        builder.ladder(example, cases=[case(label, 1)], rungs=rungs)
        for each in rungs:
            builder.ok(example, each["name"], label, 1.0)
    results.write_json(tmp_path / "run.json", builder.document())
    with pytest.raises(Refused, match="two of its charts would be one file"):
        chart_files.draw_run(tmp_path)
    assert not (tmp_path / "charts").exists()


def suite(*arguments, of=SUITE):
    return subprocess.run(
        [sys.executable, str(of), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--run", "nowhere"], "no run 'nowhere'"),
        (["--format", "gif"], "'gif' is none of svg, pdf, png"),
        (["--theme", "pink"], "'pink' is none of light, dark"),
    ],
)
def test_bad_usage_is_one_clear_line_and_status_2(options, complaint):
    done = suite("charts", *options)
    assert done.returncode == 2
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_without_matplotlib_charts_are_skipped_with_the_reason(drawn, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert chart_files.draw_run(drawn[0]) == []
    assert "charts: skipped: matplotlib is not installed" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path):
    """The scripts and the schemas that they read by, to put a chart into them."""
    schemas = shutil.ignore_patterns("reference", "runs", "studies")
    shutil.copytree(results.RESULTS, tmp_path / "results", ignore=schemas)
    copy = tmp_path / "scripts" / "suite"
    shutil.copytree(SUITE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_a_chart_dropped_into_the_folder_is_in_files_report_and_list(project, tmp_path):
    pytest.importorskip("jinja2")
    (project / "charts" / "lengths.py").write_text(NEW, encoding="utf-8")
    results.write_json(tmp_path / "run" / "run.json", close().document())
    listed = suite("charts", "--list", of=project).stdout
    assert re.search(r"^lengths +run +How many rungs each ladder has\.$", listed, re.MULTILINE)
    assert "ladder " in listed
    done = suite("charts", "--run", tmp_path / "run", of=project)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "run" / "charts"
    assert (folder / "run-lengths.csv").read_text() == "ladder,rungs\nclose,3\n"
    assert (folder / "run-lengths.txt").read_text() == "Rungs: close 3\n"
    for theme in ("light", "dark"):
        assert "Ladders are long" in (folder / f"run-lengths-{theme}.svg").read_text()
    assert suite("report", "--run", tmp_path / "run", of=project).returncode == 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.count('aria-label="Rungs: close 3"') == 2  # wide and narrow
    assert page.count(">Ladders are long</text>") == 2


def test_a_file_that_lacks_a_part_of_a_chart_is_named_with_the_part(project):
    (project / "charts" / "lengths.py").write_text(NEW.replace("def table", "def rows"))
    done = suite("charts", "--list", of=project)
    assert done.returncode != 0
    assert "lengths.py: a chart needs table" in done.stderr


def test_the_charts_have_a_page_to_choose_from_whose_files_are_all_there(drawn):
    pytest.importorskip("jinja2")
    folder, written = drawn
    page = (folder / "charts" / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    assert named
    assert all((folder / "charts" / name).is_file() for name in named)
    others = {path.name for path in written} - {"index.html"}
    assert named == others


def test_only_the_charts_of_examples_that_are_asked_for_are_drawn(tmp_path):
    results.write_json(tmp_path / "run.json", two_examples().document())
    run = results.load(tmp_path)
    first, second = (ladder.example for ladder in run.ladders)
    names = {path.name for path in chart_files.draw_run(tmp_path, only=[first])} - {"index.html"}
    assert names
    assert all(name.startswith(first) for name in names)
    with pytest.raises(ValueError, match="nonsense"):
        chart_files.draw_run(tmp_path, only=["nonsense"])
