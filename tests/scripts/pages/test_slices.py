from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from slices_file import document
from suite import cli
from suite.pages.slices import (
    SLIDE,
    THINNEST,
    draw,
    edges,
    error_range,
    facts,
    load,
    panels,
    words,
)

matplotlib = pytest.importorskip("matplotlib")


def written(folder: Path, **changes) -> Path:
    path = folder / "e1.json"
    path.write_text(json.dumps(document(**changes)))
    return path


@pytest.fixture
def slices(tmp_path):
    return load(written(tmp_path))


def texts(figure) -> list[str]:
    every = figure.findobj(matplotlib.text.Text)
    return [text.get_text() for text in every if text.get_text()]


def test_a_node_stands_in_the_middle_of_its_cell():
    assert edges([0, 100, 200]) == [-50, 50, 150, 250]
    assert edges([7]) == [6.5, 7.5]


@pytest.mark.parametrize(
    "extents",
    [
        {"x": 7000, "y": 7000, "z": 3000},
        {"x": 18000, "y": 16000, "z": 12000},
        {"x": 10, "y": 7000, "z": 3000},
        {"x": 7000, "y": 10, "z": 3000},
        {"x": 100, "y": 100, "z": 9000},
        {"x": 1, "y": 1, "z": 1},
    ],
)
def test_panels_fit_on_the_page_and_none_is_too_thin(extents):
    inches = panels(extents, 8.0, 5.0)
    assert inches["x"] + inches["z"] <= 8.0
    assert inches["y"] + inches["z"] <= 5.0
    assert min(inches.values()) >= THINNEST


def test_a_map_is_drawn_to_scale():
    inches = panels({"x": 7000, "y": 6000, "z": 3000}, 8.0, 5.0)
    assert inches["x"] / inches["y"] == pytest.approx(7 / 6)
    assert inches["x"] / inches["z"] == pytest.approx(7 / 3)


def test_a_station_beside_the_grid_widens_the_picture_and_a_distant_one_is_counted(tmp_path):
    stations = [
        {"station": "near", "x_m": -80, "y_m": 100, "z_m": 0, "recorded": True},
        {"station": "far", "x_m": 9000, "y_m": 100, "z_m": 0, "recorded": True},
    ]
    slices = load(written(tmp_path, stations=stations))
    low, high = slices.shown("x")
    assert low < -80
    assert high == 250
    assert [station.name for station in slices.outside()] == ["far"]
    assert ("", "1 beyond the edge") in facts(slices)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_names_event_axes_unit_source_and_stations(slices, theme):
    shown = texts(draw(slices, theme))
    for text in ("Event e1", "x, m", "y, m", "z, m", "error, per cent", "error 5 %, A = 7"):
        assert text in shown
    for text in ("x = 0 m", "y = 0 m", "z = -500 m", "A", "B", "1 station", "1 without record"):
        assert text in shown


@pytest.mark.parametrize("origin", [0, 4174000])
def test_everything_that_is_written_stands_on_the_page(tmp_path, origin):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = draw(load(written(tmp_path, y=[origin, origin + 100, origin + 900])))
    FigureCanvasAgg(figure).draw()
    width, height = (inches * figure.dpi for inches in SLIDE)
    for text in figure.findobj(matplotlib.text.Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert 0 <= box.x0 <= box.x1 <= width, text.get_text()
            assert 0 <= box.y0 <= box.y1 <= height, text.get_text()


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_a_grid_of_a_single_layer_is_drawn(tmp_path, axis):
    assert draw(load(written(tmp_path, **{axis: (250,)})))


def test_a_node_without_error_stays_blank_and_out_of_the_range(tmp_path):
    path = written(tmp_path)
    content = json.loads(path.read_text())
    content["per_cent_error_by_y_and_x"][2][1] = None
    path.write_text(json.dumps(content))
    slices = load(path)
    assert error_range(slices) == (5, 55)
    assert draw(slices)


def test_a_perfect_fit_everywhere_is_drawn(tmp_path):
    slices = load(written(tmp_path, x=(0,), y=(0,), z=(0,)))
    assert error_range(slices) == (5, 5)
    assert draw(slices)


def test_the_words_say_what_the_picture_shows(slices):
    said = words(slices)
    for part in (
        "e1",
        "x 0 m",
        "y 0 m",
        "z -500 m",
        "5 per cent",
        "55 per cent",
        "1 of 2 stations",
    ):
        assert part in said


def run(*arguments) -> int:
    return cli.main(["slices", *map(str, arguments)])


def test_pictures_and_words_are_written_beside_the_data(tmp_path):
    path = written(tmp_path)
    (tmp_path / "slices.txt").write_text(f"{path}\n")
    assert run(f"@{tmp_path}/slices.txt", "--format=png,svg", "--theme=dark") == 0
    names = {file.name for file in tmp_path.iterdir()}
    assert names == {"e1.json", "slices.txt", "e1.txt", "e1-dark.png", "e1-dark.svg"}
    assert (tmp_path / "e1-dark.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_is_the_same_each_time_it_is_drawn(tmp_path):
    path = written(tmp_path)
    pictures = []
    for _ in range(2):
        assert run(path, "--format=svg", "--theme=light") == 0
        pictures.append((tmp_path / "e1-light.svg").read_bytes())
    assert pictures[0] == pictures[1]


def changed(**changes) -> str:
    return json.dumps(document(**changes))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "not strict JSON"),
        ("[]", "the whole must be an object"),
        ('{"event": 1}', "'source' is missing"),
        (changed(x_m=[0, 200, 100]), "'x_m' does not grow from node to node"),
        (changed(z_m=[0]), "'per_cent_error_by_z_and_x' has not one error for each of its nodes"),
        (changed(per_cent_error_by_y_and_x=[[1.0]]), "'per_cent_error_by_y_and_x' has not one"),
    ],
)
def test_a_file_of_something_else_is_refused_by_name(tmp_path, capsys, content, complaint):
    path = tmp_path / "other.json"
    path.write_text(content)
    assert run(path) == 2
    assert f"{path}: {complaint}" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["other.json"]


def test_without_matplotlib_one_sentence_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert run(written(tmp_path)) == 3
    complaint = capsys.readouterr().err
    assert complaint.startswith("suite slices: no pictures: matplotlib is not installed (")
    assert complaint.count("\n") == 1
