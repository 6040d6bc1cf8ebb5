"""The fuzzer of the locator, what it has found, and whether it would find more."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_locator as fuzzer

pytest.importorskip("numpy")

NAN = float("nan")


@pytest.fixture(scope="module")
def rungs():
    all_of_them = fuzzer.all_rungs()
    yield all_of_them
    for each in all_of_them:
        each.close()


def problem(stations: list, observations: list, **more) -> dict:
    """One event, unless there are more observations than stations."""
    return {
        "stations": [f"S{s}" for s in range(len(stations))],
        **{f"station_{axis}": [s[i] for s in stations] for i, axis in enumerate("xyz")},
        "x": [0.0],
        "y": [0.0],
        "z": [0.0, 100.0],
        "amplitudes": [1.0, 2.0, 3.0],
        "decay": 2.5e-4,
        "observations": observations,
        "recorded": [1] * len(observations),
        "threads": 1,
        **more,
    }


STATIONS = [[120.0, 130.0, 900.0], [910.0, 180.0, 800.0], [480.0, 870.0, 1000.0]]
COLUMN = [100.0 * i for i in range(12)]

# What some rung got wrong once.
FOUND = {
    "a node closer to a station than a micrometre": problem(
        [[1e-7, 0.0, 0.0], [0.0, 300.0, 10.0], [0.0, -310.0, 40.0]],
        [0.01, 0.02, 0.03],
        amplitudes=[0.0, 1e6],
    ),
    "several nodes closer to a station than a micrometre": problem(
        [[0.0, 0.0, 0.0], [0.0, 300.0, 10.0], [0.0, -310.0, 40.0]],
        [1e6, 0.02, 0.03],
        x=[-9e-7, -1e-7, 2e-7, 1.1e-6],
    ),
    "observations beside which all that is explained is lost in rounding": problem(
        STATIONS,
        [1e14, 2e14, 3e14],
        x=COLUMN,
        amplitudes=[float(k) for k in range(1, 21)],
    ),
    "amplitudes whose errors rounding makes equal": problem(
        [
            [497859.35648093105, 497825.5527076177, 496610.3352511858],
            [499294.3876399515, 498057.12308764213, 497741.38476654864],
            [497464.37644707545, 499834.48795974423, 496219.5856037148],
        ],
        [0.009038854363843688, 0.01712512536430057, 0.0075590018142894086],
        x=[499250.0],
        y=[499250.0],
        z=[497250.0],
        amplitudes=[30.492055486572635, 30.492055486572646],
        decay=0.0002513,
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_the_fuzzer_found_is_right_in_every_rung(rungs, name):
    assert fuzzer.wrong(FOUND[name], rungs) == []


def test_a_node_next_to_a_station_is_left_out_by_all(rungs):
    given = FOUND["a node closer to a station than a micrometre"]
    answers = [answer for each in rungs for answer in each.answers(given).items()]
    assert len(answers) > 15
    for name, answer in answers:
        if name != "masked nodes":
            node = answer[0][0] // len(given["amplitudes"])
            assert given["z"][node] == 100, name


BEYOND = {
    "an amplitude of 1e160": ({"amplitudes": [1.0, 1e160]}, "amplitudes: "),
    "an amplitude of 1e-160": ({"amplitudes": [1e-160, 1.0]}, "amplitudes: "),
    "an amplitude below 0": ({"amplitudes": [-1.0, 0.0, 1.0]}, "amplitudes: "),
    "an amplitude that is infinite": ({"amplitudes": [1.0, math.inf]}, "amplitudes: "),
    "uneven amplitudes": ({"amplitudes": [1.0, 2.0, 3.0 + 1e-6]}, "amplitudes: "),
    "amplitudes that descend": ({"amplitudes": [2.0, 1.0]}, "amplitudes: "),
    "no amplitude": ({"amplitudes": []}, "amplitudes: "),
    "a node at 1e19 m": ({"x": [0.0, 1e19]}, "x: "),
    "a node nowhere": ({"y": [NAN]}, "y: "),
    "no node": ({"z": []}, "z: "),
    "nodes in no order": ({"z": [1.0, 0.0]}, "z: "),
    "a station at 1e19 m": ({"station_x": [-1e19, 1.0, 2.0]}, "stations: "),
    "a station nowhere": ({"station_z": [NAN, 1.0, 2.0]}, "stations: "),
    "stations on all nodes": (
        {"station_x": [0.0] * 3, "station_y": [0.0] * 3, "station_z": [0.0, 100.0, 5.0]},
        "x, y, z: ",
    ),
    "a decay after which nothing arrives": ({"decay": 1.0}, "decay: "),
    "a decay below 0": ({"decay": -1e-3}, "decay: "),
    "a decay that is no number": ({"decay": NAN}, "decay: "),
    "observations of 1e150": ({"observations": [1e150] * 3}, "observed: "),
    "observations of 1e-150": ({"observations": [1e-150] * 3}, "observed: "),
    "an observation below 0": ({"observations": [1.0, -1.0, 1.0]}, "observed: "),
    "an observation that is infinite": ({"observations": [1.0, math.inf, 1.0]}, "observed: "),
}


@pytest.mark.parametrize("name", BEYOND)
def test_what_is_beyond_the_limits_is_refused_by_all_in_one_sentence(rungs, name):
    change, part = BEYOND[name]
    given = {**problem(STATIONS, [0.003, 0.002, 0.0025]), **change}
    for each in rungs:
        if isinstance(each, fuzzer.Program):
            continue  # which names the file, too, and has tests of its own
        ((_, refusal),) = each.answers(given).items()
        assert isinstance(refusal, fuzzer.Refused)
        assert str(refusal).startswith(part)
        assert ": expected " in str(refusal)
        assert ", got " in str(refusal)
        assert "\n" not in str(refusal)


def test_both_languages_have_the_same_limits(rungs):
    contract = next(each.contract for each in rungs if isinstance(each, fuzzer.Python))
    header = (fuzzer.EXAMPLE / "limits.hpp").read_text()
    for line in header.splitlines():
        if line.startswith("inline constexpr double "):
            name, value = line.removeprefix("inline constexpr double ").split(";")[0].split(" = ")
            value = value.replace("std::numeric_limits<double>::epsilon()", "2.0**-52")
            value = value.replace("std::numeric_limits<int>::max()", "2**31 - 1")
            value = value.replace("0x1p53", "2**53")
            assert getattr(contract, name.upper()) == eval(value), name


# What is made up


def test_the_same_seed_makes_the_same_problems_and_another_one_others():
    made = [fuzzer.made_up(fuzzer.random.Random(seed)) for seed in ("1:7", "1:7", "2:7")]
    assert made[0] == made[1] != made[2]


def test_all_families_are_made_up():
    seen = set()
    for number in range(600):
        made = fuzzer.made_up(fuzzer.random.Random(f"1:{number}"))
        seen |= {*made["made"], *made["events"]}
        seen |= {"gaps"} if 0 in made["recorded"] else set()
        seen |= {"many events"} if len(made["recorded"]) >= 16 * len(made["stations"]) else set()
    families = fuzzer.GEOMETRIES + fuzzer.AMPLITUDES + fuzzer.EVENTS + fuzzer.SCALES
    assert {family.__name__ for family in families} | {"gaps", "many events"} <= seen


# Whether it would notice


class Planted:
    """The talk's answers, but for one change: a rung gone wrong."""

    def __init__(self, change):
        self.change = change

    def answers(self, given: dict) -> dict[str, list]:
        if not fuzzer.has_sources(given):
            return {"planted": fuzzer.Refused("no source is left")}
        return {"planted": self.change(given)}

    def close(self) -> None:
        pass


