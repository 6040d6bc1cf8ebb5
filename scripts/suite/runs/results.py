"""Read and write the runs under results/. Nothing here draws, prints or judges."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from . import claims, documents
from .documents import Refused
from .file_names import file_name
from .intervals import noise_floor

PROJECT = Path(__file__).resolve().parents[3]
RESULTS = PROJECT / "results"
SCHEMA_VERSION = 1
FILE = "run.json"


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
        return int(self.case.get("threads", 1))

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
    waterfall: list[dict]  # rungs, and the cost that the next one leaves out; may be empty
    years: dict  # the title of the chart of all interpreters, and who stands beside; may be empty
    sizes: dict  # what claims.json says of a chart against the size; empty: there is none
    baseline: str  # the rung that all others are held against, measured or not
    myth: str  # what its claims are about, by its id; empty in older runs

    def rung(self, name: str) -> Rung:
        for rung in self.rungs:
            if rung.name == name:
                return rung
        raise LookupError(f"{self.example}: no rung is called '{name}'")

    def myth_of(self, claim: dict) -> str:
        """Id of the myth that one of its claims is about."""
        return claim.get("myth", self.myth)


@dataclass(frozen=True)
class Group:
    """All rows that solve one problem: a case of a ladder, whatever the number of threads."""

    ladder: Ladder
    problem: dict
    items: float
    rows: list[Row]
    noise: float  # the floor of the machine

    @property
    def example(self) -> str:
        return self.ladder.example

    @property
    def label(self) -> str:
        return case_label(self.problem)

    @property
    def slug(self) -> str:
        """For names of files, such as locator_grid-small_events-4."""
        return file_name(self.ladder.example, *parameter_words(self.problem))

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

    @property
    def source(self) -> str:
        """What an error calls it."""
        return str((self.folder or Path()) / FILE)

    @property
    def noise(self) -> float:
        """Below such a difference two times of this machine are the same."""
        return noise_floor(self.machine)

    def bandwidths(self, threads: int) -> list[dict]:
        """How fast this machine's levels of memory were to so many threads."""
        peaks = self.machine.get("ceilings", {}).get("peaks", [])
        own = (peak.get("bandwidths", []) for peak in peaks if peak["threads"] == threads)
        return next(own, [])

    def at_best(self, row: Row) -> tuple[float, float]:
        """Seconds in which this machine computes, and moves, what a row cannot do without; 0 each
        if nobody can tell."""
        bound = self.ladder(row.example).rung(row.rung).bounds.get(case_label(row.case), {})
        rates = [
            s["memory_bytes_per_second"] for s in row.samples if "memory_bytes_per_second" in s
        ]
        ceilings = self.machine.get("ceilings", {})
        return _at_best(bound, ceilings, row.threads, median(rates) if rates else None)

    def ladder(self, example: str) -> Ladder:
        for ladder in self.ladders:
            if ladder.example == example:
                return ladder
        raise ValueError(f"this run has no example called '{example}'")

    def rows_of(self, example: str, rung: str | None = None) -> list[Row]:
        return [r for r in self.rows if r.example == example and rung in (None, r.rung)]


def load(path: Path) -> Run:
    """The run in a folder or in a run.json. Raises Refused with one sentence."""
    file = path / FILE if path.is_dir() else path
    return _made(documents.read(file, "run"), file.parent, str(file))


def read(document: dict, folder: Path | None = None, source: str = FILE) -> Run:
    """A run from its document, as run.json holds it. Raises Refused with one sentence."""
    return _made(documents.checked(document, "run", source), folder, source)


def find_run(name: str, results: Path = RESULTS) -> Path:
    """The folder of a run, given as `latest`, its id, or a path. Raises Refused."""
    of_references = [folder / name for folder in sorted(results.glob("reference/*"))]
    known = [results / "runs" / name, *of_references, results / "reference" / name]
    for path in [*known, Path(name)]:
        if path.name == FILE and os.path.isfile(path):
            return path.resolve().parent
        if os.path.lexists(path / FILE):
            return path.resolve()
    if name == "latest":
        raise Refused(f"there is no run yet under {results / 'runs'}: `make bench` makes one")
    raise Refused(f"no run '{name}': neither an id under {results} nor a folder with a run.json")


