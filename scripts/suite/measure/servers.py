"""Python processes that import once and fork a child per rung: what a rung costs is then its own.

To a rung its child is a fresh process. Where there can be none, because the system does not fork or
because an import starts threads, a rung gets a process of its own.
"""

from __future__ import annotations

import ast
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from . import processes
from .processes import TICK, Ended

# Until a server has its imports, at first from a cold disk, or a child that was killed is gone.
PATIENCE = 60.0

# What a process is waited for with, a few times per second.
Tick = Callable[[], None]
Key = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]


class Died(Exception):
    """The server ended, or says nothing any more."""


class Server:
    """One interpreter that has imported these modules."""

    def __init__(self, command: list[str], modules: tuple[str, ...], env: dict[str, str]) -> None:
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = processes.start([*command, "--serve", *modules], pipe, nowhere, env, pipe)
        self._heard = b""

    def is_ready(self) -> bool:
        """False if it cannot have children. Raises Died."""
        return self._next("ready", time.monotonic() + PATIENCE) is True

    def run(
        self, words: list[str], deadline: float, output: Path, errors: Path, tick: Tick
    ) -> int | None:
        """How a child with these words ended, as Popen tells it; None if it was stopped.

        Raises Died.
        """
        self._ask({"words": words, "output": str(output), "errors": str(errors)})
        child = self._next("child", time.monotonic() + PATIENCE)
        try:
            return self._next("status", deadline, tick)
        except TimeoutError:
            processes.kill_group(child)
            self._next("status", time.monotonic() + PATIENCE)
            return None
        finally:
            # It may have left processes of its own; while it has, its number is nobody else's.
            processes.kill_group(child)

    def close(self) -> int:
        """Its exit status, if it had ended by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(0)
        processes.end(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        return self._process.returncode

    def _ask(self, asked: dict) -> None:
        try:
            os.write(self._process.stdin.fileno(), json.dumps(asked).encode() + b"\n")  # type: ignore[union-attr]
        except OSError as error:
            raise Died from error

    def _next(self, name: str, deadline: float, tick: Tick = lambda: None) -> int:
        """What its next line says of `name`. Raises TimeoutError, Died."""
        while b"\n" not in self._heard:
            self._hear(deadline, tick)
        line, _, self._heard = self._heard.partition(b"\n")
        try:
            return json.loads(line)[name]
        except (ValueError, KeyError, TypeError) as error:
            raise Died from error  # no server of ours

    def _hear(self, deadline: float, tick: Tick) -> None:
        pipe = self._process.stdout.fileno()  # type: ignore[union-attr]
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if select.select([pipe], [], [], min(left, TICK))[0]:
            heard = os.read(pipe, 65536)
            if not heard:
                raise Died
            self._heard += heard
        tick()


class Servers:
    """One for each kind of process that is asked for: interpreter, environment and imports."""

    def __init__(self) -> None:
        self._running: dict[Key, Server] = {}
        self._cannot: set[Key] = set()

    def run(
        self,
        command: list[str],
        modules: tuple[str, ...],
        timeout: float,
        output: Path,
        env: dict[str, str],
        tick: Tick = lambda: None,
    ) -> Ended:
        """Like processes.run; the first two words of the command are interpreter and program."""
        start = time.monotonic()
        key = (tuple(command[:2]), modules, tuple(sorted(env.items())))
        errors = output.with_name(f"{output.name}.stderr")
        for _ in range(2):  # the server may have died while nobody asked
            server = self._server(key, env)
            if not server:
                return processes.run(command, timeout, output, env, tick)
            try:
                status = server.run(command[2:], start + timeout, output, errors, tick)
                return Ended(status, time.monotonic() - start, processes.last_line(errors))
            except (Died, TimeoutError):
                ended = self._running.pop(key).close()
                if errors.exists():  # there was a child
                    return Ended(ended, time.monotonic() - start, processes.last_line(errors))
            finally:
                errors.unlink(missing_ok=True)
        return processes.run(command, timeout, output, env, tick)

    def close(self) -> None:
        """Ends all of them: those of the next round have their memory elsewhere."""
        for server in self._running.values():
            server.close()
        self._running.clear()

    def _server(self, key: Key, env: dict[str, str]) -> Server | None:
        """None if there can be none: what is to run is then a process of its own."""
        if key not in self._running and key not in self._cannot:
            try:
                server = self._running[key] = Server(list(key[0]), key[1], env)
                ready = server.is_ready()
            except (Died, TimeoutError, OSError):
                ready = False
            if not ready:
                self._cannot.add(key)
                if key in self._running:
                    self._running.pop(key).close()
        return self._running.get(key)


def packages_of(rung: Path) -> tuple[str, ...]:
    """The packages that a rung imports and that did not come with Python: they take the time.

    Rungs that ask for the same ones can be children of one process.
    """
    with_python: frozenset[str] = getattr(sys, "stdlib_module_names", frozenset())  # from 3.10
    return tuple(sorted({module.partition(".")[0] for module in imported_by(rung)} - with_python))


def imported_by(rung: Path) -> tuple[str, ...]:
    """The modules that a rung imports at once, by itself or by a file that lies beside it."""
    found: dict[str, None] = {}
    waiting, read = [rung], {rung}
    while waiting:
        for module in _imports(waiting.pop()):
            beside = rung.with_name(f"{module}.py")
            if not beside.is_file():
                found[module] = None
            elif beside not in read:
                read.add(beside)
                waiting.append(beside)
    return tuple(sorted(found))


def _imports(file: Path) -> Iterator[str]:
    try:
        waiting: list[ast.AST] = [ast.parse(file.read_bytes())]
    except (OSError, SyntaxError, ValueError):
        return  # whoever runs it is told
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
