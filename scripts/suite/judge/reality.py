"""What an example says about its numbers: its reality.md.j2, filled in from a run.

A template may call seconds(rung, **case), layer(rung, "os.minor_page_faults", **case) and
ratio(rung_a, rung_b, **case); each gives None where nothing was measured. Filters: time, size,
count, factor. `machine` is the passport. Of the case only what matters has to be named: the
largest case that was measured stands for the rest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..runs.intervals import enough, ratio_interval, word
from ..runs.quantities import count_text, factor_text, size_text, time_text
from ..runs.results import PROJECT, Ladder, Run
from .verdicts import Side, measured_pair, measured_row

T = TypeVar("T")

EXAMPLES = PROJECT / "src"
FILE = "reality.md.j2"
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Ratio:
    """Time of one rung over the time of another, with its interval."""

    value: float
    low: float
    high: float
    separated: bool  # the interval excludes 1 and the effect exceeds noise
    word: str  # faster, slower, within noise, not separated: what the first rung is


def rendered(run: Run, ladder: Ladder) -> str:
    """HTML, or nothing where the project has no such text.

    Raises ValueError naming file and line when the template is at fault.
    """
    return markdown(filled(run, ladder))


def filled(run: Run, ladder: Ladder) -> str:
    """The same before it becomes HTML, for a README."""
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    name = f"src/{ladder.example}/{FILE}"
    environment = SandboxedEnvironment(undefined=StrictUndefined)
    environment.filters.update(
        time=_or_not_measured(time_text),
        size=_or_not_measured(size_text),
        count=_or_not_measured(count_text),
        factor=_or_not_measured(_factor),
    )
    try:
        code = environment.compile(_template(ladder.example), filename=name)
        template = environment.template_class.from_code(environment, code, environment.globals)
        return template.render(helpers(run, ladder))
    except TemplateError as error:
        raise ValueError(f"{_place(name, error)}: {error}") from None
    except Exception as error:
        # A template is somebody's own text: whatever it does wrong must not cost the report.
        raise ValueError(f"{_place(name, error)}: {type(error).__name__}: {error}") from None


def _template(example: str) -> str:
    """The project's own. What a run holds is data: nothing in it is ever run as a template."""
    try:
        return (EXAMPLES / example / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def helpers(run: Run, ladder: Ladder) -> dict:
    def side(rung: str, case: dict) -> Side:
        _refuse_slip(ladder, rung)
        return Side(rung, case)

    def seconds(rung: str, **case: object) -> float | None:
        of = side(rung, case)
        return _or_none(lambda: measured_row(run, ladder, of).seconds())

    def layer(rung: str, name: str, **case: object) -> float | None:
        of = side(rung, case)
        return _or_none(lambda: measured_row(run, ladder, of).layer(name))

    def ratio(rung_a: str, rung_b: str, **case: object) -> Ratio | None:
        sides = [side(rung, case) for rung in (rung_a, rung_b)]
        rows = _or_none(lambda: measured_pair(run, ladder, sides, timed=True))
        if rows is None:
            return None
        rounds = [row.rounds() for row in rows]
        interval = ratio_interval(*rounds)
        said = word(interval, run.noise) if enough(*rounds) else "not separated"
        return Ratio(**vars(interval), separated=said in ("faster", "slower"), word=said)

    return {"seconds": seconds, "layer": layer, "ratio": ratio, "machine": run.machine}


def _refuse_slip(ladder: Ladder, rung: str) -> None:
    """A run may be older than a rung of the project; what neither of them has is misspelt."""
    known = any(each.name == rung for each in ladder.rungs)
    if not known and not any((EXAMPLES / ladder.example).glob(f"[0-9][0-9]_{rung}.*")):
        raise ValueError(f"{ladder.example}: no rung is called '{rung}'")


def markdown(text: str) -> str:
    """Paragraphs, lists, headings, **strong**, *emphasis*, `code`: what a few sentences need."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text.strip())]
    return "\n".join(_block(block) for block in blocks if block.strip())


def _block(block: str) -> str:
    lines = block.split("\n")
    if re.match(r"\s*[-*] ", lines[0]):
        items = re.split(r"\n\s*[-*] ", "\n" + block)[1:]
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
    if re.match(r"#+ ", lines[0]):
        rest = "\n".join(lines[1:])
        heading = f"<h4>{_inline(lines[0].lstrip('# '))}</h4>"
        return heading + (_block(rest) if rest.strip() else "")
    # A list may follow its introduction without an empty line between.
    for number, line in enumerate(lines):
        if number and re.match(r"\s*[-*] ", line):
            return _block("\n".join(lines[:number])) + "\n" + _block("\n".join(lines[number:]))
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    pieces = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(
        f"<code>{html.escape(piece[1:-1])}</code>"
        if piece.startswith("`") and piece.endswith("`") and len(piece) > 2
        else _emphasised(html.escape(piece))
        for piece in pieces
    )


def _emphasised(text: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"(?<![\w*])\*(?!\s)([^*]+?)(?<!\s)\*(?![\w*])", r"<em>\1</em>", text)


def _factor(ratio: float | Ratio) -> str:
    return factor_text(ratio.value if isinstance(ratio, Ratio) else ratio)


def _or_not_measured(text: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: NOT_MEASURED if value is None else text(value)


def _or_none(look_up: Callable[[], T]) -> T | None:
    try:
        return look_up()
    except LookupError:
        return None


def _place(name: str, error: Exception) -> str:
    """File and line, from a syntax error itself or from the frames of a template that ran."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while line is None and trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{name}, line {line}" if line else name
