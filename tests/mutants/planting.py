"""Plants a mutant beside the build, and asks the tests about it.

In C++ what it changes is compiled with the build's own flags and linked before the library, whose
own copy the linker then leaves where it is. In Python it stands in a folder with copies of its
neighbours.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from mutant import PROJECT, SOURCES, Mutant, NotKilled

BUILD = PROJECT / "build" / os.environ.get("PRESET", "release")
HARNESS = PROJECT / "benchmarks" / "python.py"
# Some mutants end only when they are ended. Of the processor, so that a loaded machine kills none.
SECONDS_OF_PROCESSOR = 120
SECONDS_AT_MOST = 900

# Enough to find an error, and compiled soonest. Of the sets of vector instructions one will do, but
# without any a vector is one number, and no loop over vectors leaves a rest.
FLAGS = ["-O1", "-w", "-DHWY_COMPILE_ONLY_STATIC"]
if platform.machine() == "x86_64":
    FLAGS += ["-msse4.2", "-maes", "-mpclmul"]


@dataclass(frozen=True)
class Answer:
    """What the tests said of a program."""

    stands: bool
    asked: str  # the last sentence that was asked
    finding: str  # why it is not true
    seconds: float
    # Whether `make bench` would have refused to time it on its smallest case; None if it times
    # nothing of it.
    by_bench: bool | None = None


class Skipped(Exception):
    """What a rung in Python needs is not here; the message says what."""


def folder(name: str) -> Path:
    """A fresh one, in which the mutated file stands where its original stands in src/."""
    place = BUILD / "mutants" / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    return place


# --- C++ -------------------------------------------------------------------------------------


@functools.cache
def compile_commands() -> dict[str, tuple[str, list[str]]]:
    """Of each source below src/, where and how it is compiled."""
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    commands = {}
    for entry in entries:
        file = (Path(entry["directory"]) / entry["file"]).resolve()
        if SOURCES in file.parents:
            commands[str(file.relative_to(SOURCES))] = (
                entry["directory"],
                without_precompiled(shlex.split(entry["command"])),
            )
    return commands


@functools.cache
def included(file: str) -> frozenset[str]:
    """All files below src/ that this one includes, itself among them."""
    found = {file}
    text = (SOURCES / file).read_text(encoding="utf-8")
    for name in re.findall(r'^#include "([^"]+)"', text, re.MULTILINE):
        if name != file and (SOURCES / name).exists():
            found |= included(name)
    return frozenset(found)


def units(mutant: Mutant) -> list[str]:
    """What has to be compiled anew."""
    if mutant.file.endswith(".cpp"):
        return [mutant.file]
    in_library = [file for file in compile_commands() if file.count("/") == 1]
    return list(mutant.units) or [f for f in in_library if mutant.file in included(f)]


def without_precompiled(command: list[str]) -> list[str]:
    """A header compiled beforehand fits no other flags than those it was compiled with."""
    text = "\0".join(command)
    clang = r"-Xclang\0-include(-pch)?\0-Xclang\0"
    return re.sub(rf"\0({clang}|-include\0)[^\0]*/cmake_pch\.hxx[^\0]*", "", text).split("\0")


def compiled(unit: str, place: Path) -> Path:
    """The object of a source, which finds what stands in `place` before what stands in src/."""
    directory, command = compile_commands()[unit]
    target = place / unit.replace("/", "_").replace(".cpp", ".o")
    own = place / unit
    words = []
    for word, before in zip(command, ["", *command]):
        if before == "-o":
            words.append(str(target))
        elif Path(directory, word).resolve() == SOURCES / unit:
            words.append(str(own if own.exists() else SOURCES / unit))
        elif not re.fullmatch(r"-O\w*|-M\w+|-W\w.*", word) and before not in ("-MF", "-MT", "-MQ"):
            words.append(word)
    # Before the folder of the sources is looked into.
    at = next(i for i, word in enumerate(words) if word.startswith("-"))
    words[at:at] = ["-I", str(place), *FLAGS]
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line] or ["no reason"]
        raise NotKilled(f"{place.name} does not compile: {errors[0]}")
    return target


@dataclass(frozen=True)
class Program:
    """A program of the build, by its place there and by the target that makes it."""

    file: str
    target: str


ASK_RUNGS = Program("tests/ask_rungs", "tests/CMakeFiles/ask_rungs.dir")
TESTS = Program("tests/mythbench_tests", "tests/CMakeFiles/mythbench_tests.dir")
BENCH = Program("mythbench", "benchmarks/CMakeFiles/mythbench_program.dir")


@functools.cache
def link_command(program: Program) -> tuple[str, list[str]]:
    """Where and how the build links a program."""
    script = BUILD / program.target / "link.txt"
    if script.exists():
        return str(BUILD / program.target.split("/")[0]), shlex.split(script.read_text())
    cache = (BUILD / "CMakeCache.txt").read_text()
    ninja = re.search(r"^CMAKE_MAKE_PROGRAM:\w+=(.*)$", cache, re.MULTILINE).group(1)
    asked = [ninja, "-C", str(BUILD), "-t", "commands", program.file]
    commands = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    # ": && compiler ... && :"
    return str(BUILD), shlex.split(commands.splitlines()[-1].split(" && ")[1])


def linked(program: Program, objects: Iterable[Path], place: Path) -> Path:
    directory, command = link_command(program)
    words = list(command)
    target = place / Path(program.file).name
    words[words.index("-o") + 1] = str(target)
    first = next(i for i, word in enumerate(words) if word.endswith((".o", ".a")))
    words[first:first] = map(str, objects)
    done = subprocess.run(words, cwd=directory, capture_output=True, text=True)
    if done.returncode:
        raise NotKilled(f"{place.name} does not link: {done.stderr.splitlines()[0]}")
    return target


def run(words: list[str]) -> tuple[subprocess.CompletedProcess, float]:
    """Ended by force when it takes too long."""
    limited = ["sh", "-c", f'ulimit -t {SECONDS_OF_PROCESSOR}; exec "$0" "$@"', *words]
    started = time.monotonic()
    try:
        done = subprocess.run(limited, capture_output=True, text=True, timeout=SECONDS_AT_MOST)
    except subprocess.TimeoutExpired as slow:
        said = (slow.stdout or b"").decode()
        done = subprocess.CompletedProcess(limited, -9, said, "")
    return done, time.monotonic() - started


def ask_rungs(program: Path, rungs: Iterable[str]) -> Answer:
    done, seconds = run([str(program), *rungs])
    if done.returncode == 2:
        raise NotKilled(done.stderr.strip())
    lines = done.stdout.splitlines() or ["it starts"]
    if done.returncode == 0:
        return Answer(True, lines[-1], "", seconds)
    if done.returncode == 1 and len(lines) > 1:
        return Answer(False, lines[-2], lines[-1], seconds)
    return Answer(False, lines[-1], f"it ends by signal {-done.returncode}", seconds)


def run_tests(program: Path, chosen: str) -> Answer:
    done, seconds = run([str(program), chosen])
    if "No test" in done.stdout + done.stderr:
        raise NotKilled(f"no test in C++ is named {chosen!r}")
    names = re.findall(r"^-{70,}\n(.+)\n", done.stdout, re.MULTILINE)
    failed = re.findall(r"^(?:  )?(?:CHECK|REQUIRE).*", done.stdout, re.MULTILINE)
    finding = failed[0].strip() if failed else f"it ends with status {done.returncode}"
    return Answer(done.returncode == 0, names[0] if names else chosen, finding, seconds)


def is_seen_by_bench(objects: list[Path], rungs: Iterable[str], place: Path) -> bool:
    """Whether the program of `make bench` refuses to time one of these on its smallest case."""
    program = linked(BENCH, objects, place)
    labels = "|".join(re.escape(f"{rung}/{smallest_case(rung)}/") for rung in rungs)
    options = ["--warm-up-seconds=0", "--benchmark_min_time=0", "--no-forecast"]
    done, _ = run([str(program), f"--benchmark_filter=^({labels})", *options])
    return done.returncode != 0


def asked_in_cpp(
    name: str, own: dict[str, str], objects_of: Iterable[str], rungs: Iterable[str], tests: str
) -> Answer:
    """What the tests say of the library with these sources of our own."""
    place = folder(name)
    for file, source in own.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(source, encoding="utf-8")
    objects = [compiled(unit, place) for unit in objects_of]
    if tests:
        return run_tests(linked(TESTS, objects, place), tests)
    said = ask_rungs(linked(ASK_RUNGS, objects, place), rungs)
    return replace(said, by_bench=is_seen_by_bench(objects, rungs, place))


# --- Python ----------------------------------------------------------------------------------


@functools.cache
def room_for_problems() -> tempfile.TemporaryDirectory:
    """Anew for each execution, as the cases may have changed."""
    place = BUILD / "mutants"
    place.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(dir=place, prefix="problems-")


@functools.cache
def problems():
    """As the tests of the rungs in Python write them."""
    file = PROJECT / "tests" / "rungs" / "conftest.py"
    spec = importlib.util.spec_from_file_location("conftest_of_rungs", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Problems(BUILD / "mythbench", Path(room_for_problems().name))


def smallest_case(rung: str) -> str:
    return problems().examples[rung.split("/")[0]]["cases"][0]["label"]


def harness(rung: Path, files: Iterable[Path], *options: str) -> tuple[list[dict], float]:
    out = rung.parent / "out.json"
    words = [word for file in files for word in ("--problem", str(file))]
    command = [sys.executable, str(HARNESS), "--rung", str(rung), *words, "--out", str(out)]
    done, seconds = run([*command, *options])
    if not out.exists():
        return [{"name": rung.stem, "error_message": f"it ends with {done.returncode}"}], seconds
    rows = json.loads(out.read_text())["benchmarks"]
    out.unlink()
    return rows, seconds


def planted(name: str, rung: Path, source: str) -> Path:
    place = folder(name)
    # The neighbours may ask for what is built.
    (place / "build").symlink_to(PROJECT / "build")
    beside = place / "src" / rung.parent.name
    beside.mkdir(parents=True)
    for file in rung.parent.glob("*.py"):
        shutil.copy(file, beside)
    (beside / rung.name).write_text(source, encoding="utf-8")
    return beside / rung.name


def asked_in_python(name: str, rung: Path, source: str) -> Answer:
    """What the harness says of a rung with this source."""
    own = planted(name, rung, source)
    rows, seconds = harness(own, problems().awkward(rung), "--verify")
    messages = [row.get("error_message", "") for row in rows]
    if all(message.startswith("skipped: ") for message in messages):
        raise Skipped(messages[0].removeprefix("skipped: "))
    wrong = [f"{row['name']}: {m}" for row, m in zip(rows, messages) if is_complaint(m)]
    smallest = problems().file(f"{rung.parent.name}/{smallest_case(rung.parent.name)}")
    timed, _ = harness(own, [smallest], "--warm-up", "0", "--min-time", "0")
    return Answer(
        stands=not wrong,
        asked="a rung gives the reference answer whatever it met before",
        finding=wrong[0] if wrong else "",
        seconds=seconds,
        by_bench=any(is_complaint(row.get("error_message", "")) for row in timed),
    )


def is_complaint(message: str) -> bool:
    return bool(message) and not message.startswith("skipped: ")


# --- all of it -------------------------------------------------------------------------------


def answer(mutant: Mutant) -> Answer:
    """What the tests say of a mutant."""
    source = mutant.source()
    if mutant.language == "python":
        return asked_in_python(mutant.name, SOURCES / mutant.file, source)
    own = {mutant.file: source}
    return asked_in_cpp(mutant.name, own, units(mutant), mutant.asked, mutant.tests)


def answers_without_faults(mutants: list[Mutant]) -> Iterable[tuple[str, Answer]]:
    """The same of what the mutants are made from, by the same way: in C++ all at once."""
    in_cpp = [mutant for mutant in mutants if mutant.language == "c++"]
    compiled_anew = sorted({unit for mutant in in_cpp for unit in units(mutant)})
    rungs = sorted({rung for mutant in in_cpp for rung in mutant.asked})
    example = mutants[0].example
    if rungs:
        yield "its rungs in C++", asked_in_cpp(f"{example}-as-it-is", {}, compiled_anew, rungs, "")
    for tests in sorted({mutant.tests for mutant in in_cpp if mutant.tests}):
        yield tests, asked_in_cpp(f"{example}-tests-as-they-are", {}, compiled_anew, (), tests)
    for file in sorted({mutant.file for mutant in mutants if mutant.language == "python"}):
        source = (SOURCES / file).read_text(encoding="utf-8")
        name = Path(file).stem + "-as-it-is"
        try:
            yield file, asked_in_python(name, SOURCES / file, source)
        except Skipped:
            continue
