"""Read and write the runs under results/. Nothing here draws, prints or judges."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parents[3]
RESULTS = PROJECT / "results"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Rung:
    """One way to solve the problem of a ladder."""

    name: str
    number: int
    file: str
    language: str
    caption: str
    threaded: bool
    source: str
    bounds: dict  # by case label; empty where the rung states none
    every_interpreter: bool = False  # asks for guests

    @property
    def label(self) -> str:
        return f"{self.number:02d} {self.name}"


@dataclass(frozen=True)
class Row:
    """One rung on one case under one interpreter, measured or not."""

    example: str
    rung: str
    case: dict
    language: str
    interpreter: dict | None
    status: str
    reason: str
    samples: list[dict]
    work: dict
    check: dict
    layers: dict
    forecast: dict
    limit: float | None = None  # seconds at which this machine's ceiling stands, if known
    limits: dict = field(default_factory=dict)  # the same by round, as memory was in each

    @property
    def threads(self) -> int:
        return self.case.get("threads", 1)

    @property
    def problem(self) -> dict:
        """The case without its threads: what is solved, not with how many hands."""
        return _without_threads(self.case)

    @property
    def items(self) -> float:
        return self.work.get("items", 0)

    @property
    def guest(self) -> bool:
        """Run under an interpreter that runs only the rungs that ask for every one."""
        return bool(self.interpreter and self.interpreter.get("guest"))

    def rounds(self, items: float = 1.0) -> dict[int, float]:
        """Seconds per so many items, one time per round."""
        rounds = _by_round((sample["round"], sample["seconds"]) for sample in self.samples)
        return {number: seconds / items for number, seconds in rounds.items()}

    def round_seconds(self) -> list[float]:
        return [*self.rounds().values()]

    def seconds(self) -> float | None:
        times = self.round_seconds()
        return median(times) if times else None

    def took(self) -> float:
        """The seconds of a row that was measured."""
        return median(self.round_seconds())

    def notes(self) -> dict[str, float]:
        """What the rung told of its run: phases and counts, each the median over rounds."""
        told: dict[str, list[tuple[int, float]]] = {}
        for sample in self.samples:
            for name, value in sample.get("notes", {}).items():
                told.setdefault(name, []).append((sample["round"], value))
        return {name: median(_by_round(values).values()) for name, values in told.items()}

    def layer(self, name: str) -> float | None:
        """A count by its dotted name, such as os.minor_page_faults; None if not counted."""
        value: object = self.layers
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, (int, float)) else None

    def why_nothing_was_counted(self) -> str:
        return self.layers.get("reason", "not counted")


@dataclass(frozen=True)
class Ladder:
    """One example: its cases, its rungs from the ground up, its claims."""

    example: str
    title: str
    kind: str
    item: str
    tolerance: float
    cases: list[dict]
    rungs: list[Rung]
    claims: list[dict]
    reality: str
    waterfall: list[dict]  # rungs, and the cost that the next one leaves out; may be empty
    years: dict  # the title of the chart of all interpreters, and who stands beside; may be empty
    sizes: dict  # what claims.json says of a chart against the size; empty: there is none
    baseline: str  # the rung that all others are held against, measured or not

    def rung(self, name: str) -> Rung:
        for rung in self.rungs:
            if rung.name == name:
                return rung
        raise ValueError(f"{self.example}: no rung is called '{name}'")


@dataclass(frozen=True)
class Group:
    """All rows that solve one problem: a case of a ladder, whatever the number of threads."""

    ladder: Ladder
    problem: dict
    items: float
    rows: list[Row]

    @property
    def example(self) -> str:
        return self.ladder.example

    @property
    def label(self) -> str:
        return case_label(self.problem)

    @property
    def slug(self) -> str:
        """For names of files, such as locator_grid-small_events-4."""
        parameters = [f"{name}-{value}" for name, value in self.problem.items()]
        return re.sub(r"[^A-Za-z0-9_.-]", "-", "_".join([self.ladder.example, *parameters]))

    @property
    def measured(self) -> bool:
        return any(row.status == "ok" for row in self.rows)


@dataclass(frozen=True)
class Run:
    """Everything one `make bench` measured on one machine."""

    document: dict
    ladders: list[Ladder]
    rows: list[Row]
    folder: Path | None = None

    @property
    def machine(self) -> dict:
        return self.document["machine"]

    def ladder(self, example: str) -> Ladder:
        for ladder in self.ladders:
            if ladder.example == example:
                return ladder
        raise ValueError(f"this run has no example called '{example}'")

    def rows_of(self, example: str, rung: str | None = None) -> list[Row]:
        return [r for r in self.rows if r.example == example and rung in (None, r.rung)]


def parse(text: str, source: str) -> dict:
    """A document from strict JSON; `source` is what an error calls it."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise ValueError(f"{source}: not strict JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError(f"{source}: a JSON object is expected")
    return document


