#!/usr/bin/env python3
"""Tries the suite on other systems: sets it up, builds, tests and measures in roots of their own.

tests/systems/try_systems.py [NAME ...], as root, with debootstrap. What each step came to is kept
under results/systems, and the table in CONTRIBUTING.md is written from there. Exit status: 0 every
step passed; 1 one failed; 2 bad usage; 3 no root can be made here.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import roots
import table
from catalogue import SYSTEMS
from system import PASSED, PROJECT, STEPS, Outcome, System, Tried, tried

# Those that depend on the system most.
SOME_TAGS = "[core],[control_groups],[layers],[machine],[memory],[random],[wrapper]"
SOME_TESTS = "tests/program/test_mythbench.py tests/scripts/machine"
COMMANDS = {
    "set-up": "scripts/set_up.sh test",
    "build": "scripts/build.sh test",
    "some tests": f"OMP_WAIT_POLICY=passive build/release/tests/mythbench_tests '{SOME_TAGS}'"
    f' && scripts/test.sh ONLY="{SOME_TESTS}"',
    "all tests": "scripts/test.sh",
    "bench": "scripts/bench.sh QUICK=1 BUDGET=60s",
}
VERSIONS = """
. /etc/os-release
echo "system: $PRETTY_NAME"
. build/set-up/tools.sh
echo "compiler: $($CXX --version | head -n 1)"
echo "cmake: $($cmake --version | head -n 1)"
echo "python: $(build/python --version)"
dpkg-query -W -f '${Package}: ${Version}\\n' libbenchmark-dev libhwy-dev catch2 2> /dev/null || true
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
USER = 1000
COMPILER_CACHE = "/var/cache/ccache"
LONGEST_REASON = 200


class Failed(Exception):
    """A command in a root that did not end well; the text is the last that it said."""


