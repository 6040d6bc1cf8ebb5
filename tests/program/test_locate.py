"""The program locate as a user with data of their own meets it in a shell."""

from __future__ import annotations

import csv
import json
import math
import os
import random
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MYTHBENCH = Path(os.environ.get("MYTHBENCH_PROGRAM", ROOT / "build" / "release" / "mythbench"))
PROGRAM = MYTHBENCH.with_name("locate")
EXAMPLE = ROOT / "src" / "locator" / "example"

pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason=f"{PROGRAM} is not built")

STATIONS = """station,x_m,y_m,z_m
A,120,130,900
B,910,180,800
C,480,870,1000
D,890,860,950
"""
# The grid has its nodes at 0, 100, ... 1000 metres in x and y, at 0, 100, ... 500 in z.
GRID = {
    "x": {"first": 0, "last": 1000, "step": 100},
    "y": {"first": 0, "last": 1000, "step": 100},
    "z": {"first": 0, "last": 500, "step": 100},
    "amplitude": {"first": 1, "last": 10, "step": 1},
    "frequency_hz": 8,
    "quality_factor": 50,
    "velocity_m_s": 2000,
}
DECAY = math.pi * 8 / (50 * 2000)
EVENTS = """event,A,B,C,D
one,0.004,0.005,0.006,0.0055
"""


def rungs() -> list[str]:
    """The names that the program itself offers."""
    complaint = locate("--rung", "no such rung", *files(EXAMPLE), "-o", "unused.csv").stderr
    return complaint.strip().split("there are ")[1].split(", ")


def files(folder: Path) -> list[str]:
    return [
        *("--stations", str(folder / "stations.csv")),
        *("--events", str(folder / "events.csv")),
        *("--grid", str(folder / "grid.json")),
    ]


def locate(*arguments: str, **more) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAM), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


