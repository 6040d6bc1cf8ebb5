"""Bring the tables and the chart in the READMEs up to date with the rungs and a reference run.

Between `<!-- begin NAME -->` and `<!-- end NAME -->` everything is generated:
answers     in README.md: one row per myth
examples    in README.md: one row per example
glossary    in README.md: the words of the project
chart       in README.md: a ladder chart of the reference run
ladder      in src/<example>/README.md: one row per rung
reality     in src/<example>/README.md: what the example's reality.md.j2 says of that run
"""

from __future__ import annotations

import re
from pathlib import Path

from .. import charts
from ..judge import answers, reality, verdicts
from ..runs import results
from ..runs.documents import Refused
from ..runs.file_names import inside
from ..runs.words import printable
from .chart_files import THEMES
from .glossary import glossary

ROOT = results.PROJECT


def with_section(text: str, name: str, content: str) -> str:
    """The text with the section of that name replaced; unchanged if it has none."""
    pattern = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
    body = content.rstrip("\n") + "\n"
    return re.sub(pattern, lambda m: m[1] + body + m[2], text, flags=re.DOTALL)


def plain(text: str) -> str:
    """A text of the run as a cell of a table, in which it is neither the end of one nor a tag."""
    return printable(text).replace("|", "\\|").replace("<", "&lt;")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def provenance(run: results.Run) -> str:
    """Where the numbers come from, for the reader to follow."""
    build, cpu = (run.machine.get(name, {}) for name in ("build", "cpu"))
    facts = [
        cpu.get("model", "unknown processor"),
        f"{cpu['usable_cores']} cores" if "usable_cores" in cpu else "",
        build.get("compiler", ""),
        build.get("flags", ""),
        f"commit {run.document['suite']['commit'][:10]}",
    ]
    return ", ".join(plain(fact) for fact in facts if fact)


def largest_group(run: results.Run, ladder: results.Ladder) -> results.Group:
    """The case on which most rungs were measured; of those, the one with the most work."""
    measured = [group for group in results.groups(run, ladder) if group.measured]
    if not measured:
        raise Refused(f"{run.source}: nothing of {ladder.example} was measured")
    return max(measured, key=lambda g: (sum(r.status == "ok" for r in g.rows), g.items))


def example_rows(run: results.Run) -> list[list[str]]:
    rows = []
    for ladder in run.ladders:
        group = largest_group(run, ladder)
        base = results.baseline(group)
        timed = [row for row in group.rows if row.status == "ok"]
        fastest = min(timed, key=results.Row.took)
        factor = f"{base.took() / fastest.took():,.0f} ×" if base else "without"
        best, first = (ladder.rung(name).label for name in (fastest.rung, ladder.baseline))
        rows.append(
            [
                f"[{ladder.example}](src/{ladder.example})",
                plain(ladder.title),
                str(len(ladder.rungs)),
                f"{best}, {factor} {first} on `{group.label}`",
            ]
        )
    return rows


def answers_section(run: results.Run) -> str:
    """One row per myth: its answer and the numbers that decide it."""
    decided = verdicts.decide(run)
    rows = []
    for answer in answers.answered(run, decided):
        told = answers.telling(run.document["ladders"], answer, decided)
        numbers = [f"{answers.number_text(verdict)} {plain(verdict['says'])}" for verdict in told]
        cells = [f"“{plain(answer['says'])}”", f"**{plain(answer['answer'])}**"]
        rows.append([*cells, plain(answer["why"]), "<br>".join(numbers)])
    return table(["the talk says", "answer", "why", "decided, among others, by"], rows)


def glossary_section() -> str:
    return "".join(f"- **{word}**: {meaning}\n" for word, meaning in glossary())


def examples_section(run: results.Run, where: str) -> str:
    head = ["example", "the talk says", "rungs", "best rung in the reference run"]
    note = f"\nReference run: [{where}]({where}): {provenance(run)}.\n"
    return table(head, example_rows(run)) + note


def name_of_chart(group: results.Group) -> str:
    return f"{group.slug}-ladder"


def draw_chart(run: results.Run, folder: Path, example: str) -> None:
    """The pictures that README.md shows, into the folder of the run: git keeps no others."""
    from ..charts._files import picture

    name = name_of_chart(largest_group(run, run.ladder(example)))
    place = inside(folder, "charts")
    chart = next((each for each in charts.of_run(run) if each.name == name), None)
    if chart is None:
        raise Refused(f"{run.source}: has too little of {example} for a chart")
    for theme in THEMES:
        results.write_bytes(place / f"{name}-{theme}.svg", picture(chart, "svg", theme))


def chart_section(run: results.Run, where: str, example: str) -> str:
    ladder = run.ladder(example)
    group = largest_group(run, ladder)
    light, dark = (f"{where}/charts/{name_of_chart(group)}-{theme}.svg" for theme in THEMES)
    return (
        "<picture>\n"
        f'  <source media="(prefers-color-scheme: dark)" srcset="{dark}">\n'
        f'  <img alt="Ladder of {example}, {group.label}" src="{light}">\n'
        "</picture>\n"
    )


def ladder_section(run: results.Run, ladder: results.Ladder, where: str) -> str:
    group = largest_group(run, ladder)
    fastest: dict[str, results.Row] = {}
    for row in group.rows:
        if row.status == "ok" and (
            row.rung not in fastest or row.took() < fastest[row.rung].took()
        ):
            fastest[row.rung] = row
    base = results.baseline(group)
    rows = []
    for rung in ladder.rungs:
        best = fastest.get(rung.name)
        factor = f"{base.took() / best.took():,.1f} ×" if base and best else "not measured"
        rows.append([f"[{rung.label}]({Path(rung.file).name})", plain(rung.caption), factor])
    head = ["rung", "what it does", f"speed-up on `{group.label}`"]
    note = f"\nFrom the reference run [{where}](../../{where}): {provenance(run)}.\n"
    return table(head, rows) + note


def reality_section(run: results.Run, ladder: results.Ladder) -> str:
    """What a rung of today shows that the run did not have is "not measured"."""
    return re.sub(r"\n{3,}", "\n\n", reality.filled(run, ladder)).strip()


def updated(run: results.Run, where: str, example: str) -> dict[Path, str]:
    """What each README should say."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    text = with_section(text, "answers", answers_section(run))
    text = with_section(text, "glossary", glossary_section())
    text = with_section(text, "examples", examples_section(run, where))
    texts = {readme: with_section(text, "chart", chart_section(run, where, example))}
    for ladder in run.ladders:
        path = ROOT / "src" / ladder.example / "README.md"
        if not path.is_file():
            raise Refused(f"{run.source}: {ladder.example} is no example any more")
        text = path.read_text(encoding="utf-8")
        text = with_section(text, "ladder", ladder_section(run, ladder, where))
        texts[path] = with_section(text, "reality", reality_section(run, ladder))
    return texts


def update(folder: Path, chart: str = "locator") -> None:
    """The READMEs, by a reference run in a folder; `chart` is the example that the first shows."""
    run = results.load(folder)
    draw_chart(run, folder, chart)
    for path, text in updated(run, str(folder.relative_to(ROOT)), chart).items():
        results.write_text(path, text)
