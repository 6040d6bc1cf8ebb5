"""Gives every damaged file to every command that reads it, each in a process of its own.

Usage: try_damaged_files.py <an empty folder>; writes outcomes.json there. A process of its own, so
that the memory that is counted is that of a command and not what other tests have left.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "scripts"), str(PROJECT / "tests" / "scripts")]

import damaged_files  # noqa: E402
import fake_suite  # noqa: E402
from fake_suite import FakeSuite  # noqa: E402
from slices_file import document as slices  # noqa: E402
from study_run import STUDY  # noqa: E402
from suite import charts, cli  # noqa: E402
from suite.judge import verdicts  # noqa: E402
from suite.machine import ceilings  # noqa: E402
from suite.measure import pictures  # noqa: E402
from suite.measure.built import Suite  # noqa: E402
from suite.pages import build_report, keep_reference, rendering, update_readmes  # noqa: E402
from suite.runs import documents, results  # noqa: E402
from synthetic_run import CPYTHON, Builder, case, rung  # noqa: E402
from watched_run import WATCHED  # noqa: E402

PATIENCE = 60  # seconds, after which a file counts as one that hangs
SEED = 20180202
READMES = ("src/sums/README.md", "README.md")
REFERENCE = PROJECT / "results" / "reference" / "epyc_zen4_2_cores"


@dataclass
class Trial:
    """A file, what was done to it, and what became of it."""

    file: str
    damage: str
    status: dict[str, object] = field(default_factory=dict)  # by command
    said: dict[str, str] = field(default_factory=dict)  # on standard error
    seconds: float = 0.0  # by the clock
    worked: float = 0.0  # seconds of a processor, which others do not make longer
    peak_bytes: int = 0
    written: list[str] = field(default_factory=list)  # though refused, or outside


# The commands, as functions of the folder of a run


def command(name: str, *arguments: str) -> Callable[[Path], int]:
    return lambda run: cli.main([name, *arguments, str(run)])


COMMANDS: dict[str, Callable[[Path], int]] = {
    "verdicts": command("verdicts", "--run"),
    "report": command("report", "--run"),
    "charts": command("charts", "--theme", "light", "--run"),
    "export": command("export", "--format", "md", "--run"),
    "keep": command("keep", "--as", "kept", "--run"),
    "readmes": command("readmes", "--chart", "sums", "--reference"),
}


def drawn_beside(run: Path) -> int:
    """The charts of what lies beside a run, and not those of the run again and again."""
    every = charts.things
    charts.things = lambda run, say: {
        sort: found if sort in ("study", "watched") else []
        for sort, found in every(run, say).items()
    }
    return COMMANDS["charts"](run)


def resumed(run: Path) -> int:
    project = run.parents[2]
    return cli.main(["bench", "--resume", run.name, "--project", str(project), "--no-report"])


def begun(project: Path) -> int:
    wanted = ["--project", str(project), "--budget", "10s", "--rounds", "1", "--no-report"]
    return cli.main(["bench", *wanted])


def drawn(folder: Path) -> int:
    return cli.main(["slices", "--theme", "light", str(folder / "event.json")])


def caches_read(folder: Path) -> int:
    """What is kept for the next run costs nothing where it is damaged: it is made anew."""
    suite = Suite(folder, "release")
    seconds = [pictures.seconds_each(suite), *suite.problem_seconds().values()]
    ceilings.measured = lambda program, env: {"instruction_set": "none", "peaks": []}
    told = ceilings.kept_or_measured(suite.program, {"day": "today"}, None, {})
    return 0 if all(each >= 0 for each in seconds) and "peaks" in told else 1


# What is damaged


def tiny() -> Builder:
    """A run of all that the schema knows, which is drawn in a moment."""
    cases = [case(f"n:{n}/threads:1", float(n)) for n in (1000, 8000)]
    rungs = [
        rung("loop", 5, "src/sums/05_loop.py", "A loop."),
        {**rung("naive", 10, "src/sums/10_naive.cpp", "In C++."), "bounds": {
            each["label"]: {"f64_operations": 1e3, "bytes": 8e3} for each in cases}},
    ]  # fmt: skip
    sides = {"of": "loop", "over": {"rung": "naive", "case": {"n": 8000}}}
    builder = Builder(3).ladder(
        "sums",
        title="Sums are slow",
        cases=cases,
        rungs=rungs,
        claims=[{"id": "slow", "says": "So it is.", **sides, "at_least": 2}],
        waterfall=[{"rung": "loop", "cost": "a"}, {"rung": "naive", "cost": "b"}],
        sizes={"parameter": "n"},
    )
    for each in cases:
        items = each["work"]["items"]
        builder.ok("sums", "loop", each["label"], 1e-6 * items, interpreter=CPYTHON)
        builder.ok("sums", "naive", each["label"], 1e-9 * items, notes={"sum_seconds": 1e-9})
    return builder


def tiny_run() -> dict:
    document = tiny().document()
    row = document["rows"][0]
    identity = {name: row[name] for name in ("example", "rung", "case", "interpreter")}
    times = {"first_seconds": 1e-3, "again_seconds": 1.1e-3}
    document["sentinels"] = [{"round": 1, **identity, **times}]
    document["verdicts"] = verdicts.decide(results.read(document))
    return document


class Bench:
    """Where files are tried: a folder for the run, one beside it for what is written elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = folder / "project" / "results" / "runs"
        self.trials: list[Trial] = []
        document = tiny_run()
        self.sound = {
            "run.json": json.dumps(document).encode(),
            "study.json": json.dumps({**STUDY, "example": "sums"}).encode(),
            "threads.json": json.dumps({**WATCHED, "example": "sums"}).encode(),
        }
        for place in READMES:
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("<!-- begin ladder -->\n<!-- end ladder -->\n")
        (folder / "outside").mkdir()
        self.runs.mkdir(parents=True)
        (folder / "kept").mkdir()
        # Charts are drawn by the command for them; the others only have to get that far.
        build_report.charts = SimpleNamespace(why_not=lambda: "drawn by another command")
        keep_reference.REFERENCES = folder / "kept"
        update_readmes.draw_chart = lambda run, folder, example: None
        update_readmes.chart_section = lambda run, where, example: ""
        update_readmes.ROOT = folder
        _load_what_all_need()

    def new_run(self) -> Path:
        run = self.runs / "20261122T140000Z_made-up"
        shutil.rmtree(run, ignore_errors=True)
        run.mkdir(parents=True)
        (run / "raw").mkdir()
        return run

    def try_beside_run(self, file: str, damage: str, make: Callable[[Path], object]) -> None:
        """One of the files of a run, the others sound."""
        run = self.new_run()
        for name in ("run.json", file):
            (run / name).write_bytes(self.sound[name])
        (run / file).unlink()
        make(run / file)
        commands = dict(COMMANDS)
        if file != "run.json":
            commands = {
                "report": COMMANDS["report"],
                "charts": drawn_beside,
                "keep": COMMANDS["keep"],
            }
        elif not damage.endswith("0"):  # to draw what turns out to be sound takes longest
            commands.pop("charts")
        self.give(Trial(file, damage), run, commands)

    def give(self, trial: Trial, run: Path, commands: dict[str, Callable]) -> None:
        before = damaged_files.listing(self.folder)
        began = time.monotonic()
        told, wrote = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            _tried(run, commands, wrote)
        os.close(wrote)
        with open(told, encoding="utf-8") as stream:
            lines = stream.read()
        _, status, usage = os.wait4(child, 0)
        trial.seconds = time.monotonic() - began
        trial.peak_bytes = usage.ru_maxrss * 1024
        trial.worked = usage.ru_utime + usage.ru_stime
        for line in lines.splitlines():
            command, ended, said = json.loads(line)
            trial.status[command], trial.said[command] = ended, said
        if status:
            trial.status["all"] = f"the process ended with {status}"
        after = damaged_files.listing(self.folder)
        refused = all(ended == 2 for ended in trial.status.values())
        allowed = () if refused else (str(run.relative_to(self.folder)), "kept", *READMES)
        trial.written = [
            name
            for name in {*before, *after}
            if before.get(name) != after.get(name) and not name.startswith(allowed)
        ]
        self.trials.append(trial)
        shutil.rmtree(self.folder / "kept" / "kept", ignore_errors=True)