def groups(run: Run, ladder: Ladder) -> list[Group]:
    """The rows of a ladder problem by problem, in the order of the example's cases.

    Those of guests stay out: the same rung under ten interpreters is no ladder.
    """
    order = [rung.name for rung in ladder.rungs]
    rows = [row for row in run.rows_of(ladder.example) if not row.guest]
    problems = {
        _key(problem): problem
        for problem in (_without_threads(stated["parameters"]) for stated in ladder.cases)
    }
    # sorted() is stable: several interpreters stay in the order of the run.
    rows.sort(key=lambda row: (order.index(row.rung), row.threads))
    solving: dict[tuple, list[Row]] = {key: [] for key in problems}
    for row in rows:
        solving[_key(row.problem)].append(row)
    return [
        Group(ladder, problems[key], max(row.items for row in of), of, run.noise)
        for key, of in solving.items()
        if of
    ]


def baseline(group: Group) -> Row | None:
    """What the others are compared with: always the rung that the ladder states, or nothing."""
    own = (row for row in group.rows if row.rung == group.ladder.baseline)
    return next((row for row in own if row.status == "ok"), None)


def parameter_words(case: dict) -> list[str]:
    """["grid-small", "events-4"]"""
    return [f"{name}-{value}" for name, value in case.items()]


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


def write_text(path: Path, text: str) -> None:
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """All or nothing: no reader meets half a file, whether disk, power or process ended."""
    try:
        _write_beside_and_move(path, content)
    except OSError as error:
        # A write says of no file, and a draft is none that anybody knows.
        raise OSError(error.errno, error.strerror, str(path)) from None


def _write_beside_and_move(path: Path, content: bytes) -> None:
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


def _without_threads(case: dict) -> dict:
    return {name: value for name, value in case.items() if name != "threads"}


def _key(case: dict) -> tuple:
    """Alike for cases of the same parameters, in whichever order."""
    return tuple(sorted(case.items()))


def _made(document: dict, folder: Path | None, source: str) -> Run:
    """A run whose parts fit each other. Raises Refused."""
    told = [document[name] for name in ("started", "finished") if name in document]
    moments = [moment(text, source) for text in told]
    if moments != sorted(moments):
        raise Refused(f"{source}: 'finished' is earlier than 'started'")
    run = Run(document, ladders_of(document["ladders"], source), [], folder)
    stated = {ladder.example: _Stated(ladder) for ladder in run.ladders}
    seen = set()
    for number, entry in enumerate(document["rows"], start=1):
        place = f"{source}: entry {number} of 'rows'"
        row = _row(entry, _stated(entry, stated, place), run.machine.get("ceilings", {}), place)
        who = (row.example, row.rung, _key(row.case), interpreter_label(row.interpreter, full=True))
        if who in seen:
            raise Refused(f"{place}: there is another one of the same rung, case and interpreter")
        seen.add(who)
        run.rows.append(row)
    for number, entry in enumerate(document["sentinels"], start=1):
        _stated(entry, stated, f"{source}: entry {number} of 'sentinels'")
    return run


def ladders_of(entries: list[dict], source: str) -> list[Ladder]:
    """Ladders whose parts fit each other. Raises Refused."""
    ladders = [_ladder(entry, source) for entry in entries]
    if len({ladder.example for ladder in ladders}) < len(ladders):
        raise Refused(f"{source}: two of 'ladders' are of one example")
    return ladders


def moment(text: str, source: str) -> datetime:
    """When something was, by its text in a file. Raises Refused where no calendar has that day."""
    try:
        return datetime.fromisoformat(text[:-1])
    except ValueError:
        raise Refused(f"{source}: '{text}' is no moment") from None


class _Stated:
    """What a ladder states of the rungs and cases that rows name."""

    def __init__(self, ladder: Ladder) -> None:
        self.rungs = {rung.name: rung for rung in ladder.rungs}
        self.cases = {_key(case["parameters"]): case for case in ladder.cases}


def _stated(entry: dict, known: dict[str, _Stated], place: str) -> tuple[Rung, dict]:
    """The rung and the case that an entry is of."""
    example = entry["example"]
    if example not in known:
        raise Refused(f"{place}: this run has no example called '{example}'")
    rung = known[example].rungs.get(entry["rung"])
    if rung is None:
        raise Refused(f"{place}: {example}: no rung is called '{entry['rung']}'")
    case = known[example].cases.get(_key(entry["case"]))
    if case is None:
        raise Refused(f"{place}: {example} has no case {case_label(entry['case'])}")
    return rung, case


