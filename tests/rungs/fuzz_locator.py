#!/usr/bin/env python3
"""Makes up problems for the locator and holds every rung against the talk's loop.

    build/python tests/rungs/fuzz_locator.py --minutes 60 --seed 7

Each problem is a pick of geometry, amplitudes, events and gaps, most of them made to go wrong:
ties, midpoints, perfect fits, parabolas that are flat below rounding, stations on and next to
nodes, scales up to the limits and beyond. The reference is the talk's loop in floats of Python,
written anew, which shares no line with the rungs. C++ rungs answer by the program locator_rungs,
with all instruction sets; Python rungs in this process; so do the program locate and the package
mythbench, where it is built. Indices must be equal, errors to 1e-12. A problem that fails is made
smaller while it fails, and printed as JSON.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLE = PROJECT / "src" / "locator"
MYTHBENCH = Path(
    os.environ.get("MYTHBENCH_PROGRAM", PROJECT / "build" / "release" / "mythbench")
).resolve()

# Threads that wait would take the processor from those that are waited for.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

TOLERANCE = 1e-12
UNLOCATABLE = [-1, 0.0, 0.0]


# --- the reference ---------------------------------------------------------------------------


def distance(x, y, z, station):
    return math.sqrt(
        math.pow(x - station[0], 2) + math.pow(y - station[1], 2) + math.pow(z - station[2], 2)
    )


def stations_of(problem: dict) -> list[tuple]:
    return list(zip(problem["station_x"], problem["station_y"], problem["station_z"]))


def masked(problem: dict) -> list[int]:
    """Nodes within a micrometre of a station."""
    stations = stations_of(problem)
    points = [(x, y, z) for x in problem["x"] for y in problem["y"] for z in problem["z"]]
    return [
        node
        for node, point in enumerate(points)
        if any(distance(*point, station) <= 1e-6 for station in stations)
    ]


def talk(problem: dict) -> list[list]:
    """Index, error and per cent error of each event, as the talk's loop finds them."""
    stations = stations_of(problem)
    left_out = frozenset(masked(problem))
    count = len(stations)
    answer = []
    for first in range(0, len(problem["observations"]), count):
        observed = {
            s: problem["observations"][first + s]
            for s in range(count)
            if problem["recorded"][first + s]
        }
        if len(observed) < 3 or not any(observed.values()):
            answer.append(UNLOCATABLE)
        else:
            answer.append(locate(problem, stations, observed, left_out))
    return answer


def locate(problem, stations, observed, left_out):
    B = problem["decay"]
    amplitudes = problem["amplitudes"]
    min_err = float("inf")
    index = -1
    node = -1
    for x in problem["x"]:
        for y in problem["y"]:
            for z in problem["z"]:
                node += 1
                if node in left_out:
                    continue
                for k, A in enumerate(amplitudes):
                    err_accum = 0
                    for s, observation in observed.items():
                        r = distance(x, y, z, stations[s])
                        A_calc = A * math.exp(-B * r) / r
                        err_accum += math.pow(A_calc - observation, 2)
                    if err_accum < min_err:
                        min_err = err_accum
                        index = node * len(amplitudes) + k
    A_obs = sum(math.pow(observation, 2) for observation in observed.values())
    return [index, min_err, 100.0 * math.sqrt(min_err / A_obs)]


# --- problems --------------------------------------------------------------------------------


def arange(first: float, last: float, step: float) -> list[float]:
    """As numpy.arange(first, last + step, step) has it."""
    count = math.ceil((last + step - first) / step)
    delta = (first + step) - first
    return [first + k * delta for k in range(count)]


def even_axes(rng: random.Random, origin: float) -> dict:
    step = rng.choice([100.0, 250.0, rng.uniform(10, 300)])
    axes = {}
    for axis in "xyz":
        first = origin + step * rng.randrange(-3, 4)
        axes[axis] = arange(first, first + step * rng.randrange(4) + rng.random() * step, step)
    return axes


def network(rng: random.Random, axes: dict, count: int) -> list[list[float]]:
    """Stations around the grid."""
    reach = max(max(abs(v - axis[0]) for v in axis) for axis in axes.values()) + 300.0
    return [[rng.uniform(a[0] - reach, a[-1] + reach) for a in axes.values()] for _ in range(count)]


