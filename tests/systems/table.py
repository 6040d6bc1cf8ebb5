"""The table of systems in CONTRIBUTING.md, from what was kept of each."""

from __future__ import annotations

from catalogue import SYSTEMS
from suite.pages.update_readmes import plain, table, with_section
from system import PASSED, PROJECT, STEPS, Outcome, System, Tried, tried

PAGE = PROJECT / "CONTRIBUTING.md"
LIBRARIES = {"libbenchmark-dev": "Benchmark", "libhwy-dev": "Highway", "catch2": "Catch2"}


def cell(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not tried"
    if outcome.outcome == PASSED:
        return f"passed, {outcome.of}" if outcome.of else "passed"
    return f"failed: {plain(outcome.why)}"


def row(system: System, told: Tried | None) -> list[str]:
    steps = told.steps if told else {}
    cells = [cell(steps.get(step)) for step in STEPS]
    for at, step in enumerate(STEPS):
        if step not in system.steps:
            cells[at] = "as before"
    date = max((each.date for each in steps.values()), default="")
    return [plain(system.title), *cells, date, plain(versions(told)) if told else ""]


def versions(told: Tried) -> str:
    """The compiler and the libraries, as short as they can be told."""
    version = {name: text.split("+")[0].split("-")[0] for name, text in told.versions.items()}
    libraries = [f"{name} {version[key]}" for key, name in LIBRARIES.items() if key in version]
    tools = [told.versions[name] for name in ("compiler", "python") if name in told.versions]
    return ", ".join([*tools, *libraries])


def section() -> str:
    known = {each.name: each for each in tried()}
    rows = [row(system, known.get(system.name)) for system in SYSTEMS]
    return table(["system", *STEPS, "on", "with"], rows)


def write() -> None:
    """Brings the page up to date."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_section(text, "systems", section()), encoding="utf-8")
