"""Build the deck of the lecture: the talk retold, with the numbers of a run.

A part of the talk is a file of slides/parts, Markdown and Jinja in one. A line of three dashes ends
a slide. In comments stand the talk's own title of a slide, its minutes of a lecture of 45 and of
one of 90, and what the speaker says. Whatever depends on a run comes from one of the functions of
Teller; a part holds no number that was measured.
"""

from __future__ import annotations

import base64
import html
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import charts
from ..judge import answers, verdicts
from ..runs import results
from ..runs.documents import Refused
from ..runs.results import Run
from ..runs.untrusted import in_html
from . import atlas, rendering
from .build_report import highlighted, page_css
from .keep_reference import REFERENCES
from .rendering import rendered

ROOT = Path(__file__).parents[3]
PARTS = ROOT / "slides" / "parts"
SOURCES = ROOT / "src"
LECTURES = (45, 90)  # minutes
END_OF_SLIDE = re.compile(r"^---$", re.MULTILINE)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
HEADING = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Slide:
    markdown: str
    title: str
    talk: list[str]  # the titles that its slides have in the talk
    minutes: tuple[float, ...]  # of each of LECTURES
    notes: str

    @property
    def words(self) -> str:
        """All that it says, pictures by what they are told as, without any markup."""
        told = re.sub(r'<img[^>]* alt="([^"]*)"[^>]*>', r"\1", self.markdown)
        return " ".join(html.unescape(re.sub(r"<[^>]*>|[#*`>|]|---", " ", told)).split())


def run_to_tell(name: str = "latest") -> Path:
    """The folder of a run; without one of one's own, that of the newest reference."""
    try:
        return results.find_run(name)
    except Refused:
        references = sorted(REFERENCES.glob(f"*/{results.FILE}"))
        if name != "latest" or not references:
            raise
        return max(references, key=lambda file: results.load(file).document["started"]).parent


def slides(run: Run, theme: str) -> list[Slide]:
    from jinja2 import Environment, StrictUndefined, TemplateError

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.globals.update(Teller(run, theme).functions())
    told = []
    for part in sorted(PARTS.glob("*.md")):
        for text in END_OF_SLIDE.split(part.read_text(encoding="utf-8")):
            try:
                told.append(_slide(part, environment.from_string(text).render()))
            except TemplateError as error:
                raise Refused(f"{part}: {error}") from error
    return told


def page(run: Run, told: Sequence[Slide], theme: str) -> str:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    shown = [
        {
            "html": markdown.render(slide.markdown),
            "sort": _sort(slide.markdown),
            "title": slide.title,
            "notes": markdown.render(html.escape(slide.notes, quote=False)),
            "minutes": [f"{minutes:g}" for minutes in slide.minutes],
        }
        for slide in told
    ]
    plan = [f"{sum(slide.minutes[i] for slide in told):g}" for i, _ in enumerate(LECTURES)]
    return rendered(
        "deck.html.j2",
        slides=shown,
        lectures=LECTURES,
        plan=plan,
        source=measured_where(run),
        theme=theme,
        colors=page_css(theme, not charts.why_not()),
    )


def place_of(folder: Path) -> Path:
    """Where the deck of a run and its handout go: beside the run, but never among references."""
    if REFERENCES in folder.resolve().parents:
        return results.RESULTS / "slides"
    return folder / "slides"


def measured_where(run: Run) -> str:
    """Which machine and when; of a reference, that it is not the reader's own."""
    model = run.machine.get("cpu", {}).get("model", "unknown processor")
    cores = run.machine.get("cpu", {}).get("usable_cores")
    where = f"{model}, {cores} cores" if cores else model
    own = run.folder is None or REFERENCES not in run.folder.resolve().parents
    return ("" if own else "Reference run: ") + f"{where}, {run.document['started'][:10]}"