def any_node(rng: random.Random, axes: dict) -> list[float]:
    return [rng.choice(axis) for axis in axes.values()]


def plain(rng, axes, stations):
    """Axes and stations as they come."""


def mirrored(rng, axes, stations):
    """Stations in a plane, or on a line, that cannot tell its sides apart."""
    step = rng.choice([100.0, 250.0])
    for dimension in rng.sample(range(3), rng.choice([1, 1, 2])):
        axis = "xyz"[dimension]
        half = rng.randrange(1, 3)
        axes[axis] = [step * k for k in range(-half, half + 1)]
        for station in stations:
            station[dimension] = 0.0


def on_nodes(rng, axes, stations):
    """Stations where nodes are."""
    for station in rng.sample(stations, rng.randrange(1, len(stations) + 1)):
        station[:] = any_node(rng, axes)


def beside_nodes(rng, axes, stations):
    """Stations a nanometre to a metre from nodes."""
    for station in rng.sample(stations, rng.randrange(1, len(stations) + 1)):
        station[:] = [
            v + rng.choice([0.0, 1.0, -1.0, 1.0]) * 10 ** rng.uniform(-9, 0)
            for v in any_node(rng, axes)
        ]


def duplicated(rng, axes, stations):
    """Several stations in one place."""
    for station in rng.sample(stations, rng.randrange(1, len(stations))):
        station[:] = rng.choice(stations)


def uneven_axes(rng, axes, stations):
    """Nodes at any distances, some of them nearly the same."""
    for axis in rng.sample("xyz", 2):
        values = {rng.uniform(-1000, 1000) for _ in range(rng.randrange(1, 5))}
        values |= {v + 10 ** rng.uniform(-7, 1) for v in rng.sample(sorted(values), 1)}
        axes[axis] = sorted(values)


def one_node(rng, axes, stations):
    """One of everything there can be one of."""
    for axis in axes:
        axes[axis] = axes[axis][:1]


def one_column(rng, axes, stations):
    """As many nodes as no tile divides, side by side."""
    axis = rng.choice("xyz")
    for other in "xyz":
        axes[other] = axes[other][:1]
    axes[axis] = arange(-1000.0, -1000.0 + 20 * rng.choice([127, 128, 129, 131, 257]), 20.0)


def symmetric(rng, axes, stations):
    """A grid and stations that are the same after a quarter turn."""
    half, step = rng.randrange(1, 3), 100.0
    axes["x"] = axes["y"] = [step * k for k in range(-half, half + 1)]
    for i in range(0, len(stations) - 3, 4):
        x, y, z = stations[i]
        stations[i : i + 4] = [[x, y, z], [-y, x, z], [-x, -y, z], [y, -x, z]]


ANYWHERE = [plain, on_nodes, beside_nodes, beside_nodes, duplicated, one_node]
AROUND_0 = [mirrored, mirrored, uneven_axes, one_column, symmetric]
GEOMETRIES = ANYWHERE + AROUND_0


def whole(rng):
    """1, 2, 3 and so on, perhaps from 0 on."""
    first = float(rng.randrange(3))
    return arange(first, first + rng.randrange(8), 1.0)


def fractions(rng):
    """Steps that no double is, as numpy.arange has them."""
    first, step = rng.choice([0.7, 1.0, rng.uniform(0.1, 5)]), rng.choice([0.1, 0.2, rng.random()])
    return arange(first, first + step * rng.randrange(8), step + 1e-3)


def linspace(rng):
    """As numpy.linspace has them."""
    first, last, count = rng.uniform(0, 5), rng.uniform(6, 40), rng.randrange(2, 9)
    step = (last - first) / (count - 1)
    return [first + k * step for k in range(count - 1)] + [last]


def rounded(rng):
    """Evenly spaced but for a few last digits."""
    values = linspace(rng)
    return [v * (1 + rng.uniform(-3, 3) * 2.0**-52) for v in values]


def sloppy(rng):
    """Evenly spaced but for more than rounding: refused as often as not."""
    return [v * (1 + rng.uniform(-1, 1) * 10 ** rng.uniform(-16, -13)) for v in linspace(rng)]