def _load_what_all_need() -> None:
    """Once and not in every child: schemas, and what commands import when they are called."""
    for schema in documents.SCHEMAS.glob("*.schema.json"):
        documents._validator(schema.name.partition(".")[0])
    rooms = ("charts._files", "pages.chart_files", "pages.exports", "pages.slices")
    for module in (*rooms, "measure.run_ladders"):
        import_module(f"suite.{module}")
    rendering.rendered("report.html.j2", **build_report.content(results.read(tiny_run())))
    charts.kinds()


def _tried(run: Path, commands: dict[str, Callable], wrote: int) -> None:
    """In the child: never returns."""
    signal.alarm(PATIENCE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open(wrote, "w", encoding="utf-8") as stream:
        for name, command in commands.items():
            said = io.StringIO()
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
                    ended: object = command(run)
            except SystemExit as exit:
                ended = exit.code
            except BaseException:
                ended = traceback.format_exc()
            stream.write(json.dumps([name, ended, said.getvalue()]) + "\n")
    os._exit(0)


def content_of(content: bytes) -> Callable[[Path], object]:
    return lambda file: file.write_bytes(content)


def try_files_of_a_run(bench: Bench) -> None:
    for file, each in (("run.json", 4), ("study.json", 1), ("threads.json", 1)):
        document = json.loads(bench.sound[file])
        for damage, content in damaged_files.damaged(document, SEED, each):
            bench.try_beside_run(file, damage, content_of(content))
        for damage, content in damaged_files.WHOLE_CONTENTS.items():
            bench.try_beside_run(file, damage, content_of(content))
        for damage, make in damaged_files.ODD_FILES.items():
            bench.try_beside_run(file, damage, make)
        for other in sorted({*bench.sound} - {file}):
            bench.try_beside_run(file, f"as {other}", content_of(bench.sound[other]))


def try_a_kept_run(bench: Bench) -> None:
    """A large file; charts of it would take longer than all the rest."""
    commands = {name: COMMANDS[name] for name in ("verdicts", "keep")}
    for file in ("run.json", "threads.json"):
        document = json.loads((REFERENCE / file).read_text(encoding="utf-8"))
        if file == "threads.json":
            document["example"] = "sums"  # as the run that it lies beside has it
        for damage, content in damaged_files.damaged(document, SEED, 1):
            run = bench.new_run()
            (run / "run.json").write_bytes(bench.sound["run.json"])
            (run / file).write_bytes(content)
            bench.give(Trial(f"kept {file}", damage), run, commands)


def try_to_go_on(bench: Bench) -> None:
    """start.json, plan.json and a raw file, in a run that was stopped just before its end."""
    project = bench.folder / "project"
    example = fake_suite.example("sums", [fake_suite.rung(10, "naive")], sizes=(1000,))
    FakeSuite(project, [example], naive={"seconds_per_item": 1e-6})
    with contextlib.redirect_stdout(io.StringIO()):
        begun(project)
    made = (bench.runs / "latest").resolve()
    sound = bench.folder / "stopped"
    shutil.move(made, sound)
    plan = json.loads((sound / "plan.json").read_text())
    plan.pop("finished")
    (sound / "plan.json").write_text(json.dumps(plan))
    raw = plan["processes"][0]["file"]
    for file in ("start.json", "plan.json", raw):
        document = json.loads((sound / file).read_text())
        for damage, make in _all_damages(document):
            run = bench.new_run()
            shutil.copytree(sound, run, dirs_exist_ok=True)
            (run / file).unlink()
            make(run / file)
            bench.give(Trial(file, damage), run, {"resume": resumed})


def _all_damages(document) -> Iterator[tuple[str, Callable]]:
    for damage, content in damaged_files.damaged(document, SEED, 1):
        yield damage, content_of(content)
    for damage in ("empty", "a list", "an empty object"):
        yield damage, content_of(damaged_files.WHOLE_CONTENTS[damage])
    for damage in ("a folder", "a pipe", "a link to a device"):
        yield damage, damaged_files.ODD_FILES[damage]


def try_claims(bench: Bench) -> None:
    file = bench.folder / "project" / "src" / "sums" / "claims.json"
    claim = {"id": "a", "says": "So.", "of": "naive", "over": "naive", "at_least": 1}
    document = {"title": "T", "kind": "myth", "claims": [claim]}
    for damage, make in _all_damages(document):
        _clear(file)
        make(file)
        bench.give(Trial("claims.json", damage), file.parents[2], {"bench": begun})
    _clear(file)


def try_slices(bench: Bench) -> None:
    folder = bench.folder / "project" / "pictures"
    for damage, make in _all_damages(slices()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder / "event.json")
        bench.give(Trial("event.json", damage), folder, {"slices": drawn})


def try_caches(bench: Bench) -> None:
    project = bench.folder / "caches"
    suite = Suite(project, "release")
    suite.build.mkdir(parents=True)
    suite.program.write_text("")
    state = {"state": {"day": "today"}, "ceilings": {"instruction_set": "AVX2", "peaks": []}}
    for file, document in (
        (suite.build / "ceilings.json", state),
        (suite.build / "pictures.json", {"seconds_each": 0.5}),
        (suite.problems / "seconds.json", {"sums/n:1": 0.5}),
    ):
        for damage, make in _all_damages(document):
            _clear(file)
            make(file)
            bench.give(Trial(file.name, damage), project, {"cache": caches_read})
        _clear(file)


def _clear(file: Path) -> None:
    if file.is_dir():
        file.rmdir()
    else:
        file.unlink(missing_ok=True)


STEPS = (
    try_files_of_a_run,
    try_a_kept_run,
    try_to_go_on,
    try_claims,
    try_slices,
    try_caches,
)


def main() -> int:
    bench = Bench(Path(sys.argv[1]))
    for step in STEPS:
        step(bench)
    outcomes = [asdict(trial) for trial in bench.trials]
    (bench.folder / "outcomes.json").write_text(json.dumps(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
