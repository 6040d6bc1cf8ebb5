"""The atlas: tools that provide parallelism in Python, as the talk listed them and as they are now.

Nothing here was measured: slides/parallel_tools.json states, with a source each, what became of
the tools.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from .. import charts
from ..runs import documents, results
from ..runs.quantities import plural
from .build_report import page_css
from .rendering import rendered, why_not

TOOLS = results.PROJECT / "slides" / "parallel_tools.json"
DEFAULT = results.RESULTS / "atlas.html"
# What the talk said, beside what its table holds.
COUNT_OF_THE_TALK = 34
STATES = {
    "active": "released or worked on in the last two years",
    "maintenance": "hardly worked on, or released by others only",
    "archived": "nobody works on it",
    "gone": "no code was found any more",
    "unknown": "what was found is too old to tell",
}
PARADIGMS = {"Data": "data", "Task": "tasks", "MsgPsg": "messages", "MapRed": "map and reduce"}
PLATFORMS = {"SMP": "one machine", "GPU": "GPU", "Clusters": "clusters"}
COLUMN, GAP, STEP = 40, 12, 14  # of the chart of years, in pixels


def write(output: Path | None = None) -> Path | None:
    """The page; None if it has to be skipped. Raises Refused for data that cannot be read."""
    if missing := why_not():
        print(f"atlas: skipped: {missing}", file=sys.stderr)
        return None
    path = output or DEFAULT
    results.write_text(path, page(read()))
    return path


def read(file: Path = TOOLS) -> dict:
    return documents.read(file, "parallel_tools")


def page(stated: dict) -> str:
    tools = stated["tools"]
    of_talk = [tool for tool in tools if "talk" in tool]
    shown = [_shown(tool) for tool in tools]
    return rendered(
        "atlas.html.j2",
        says=says(stated),
        stated=stated["stated"],
        groups=[
            ("In the talk's table", [tool for tool in shown if tool["talk"]]),
            ("Named by the talk", [tool for tool in shown if tool["named"]]),
            ("Not in the talk", [tool for tool in shown if not tool["talk"] and not tool["named"]]),
        ],
        counts=[
            (word, means, _count(of_talk, word), _count(tools, word))
            for word, means in STATES.items()
        ],
        years=_years(of_talk),
        filters={
            "state": [word for word in STATES if _count(tools, word)],
            "strategy": sorted({tool["talk"]["strategy"] for tool in of_talk}),
            "paradigm": list(PARADIGMS.values()),
            "platform": list(PLATFORMS.values()),
        },
        light=page_css("light", not charts.why_not()),
        dark=page_css("dark", not charts.why_not()),
    )


def says(stated: dict) -> str:
    """The talk's count, that of its table, and how many of those are alive, in a sentence each."""
    of_talk = [tool for tool in stated["tools"] if "talk" in tool]
    rows = {_row_of(tool) for tool in of_talk}
    active = _count(of_talk, "active")
    return (
        f"The talk said {COUNT_OF_THE_TALK} projects; its table has {len(rows)} rows that name "
        f"{len(of_talk)} tools. Of these, {active} are active, "
        f"{_count(of_talk, 'maintenance')} in maintenance, {_count(of_talk, 'archived')} archived "
        f"and {_count(of_talk, 'gone')} gone. "
        f"{plural(len(stated['tools']) - len(of_talk), 'tool')} beside them, most of them newer, "
        f"are listed too: {_count(stated['tools'], 'active') - active} are active."
    )


def tools_by_state(stated: dict) -> dict[str, list[str]]:
    """Of the talk's table, names by state, states without a tool left out."""
    of_talk = [tool for tool in stated["tools"] if "talk" in tool]
    named = {word: [t["name"] for t in of_talk if t["state"] == word] for word in STATES}
    return {word: names for word, names in named.items() if names}


def _row_of(tool: dict) -> tuple:
    """Tools that share a row of the table share all of it but the name."""
    row = tool["talk"]
    together = {"PyCuda": "PyCuda, PyOpenCL", "PyOpenCL": "PyCuda, PyOpenCL"}
    return together.get(row["name"], row["name"]), row["latest_release"]


def _count(tools: Iterable[dict], state: str) -> int:
    return sum(tool["state"] == state for tool in tools)


def _shown(tool: dict) -> dict:
    row = tool.get("talk")
    paradigms = [PARADIGMS[word] for word in _words(row["paradigm"])] if row else []
    platforms = [PLATFORMS[word] for word in _words(row["platform"])] if row else []
    return {
        **tool,
        "talk": row,
        "named": tool.get("talk_names_it", ""),
        "version": tool.get("version", ""),
        "released": tool.get("released", ""),
        "facts": [
            (name, tool[key])
            for name, key in (("Python", "python"), ("PyPI", "pypi"), ("Debian 12", "debian"))
            if key in tool
        ],
        "paradigms": paradigms,
        "platforms": platforms,
        "link": f"https://github.com/{tool['repository']}" if "repository" in tool else "",
    }


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


def _years(tools: Sequence[dict]) -> dict:
    """The chart of what became of the talk's tools: in each year a mark for each tool whose newest
    release is of that year, as places of an SVG."""
    dated = sorted((tool for tool in tools if "released" in tool), key=lambda t: t["released"])
    years = range(int(dated[0]["released"][:4]), int(dated[-1]["released"][:4]) + 1)
    tall = max(Counter(tool["released"][:4] for tool in dated).values())
    stacked: Counter[str] = Counter()
    marks = []
    for tool in dated:
        year = tool["released"][:4]
        stacked[year] += 1
        marks.append(
            {
                "name": f"{tool['name']}: {tool['state']}, newest release {tool['released']}",
                "state": tool["state"],
                "x": (int(year) - years[0]) * COLUMN + GAP,
                "y": (tall - stacked[year]) * STEP + 4,
            }
        )
    named = ", ".join(f"{year} {stacked[str(year)]}" for year in years if stacked[str(year)])
    return {
        "marks": marks,
        "labels": [
            {"text": str(year), "x": (year - years[0]) * COLUMN + COLUMN / 2} for year in years
        ],
        "width": len(years) * COLUMN,
        "height": tall * STEP + 30,
        "wide": COLUMN - 2 * GAP + 8,
        "tall": STEP - 3,
        "alt": f"Number of tools of the talk's table by year of their newest release: {named}.",
        "without": [tool["name"] for tool in tools if "released" not in tool],
    }