def narrow(rng):
    """Steps so small that rounding hides the parabola."""
    first = rng.uniform(1, 40)
    step = first * 10 ** rng.uniform(-15.5, -5)
    values = sorted({first + k * step for k in range(rng.randrange(2, 12))})
    return values


def one_amplitude(rng):
    """One."""
    return [rng.choice([0.0, 1.0, rng.uniform(0, 30)])]


AMPLITUDES = [whole, whole, fractions, linspace, rounded, sloppy, narrow, narrow, one_amplitude]


def attenuation(point, station, decay):
    r = max(distance(*point, station), 1e-6)
    return math.exp(-decay * r) / r


def recorded_of(point, amplitude, stations, decay):
    return [amplitude * attenuation(point, station, decay) for station in stations]


def noisy(rng, axes, stations, amplitudes, decay):
    """Somewhere, with noise."""
    point = [v + rng.uniform(-100, 100) for v in any_node(rng, axes)]
    amplitude = rng.uniform(amplitudes[0], amplitudes[-1] + 1e-3)
    noise = rng.choice([0.2, 10 ** rng.uniform(-12, 0)])
    return [
        o * math.exp(rng.gauss(0, noise)) for o in recorded_of(point, amplitude, stations, decay)
    ]


def perfect(rng, axes, stations, amplitudes, decay):
    """A source on the grid, without noise; sometimes with an amplitude beyond it."""
    amplitude = rng.choice(amplitudes) * rng.choice([1, 1, 1, 10, 0.1])
    return recorded_of(any_node(rng, axes), amplitude, stations, decay)


def midpoint(rng, axes, stations, amplitudes, decay):
    """Between two amplitudes."""
    k = rng.randrange(max(len(amplitudes) - 1, 1))
    amplitude = (amplitudes[k] + amplitudes[min(k + 1, len(amplitudes) - 1)]) / 2
    return recorded_of(any_node(rng, axes), amplitude, stations, decay)


def halfway(rng, axes, stations, amplitudes, decay):
    """As far from one source as from another, but for rounding."""
    here, there = (
        recorded_of(any_node(rng, axes), rng.choice(amplitudes), stations, decay) for _ in range(2)
    )
    return [(a + b) / 2 for a, b in zip(here, there)]


def loud(rng, axes, stations, amplitudes, decay):
    """So much more than the amplitudes explain that rounding hides them."""
    scale = 10 ** rng.uniform(6, 20)
    if rng.random() < 0.5:
        return [scale * (s + 1) for s in range(len(stations))]
    return [scale * o for o in noisy(rng, axes, stations, amplitudes, decay)]


def faint(rng, axes, stations, amplitudes, decay):
    """So much less than any amplitude explains that the first one is the best."""
    scale = 10 ** rng.uniform(-20, -3)
    return [scale * o for o in noisy(rng, axes, stations, amplitudes, decay)]


def with_zeros(rng, axes, stations, amplitudes, decay):
    """Some stations recorded 0."""
    observed = noisy(rng, axes, stations, amplitudes, decay)
    return [0.0 if rng.random() < 0.4 else o for o in observed]


def alike(rng, axes, stations, amplitudes, decay):
    """The same everywhere."""
    return [rng.uniform(0, 1)] * len(stations)


EVENTS = [noisy, noisy, perfect, midpoint, halfway, halfway, loud, faint, with_zeros, alike]


def as_it_is(rng, problem):
    """Metres, and units in which numbers are neither large nor small."""


def other_units(rng, problem):
    """Amplitudes and observations in some other unit, or each in its own."""
    by = 10 ** rng.uniform(-63, 63)
    scale(problem, ["amplitudes"], by)
    scale(problem, ["observations"], by * rng.choice([1.0, 1.0, 10 ** rng.uniform(-20, 20)]))


def other_lengths(rng, problem):
    """Grids of millimetres, and of planets; a source as loud, or not."""
    by = 10 ** rng.uniform(-6, 8)
    scale(problem, ["x", "y", "z", "station_x", "station_y", "station_z"], by)
    problem["decay"] /= by
    scale(problem, ["observations"], 1 / by)


