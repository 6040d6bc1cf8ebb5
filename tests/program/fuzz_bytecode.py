"""Looks for programs that `bytecode` does not run as CPython does, and for texts that break it.

    build/python tests/program/fuzz_bytecode.py --minutes 60 --seed 1

Beside every CPython that is found, random programs of both languages. With --texts, spoiled ones
instead, for a program that was built with sanitizers: `--program build/asan/bytecode`. What is
found is printed, programs with as few lines as they need. Status 1 if there was anything.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from beside_cpython import (
    ERROR,
    OPTIONS,
    PROGRAM,
    found_interpreters,
    ours,
    shrunk,
    that_end,
    theirs,
    wrong_with,
)
from random_programs import random_programs
from spoiled_texts import spoiled

BATCH = 500  # of each language, for one start of an interpreter
MOST_SECONDS = 5  # of processor time: a machine may be busy
MOST_BYTES = 500_000_000


class Programs:
    """Random programs, run by our program and by the CPythons."""

    def __init__(self, program: Path, interpreters: dict[str, str]):
        self.program, self.interpreters = program, interpreters
        self.count = self.refused = 0

    def run(self, seeds: range) -> list[str]:
        """What was found."""
        found = []
        for language in "23":
            cpythons = {v: p for v, p in self.interpreters.items() if v.startswith(language)}
            if not cpythons:
                continue
            programs = random_programs(seeds, language)
            self.count += len(programs)
            for name, wrong in self.wrong(programs, language, cpythons).items():
                least = self.least(name, programs[name], language, cpythons)
                found.append(f"{name}: {wrong}\nthe least of it:\n{least}")
        return found

    def least(self, name: str, source: str, language: str, cpythons: dict[str, str]) -> str:
        return shrunk(source, lambda text: self.wrong({name: text}, language, cpythons))

    def wrong(self, programs: dict[str, str], language: str, cpythons: dict[str, str]) -> dict:
        with tempfile.TemporaryDirectory(prefix="mythbench-") as name:
            folder = Path(name)
            programs = that_end(programs, language, folder)
            own = ours(folder, programs, language, self.program)
            of_cpythons = {v: theirs(p, folder, programs) for v, p in cpythons.items()}
        self.refused += sum("this machine" in str(result["error"]) for result in own.values())
        wrong = {
            file: wrong_with(own[file], {v: results[file] for v, results in of_cpythons.items()})
            for file in programs
        }
        return {file: what for file, what in wrong.items() if what}


class Texts:
    """Spoiled texts, which nobody but our program reads."""

    def __init__(self, program: Path):
        self.program = program
        self.count = self.endless = 0

    def run(self, seeds: range) -> list[str]:
        found = []
        with tempfile.TemporaryDirectory(prefix="mythbench-") as name:
            file = Path(name) / "text.py"
            for seed in seeds:
                generator = random.Random(seed)
                language = generator.choice("23")
                (source,) = random_programs(range(seed, seed + 1), language).values()
                file.write_bytes(spoiled(source, generator))
                wrong = self.wrong(file, language)
                self.count += 1
                if wrong:
                    found.append(f"seed {seed}, Python {language}: {wrong}\n{file.read_bytes()!r}")
        return found

    def wrong(self, file: Path, language: str) -> str | None:
        """Reading a text must end soon; a program may run for long, and is stopped then."""
        options = OPTIONS[language].split()
        wrong, _ = self.wrong_run([*options, "--dis", str(file)], MOST_SECONDS)
        if wrong:
            return f"--dis: {wrong}"
        wrong, stopped = self.wrong_run([*options, str(file)], 1)
        self.endless += stopped
        return None if stopped else wrong

    def wrong_run(self, arguments: list[str], seconds: int) -> tuple[str | None, bool]:
        """And whether it was stopped after that time."""

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(
                [self.program, *arguments],
                stdout=subprocess.DEVNULL,
                stderr=said,
                preexec_fn=limit,
            )
            _, status, usage = os.wait4(process.pid, 0)
            said.seek(0)
            error = said.read().decode("utf-8", "replace")
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code == -24:  # SIGXCPU
            return f"did not end in {seconds} s", True
        if code not in (0, 1, 2):
            return f"status {code}: {error}", False
        if (code == 0) != (error == "") or (code != 0 and not is_one_sentence(error)):
            return f"status {code}, and it said {error!r}", False
        if usage.ru_maxrss * 1024 > MOST_BYTES and "asan" not in str(self.program):
            return f"needed {usage.ru_maxrss // 1024} MB", False
        return None, False


def is_one_sentence(error: str) -> bool:
    return bool(ERROR.match(error)) and error.count("\n") == 1 and error.endswith("\n")


def search(fuzzer, minutes: float, seed: int, batch: int = BATCH) -> tuple[list[str], float]:
    """Until the time is over, and at least one batch; what was found, and after how long."""
    begin = time.monotonic()
    found = []
    while True:
        found += fuzzer.run(range(seed, seed + batch))
        seed += batch
        seconds = time.monotonic() - begin
        if seconds > 60 * minutes:
            return found, seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1, help="how long to look")
    parser.add_argument("--seed", type=int, default=1, help="where to begin")
    parser.add_argument("--texts", action="store_true", help="spoiled texts instead of programs")
    parser.add_argument("--program", type=Path, default=PROGRAM, help="the bytecode to look at")
    options = parser.parse_args()
    if not options.program.exists():
        print(f"{options.program} is not built: ninja -C build/release bytecode", file=sys.stderr)
        return 2
    interpreters = found_interpreters()
    fuzzer = Texts(options.program) if options.texts else Programs(options.program, interpreters)
    found, seconds = search(fuzzer, options.minutes, options.seed)
    print(*found, sep="\n\n")
    if options.texts:
        print(
            f"{fuzzer.count} texts, {fuzzer.endless} stopped, {len(found)} found, {seconds:.0f} s"
        )
    else:
        print(
            f"{fuzzer.count} programs, {len(interpreters)} interpreters, {fuzzer.refused} refused, "
            f"{len(found)} differences, {seconds:.0f} s"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