def load(path: Path) -> Run:
    """The run in a folder or in a run.json. Raises ValueError with one sentence."""
    file = path / "run.json" if path.is_dir() else path
    return read(load_document(file), file.parent, str(file))


def load_document(file: Path) -> dict:
    """What a file of strict JSON holds. Raises ValueError with one sentence."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ValueError(f"{file}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{file}: cannot be read: {error}") from None
    return parse(text, str(file))


def read(document: dict, folder: Path | None = None, source: str = "run.json") -> Run:
    """A run from its document, as run.json holds it."""
    version = document.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ValueError(
            f"{source}: schema_version is {version!r}, these scripts read {SCHEMA_VERSION}"
        )
    try:
        ladders = [_ladder(entry) for entry in document["ladders"]]
        run = Run(document, ladders, [], folder)
        run.rows.extend(_row(entry, run) for entry in document["rows"])
        for name in ("run_id", "started", "suite", "settings", "machine"):
            document[name]
        return run
    except KeyError as error:
        raise ValueError(f"{source}: {error.args[0]!r} is missing") from None
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{source}: not shaped like a run: {error}") from None
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None


def find_run(name: str, results: Path = RESULTS) -> Path:
    """The folder of a run, given as `latest`, its id, or a path. Raises ValueError."""
    known = [results / "runs" / name, *sorted(results.glob(f"reference/*/{name}"))]
    for path in [*known, results / "reference" / name, Path(name)]:
        if path.name == "run.json" and path.is_file():
            return path.resolve().parent
        if (path / "run.json").is_file():
            return path.resolve()
    if name == "latest":
        raise ValueError(f"there is no run yet under {results / 'runs'}: `make bench` makes one")
    raise ValueError(f"no run '{name}': neither an id under {results} nor a folder with a run.json")


def groups(run: Run, ladder: Ladder) -> list[Group]:
    """The rows of a ladder problem by problem, in the order of the example's cases.

    Those of guests stay out: the same rung under ten interpreters is no ladder.
    """
    order = [rung.name for rung in ladder.rungs]
    rows = [row for row in run.rows_of(ladder.example) if not row.guest]
    problems: list[dict] = []
    for case in [*(stated["parameters"] for stated in ladder.cases), *(row.case for row in rows)]:
        problem = _without_threads(case)
        if problem not in problems:
            problems.append(problem)
    # sorted() is stable: several interpreters stay in the order of the run.
    rows.sort(key=lambda row: (order.index(row.rung), row.threads))
    solving = [(problem, [row for row in rows if row.problem == problem]) for problem in problems]
    return [Group(ladder, problem, max(r.items for r in of), of) for problem, of in solving if of]


def baseline(group: Group) -> Row | None:
    """What the others are compared with: always the rung that the ladder states, or nothing."""
    own = (row for row in group.rows if row.rung == group.ladder.baseline)
    return next((row for row in own if row.status == "ok"), None)


def case_label(case: dict) -> str:
    """grid:small/events:4/threads:1"""
    return "/".join(f"{name}:{value}" for name, value in case.items())


def interpreter_label(interpreter: dict | None, full: bool = False) -> str:
    """CPython 3.12, or with `full` CPython 3.12.1; empty for C++."""
    if interpreter is None:
        return ""
    version = interpreter["version"]
    if not full:
        version = ".".join(version.split(".")[:2])
    free = ", free-threaded" if interpreter.get("gil") is False else ""
    return f"{interpreter['implementation']} {version}{free}"


def bar_labels(group: Group) -> list[str]:
    """What to call each row of a group; alike for two rows only if they are the same."""
    interpreters = {interpreter_label(r.interpreter, full=True) for r in group.rows} - {""}
    short = {interpreter_label(r.interpreter) for r in group.rows} - {""}
    labels = []
    for row in group.rows:
        rung = group.ladder.rung(row.rung)
        label = rung.label
        if rung.threaded and "threads" in row.case:
            label += f" ×{row.threads}"
        if row.interpreter and len(interpreters) > 1:
            same = len(short) == len(interpreters)
            label += f" ({interpreter_label(row.interpreter, full=not same)})"
        labels.append(label)
    return labels


def identity(group: Group, row: Row, label: str) -> list:
    """What row it is, for a table: the first cells of its line."""
    return [
        label,
        group.ladder.rung(row.rung).number,
        row.rung,
        row.language,
        interpreter_label(row.interpreter, full=True),
        row.threads,
        "measured" if row.status == "ok" else row.status,
        row.reason,
    ]


def write_json(path: Path, document: object) -> None:
    """Strict JSON: a value that is not finite raises ValueError before anything is written."""
    write_text(path, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def csv_text(header: str, rows: Iterable[Sequence]) -> str:
    """A table as a file of comma-separated values; the header's names are separated so already."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """All or nothing: a reader, or a power cut, never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp lets nobody else read; a result is for everybody whom the umask allows.
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _without_threads(case: dict) -> dict:
    return {name: value for name, value in case.items() if name != "threads"}