def all_decayed(rng, problem):
    """Waves that hardly arrive."""
    problem["decay"] *= 10 ** rng.uniform(1, 3)


def at_the_limits(rng, problem):
    """As large or as small as may be, or a little more."""
    off = rng.choice([1.0, 1.0, 1 + 2.0**-52, 1 - 2.0**-53, 1.1, 0.9])
    what = rng.choice(["coordinate", "station", "amplitude", "observed", "decay"])
    problem["decay"] = min(problem["decay"], 1e-9)
    if what == "coordinate":
        axis = rng.choice("xyz")
        problem[axis] = [rng.choice([-1e10, 1e10]) * off]
    elif what == "station":
        problem["station_x"][0] = rng.choice([-1e10, 1e10]) * off
    elif what == "amplitude":
        scale(problem, ["amplitudes"], 1 / max(problem["amplitudes"][-1], 1e-3))
        scale(problem, ["amplitudes"], rng.choice([1e60, 1e-60]) * off)
    elif what == "observed":
        length = math.sqrt(sum(o * o for o in problem["observations"])) or 1.0
        scale(problem, ["observations"], rng.choice([1e60, 1e-60]) * off / length)
    else:
        stations = stations_of(problem)
        corners = [[problem[axis][i] for axis in "xyz"] for i in (0, -1)]
        farthest = max(distance(*corner, station) for corner in corners for station in stations)
        problem["decay"] = 300 * off / max(farthest, 1e-6)


SCALES = [as_it_is] * 6 + [other_units, other_lengths, all_decayed, at_the_limits]


def scale(problem, names, by):
    for name in names:
        problem[name] = [v * by for v in problem[name]]