class Teller:
    """What a part of the deck can ask a run for. All of it is HTML on lines of its own."""

    def __init__(self, run: Run, theme: str) -> None:
        self.run = run
        self.theme = theme
        self.verdicts = {(v["example"], v["claim"]): v for v in verdicts.decide(run)}
        self.charts = [] if charts.why_not() else charts.of_run(run, say=lambda fault: None)

    def functions(self) -> dict[str, Callable]:
        return {
            "answer": self.answer,
            "answers": self.answers,
            "claims": self.claims,
            "chart": self.chart,
            "code": self.code,
            "atlas": self.atlas,
            "measured_where": lambda: _block(f"<p>{in_html(measured_where(self.run))}</p>"),
        }

    def answer(self, myth: str) -> str:
        """The answer to a myth, why, and the numbers that decide it."""
        decided = list(self.verdicts.values())
        for answer in answers.answered(self.run, decided):
            if answer["myth"] == myth:
                told = answers.telling(self.run.document["ladders"], answer, decided)
                mark = f'<div class="answer {answer["outcome"].replace(" ", "-")}">'
                head = f"{mark}{in_html(answer['answer'])}</div>"
                why = f'<p class="why">{in_html(answer["why"])}</p>'
                return _block(f"{head}{why}{_list(map(_claim, told))}")
        return _absent(f"This run has no answer to the myth “{myth}”.")

    def answers(self) -> str:
        """All myths and rumours with their answers, in the order of the talk."""
        rows = [
            f"<tr><td>{in_html(answer['says'])}</td>"
            f'<td class="answer {answer["outcome"].replace(" ", "-")}">'
            f"{in_html(answer['answer'])}</td></tr>"
            for answer in answers.answered(self.run, list(self.verdicts.values()))
        ]
        if not rows:
            return _absent("This run answers no myth.")
        return _block(f'<table class="answers"><tbody>{"".join(rows)}</tbody></table>')

    def claims(self, example: str, *names: str) -> str:
        """These claims of an example, each with its ratio, its sentence and its verdict."""
        told = [self.verdicts.get((example, name)) for name in names]
        lines = [
            _claim(verdict) if verdict else f"This run holds no claim {in_html(name)}."
            for name, verdict in zip(names, told)
        ]
        return _block(f'<div class="claims">{_list(lines)}</div>')

    def chart(self, kind: str, example: str = "") -> str:
        """The chart of this kind, of an example if one is named: of its cases, the one that shows
        most rungs; of several, the largest."""
        found = [
            chart
            for chart in self.charts
            if chart.kind.__name__.rpartition(".")[2] == kind
            and (not example or chart.thing.example == example)
        ]
        if not found:
            missing = charts.why_not() or f"it measured too little of {example or 'the ladders'}"
            return _absent(f"No {kind} chart of this run: {missing}.")
        from ..charts._files import picture

        best = max(found, key=_shows)
        name = f"{best.name}.svg"
        data = base64.b64encode(picture(best, "svg", self.theme)).decode("ascii")
        return _block(
            f'<img class="chart" alt="{in_html(best.alt)}" title="{in_html(name)}" '
            f'src="data:image/svg+xml;base64,{data}">'
        )

    def atlas(self) -> str:
        """What became of the tools of the talk's table, by state; the same for every run."""
        stated = atlas.read()
        rows = [
            f'<tr><td class="answer {word}">{word}</td><td>{len(names)}</td>'
            f"<td>{in_html(', '.join(names))}</td></tr>"
            for word, names in atlas.tools_by_state(stated).items()
        ]
        told = f"<p>{in_html(atlas.says(stated))}</p>"
        when = f"<p>Looked up in {in_html(stated['stated'])}; nothing here was measured.</p>"
        return _block(f'{told}<table class="atlas"><tbody>{"".join(rows)}</tbody></table>{when}')

    def code(self, file: str, first: str, last: str) -> str:
        """The lines of a file below src/ from one that holds `first` to the next that holds
        `last`. A number before the name of a rung may be left out."""
        path = _source_file(file)
        lines = path.read_text(encoding="utf-8").splitlines()
        start = next((i for i, line in enumerate(lines) if first in line), None)
        if start is None:
            raise Refused(f"{path}: no line holds '{first}', which a slide shows")
        end = next((i for i, line in enumerate(lines[start:], start) if last in line), None)
        if end is None:
            raise Refused(f"{path}: no line below '{first}' holds '{last}', where a slide ends")
        language = "python" if path.suffix == ".py" else "c++"
        shown = highlighted(textwrap.dedent("\n".join(lines[start : end + 1])), language)
        where = path.relative_to(ROOT).as_posix()
        return _block(f'<pre class="code" data-file="{in_html(where)}"><code>{shown}</code></pre>')


def _slide(part: Path, text: str) -> Slide:
    talk, notes, minutes = [], [], [0.0] * len(LECTURES)
    for comment in map(str.strip, COMMENT.findall(text)):
        key, _, value = comment.partition(":")
        if key == "talk":
            talk.append(value.strip())
        elif key == "minutes":
            minutes = [float(word) for word in value.split()]
        else:
            notes.append(comment)
    markdown = COMMENT.sub("", text).strip() + "\n"
    heading = HEADING.search(markdown)
    if not heading:
        raise Refused(f"{part}: a slide has no title: it begins with '{markdown[:40].strip()}'")
    if len(minutes) != len(LECTURES):
        raise Refused(f"{part}: the minutes of '{heading[1]}' are not {len(LECTURES)} numbers")
    return Slide(markdown, html.unescape(heading[1]), talk, tuple(minutes), "\n\n".join(notes))


def _sort(markdown: str) -> str:
    """What fills it, and so how large its letters can be."""
    return next(
        (
            name
            for name in ("chart", "code", "claims", "atlas", "answer")
            if f'class="{name}' in markdown
        ),
        "text",
    )


def _shows(chart: charts.Chart) -> tuple[int, float]:
    """Rungs that it has times of, and the size of their case, where it is of one."""
    rows = getattr(chart.thing, "rows", [])
    return len({row.rung for row in rows if row.status == "ok"}), getattr(chart.thing, "items", 0.0)


def _source_file(file: str) -> Path:
    folder, _, name = file.rpartition("/")
    found = [*SOURCES.glob(f"{folder}/[0-9][0-9]_{name}"), *SOURCES.glob(f"{folder}/{name}")]
    if not found:
        raise Refused(f"{SOURCES / file}: a slide shows this file, and there is none")
    return found[0]


def _claim(verdict: dict) -> str:
    reason = f" ({verdict['reason']})" if verdict.get("reason") else ""
    number, says = in_html(answers.number_text(verdict)), in_html(verdict["says"])
    return f"<b>{number}</b> {says}: {in_html(verdict['verdict'] + reason)}"


def _list(lines: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _absent(why: str) -> str:
    return _block(f'<p class="absent">{in_html(why)}</p>')


def _block(text: str) -> str:
    """Its own, so that no word of it is taken for Markdown."""
    from markupsafe import Markup

    return Markup(f"\n\n{text}\n\n")


def why_not() -> str:
    """Empty when a deck can be built."""
    if missing := rendering.why_not():
        return missing
    try:
        import markdown_it  # noqa: F401
    except ImportError:
        return "markdown-it-py is not installed (python3 -m pip install markdown-it-py)"
    return ""