def last_of_equals(given: dict) -> list:
    """The tie-break reversed: the talk's loop, walked backwards."""
    turned = dict(given)
    for name in ("x", "y", "z", "amplitudes"):
        turned[name] = given[name][::-1]
    total = math.prod(len(given[name]) for name in ("x", "y", "z", "amplitudes"))
    return [
        [total - 1 - index, error, per_cent] if index >= 0 else [index, error, per_cent]
        for index, error, per_cent in fuzzer.talk(turned)
    ]


def station_is_no_hindrance(given: dict) -> list:
    """Nodes next to a station are left out only where the distance is 0."""
    stations = fuzzer.stations_of(given)
    nodes = [(x, y, z) for x in given["x"] for y in given["y"] for z in given["z"]]
    on_the_spot = frozenset(n for n, point in enumerate(nodes) if point in stations)
    count = len(stations)
    return [
        found
        if found[0] < 0
        else fuzzer.locate(
            given,
            stations,
            {
                s: given["observations"][event * count + s]
                for s in range(count)
                if given["recorded"][event * count + s]
            },
            on_the_spot,
        )
        for event, found in enumerate(fuzzer.talk(given))
    ]


@pytest.mark.parametrize("change", [last_of_equals, station_is_no_hindrance])
def test_a_planted_mutant_is_found_and_the_problem_made_small(change):
    said = []
    found = fuzzer.fuzz([Planted(change)], 1, problems=40, seconds=None, say=said.append)
    assert found.wrong
    assert said[-1].endswith(f", {len(found.wrong)} wrong")
    # What it says is a problem that can be made a test as it stands.
    small = json.loads(said[0].split("made small: ")[1])
    assert fuzzer.wrong(small, [Planted(change)])
    assert fuzzer.wrong(small, [Planted(fuzzer.talk)]) == []
    assert len(small["observations"]) <= 4
    first = fuzzer.made_up(fuzzer.random.Random(found.wrong[0]))
    assert size(small) < size(first)


def size(given: dict) -> int:
    return math.prod(len(given[name]) for name in ("x", "y", "z", "amplitudes", "observations"))


def test_the_fuzzer_exits_with_1_if_a_rung_is_wrong(monkeypatch, capsys):
    monkeypatch.setattr(fuzzer, "all_rungs", lambda: [Planted(last_of_equals)])
    assert fuzzer.main(["--problems", "30"]) == 1
    monkeypatch.setattr(fuzzer, "all_rungs", lambda: [Planted(fuzzer.talk)])
    assert fuzzer.main(["--problems", "30"]) == 0
    assert capsys.readouterr().out.endswith(" s, 0 wrong\n")


# And now itself


def test_the_fuzzer_finds_nothing(rungs, record_property):
    said = []
    found = fuzzer.fuzz(rungs, seed=1, problems=200, seconds=None, say=said.append)
    record_property("summary", said[-1])
    assert found.wrong == [], said