def made_up(rng: random.Random) -> dict:
    count = rng.choice([3, 3, 4, 5, 6, 8, 9, 12])
    many = rng.random() < 0.05
    if many:
        count = rng.choice([7, 9, 16])  # enough for directions
    geometry, amplitude, units = rng.choice(GEOMETRIES), rng.choice(AMPLITUDES), rng.choice(SCALES)
    # As maps number metres, or around the origin.
    far = geometry in ANYWHERE and rng.random() < 0.5
    axes = even_axes(rng, rng.choice([498000.0, -4174000.0]) if far else 0.0)
    stations = network(rng, axes, count)
    geometry(rng, axes, stations)
    amplitudes = amplitude(rng)
    decay = rng.choice([0.0, 2.513e-4, rng.uniform(1e-5, 1e-3)])
    while math.prod(map(len, axes.values())) > (24 if many else 300):
        longest = max(axes, key=lambda axis: len(axes[axis]))
        axes[longest] = axes[longest][: len(axes[longest]) // 2 + 1]

    observations, kinds = [], []
    for _ in range(rng.choice([16, 18, 40]) if many else rng.choice([1, 1, 2, 3])):
        kinds.append(rng.choice(EVENTS))
        observations += kinds[-1](rng, axes, stations, amplitudes, decay)
    recorded = [1] * len(observations)
    if rng.random() < 0.3:
        gap = rng.choice([0.1, 0.4])
        recorded = [int(rng.random() > gap) for _ in observations]
    problem = {
        "made": [geometry.__name__, amplitude.__name__, units.__name__],
        "events": [kind.__name__ for kind in kinds[:3]],
        "stations": [f"S{s:03}" for s in range(count)],
        **{f"station_{axis}": [s[i] for s in stations] for i, axis in enumerate("xyz")},
        **axes,
        "amplitudes": amplitudes,
        "decay": decay,
        "observations": observations,
        "recorded": recorded,
        "threads": rng.choice([1] * 30 + [2, 7]),
    }
    units(rng, problem)
    # A file of JSON has no NaN: zeros fill the gaps.
    problem["observations"] = [o if r else 0.0 for o, r in zip(problem["observations"], recorded)]
    return problem


# --- rungs -----------------------------------------------------------------------------------


class Refused(Exception):
    """The rung says that the problem is beyond the limits."""


def in_json(value):
    """What is not finite as text, for which JSON has no number."""
    if isinstance(value, dict):
        return {name: in_json(each) for name, each in value.items()}
    if isinstance(value, list):
        return [in_json(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


class Cpp:
    """All C++ rungs with all instruction sets, behind a pipe."""

    def __init__(self, program: Path | None = None):
        self.program = program or MYTHBENCH.parent / "tests" / "locator_rungs"
        if not self.program.exists():
            raise SystemExit(f"{self.program} is not built; `make test` builds it")
        self.process = subprocess.Popen(
            [self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answers(self, problem: dict) -> dict[str, list]:
        self.process.stdin.write(json.dumps(in_json(problem), allow_nan=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            ended = self.process.wait()
            self.__init__(self.program)  # for the next problem
            return {"C++": f"the rungs ended with status {ended}"}
        reply = json.loads(line)
        if "refused" in reply:
            return {"C++": Refused(reply["refused"])}
        return {**reply["found"], "masked nodes": reply["masked"]}

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Python:
    """All Python rungs whose packages are here."""

    def __init__(self):
        sys.path.insert(0, str(EXAMPLE))
        import locator

        self.contract = locator
        self.rungs = {}
        for file in sorted(EXAMPLE.glob("[0-9][0-9]_*.py")):
            spec = importlib.util.spec_from_file_location(file.stem, file)
            module = importlib.util.module_from_spec(spec)
            sys.modules[file.stem] = module  # Numba looks it up there
            try:
                spec.loader.exec_module(module)
            except ImportError:
                continue
            self.rungs[file.stem[3:]] = getattr(module, file.stem[3:])

    def answers(self, problem: dict) -> dict[str, list]:
        fields = {**problem, "masked": masked(problem)}
        try:
            given = self.contract.make_input(fields)
        except ValueError as refusal:
            return {"Python": Refused(str(refusal))}
        return {name: [list(found) for found in rung(given)] for name, rung in self.rungs.items()}

    def close(self) -> None:
        sys.path.remove(str(EXAMPLE))
        sys.modules.pop("locator", None)


class Package:
    """mythbench.locate by all methods, where it is built."""

    FOLDER = MYTHBENCH.parent / "python"

    def __init__(self):
        sys.path.insert(0, str(self.FOLDER))
        import numpy

        import mythbench

        self.mythbench, self.numpy = mythbench, numpy

    def answers(self, problem: dict) -> dict[str, list]:
        if problem["decay"] == 0:
            return {}  # which only the rungs know
        array = self.numpy.array
        shape = -1, len(problem["stations"])
        arguments = {
            "stations": array(stations_of(problem)),
            "observed": array(problem["observations"]).reshape(shape),
            "recorded": array(problem["recorded"], dtype=bool).reshape(shape),
            **{name: array(problem[name]) for name in ("x", "y", "z", "amplitudes")},
        }
        try:
            found = {
                f"mythbench.locate by {method}": self.mythbench.locate(
                    **arguments, decay=problem["decay"], threads=problem["threads"], method=method
                )
                for method in self.mythbench.METHODS
            }
        except ValueError as refusal:
            return {"mythbench.locate": Refused(str(refusal))}
        return {name: [self.plain(row) for row in rows] for name, rows in found.items()}

    def plain(self, row) -> list:
        if row["index"] < 0:
            return UNLOCATABLE
        return [int(row["index"]), float(row["error"]), float(row["per_cent"])]

    def close(self) -> None:
        sys.path.remove(str(self.FOLDER))


class Program:
    """The program locate, for problems that its files can state: axes of equal steps."""

    MEDIUM = 50 * 2000.0  # quality factor times velocity

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.program = MYTHBENCH.with_name("locate")

    def answers(self, problem: dict) -> dict[str, list]:
        frequency = problem["decay"] * self.MEDIUM / math.pi
        axes = {name: self.axis(problem[name]) for name in ("x", "y", "z", "amplitudes")}
        if not all(axes.values()) or frequency == 0:
            return {}
        if math.pi * frequency / self.MEDIUM != problem["decay"]:
            return {}
        grid = {
            **{name.removesuffix("s"): axis for name, axis in axes.items()},
            "frequency_hz": frequency,
            "quality_factor": 50,
            "velocity_m_s": 2000,
        }
        self.write("grid.json", json.dumps(grid))
        self.write_tables(problem)
        words = ["--threads", str(problem["threads"]), "-o", "located.csv"]
        for name in ("stations.csv", "events.csv", "grid.json"):
            words += ["--" + name.split(".")[0], name]
        done = subprocess.run(
            [self.program, *words], cwd=self.folder.name, capture_output=True, text=True
        )
        if done.returncode == 2:
            return {"locate": Refused(done.stderr)}
        if done.returncode != 0:
            return {"locate": f"ended with status {done.returncode}"}
        with Path(self.folder.name, "located.csv").open(newline="") as table:
            rows = list(csv.DictReader(table))
        # It leaves such events out and goes on.
        if beyond := [row["reason"] for row in rows if "expected" in row["reason"]]:
            return {"locate": Refused(beyond[0])}
        return {"locate": [self.plain(problem, row) for row in rows]}

    def axis(self, values: list[float]) -> dict | None:
        """First, last and step that make these values again, if there are any."""
        first = values[0]
        step = values[1] - first if len(values) > 1 else 1.0
        last = values[-2] + step / 2 if len(values) > 1 else first
        largest = max(map(abs, values)) + step
        lost = abs((largest + step) - largest - step) > step / 200
        as_many = math.ceil((last + step - first) / step) == len(values)
        if lost or not as_many or arange(first, last, step) != values:
            return None
        return {"first": first, "last": last, "step": step}

    def write(self, name: str, text: str) -> None:
        Path(self.folder.name, name).write_text(text)

    def write_tables(self, problem: dict) -> None:
        names = problem["stations"]
        lines = ["station,x_m,y_m,z_m"]
        lines += [f"{n},{x!r},{y!r},{z!r}" for n, (x, y, z) in zip(names, stations_of(problem))]
        self.write("stations.csv", "\n".join(lines) + "\n")
        cells = [repr(o) if r else "" for o, r in zip(problem["observations"], problem["recorded"])]
        lines = ["event," + ",".join(names)]
        for first in range(0, len(cells), len(names)):
            lines.append(",".join([f"e{first}", *cells[first : first + len(names)]]))
        self.write("events.csv", "\n".join(lines) + "\n")

    def plain(self, problem: dict, row: dict[str, str]) -> list:
        if row["status"] != "ok":
            return UNLOCATABLE
        index = 0
        for name, column in zip(("x", "y", "z", "amplitudes"), ("x_m", "y_m", "z_m", "A")):
            index = index * len(problem[name]) + problem[name].index(float(row[column]))
        return [index, None, float(row["per_cent_error"])]

    def close(self) -> None:
        self.folder.cleanup()


def all_rungs() -> list:
    rungs = [Cpp(), Python(), Program()]
    if not (Package.FOLDER / "lacking.txt").exists():
        rungs.append(Package())
    return rungs


# --- the comparison --------------------------------------------------------------------------


def powers(problem: dict) -> list[float]:
    """The sum of the squared observations of each event."""
    count = len(problem["stations"])
    squares = [o * o if r else 0.0 for o, r in zip(problem["observations"], problem["recorded"])]
    return [sum(squares[first : first + count]) for first in range(0, len(squares), count)]


def agree(got: list, expected: list, power: float) -> bool:
    """Of one event.

    Of a perfect fit only rounding is left, which is relative to what was observed: errors below
    1 per cent are compared as if they were that.
    """
    index, error, per_cent = expected
    return (
        len(got) == 3
        and got[0] == index
        and (got[1] is None or abs(got[1] - error) <= TOLERANCE * max(error, 1e-4 * power))
        and abs(got[2] - per_cent) <= TOLERANCE * max(per_cent, 1.0)
    )


def wrong(problem: dict, rungs: list, seen: dict | None = None) -> list[str]:
    """A sentence for each rung that is wrong."""
    answers = {}
    for each in rungs:
        answers.update(each.answers(problem))
    refused = {name: a for name, a in answers.items() if isinstance(a, Refused)}
    if refused:
        return [
            f"{name} answers what others refuse: {list(refused.values())[0]}"
            for name in answers
            if name not in refused
        ]
    expected = talk(problem)
    wanted = {"masked nodes": masked(problem)}
    complaints = []
    for name, answer in answers.items():
        if seen is not None:
            seen[name] = seen.get(name, 0) + 1
        if isinstance(answer, str):
            complaints.append(f"{name}: {answer}")
        elif name in wanted:
            if answer != wanted[name]:
                complaints.append(f"{name} are {answer}, not {wanted[name]}")
        elif len(answer) != len(expected) or not all(map(agree, answer, expected, powers(problem))):
            complaints.append(f"{name} found {answer}, not {expected}")
    return complaints


def without(problem: dict, event: int | None = None, station: int | None = None) -> dict:
    count = len(problem["stations"])
    keep = [
        i
        for i in range(len(problem["observations"]))
        if i // count != event and i % count != station
    ]
    smaller = {
        **problem,
        **{n: [problem[n][i] for i in keep] for n in ("observations", "recorded")},
    }
    for name in ("stations", "station_x", "station_y", "station_z"):
        smaller[name] = [v for s, v in enumerate(problem[name]) if s != station]
    return smaller


def smaller_ones(problem: dict):
    count = len(problem["stations"])
    events = len(problem["observations"]) // count
    if problem["threads"] > 1:
        yield {**problem, "threads": 1}
    for event in range(events if events > 1 else 0):
        yield without(problem, event=event)
    for station in range(count if count > 3 else 0):
        yield without(problem, station=station)
    for name in ("x", "y", "z", "amplitudes"):
        half = len(problem[name]) // 2
        if half:
            yield {**problem, name: problem[name][half:]}
            yield {**problem, name: problem[name][:half]}
            yield {**problem, name: problem[name][1:]}
            yield {**problem, name: problem[name][:-1]}


def shrunk(problem: dict, rungs: list) -> dict:
    """The smallest of those that are made from it by leaving something out and are still wrong."""
    found = True
    while found:
        candidates = (p for p in smaller_ones(problem) if has_sources(p))
        found = next((p for p in candidates if wrong(p, rungs)), None)
        problem = found or problem
    return problem


def has_sources(problem: dict) -> bool:
    return len(masked(problem)) < math.prod(len(problem[axis]) for axis in "xyz")


class Findings:
    def __init__(self):
        self.problems = self.refused = 0
        self.seen: dict[str, int] = {}
        self.wrong: list[str] = []

    def summary(self, seconds: float) -> str:
        rungs = len([name for name in self.seen if name != "masked nodes"])
        return (
            f"locator fuzzer: {self.problems} problems, {self.refused} of them refused by all, "
            f"{rungs} rungs, {sum(self.seen.values())} comparisons, {seconds:.1f} s, "
            f"{len(self.wrong)} wrong"
        )


def fuzz(rungs: list, seed: int, problems: int | None, seconds: float | None, say=print):
    """So many problems, or for so long."""
    found = Findings()
    began = time.monotonic()
    while (problems is None or found.problems < problems) and (
        seconds is None or time.monotonic() - began < seconds
    ):
        # A seed of its own: each problem can be had again without those before.
        name = f"{seed}:{found.problems}"
        problem = made_up(random.Random(name))
        before = sum(found.seen.values())
        complaints = wrong(problem, rungs, found.seen)
        found.problems += 1
        found.refused += before == sum(found.seen.values())
        if complaints:
            found.wrong.append(name)
            problem = shrunk(problem, rungs)
            say(f"problem {name} is wrong; made small: {json.dumps(problem)}")
            for complaint in wrong(problem, rungs)[:5]:
                say(f"  {complaint}")
    say(found.summary(time.monotonic() - began))
    return found


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="another one makes up other problems")
    parser.add_argument("--problems", type=int, help="how many (default: 200)")
    parser.add_argument("--minutes", type=float, help="for how long, instead")
    options = parser.parse_args(words)
    problems = options.problems or (None if options.minutes else 200)
    rungs = all_rungs()
    try:
        found = fuzz(
            rungs,
            options.seed,
            problems,
            options.minutes and 60 * options.minutes,
            say=lambda text: print(text, flush=True),
        )
    finally:
        for each in rungs:
            each.close()
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