def _ladder(entry: dict, source: str) -> Ladder:
    where = f"{source}: {entry['example']}"
    rungs = sorted(map(_rung, entry["rungs"]), key=lambda r: (r.number, r.name))
    # Objects lose the stated order of their parameters in some writers; labels keep it.
    cases = [{**c, "parameters": _in_order(c["parameters"], c["label"])} for c in entry["cases"]]
    labels = {case["label"] for case in cases}
    if len({rung.name for rung in rungs}) < len(rungs):
        raise Refused(f"{where}: two of its rungs have one name")
    if len(labels) < len(cases) or len({_key(c["parameters"]) for c in cases}) < len(cases):
        raise Refused(f"{where}: two of its cases are the same")
    for rung in entry["rungs"]:
        named = {*rung.get("bounds", {}), *rung.get("cases", [])}
        if strange := sorted(named - labels):
            raise Refused(f"{where}: {rung['name']} names a case that is none: '{strange[0]}'")
    parameters = {name for case in cases for name in case["parameters"]}
    claims.check(entry, f"{where}: claims", [rung.name for rung in rungs], parameters)
    return Ladder(
        example=entry["example"],
        title=entry["title"],
        kind=entry["kind"],
        item=entry["item"],
        tolerance=entry["tolerance"],
        cases=cases,
        rungs=rungs,
        claims=entry["claims"],
        waterfall=entry.get("waterfall", []),
        years=entry.get("years", {}),
        sizes=entry.get("sizes", {}),
        # Runs of before examples stated it: the rung that stands lowest.
        baseline=entry.get("baseline") or next((rung.name for rung in rungs), ""),
        myth=entry.get("myth", ""),
    )


def _in_order(parameters: dict, label: str) -> dict:
    names = [part.partition(":")[0] for part in label.split("/")]
    order = {name: i for i, name in enumerate(names)}
    return dict(sorted(parameters.items(), key=lambda pair: order.get(pair[0], len(order))))


def _rung(entry: dict) -> Rung:
    names = ("name", "file", "language", "caption", "threaded", "source")
    return Rung(
        **{name: entry[name] for name in names},
        number=int(entry["number"]),  # JSON knows no difference between 5 and 5.0
        bounds=entry.get("bounds", {}),
        every_interpreter=entry.get("every_interpreter", False),
    )


def _row(entry: dict, of: tuple[Rung, dict], ceilings: dict, place: str) -> Row:
    rung, stated = of
    if entry["language"] != rung.language:
        raise Refused(f"{place}: {rung.name} is not of the language {entry['language']}")
    if (entry["interpreter"] is None) != (rung.language == "c++"):
        raise Refused(f"{place}: a Python rung has an interpreter, and no other has one")
    case = stated["parameters"]
    bound = rung.bounds.get(stated["label"], {})
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
        layers=_layers(entry.get("layers", {}), place),
        forecast=entry.get("forecast", {}),
        **_limits(entry["samples"], bound, ceilings, case.get("threads", 1)),
    )


def _layers(layers: dict, place: str) -> dict:
    resident = layers.get("os", {}).get("resident", {"seconds": [], "bytes": []})
    if len(resident["seconds"]) != len(resident["bytes"]):
        raise Refused(f"{place}: 'resident' has two lists of different length")
    return layers


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

    While some ports compute, others can work and bytes can move: of these times the longest counts.
    """
    return max(_at_best(bound, ceilings, threads, memory)) or None


def _at_best(
    bound: dict, ceilings: dict, threads: int, memory: float | None = None
) -> tuple[float, float]:
    """Seconds of computing, and of moving bytes; 0 where nobody can tell.

    Either precision takes the same ports, so their times add up. `memory` is what moved beside a
    sample whose bytes come from there.
    """
    peaks = [peak for peak in ceilings.get("peaks", []) if peak["threads"] == threads]
    if not peaks:
        return 0.0, 0.0
    computing = sum(
        bound.get(f"{kind}_operations", 0) / peaks[0][f"{kind}_operations_per_second"]
        for kind in ("f64", "f32")
    )
    simple = peaks[0].get("u64_operations_per_second")
    of_all_ports = bound.get("u64_operations", 0) / simple if simple else 0
    bandwidth = memory or bandwidth_for(
        peaks[0].get("bandwidths", []), bound.get("working_set_bytes", 0)
    )
    return max(computing, of_all_ports), bound.get("bytes", 0) / bandwidth if bandwidth else 0.0


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
