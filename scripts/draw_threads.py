"""Draw what threads did: speed-up curves from a run, and what watching them beside it told."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import results
from draw_charts import (
    BODY,
    FORMATS,
    LARGE,
    MARGIN,
    SLIDE,
    STYLES,
    Page,
    chosen_from,
    line_height,
    palette,
    picture_footer,
    rendered,
    text_width,
)
from quantities import size_text, time_text
from results import Ladder, Run
from scaling import Curve, curves
from study_threads import FILE

HEIGHT = 4.4
# Told apart by colour, dashes and the words at their ends.
DASHES = ["solid", (0, (6, 3)), (0, (2, 2)), (0, (6, 2, 2, 2)), (0, (10, 3)), (0, (1, 2))]
LEAST_WAIT, MOST_WAIT = 1e-6, 1.0  # seconds


@dataclass(frozen=True)
class Picture:
    """One file name, what it shows in words and numbers, and how it is drawn."""

    name: str
    alt: str
    table: list[list]
    draw: Callable[[Page], None]
    title: str
    subtitle: str

    def figure(self, run: Run, theme: str):
        from matplotlib import style

        with style.context(STYLES[theme]):
            page = Page(SLIDE[0], palette(theme))
            page.lines(self.title, 26, weight="bold")
            page.y += 0.05
            page.lines(self.subtitle, LARGE, "muted")
            page.y += 0.25
            self.draw(page)
            page.y += 0.25
            page.lines(picture_footer(run), color="muted")
            return page.figure(SLIDE[1])

    def csv(self) -> str:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.table)
        return text.getvalue()


def pictures(run: Run) -> list[Picture]:
    """Everything that there is to show: of some runs nothing. Raises ValueError on a bad file."""
    shown = [
        speedup_picture(run, ladder, case, found)
        for ladder in run.ladders
        for case, found in curves(run, ladder).items()
    ]
    watched = watched_of(run)
    if watched:
        shown += [
            timeline_picture(watched["timelines"]),
            convoy_picture(watched["convoys"]),
            payload_picture(watched["payloads"]),
        ]
    return shown


def watched_of(run: Run) -> dict | None:
    if run.folder is None or not (run.folder / FILE).is_file():
        return None
    document = results.load_document(run.folder / FILE)
    for kind in ("timelines", "convoys", "payloads"):
        if not isinstance(document.get(kind), list):
            raise ValueError(f"{run.folder / FILE}: '{kind}' is missing")
    return document


# Speed-up


def speedup_picture(run: Run, ladder: Ladder, case: str, found: list[Curve]) -> Picture:
    cores = found[0].cores
    table: list[list] = [
        ["rung", "threads", "speed-up", "low", "high", "efficiency", "threads take turns"]
    ]
    for curve in found:
        for p in curve.points:
            low, high = p.speedup.low, p.speedup.high
            turns = "yes" if p.threads > cores else "no"
            table.append([curve.label, p.threads, p.speedup.value, low, high, p.efficiency, turns])
    ends = "; ".join(
        f"{c.label}: {_times(c.points[-1].speedup.value)} with {c.points[-1].threads} threads"
        for c in found
    )
    slug = f"{ladder.example}_{case.replace('/', '_').replace(':', '-')}"
    return Picture(
        name=f"{slug}-speedup",
        alt=f"Speed-up against threads, {ladder.example}, {case}. {limits(run)}. {ends}.",
        table=table,
        draw=lambda page: draw_speedups(page, run, found),
        title=f"{ladder.title}: what more threads do",
        subtitle=f"{case} · work per second against one thread's, 95 % intervals",
    )


def limits(run: Run) -> str:
    """What bounds the threads of this machine, in words."""
    cpu = run.machine.get("cpu", {})
    said = [f"{cpu.get('usable_cores', 'an unknown number of')} cores may be used"]
    smt = cpu.get("threads_per_core")
    if smt:
        said.append("no SMT" if smt == 1 else f"{smt} hardware threads per core")
    quota = run.machine.get("cgroup", {}).get("cpu_quota")
    said.append(f"a cgroup allows {quota:g} CPUs" if quota else "no cgroup limit known")
    return ", ".join(said)


def draw_speedups(page: Page, run: Run, found: list[Curve]) -> None:
    most = max(p.threads for curve in found for p in curve.points)
    cores = found[0].cores
    top = max(1.25 * min(most, cores), 1.1 * max(p.speedup.high for c in found for p in c.points))
    labels = [_curve_words(curve) for curve in found]
    words = max(text_width(line) for line in labels)
    left, right = MARGIN + 0.7, page.width - MARGIN - words - 0.55
    height = max(HEIGHT, len(found) * 1.05 * line_height(BODY))
    upper, lower = page.y, page.y + height

    def x(threads: float) -> float:
        return left + (threads - 1) / max(most - 1, 1) * (right - left - 0.3) + 0.15

    def y(speedup: float) -> float:
        return lower - speedup / top * height

    _grid(page, left, right, y, top)
    for threads in sorted({p.threads for curve in found for p in curve.points}):
        page.text(
            x(threads), lower + 0.25, str(threads), color="muted", horizontalalignment="center"
        )
    page.text(
        (left + right) / 2, lower + 0.25 + line_height(BODY), "threads",
        horizontalalignment="center",
    )  # fmt: skip
    reach = min(most, cores, top)
    ideal = {"color": page.colors["muted"], "linewidth": 1.2}
    page.line([x(1), x(reach)], [y(1), y(reach)], **ideal)
    page.text(x(1) + 0.3, y(top) + 0.2, "thin line: ideal", color="muted")
    if most > cores:
        edge = x(cores) + 0.12
        page.line([edge, edge], [upper, lower], linestyle=(0, (4, 3)), **ideal)
        page.text(edge + 0.1, y(top) + 0.2, f"more threads than the {cores} cores", color="muted")
    ends = []
    for i, curve in enumerate(found):
        color = page.colors["python" if curve.language == "python" else "c++"]
        look = {"color": color, "linewidth": 2.2, "linestyle": DASHES[i % len(DASHES)]}
        places = [x(p.threads) for p in curve.points], [y(p.speedup.value) for p in curve.points]
        page.line(*places, **look)
        for p, px, py in zip(curve.points, *places):
            page.line([px, px], [y(p.speedup.low), y(p.speedup.high)], color=color, linewidth=1.6)
            _dot(page, px, py, color, curve.language)
        law = curve.usl or curve.amdahl
        if law:
            steps = [1 + (reach - 1) * i / 40 for i in range(41)]
            fitted = [y(law.speedup(s)) for s in steps]
            page.line([x(s) for s in steps], fitted, color=color, linewidth=0.9)
        ends.append([places[1][-1], places[0][-1], places[1][-1], i])
    _label_ends(page, ends, labels, right, upper, lower)
    page.y = lower + 0.25 + 2 * line_height(BODY)
    page.lines(f"{limits(run)}. {_fits_in_words(found)}", color="muted")


def _curve_words(curve: Curve) -> str:
    last = curve.points[-1]
    # What threads are worth is read where each has a core.
    best = max(curve.on_cores, key=lambda p: p.threads, default=last)
    return f"{curve.label}: {_times(best.speedup.value)}, {100 * best.efficiency:.0f} %"


def _fits_in_words(found: list[Curve]) -> str:
    said = "Behind each name: speed-up and efficiency with a thread per core."
    fitted = [curve for curve in found if curve.amdahl]
    if not fitted:
        return f"{said} Too few points within the cores to fit Amdahl's law or the USL."
    laws = []
    for curve in fitted:
        law = curve.usl
        share = f"{curve.label}: Amdahl's serial share {100 * curve.amdahl.serial:.1f} %"
        if law:
            share += f", USL {100 * law.serial:.1f} % and {100 * law.crosstalk:.2f} %"
        laws.append(share)
    return f"{said} {'; '.join(laws)}."


def _grid(page: Page, left: float, right: float, y: Callable, top: float) -> None:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100, 200) if top / s <= 6)
    value = 0.0
    while value <= top:
        page.line([left, right], [y(value)] * 2, color=page.colors["grid"], linewidth=1, zorder=0)
        page.text(left - 0.1, y(value), f"{value:g}", color="muted", horizontalalignment="right")
        value += step


def _dot(page: Page, x: float, y: float, color: str, language: str) -> None:
    from matplotlib.patches import Circle

    if language == "python":
        page.artists.append(Circle((x, y), 0.07, facecolor=color, linewidth=0, zorder=3))
    else:
        page.box(x - 0.06, y, 0.12, 0.12, facecolor=color, linewidth=0, zorder=3)


def _label_ends(
    page: Page, ends: list[list], labels: list[str], right: float, upper: float, lower: float
) -> None:
    """Words beside the ends of lines, pushed apart, each with a thin line to its own."""
    ends.sort()
    gap = line_height(BODY)
    free = upper
    for end in ends:
        end[0] = max(end[0], free + gap / 2)
        free = end[0] + gap / 2
    limit = max(lower, upper + len(ends) * gap)
    for end in reversed(ends):
        end[0] = min(end[0], limit - gap / 2)
        limit = end[0] - gap / 2
    for height, x, y, i in ends:
        page.line([x + 0.08, right + 0.4], [y, height], color=page.colors["edge"], linewidth=0.7)
        page.text(right + 0.45, height, labels[i])


def _times(value: float) -> str:
    return f"{value:.2f} ×"


# Timelines


def timeline_picture(timelines: list[dict], seconds: float = 0.12) -> Picture:
    table: list[list] = [["what", "thread", "taken", "given"]]
    said = []
    for entry in timelines:
        for tenure in entry["tenures"]:
            table.append([entry["label"], tenure["thread"], tenure["taken"], tenure["given"]])
        said.append(f"{entry['label']}: {switches_text(entry)}")
    return Picture(
        name="gil-timeline",
        alt=f"Who held the lock when, two threads. {'; '.join(said)}.",
        table=table,
        draw=lambda page: draw_timelines(page, timelines, seconds),
        title="Who holds the lock when",
        subtitle=f"two threads, the first {time_text(seconds)}; Python: when each saw itself run",
    )


def switches(entry: dict) -> float:
    """Per second: how often another thread than before was next."""
    order = sorted(entry["tenures"], key=lambda tenure: tenure["taken"])
    changes = sum(a["thread"] != b["thread"] for a, b in zip(order, order[1:]))
    return changes / max(tenure["given"] for tenure in order)


def waits(entry: dict) -> list[float]:
    """How long each had to wait; where nobody said since when, since it ran before."""
    last: dict[int, float] = {}
    found = []
    for tenure in sorted(entry["tenures"], key=lambda tenure: tenure["taken"]):
        since = tenure.get("asked", last.get(tenure["thread"]))
        if since is not None:
            found.append(tenure["taken"] - since)
        last[tenure["thread"]] = tenure["given"]
    return found


def switches_text(entry: dict) -> str:
    waited = waits(entry)
    longest = f", waits up to {time_text(max(waited))}" if waited else ""
    return f"{switches(entry):,.0f} switches/s{longest}"


def draw_timelines(page: Page, timelines: list[dict], seconds: float) -> None:
    words = min(4.6, max(text_width(entry["label"]) for entry in timelines))
    left, right = MARGIN + words + 0.25, page.width - MARGIN

    def x(at: float) -> float:
        return left + min(at, seconds) / seconds * (right - left)

    for entry in timelines:
        top = page.y
        page.text(MARGIN, top + 0.17, entry["label"])
        page.text(MARGIN, top + 0.17 + line_height(BODY), switches_text(entry), color="muted")
        lanes = 1 + max(tenure["thread"] for tenure in entry["tenures"])
        for tenure in entry["tenures"]:
            if tenure["taken"] >= seconds:
                continue
            middle = top + 0.15 + 0.27 * tenure["thread"]
            kind = "c++" if tenure["thread"] % 2 == 0 else "python"
            width = max(x(tenure["given"]) - x(tenure["taken"]), 0.012)
            page.box(
                x(tenure["taken"]), middle, width, 0.22, facecolor=page.colors[kind], linewidth=0
            )
        bottom = top + max(0.27 * lanes, 2 * line_height(BODY)) + 0.12
        page.line([left, right], [bottom - 0.06] * 2, color=page.colors["grid"], linewidth=1)
        page.y = bottom
    for tick in range(5):
        at = seconds * tick / 4
        page.text(
            min(x(at), right - 0.3), page.y + 0.17, f"{1e3 * at:g} ms", color="muted",
            horizontalalignment="center",
        )  # fmt: skip
    page.y += 0.17 + line_height(BODY)


# Convoys and payloads


def convoy_picture(convoys: list[dict]) -> Picture:
    table: list[list] = [["what", "wakings", "median", "95 %", "longest"]]
    for entry in convoys:
        late = sorted(entry["latencies"])
        table.append(
            [entry["label"], len(late), median(late), late[int(0.95 * len(late))], late[-1]]
        )
    said = "; ".join(f"{row[0]}: {time_text(row[2])} in the median" for row in table[1:])
    return Picture(
        name="gil-convoy",
        alt=f"How late a thread is beside one that counts. {said}.",
        table=table,
        draw=lambda page: draw_convoys(page, table[1:]),
        title="Waiting for the lock",
        subtitle="a thread that wants it every millisecond beside one that counts: how late it is",
    )


def _log_axis(page: Page, left: float, right: float, ticks: list[tuple[float, str]]) -> Callable:
    import math

    low, high = math.log(ticks[0][0]), math.log(ticks[-1][0])

    def x(value: float) -> float:
        return left + (math.log(max(value, ticks[0][0])) - low) / (high - low) * (right - left)

    return x


def draw_convoys(page: Page, rows: list[list]) -> None:
    ticks = [(1e-5, "10 µs"), (1e-4, "100 µs"), (1e-3, "1 ms"), (1e-2, "10 ms"), (1e-1, "100 ms")]
    left = MARGIN + max(text_width(row[0]) for row in rows) + 0.25
    right = page.width - MARGIN - 2.2
    x = _log_axis(page, left, right, ticks)
    top = page.y
    for label, _, middle, high, longest in rows:
        page.y += 0.25
        ink = page.colors["python" if "Python" in label and "lock" not in label else "c++"]
        page.text(MARGIN, page.y, label)
        page.line([x(middle), x(min(longest, 1e-1))], [page.y] * 2, color=ink, linewidth=1.4)
        page.box(x(middle), page.y, x(high) - x(middle), 0.16, facecolor=ink, linewidth=0)
        page.box(x(middle) - 0.05, page.y, 0.1, 0.34, facecolor=ink, linewidth=0)
        page.text(right + 0.15, page.y, time_text(middle), fontweight="bold")
        page.y += 0.25
    for at, name in ticks:
        page.line([x(at)] * 2, [top, page.y], color=page.colors["grid"], linewidth=1, zorder=0)
        page.text(x(at), page.y + 0.2, name, color="muted", horizontalalignment="center")
    page.y += 0.2 + line_height(BODY)
    page.lines(
        "Mark and number: median. Bar: up to 95 % of all wakings. Line: up to the longest.",
        color="muted",
    )


def payload_picture(payloads: list[dict]) -> Picture:
    table: list[list] = [["what", "bytes", "seconds"]]
    for entry in payloads:
        table += [[entry["label"], p["bytes"], p["seconds"]] for p in entry["points"]]
    said = "; ".join(
        f"{entry['label']}: {time_text(entry['points'][-1]['seconds'])} for "
        f"{size_text(entry['points'][-1]['bytes'])}"
        for entry in payloads
    )
    return Picture(
        name="gil-payload",
        alt=f"What the arguments of a process cost. {said}.",
        table=table,
        draw=lambda page: draw_payloads(page, payloads),
        title="What it costs to ask a process",
        subtitle="arguments through pickle and a pipe, and a short answer back",
    )


def draw_payloads(page: Page, payloads: list[dict]) -> None:
    ticks = [(1e-5, "10 µs"), (1e-4, "100 µs"), (1e-3, "1 ms"), (1e-2, "10 ms"), (1e-1, "100 ms"),
             (1.0, "1 s")]  # fmt: skip
    sizes = [p["bytes"] for p in payloads[0]["points"]]
    left = MARGIN + max(text_width(entry["label"]) for entry in payloads) + 0.3
    step = (page.width - MARGIN - left) / len(sizes)
    for i, size in enumerate(sizes):
        page.text(left + (i + 0.5) * step, page.y + 0.2, size_text(size), color="muted",
                  horizontalalignment="center")  # fmt: skip
    page.y += 0.2 + line_height(BODY)
    x = _log_axis(page, 0.0, step - 0.25, ticks)
    for entry in payloads:
        page.y += 0.33
        page.text(MARGIN, page.y, entry["label"])
        for i, point in enumerate(entry["points"]):
            at = left + i * step
            page.box(at, page.y - 0.14, max(x(point["seconds"]), 0.02), 0.16,
                     facecolor=page.colors["python"], linewidth=0)  # fmt: skip
            page.text(at, page.y + 0.12, time_text(point["seconds"]))
        page.y += 0.33
    page.lines("Bars are logarithmic, from 10 µs to 1 s.", color="muted")


def write(run: Run, formats: Iterable[str], themes: Iterable[str]) -> list[Path]:
    """Every picture, its numbers and its words, into the charts of the run."""
    folder = run.folder / "charts"
    folder.mkdir(exist_ok=True)
    written = []
    for picture in pictures(run):
        base = folder / picture.name
        for ending, text in ((".csv", picture.csv()), (".txt", picture.alt + "\n")):
            written.append(base.with_name(base.name + ending))
            results.write_text(written[-1], text)
        for theme in themes:
            for form in formats:
                written.append(base.with_name(f"{base.name}-{theme}.{form}"))
                results.write_bytes(written[-1], rendered(picture.figure(run, theme), form, theme))
    return written


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw what the threads of a run did.")
    parser.add_argument("--run", default="latest", help="latest, an id, or a path")
    parser.add_argument("--format", type=chosen_from(FORMATS), default=["svg"], help="svg,pdf,png")
    parser.add_argument(
        "--theme", type=chosen_from(tuple(STYLES)), default=["light", "dark"], help="light,dark"
    )
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    try:
        run = results.load(results.find_run(arguments.run))
        written = write(run, arguments.format, arguments.theme)
    except ValueError as error:
        print(f"draw_threads.py: {error}", file=sys.stderr)
        return 2
    print(f"{len(written)} files in {run.folder / 'charts'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