def _ladder(entry: dict) -> Ladder:
    rungs = sorted((_rung(rung) for rung in entry["rungs"]), key=lambda r: (r.number, r.name))
    # Objects lose the stated order of their parameters in some writers; labels keep it.
    cases = [{**c, "parameters": _in_order(c["parameters"], c["label"])} for c in entry["cases"]]
    return Ladder(
        example=entry["example"],
        title=entry["title"],
        kind=entry["kind"],
        item=entry["item"],
        tolerance=entry["tolerance"],
        cases=cases,
        rungs=rungs,
        claims=entry["claims"],
        reality=entry.get("reality", ""),
        waterfall=entry.get("waterfall", []),
        years=entry.get("years", {}),
        sizes=entry.get("sizes", {}),
        # Runs of before examples stated it: the rung that stands lowest.
        baseline=entry.get("baseline") or next((rung.name for rung in rungs), ""),
    )


def _in_order(parameters: dict, label: str) -> dict:
    names = [part.partition(":")[0] for part in label.split("/")]
    order = {name: i for i, name in enumerate(names)}
    return dict(sorted(parameters.items(), key=lambda pair: order.get(pair[0], len(order))))


def _rung(entry: dict) -> Rung:
    names = ("name", "number", "file", "language", "caption", "threaded", "source")
    return Rung(
        **{name: entry[name] for name in names},
        bounds=entry.get("bounds", {}),
        every_interpreter=entry.get("every_interpreter", False),
    )


def _row(entry: dict, run: Run) -> Row:
    ladder = run.ladder(entry["example"])
    stated = next((c for c in ladder.cases if c["parameters"] == entry["case"]), {})
    case = stated.get("parameters", entry["case"])
    bound = ladder.rung(entry["rung"]).bounds.get(stated.get("label"), {})
    return Row(
        example=entry["example"],
        rung=entry["rung"],
        case=case,
        language=entry["language"],
        interpreter=entry["interpreter"],
        status=entry["status"],
        reason=entry.get("reason", ""),
        samples=entry["samples"],
        work=entry["work"],
        check=entry.get("check", {}),
        layers=entry.get("layers", {}),
        forecast=entry.get("forecast", {}),
        **_limits(entry["samples"], bound, run.machine.get("ceilings", {}), case.get("threads", 1)),
    )


def _limits(samples: list[dict], bound: dict, ceilings: dict, threads: int) -> dict:
    """Where the ceiling stands, and where it stood in each round: memory is not always the same."""
    told = [
        (sample["round"], _limit(bound, ceilings, threads, sample.get("memory_bytes_per_second")))
        for sample in samples
    ]
    limits = _by_round((number, limit) for number, limit in told if limit is not None)
    limit = median(limits.values()) if limits else _limit(bound, ceilings, threads)
    return {"limit": limit, "limits": limits}


def _by_round(told: Iterable[tuple[int, float]]) -> dict[int, float]:
    """One value per round, their median: repetitions within a process are not independent."""
    rounds: dict[int, list[float]] = {}
    for number, value in told:
        rounds.setdefault(number, []).append(value)
    return {number: median(rounds[number]) for number in sorted(rounds)}


def _limit(bound: dict, ceilings: dict, threads: int, memory: float | None = None) -> float | None:
    """Seconds in which so many threads of the machine can do at best what a rung cannot do without.

    Either precision takes the same ports, so their times add up. Meanwhile other ports can work and
    bytes can move: of these times the longest counts. `memory` is what moved beside a sample whose
    bytes come from there.
    """
    peaks = [peak for peak in ceilings.get("peaks", []) if peak["threads"] == threads]
    if not peaks:
        return None
    computing = sum(
        bound.get(f"{kind}_operations", 0) / peaks[0][f"{kind}_operations_per_second"]
        for kind in ("f64", "f32")
    )
    simple = peaks[0].get("u64_operations_per_second")
    of_all_ports = bound.get("u64_operations", 0) / simple if simple else 0
    bandwidth = memory or bandwidth_for(
        peaks[0].get("bandwidths", []), bound.get("working_set_bytes", 0)
    )
    moving = bound.get("bytes", 0) / bandwidth if bandwidth else 0
    return max(computing, of_all_ports, moving) or None


def bandwidth_for(bandwidths: list[dict], working_set: float) -> float | None:
    """Bytes per second at which the nearest level that holds a working set moves it, if measured.

    A working set of 0 is held by none: it comes from memory.
    """
    rates: dict[float, float] = {}  # of memory, the better kind of stores
    for entry in bandwidths:
        holds = entry.get("holds_bytes", math.inf)
        rates[holds] = max(rates.get(holds, 0), entry["bytes_per_second"])
    holding = [holds for holds in rates if holds >= (working_set or math.inf)]
    return rates[min(holding)] if holding else None