class Trial:
    """One system, from an empty root to the last of its steps."""

    def __init__(self, system: System, options: argparse.Namespace):
        self.system, self.options = system, options
        make = roots.standing if options.go_on else roots.fresh
        self.root = make(options.folder, system, before(system))
        self.log = options.folder / system.name / "log"
        self.shares = [(place, place) for place in system.shares]
        self.environment = dict(system.environment)
        if options.ccache:
            self.shares.append((str(options.ccache), COMPILER_CACHE))
            self.environment.update(
                CMAKE_CXX_COMPILER_LAUNCHER="ccache",
                CCACHE_DIR=COMPILER_CACHE,
                CCACHE_BASEDIR=str(Path(roots.CHECKOUT).parent),
                CCACHE_NOHASHDIR="1",
                CCACHE_SLOPPINESS="pch_defines,time_macros",
            )
            if system.user != "root":  # whose the cache is
                self.environment.update(CCACHE_READONLY="1", CCACHE_TEMPDIR="/tmp")

    def prepare(self) -> None:
        """As whoever looks after the machine: accounts, packages, the checkout."""
        system = self.system
        if not system.after:
            roots.check_out(self.root)
        packages = list(system.packages)
        packages += ["ccache"] if self.options.ccache else []
        packages += ["sudo"] if system.sudo else []
        lines = ["set -e", "export DEBIAN_FRONTEND=noninteractive"]
        if packages:
            lines.append("apt-get update -q")
            lines.append(f"apt-get install -y -q --no-install-recommends {' '.join(packages)}")
        if system.user != "root":
            lines.append(f"useradd --create-home --uid {USER} {system.user}")
            lines.append(f"chown -R {system.user}: {roots.CHECKOUT}")
        if system.sudo:
            lines.append(f"echo '{system.user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/user")
        lines += [f"cd {roots.CHECKOUT}", system.prepare]
        self.run(["bash", "-c", "\n".join(lines)], {}, user="root", offline=False)

    def steps(self) -> Iterator[tuple[str, Outcome]]:
        """Each step that was asked for, with its outcome, until one fails."""
        for step in self.system.steps:
            if step not in self.options.steps:
                continue
            of = ("all" if self.options.all_tests else "some") if step == "tests" else ""
            started, failure = time.monotonic(), ""
            try:
                self.inside(COMMANDS[f"{of} {step}".strip()])
                if step == "tests" and self.system.check:
                    self.inside(self.system.check)
            except Failed as reason:
                failure = str(reason)
            seconds = round(time.monotonic() - started, 1)
            today = datetime.now(timezone.utc).date().isoformat()
            yield step, Outcome("failed" if failure else PASSED, today, seconds, failure, of)
            if failure:
                return

    def versions(self) -> dict[str, str]:
        told = self.inside(VERSIONS).splitlines()
        return dict(line.split(": ", 1) for line in told if ": " in line)

    def inside(self, script: str) -> str:
        """Runs a script in the checkout, as the system's user and with what it has around."""
        system = self.system
        words = [*shlex.split(system.before), "bash", "-c", f"cd {roots.CHECKOUT}\n{script}"]
        with roots.Granted(system.name, system.limits) as groups:
            return self.run(words, self.environment, system.user, system.offline, groups)

    def run(
        self,
        words: Sequence[str],
        environment: dict[str, str],
        user: str,
        offline: bool,
        groups: Sequence[Path] = (),
    ) -> str:
        home = "/root" if user == "root" else f"/home/{user}"
        settings = {"PATH": PATH, "HOME": home, "LANG": "C.UTF-8", **environment}
        person = ["--reuid", str(USER), "--regid", str(USER), "--init-groups"]
        within = [
            *(["setpriv", *person] if user != "root" else []),
            *("env", "-i", *(f"{name}={value}" for name, value in settings.items())),
            *words,
        ]
        shares = [*self.shares, (str(self.options.folder / "archives"), "/var/cache/apt/archives")]
        command = roots.joining(groups, self.root.command(within, offline, shares))
        done = subprocess.run(
            [*shlex.split(self.options.through), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {words[-1]}\n{done.stdout}\n")
        if done.returncode != 0:
            raise Failed(reason(done.stdout, done.returncode))
        return done.stdout


def reason(said: str, status: int) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (lines[-1] if lines else "said nothing")[:LONGEST_REASON] + f" (exit status {status})"


def before(system: System) -> list[System]:
    """Those whose files this one goes on with, the last first."""
    found = []
    while system.after:
        system = next(each for each in SYSTEMS if each.name == system.after)
        found.append(system)
    return found


def try_out(system: System, options: argparse.Namespace) -> bool:
    """Keeps the outcome of each step as soon as it is known."""
    trial = Trial(system, options)
    if not options.go_on:
        trial.prepare()
    commit = trial.inside("git rev-parse HEAD").strip()
    kept = next((each for each in tried() if each.name == system.name and options.go_on), None)
    steps, versions = (dict(kept.steps), kept.versions) if kept else ({}, {})
    for step, outcome in trial.steps():
        steps[step] = outcome
        if outcome.outcome == PASSED and not versions:
            versions = trial.versions()
        Tried(system.name, commit, versions, steps).write()
        print(f"{system.name}, {step}: {outcome.outcome} {outcome.why}".rstrip(), flush=True)
    return all(each.outcome == PASSED for each in steps.values())


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="try_systems.py", description=__doc__.splitlines()[0])
    names = [each.name for each in SYSTEMS]
    parser.add_argument("names", nargs="*", metavar="NAME", help="these systems only")
    parser.add_argument("--list", action="store_true", help="say which systems there are")
    parser.add_argument("--table", action="store_true", help="write the table anew, try nothing")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="these alone")
    parser.add_argument("--all-tests", action="store_true", help="not a selection of them")
    parser.add_argument("--go-on", action="store_true", help="with the roots as they were left")
    parser.add_argument("--ccache", type=Path, metavar="FOLDER", help="share a cache of compilers")
    parser.add_argument("--through", default="", metavar="COMMAND", help="goes before each command")
    parser.add_argument(
        "--folder", type=Path, default=PROJECT / "build/systems", help="where roots lie"
    )
    options = parser.parse_args(words)
    if unknown := sorted(set(options.names) - set(names)):
        parser.error(f"there is no system {', '.join(unknown)}; --list says which there are")
    options.folder = options.folder.resolve()
    return options


def main(words: Sequence[str]) -> int:
    options = arguments(words)
    if options.list:
        for each in SYSTEMS:
            print(f"{each.name:28} {each.title}")
        return 0
    chosen = [each for each in SYSTEMS if not options.names or each.name in options.names]
    passed = True
    try:
        for system in [] if options.table else chosen:
            passed &= try_out(system, options)
    except roots.NotMade as why:
        print(f"try_systems.py: {why}", file=sys.stderr)
        return 3
    except Failed as why:
        print(f"try_systems.py: {system.name} cannot be prepared: {why}", file=sys.stderr)
        return 3
    table.write()
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
