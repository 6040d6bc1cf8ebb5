"""Runs programs with our interpreter and with every CPython on this machine, and compares."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BUILT = PROJECT / "build" / os.environ.get("PRESET", "release") / "bytecode"
PROGRAM = Path(os.environ.get("BYTECODE_PROGRAM", BUILT))

ERROR = re.compile(
    r"^(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<kind>\w+): (?P<message>.*)$"
)
OPTIONS = {"2": "", "3": "--python3"}


def found_interpreters() -> dict[str, str]:
    """Version and path of each CPython in PATH and in pyenv, one of each version."""
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders += sorted(versions.glob("*/bin"))
    paths = [sys.executable]
    for folder in folders:
        if folder.name != "shims" and folder.is_dir():
            names = sorted(path.name for path in folder.iterdir())
            paths += [str(folder / n) for n in names if re.fullmatch(r"python\d\.\d+t?", n)]
    interpreters: dict[str, str] = {}
    question = "import platform; print(platform.python_implementation(), platform.python_version())"
    for path in paths:
        done = subprocess.run([path, "-c", question], capture_output=True, text=True, check=False)
        words = re.findall(r"[\w.]+", done.stdout)
        if done.returncode == 0 and words[:1] == ["CPython"]:
            interpreters.setdefault(words[1], path)
    return interpreters


# One shell for all programs: starting them from here would take most of the time.
RUN_ALL = """
program=$1 options=$2 name=$3
cd "$4" || exit 1
while IFS= read -r file; do
    "$program" $options "$file" > "${file%.py}.$name.out" 2> "${file%.py}.$name.err"
    echo $? > "${file%.py}.$name.status"
done
"""


def run_all(program: Path, folder: Path, files: Iterable[str], options: str, name: str) -> None:
    """Runs the files one after the other; `<file>.<name>.out`, `.err` and `.status` are left."""
    arguments = [str(program.resolve()), options, name, str(folder)]
    listed = "".join(f"{file}\n" for file in files)
    subprocess.run(["sh", "-c", RUN_ALL, "sh", *arguments], input=listed, text=True, check=True)


# CPython may need several times as long.
MOST_SECONDS_OF_A_PROGRAM = 2


def ours(
    folder: Path, files: Iterable[str], language: str, program: Path = PROGRAM, more: str = ""
) -> dict[str, dict]:
    """By file: what our interpreter made of it. The options more may write before an error."""
    files, name = list(files), f"{language}{more.strip('-')}"
    run_all(program, folder, files, f"{OPTIONS[language]} {more}", name)
    results = {}
    for file in files:
        status, said, output = (
            (folder / file).with_suffix(f".{name}.{kind}").read_bytes().decode("utf-8", "replace")
            for kind in ("status", "err", "out")
        )
        match = next((m for m in map(ERROR.match, said.splitlines()) if m), None)
        error = [match["kind"], int(match["line"]), match["message"]] if match else None
        if match is None and int(status) != 0:
            error = ["none", 0, said]
        results[file] = {"output": output, "error": error, "status": int(status)}
    return results


def that_end(programs: dict[str, str], language: str, folder: Path) -> dict[str, str]:
    """Those that end soon, written into the folder: loops in functions that loops call may go on
    for days."""
    ending = {}
    for name, source in programs.items():
        file = folder / name
        file.write_text(source)
        command = [str(PROGRAM), *OPTIONS[language].split(), str(file)]
        quiet = subprocess.DEVNULL
        try:
            subprocess.run(command, stdout=quiet, stderr=quiet, timeout=MOST_SECONDS_OF_A_PROGRAM)
        except subprocess.TimeoutExpired:
            file.unlink()
        else:
            ending[name] = source
    return ending


def limit_memory() -> None:
    """What a program goes wrong with should not be the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


def theirs(interpreter: str, folder: Path, files: Iterable[str]) -> dict[str, dict]:
    """By file: what a CPython made of it."""
    runner = Path(__file__).with_name("run_programs.py")
    done = subprocess.run(
        [interpreter, str(runner), str(folder)],
        input="".join(f"{file}\n" for file in files),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=limit_memory,
    )
    return json.loads(done.stdout)


def says_the_same(own: str, of_cpython: str) -> bool:
    """To Python 2 a long integer stays one, to us an integer is long when it must be."""
    with_integer = re.sub(r"^long\b", "integer", of_cpython)
    return own in (of_cpython, re.sub(r"""(['"])long\1""", r"\1int\1", with_integer))


ZEROS_LEFT = re.compile(r"(?<!\d)(\d\.\d{10}0)(e\+1[234])(?!\d)")


def prints_the_same(own: str, of_cpython: str, version: str) -> bool:
    """A slip of CPython 2.7 is not ours to repeat: where the twelve digits of a number are rounded
    down from a tie, it leaves the zeros at their end: 3253000000005.0 is 3.25300000000e+12, while
    3253000000004.0 is 3.253e+12, and so is either to its "%.12g"."""
    if version.startswith("2.7"):
        without = ZEROS_LEFT.sub(lambda m: m[1].rstrip("0").rstrip(".") + m[2], of_cpython)
        return own in (of_cpython, without)
    return own == of_cpython


def wrong_with(own: dict, of_cpythons: dict[str, dict]) -> str | None:
    """What we made of a program that no CPython of its language would, or nothing.

    Where versions differ, as they do about the line of a syntax error, one of them must agree.
    """
    error = own["error"]
    status = 0 if error is None else 2 if own["status"] == 2 else 1
    if own["status"] != status or (status == 2 and own["output"]):
        return f"status {own['status']}, output {own['output']!r}, error {error}"
    agreeing = [
        version
        for version, result in of_cpythons.items()
        if prints_the_same(own["output"], result["output"], version)
        and (result["error"] is None) == (error is None)
        and (error is None or result["error"][0] == error[0])
        and (error is None or result["error"][1] in (None, error[1]))
    ]
    essences = {str((r["output"], r["error"] and r["error"][:2])) for r in of_cpythons.values()}
    if not agreeing or (len(essences) == 1 and len(agreeing) < len(of_cpythons)):
        return "\n".join(
            [f"ours: {own['output']!r} {error}"]
            + [f"{v}: {r['output']!r} {r['error']}" for v, r in of_cpythons.items()]
        )
    if error is None or status == 2 or "this machine" in error[2]:
        return None
    said = {result["error"][2] for result in of_cpythons.values()}
    if not any(says_the_same(error[2], each) for each in said):
        return f"ours: {error[2]!r}, theirs: {sorted(said)}"
    return None


def shrunk(source: str, is_wrong) -> str:
    """With as many lines fewer as it stays wrong without; a text that is none no longer is not."""
    lines = source.splitlines(keepends=True)
    step = max(len(lines) // 2, 1)
    while step > 0:
        at = 0
        while at < len(lines):
            fewer = lines[:at] + lines[at + step :]
            if fewer and is_wrong("".join(fewer)):
                lines = fewer
            else:
                at += step
        step //= 2
    return "".join(lines)