class Data:
    """A folder of input files, small and right unless a test makes it otherwise."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.located = folder / "located.csv"
        self.write("stations.csv", STATIONS)
        self.write("events.csv", EVENTS)
        self.write("grid.json", json.dumps(GRID))

    def write(self, name: str, content: str | bytes) -> None:
        data = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(data)

    def write_grid(self, **changes) -> None:
        self.write("grid.json", json.dumps({**GRID, **changes}))

    def locate(self, *arguments: str, **more) -> subprocess.CompletedProcess[str]:
        return locate(*files(self.folder), "-o", str(self.located), *arguments, **more)

    def found(self, *arguments: str) -> dict[str, dict[str, str]]:
        """The rows of located.csv by event."""
        result = self.locate(*arguments)
        assert result.returncode == 0, result.stderr
        return rows(self.located)


def rows(file: Path) -> dict[str, dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        data = [line for line in lines if not line.startswith("#")]
    return {row["event"]: row for row in csv.DictReader(data)}


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def observations(x: float, y: float, z: float, amplitude: float) -> list[float]:
    """What the four stations record of a source, without noise."""
    distances = [
        math.dist((x, y, z), [float(cell) for cell in line.split(",")[1:]])
        for line in STATIONS.splitlines()[1:]
    ]
    return [amplitude * math.exp(-DECAY * r) / r for r in distances]


def event(name: str, values: list[float | str]) -> str:
    return ",".join([name, *(v if isinstance(v, str) else repr(v) for v in values)]) + "\n"


SOURCE_COLUMNS = ("x_m", "y_m", "z_m", "A")


def source(row: dict[str, str]) -> tuple[float, ...]:
    return tuple(float(row[column]) for column in SOURCE_COLUMNS)


# ---- What it finds ----


def test_the_events_of_the_shipped_example_are_made_as_it_says():
    stations = rows_by(EXAMPLE / "stations.csv", "station")
    events = rows(EXAMPLE / "events.csv")
    for name, made in rows(EXAMPLE / "sources.csv").items():
        *place, amplitude = source(made)
        for station, row in stations.items():
            if events[name][station]:
                r = math.dist(place, [float(row[c]) for c in ("x_m", "y_m", "z_m")])
                expected = amplitude * math.exp(-DECAY * r) / r
                assert float(events[name][station]) == pytest.approx(expected, rel=1e-14)


def rows_by(file: Path, column: str) -> dict[str, dict[str, str]]:
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    return {row[column]: row for row in csv.DictReader(lines)}


def test_every_rung_finds_the_sources_of_the_shipped_example_exactly(tmp_path: Path):
    made = rows(EXAMPLE / "sources.csv")
    assert len(made) >= 4
    names = rungs()
    assert "talk" in names
    for rung in names:
        out = tmp_path / f"{rung}.csv"
        result = locate(*files(EXAMPLE), "--rung", rung, "-o", str(out))
        assert (result.returncode, rung in result.stdout) == (0, True), result.stderr
        found = rows(out)
        assert list(found) == list(rows(EXAMPLE / "events.csv"))
        for name, row in found.items():
            if name in made:
                assert (row["status"], row["reason"]) == ("ok", ""), (rung, name)
                assert source(row) == source(made[name]), (rung, name)
                assert 0 <= float(row["per_cent_error"]) < 1e-9
            else:
                assert row["status"] == "unlocatable"
                assert [row[c] for c in (*SOURCE_COLUMNS, "per_cent_error")] == [""] * 5


def test_all_rungs_write_the_same_bytes_with_any_number_of_threads(data: Data):
    noise = random.Random(1)
    lines = "event,A,B,C,D\n"
    for i in range(20):
        values: list = [
            o * math.exp(noise.gauss(0, 0.2))
            for o in observations(
                noise.uniform(0, 1000), noise.uniform(0, 1000), noise.uniform(0, 500), 5
            )
        ]
        if i % 3 == 0:
            values[i % 4] = ""
        lines += event(f"e{i}", values)
    data.write("events.csv", lines)
    places = {source(row) for row in data.found("--rung", "talk").values()}
    assert len(places) > 5
    expected = data.located.read_bytes()
    for rung in rungs():
        for threads in ("1", "2", "3"):
            data.located.unlink()
            assert data.locate("--rung", rung, "--threads", threads).returncode == 0
            assert data.located.read_bytes() == expected, (rung, threads)


def test_the_per_cent_error_is_that_of_the_source_found(data: Data):
    row = data.found()["one"]
    *place, amplitude = source(row)
    recorded = [float(cell) for cell in EVENTS.splitlines()[1].split(",")[1:]]
    error = sum((c - o) ** 2 for c, o in zip(observations(*place, amplitude), recorded))
    expected = 100 * math.sqrt(error / sum(o * o for o in recorded))
    assert expected > 1
    assert float(row["per_cent_error"]) == pytest.approx(expected, rel=1e-12)


def test_numbers_are_written_so_that_they_read_back_unchanged(data: Data):
    axis = {"first": 0.1, "last": 1000, "step": 33.3}
    data.write_grid(x=axis, amplitude={"first": 0.7, "last": 9, "step": 0.1})
    row = data.found()["one"]
    assert float(row["x_m"]) in [0.1 + i * ((0.1 + 33.3) - 0.1) for i in range(40)]
    assert float(row["A"]) in [0.7 + i * ((0.7 + 0.1) - 0.7) for i in range(100)]


def test_a_grid_overshoots_its_last_value_as_the_talk_s_does(data: Data):
    # numpy.arange(1, 2 + .2, .2) ends at 2.2, and range(0, 250 + 100, 100) at 300.
    data.write_grid(
        x={"first": 0, "last": 250, "step": 100},
        amplitude={"first": 1, "last": 2, "step": 0.2},
    )
    data.write("events.csv", "event,A,B,C,D\n" + event("e", observations(300, 500, 200, 2.2)))
    row = data.found()["e"]
    assert source(row)[:3] == (300, 500, 200)
    assert float(row["A"]) == pytest.approx(2.2)


def test_observations_are_divided_by_the_site_factor(data: Data):
    factors = [2.0, 1.0, 0.5, 4.0]
    lines = STATIONS.splitlines()
    table = [lines[0] + ",site_factor"]
    table += [f"{line},{'' if f == 1 else f}" for line, f in zip(lines[1:], factors)]
    data.write("stations.csv", "\n".join(table) + "\n")
    values = [o * f for o, f in zip(observations(300, 500, 200, 4), factors)]
    data.write("events.csv", "event,A,B,C,D\n" + event("e", values))
    assert source(data.found()["e"]) == (300, 500, 200, 4)


def test_an_event_that_too_few_stations_recorded_is_unlocatable_and_the_others_are_not(data: Data):
    good = observations(300, 500, 200, 4)
    data.write(
        "events.csv",
        "event,A,B,C,D\n"
        + event("two", [good[0], "", good[2], ""])
        + event("good", good)
        + event("one", ["", "", good[2], ""])
        + event("none", ["", "", "", ""])
        + event("silent", [0.0, 0.0, 0.0, ""])
        + event("tiny", [1e-180] * 4)
        + event("huge", [1e180] * 4)
        + event("three", [*good[:3], ""]),
    )
    found = data.found()
    assert list(found) == ["two", "good", "one", "none", "silent", "tiny", "huge", "three"]
    located = [name for name, row in found.items() if row["status"] == "ok"]
    assert located == ["good", "three"]
    assert source(found["good"]) == (300, 500, 200, 4)
    assert found["two"]["reason"] == "2 stations recorded it, 3 are needed"
    assert found["one"]["reason"] == "1 station recorded it, 3 are needed"
    assert found["none"]["reason"] == "0 stations recorded it, 3 are needed"
    assert found["silent"]["reason"] == "all its observations are 0"
    beyond = (
        "expected the root of the sum of an event's squares from 1e-60 to 1e+60, got too {} ones"
    )
    for name, how in {"tiny": "small", "huge": "large"}.items():
        assert found[name]["reason"].startswith(beyond.format(how))


def test_a_node_below_a_station_is_left_out_and_that_is_said(data: Data):
    data.write("stations.csv", STATIONS.replace("B,910,180,800", "B,900,200,400.0000000001"))
    # Without the mask the node below B would explain an event that B alone recorded.
    data.write("events.csv", "event,A,B,C,D\nloud,0.001,1000,0.001,0.001\n")
    for rung in rungs():
        result = data.locate("--rung", rung)
        assert result.returncode == 0
        lines = [line for line in result.stderr.splitlines() if "station" in line]
        assert lines == ["locate: station B stands on the node (900, 200, 400), which is left out"]
        assert source(rows(data.located)["loud"])[:3] != (900, 200, 400), rung


def test_a_best_point_at_the_edge_of_the_grid_is_said_to_be_doubtful(data: Data):
    values = observations(1000, 500, 200, 4)
    inside = observations(500, 500, 200, 4)
    lines = "event,A,B,C,D\n" + event("far", values) + event("within", inside)
    data.write("events.csv", lines)
    complaint = data.locate().stderr
    assert "at the edge of the grid" in complaint
    assert "far" in complaint
    assert "within" not in complaint


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_from_any_system_and_spreadsheet_read_alike(data: Data, end: str):
    expected = data.found()
    data.write(
        "stations.csv",
        b"\xef\xbb\xbf" + ("# ours\n" + STATIONS + "\n ,,,\n\n").replace("\n", end).encode(),
    )
    quoted = '# theirs\n\n"event" , "A","B","C","D"\n"one","0.004", 0.005 ,0.006,+0.0055\n\n,,,,\n'
    data.write("events.csv", b"\xef\xbb\xbf" + quoted.replace("\n", end).encode())
    data.write(
        "grid.json", b"\xef\xbb\xbf" + json.dumps(GRID, indent=2).replace("\n", end).encode()
    )
    assert data.found() == expected


def test_names_of_events_survive_whatever_they_hold(data: Data):
    names = ["a,b", 'say "no"', "#1", " spaces ", "two\nlines", "é"]
    lines = "event,A,B,C,D\n"
    for name in names:
        escaped = name.replace('"', '""')
        lines += f'"{escaped}",0.004,0.005,0.006,0.0055\n'
    data.write("events.csv", lines)
    data.locate()
    with data.located.open(newline="", encoding="utf-8") as written:
        assert [row["event"] for row in csv.DictReader(written)] == names


def test_columns_may_come_in_any_order(data: Data):
    expected = data.found()
    data.write("events.csv", "D,C,event,B,A\n0.0055,0.006,one,0.005,0.004\n")
    shuffled = "z_m,note,y_m,station,x_m\n"
    for line in STATIONS.splitlines()[:0:-1]:
        name, x, y, z = line.split(",")
        shuffled += f"{z},well kept,{y},{name},{x}\n"
    data.write("stations.csv", shuffled)
    assert data.found() == expected


# ---- What it refuses ----

GRID_TEXT = json.dumps(GRID, indent=1)


def grid_line(text: str) -> int:
    return GRID_TEXT[: GRID_TEXT.index(text)].count("\n") + 1


def grid_with(old: str, new: str) -> str:
    assert GRID_TEXT.count(old) == 1
    return GRID_TEXT.replace(old, new)


X_STEP = '"x": {\n  "first": 0,\n  "last": 1000,\n  "step": 100'
X_OPEN = '"x": {\n  "first": 0,\n  "last": 1000,\n  "step": '

# Which file, what is in it, and the complaint behind the name of the file.
BAD_INPUT = {
    "a missing column of the stations": (
        "stations.csv",
        STATIONS.replace("z_m", "height"),
        ":1: the column 'z_m' is missing",
    ),
    "a missing column of names": (
        "events.csv",
        EVENTS.replace("event", "id"),
        ":1: the column 'event' is missing",
    ),
    "a missing column of a station": (
        "events.csv",
        "# c\nevent,A,B,D\none,1,1,1\n",
        ":2: the column of station 'C' is missing; if it recorded nothing, its cells are empty",
    ),
    "an unknown station": (
        "events.csv",
        "event,A,B,C,D,E\none,1,1,1,1,1\n",
        ":1: unknown station 'E', it is not in {folder}/stations.csv",
    ),
    "a station twice": (
        "stations.csv",
        STATIONS + "\nB,1,2,3\n",
        ":7: the station 'B' is already on line 3",
    ),
    "a station of two columns": (
        "events.csv",
        "event,A,B,C,D,B\none,1,1,1,1,1\n",
        ":1: the column 'B' is there twice",
    ),
    "an event twice": (
        "events.csv",
        EVENTS + "two,1,1,1,1\none,1,1,1,1\n",
        ":4: the event 'one' is already on line 2",
    ),
    "an event without a name": ("events.csv", EVENTS + ",1,1,1,1\n", ":3: the event has no name"),
    "a station without a name": (
        "stations.csv",
        STATIONS + ",1,1,1\n",
        ":6: the station has no name",
    ),
    "text for a coordinate": (
        "stations.csv",
        STATIONS.replace("910", "9l0"),
        ":3: '9l0' in column 'x_m' is not a number",
    ),
    "no coordinate": (
        "stations.csv",
        STATIONS.replace("910", ""),
        ":3: no number in column 'x_m'",
    ),
    "text for an observation": (
        "events.csv",
        EVENTS.replace("0.006", "n/a"),
        ":2: 'n/a' in column 'C' is not a number",
    ),
    "a decimal comma": (
        "events.csv",
        EVENTS.replace("0.006", '"0,006"'),
        ":2: '0,006' in column 'C' is not a number",
    ),
    "an observation that is not finite": (
        "events.csv",
        EVENTS.replace("0.006", "NaN"),
        ":2: 'NaN' in column 'C' is not a finite number",
    ),
    "a coordinate that is not finite": (
        "stations.csv",
        STATIONS.replace("910", "-inf"),
        ":3: '-inf' in column 'x_m' is not a finite number",
    ),
    "an observation beyond all numbers": (
        "events.csv",
        EVENTS.replace("0.006", "1e400"),
        ":2: '1e400' in column 'C' is out of a double's range",
    ),
    "a negative observation": (
        "events.csv",
        EVENTS.replace("0.006", "-0.006"),
        ":2: '-0.006' in column 'C' is below 0, which no amplitude is",
    ),
    "a site factor of 0": (
        "stations.csv",
        "station,x_m,y_m,z_m,site_factor\nA,1,2,3,0\n",
        ":2: the site factor 0 has to be above 0",
    ),
    "a short row": (
        "events.csv",
        EVENTS + "two,1,1,1\n",
        ":3: has 4 cells, but there are 5 columns",
    ),
    "a long row": (
        "stations.csv",
        STATIONS.replace("A,120", "A,1,120"),
        ":2: has 5 cells, but there are 4 columns",
    ),
    "an open quote": (
        "events.csv",
        EVENTS + '"two,1,1,1,1\n',
        ":3: a quote is opened and never closed",
    ),
    "an empty file of stations": ("stations.csv", "", ":1: is empty"),
    "an empty file of events": ("events.csv", "\n# none\n", ":1: is empty"),
    "stations of which there are none": (
        "stations.csv",
        "station,x_m,y_m,z_m\n# none\n",
        ":1: no stations follow the header",
    ),
    "events of which there are none": (
        "events.csv",
        "event,A,B,C,D\n\n",
        ":1: no events follow the header",
    ),
    "semicolons": (
        "events.csv",
        EVENTS.replace(",", ";"),
        ":1: the columns are separated by something else than commas",
    ),
    "a spreadsheet's own encoding": (
        "events.csv",
        EVENTS.encode("utf-16"),
        ":1: is not a text file in UTF-8",
    ),
    "an empty grid file": (
        "grid.json",
        "",
        ":1:1: ",
    ),
    "JSON that breaks off": ("grid.json", GRID_TEXT[:-2], f":{GRID_TEXT.count(chr(10))}:22: "),
    "JSON with a slip": ("grid.json", grid_with('"y": {', '"y" {'), f":{grid_line('y')}:6: "),
    "JSON that goes on": ("grid.json", GRID_TEXT + "\n}", f":{GRID_TEXT.count(chr(10)) + 2}:1: "),
    "a list for a grid": ("grid.json", "[1]", ":1: has to be an object"),
    "a number for a grid": ("grid.json", "7", ":1: has to be an object"),
    "not a number in JSON": (
        "grid.json",
        grid_with(": 50,", ": NaN,"),
        f":{grid_line('quality')}:20: ",
    ),
    "a number too large in JSON": (
        "grid.json",
        grid_with(": 50,", ": 1e999,"),
        f":{grid_line('quality')}:",
    ),
    "an unknown key": (
        "grid.json",
        grid_with('"frequency_hz"', '"frequency"'),
        f":{grid_line('frequency')}: unknown key 'frequency', known are x, y, z and amplitude,",
    ),
    "an unknown key of an axis": (
        "grid.json",
        grid_with(X_STEP, X_STEP + ',\n  "unit": "m"'),
        f":{grid_line(X_STEP) + 4}: unknown key 'unit', known are first, last and step",
    ),
    "a missing key": (
        "grid.json",
        grid_with('"quality_factor": 50,', ""),
        ":1: the key 'quality_factor' is missing",
    ),
    "a missing step": (
        "grid.json",
        grid_with(X_STEP, X_STEP.replace(',\n  "step": 100', "")),
        f":{grid_line(X_STEP)}: the key 'x.step' is missing",
    ),
    "a key twice": (
        "grid.json",
        grid_with('"quality_factor": 50', '"quality_factor": 50,\n"frequency_hz": 9'),
        f":{grid_line('quality') + 1}: the key 'frequency_hz' is there twice",
    ),
    "text for a step": (
        "grid.json",
        grid_with(X_STEP, X_OPEN + '"100"'),
        f":{grid_line(X_STEP) + 3}: 'x.step' has to be a number",
    ),
    "a number for an axis": (
        "grid.json",
        json.dumps({**GRID, "z": 3}, indent=1),
        f":{grid_line(X_STEP) + 10}: 'z' has to be an object of first, last and step",
    ),
    "an object for a number": (
        "grid.json",
        grid_with('"quality_factor": 50', '"quality_factor": {}'),
        f":{grid_line('quality')}: 'quality_factor' has to be a number",
    ),
    "a negative step": (
        "grid.json",
        grid_with(X_STEP, X_OPEN + "-100"),
        f":{grid_line(X_STEP) + 3}: the step of x is -100, it has to be above 0",
    ),
    "a step of 0": (
        "grid.json",
        grid_with(X_STEP, X_OPEN + "0"),
        f":{grid_line(X_STEP) + 3}: the step of x is 0, it has to be above 0",
    ),
    "an empty grid": (
        "grid.json",
        grid_with(X_STEP, X_STEP.replace("1000", "-1")),
        f":{grid_line(X_STEP) + 2}: the grid is empty: the last x, -1, is below the first, 0",
    ),
    "a step below rounding": (
        "grid.json",
        grid_with(X_STEP, X_OPEN.replace("1000", "1e9") + "1e-8"),
        f":{grid_line(X_STEP) + 3}: the step of x, 1e-08, is lost in the rounding of",
    ),
    "a negative amplitude": (
        "grid.json",
        json.dumps({**GRID, "amplitude": {"first": -1, "last": 3, "step": 1}}),
        ":1: the first amplitude is -1, below 0",
    ),
    "a velocity of 0": (
        "grid.json",
        grid_with("2000", "0"),
        f":{grid_line('velocity')}: velocity_m_s is 0, it has to be above 0",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_refused_in_one_sentence_with_its_place(data: Data, case: str):
    name, content, complaint = BAD_INPUT[case]
    data.write(name, content)
    beginning = f"locate: {data.folder / name}{complaint.format(folder=data.folder)}"
    refused(data, data.locate(), beginning)
    # What an earlier run has found stays.
    data.located.write_text("kept\n")
    assert data.locate().returncode == 2
    assert data.located.read_text() == "kept\n"


def refused(data: Data, result: subprocess.CompletedProcess[str], beginning: str) -> None:
    assert result.stderr.startswith(beginning), result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert result.returncode == 2
    inputs = {"stations.csv", "events.csv", "grid.json"}
    assert {path.name for path in data.folder.iterdir()} <= inputs


def test_a_file_that_is_not_there_is_named(data: Data):
    for name in ("stations.csv", "events.csv", "grid.json"):
        content = (data.folder / name).read_bytes()
        (data.folder / name).unlink()
        refused(data, data.locate(), f"locate: {data.folder / name}: cannot be read")
        data.write(name, content)


def test_an_unknown_rung_is_refused_with_the_names_of_those_there_are(data: Data):
    result = data.locate("--rung", "warp")
    refused(data, result, "locate: there is no rung 'warp' in C++; there are talk, ")
    assert all(re.fullmatch("[a-z0-9_]+", rung) for rung in rungs())


def test_every_rung_of_the_ladder_in_cpp_is_on_offer():
    on_disk = sorted((ROOT / "src" / "locator").glob("[0-9][0-9]_*.cpp"))
    assert rungs() == [path.name[3:].split(".")[0] for path in on_disk]


def test_the_default_is_the_highest_rung_that_uses_threads(data: Data):
    on_disk = sorted((ROOT / "src" / "locator").glob("[0-9][0-9]_*.cpp"))
    threaded = [path for path in on_disk if "// Threads: as many" in path.read_text()]
    assert f"by the rung {threaded[-1].name[3:].split('.')[0]}," in data.locate().stdout


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5"])
def test_a_number_of_threads_that_is_none_is_refused(data: Data, threads: str):
    refused(data, data.locate(f"--threads={threads}"), "locate: --threads: ")


def test_a_missing_or_unknown_option_is_refused(data: Data):
    refused(data, locate(), "locate: --stations is required")
    refused(data, data.locate("--noise"), "locate: The following argument was not expected")


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_computed(data: Data):
    for output in (data.folder / "none" / "located.csv", data.folder, Path("/dev/null")):
        result = locate(*files(data.folder), "-o", str(output))
        refused(data, result, f"locate: {output}: cannot be written: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_without_permission_is_refused(data: Data):
    data.located.write_text("kept\n")
    data.located.chmod(0o444)
    assert data.locate().returncode == 4
    assert data.located.read_text() == "kept\n"


def test_an_input_is_never_overwritten(data: Data):
    events = data.folder / "events.csv"
    result = locate(*files(data.folder), "-o", str(events))
    refused(data, result, f"locate: {events}: is an input, it would be overwritten")
    assert events.read_text() == EVENTS


def test_a_link_as_output_stays_a_link_and_permissions_stay(data: Data, tmp_path: Path):
    target = tmp_path / "elsewhere.csv"
    target.write_text("old\n")
    target.chmod(0o640)
    data.located.symlink_to(target)
    assert data.found()["one"]["status"] == "ok"
    assert data.located.is_symlink()
    assert target.read_text().startswith("event,")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_grid_larger_than_memory_is_refused_before_it_is_allocated(data: Data):
    data.write_grid(x={"first": 0, "last": 1000, "step": 1e-9})
    begins = f"locate: {data.folder}/grid.json: the grid has 6.6e+13 nodes and 10 amplitudes, "
    result = data.locate()
    refused(data, result, begins)
    assert re.search(r"needs \d+(\.\d+)? [TP]B of memory, but .* are available", result.stderr)


def test_a_grid_with_more_nodes_than_numbers_is_refused(data: Data):
    fine = {"first": 0, "last": 1000, "step": 1e-5}
    data.write_grid(x=fine, y=fine, z=fine)
    refused(data, data.locate(), f"locate: {data.folder}/grid.json: the grid has 1e+24 nodes and")
    assert "more than can be numbered" in data.locate().stderr


def test_a_grid_of_stations_alone_leaves_no_source(data: Data):
    one = {"first": 120, "last": 120, "step": 1}
    data.write_grid(
        x=one, y={**one, "first": 130, "last": 130}, z={**one, "first": 900, "last": 900}
    )
    beginning = (
        f"locate: {data.folder}/grid.json: x, y, z: expected a grid with nodes where no station"
    )
    refused(data, data.locate(), beginning)


def test_waves_of_which_nothing_arrives_are_refused(data: Data):
    data.write_grid(frequency_hz=8e5)
    beginning = (
        f"locate: {data.folder}/grid.json: decay: expected no more than 300 over the longest"
    )
    refused(data, data.locate(), beginning)


@pytest.mark.parametrize(
    "changes, complaint",
    [
        (
            {"amplitude": {"first": 1e160, "last": 1e161, "step": 1e160}},
            "amplitudes: expected 0 or numbers from 1e-60 to 1e+60, got 1e+160 at amplitudes[0]; ",
        ),
        (
            {"x": {"first": 1e19, "last": 1e19, "step": 1e18}},
            "x: expected coordinates from -1e+10 to 1e+10 m, got 1e+19 at x[0]; ",
        ),
    ],
)
def test_a_grid_beyond_what_the_arithmetic_carries_is_refused_for_every_rung(
    data: Data, changes: dict, complaint: str
):
    data.write_grid(**changes)
    for rung in rungs():
        beginning = f"locate: {data.folder}/grid.json: {complaint}"
        refused(data, data.locate("--rung", rung), beginning)


def test_a_station_beyond_what_the_arithmetic_carries_is_named(data: Data):
    data.write("stations.csv", STATIONS.replace("B,910", "B,1e19"))
    complaint = "stations: expected coordinates from -1e+10 to 1e+10 m, got 1e+19 at station B; "
    refused(data, data.locate(), f"locate: {data.folder}/stations.csv: {complaint}")


# ---- What it says of itself ----


def test_help_names_every_column_and_key_with_its_unit():
    result = locate("--help")
    assert result.returncode == 0
    help_text = result.stdout
    named = ["station ", "x_m, y_m", "z_m", "site_factor", "event ", "<station>", "per_cent_error"]
    named += ["status", "reason", "A  ", *GRID, "--threads", "--rung", "--plot"]
    for name in named:
        assert name in help_text, name
    for line in help_text.splitlines():
        if line.startswith(("  x_m", "  z_m", '   "y"', '   "z"')):
            assert "metres" in line
    for key, unit in (("frequency_hz", "hertz"), ("velocity_m_s", "metres per second")):
        assert unit in next(line for line in help_text.splitlines() if key in line)
    assert "without unit" in next(
        line for line in help_text.splitlines() if "quality_factor" in line
    )
    for rung in rungs():
        assert rung in help_text


# ---- Pictures ----


def can_draw() -> bool:
    own = ROOT / "build" / "python"
    python = str(own) if own.exists() else "python3"
    packages = [python, "-c", "import numpy, matplotlib"]
    return subprocess.run(packages, capture_output=True, check=False).returncode == 0


def test_plot_writes_the_errors_around_each_located_event_and_has_them_drawn(data: Data):
    if not can_draw():
        pytest.skip("the Python that locate starts has no matplotlib")
    values = observations(300, 500, 200, 4)
    stations = STATIONS.replace("B,910,180,800", "B,900,500,200")
    data.write("stations.csv", stations)
    lines = (
        "event,A,B,C,D\n" + event("a/b", [*values[:3], ""]) + event("two", [*values[:2], "", ""])
    )
    data.write("events.csv", lines)
    pictures = data.folder / "pictures" / "of events"
    row = data.found("--plot", str(pictures))["a/b"]
    names = {path.name for path in pictures.iterdir()}
    assert names == {"a_b.json", "a_b.txt", "a_b-light.png", "a_b-dark.png", "slices.txt"}
    assert (pictures / "a_b-light.png").read_bytes().startswith(b"\x89PNG")

    slices = json.loads((pictures / "a_b.json").read_text())
    assert slices["event"] == "a/b"
    best = [slices["source"][column] for column in SOURCE_COLUMNS]
    assert tuple(best) == source(row)
    assert [s["recorded"] for s in slices["stations"]] == [True, True, True, False]
    x, y, z = (slices[f"{axis}_m"] for axis in "xyz")
    at = x.index(best[0]), y.index(best[1]), z.index(best[2])
    error = float(row["per_cent_error"])
    by_y_and_x = slices["per_cent_error_by_y_and_x"]
    assert (len(by_y_and_x), len(by_y_and_x[0])) == (len(y), len(x))
    assert by_y_and_x[at[1]][at[0]] == pytest.approx(error, rel=1e-12)
    assert slices["per_cent_error_by_z_and_x"][at[2]][at[0]] == pytest.approx(error, rel=1e-12)
    assert slices["per_cent_error_by_z_and_y"][at[2]][at[1]] == pytest.approx(error, rel=1e-12)
    everything = [e for key in slices if key.startswith("per_cent") for r in slices[key] for e in r]
    assert min(e for e in everything if e is not None) == pytest.approx(error, rel=1e-12)
    if best[1:3] == [500, 200]:  # the plane of station B
        assert by_y_and_x[y.index(500)][x.index(900)] is None


def taken(data: Data, name: str) -> Path:
    """A folder for pictures in which one cannot be written."""
    pictures = data.folder / "pictures"
    (pictures / f"{name}.txt").mkdir(parents=True)  # the words beside it come first
    return pictures


def test_without_pictures_the_table_is_written_and_one_sentence_says_so(data: Data):
    result = data.locate("--plot", str(taken(data, "one")))
    assert result.returncode == 3
    complaints = [line for line in result.stderr.splitlines() if "edge of the grid" not in line]
    assert len(complaints) == 1
    assert complaints[0].startswith("suite slices: ")
    assert rows(data.located)["one"]["status"] == "ok"


@pytest.mark.parametrize("module", ["matplotlib", "numpy"])
def test_a_package_that_pictures_lack_is_named(tmp_path: Path, module: str):
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError(name='{module}')\n")
    command = [sys.executable, ROOT / "scripts" / "suite", "slices", "unread.json"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 3
    assert re.fullmatch(f"suite slices: no pictures: {module} is not installed.*\n", result.stderr)


def test_an_event_may_be_called_like_a_file_of_the_pictures(data: Data):
    values = ",0.004,0.005,0.006,0.0055\n"
    names = b"slices a/b a?b e\xff".split()
    lines = b"event,A,B,C,D\n" + b"".join(name + values.encode() for name in names)
    data.write("events.csv", lines)
    pictures = taken(data, "slices-2")  # the first of them: the data alone is quicker
    assert data.locate("--plot", str(pictures)).returncode == 3
    names = {path.name for path in pictures.glob("*.json")}
    assert names == {"slices-2.json", "a_b.json", "a_b-2.json", "e_.json"}
    listed = (pictures / "slices.txt").read_text().splitlines()
    assert [Path(line).name for line in listed] == [
        *("slices-2.json", "a_b.json", "a_b-2.json", "e_.json")
    ]


def test_bad_input_leaves_no_folder_for_pictures(data: Data):
    data.write("events.csv", "")
    pictures = data.folder / "pictures"
    refused(data, data.locate("--plot", str(pictures)), f"locate: {data.folder}/events.csv:1: ")


def test_a_folder_for_pictures_that_cannot_be_made_is_refused(data: Data):
    taken = data.folder / "events.csv"
    result = data.locate("--plot", str(taken))
    refused(data, result, f"locate: {taken}: no folder for pictures: ")
