"""The command behind all targets of make: parses arguments and calls one function each.

Exit status: 0 all well; 1 a rung gave a wrong answer or crashed, or a comparison found what it
shall fail on; 2 bad usage or input, or a budget in which nothing could be measured; 3 something is
not built or not installed; 4 the system refused something, a full disk say; 130 stopped by Ctrl-C,
129 and 143 by other signals; 141 nobody reads the output any more.

What a command needs is imported when it is called: none waits for the libraries of another, and
nothing that draws lies in the memory of a process that measures.
"""

from __future__ import annotations

import argparse
import os
import select
import shlex
import stat
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from .runs import refusals
from .runs.words import printable, seconds_in

LAST_READER_MILLISECONDS = 300  # Ctrl-C ends us and who reads us in any order
EXPORTS = ("github", "bmf", "pyperf", "csv", "md", "openmetrics")
RUN = "latest, an id, or a folder (default: latest)"


def main(argv: Sequence[str] | None = None) -> int:
    asked = vars(parser().parse_args(argv))
    command, call = asked.pop("command"), asked.pop("call")
    try:
        status = call(**asked)
        sys.stdout.flush()  # a full disk may show here only
        return status
    except KeyboardInterrupt as stop:
        return complain(command, f"stopped {stop}".rstrip(), getattr(stop, "status", 130))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __package__:
            raise
        lacking = f"{error.name} is not installed (python3 -m pip install {error.name})"
        return complain(command, lacking, 3)
    except OSError as error:
        return refused(command, error)
    except MemoryError:
        return complain(command, "there is not enough memory; end other programs", refusals.STATUS)
    except ValueError as error:
        return complain(command, error, 2)
    except Exception as error:
        # Nothing is built, a rung failed: who raises that knows what it ends with.
        if status := getattr(error, "status", 0):
            return complain(command, error, status)
        raise


def refused(command: str, error: OSError) -> int:
    status = refusals.status_of(error)
    if status == refusals.NOBODY_READS:
        return status  # who closed it knows
    return complain(command, refusals.sentence(error), status)


def complain(command: str, why: object, status: int) -> int:
    last_words(f"suite {command}: {printable(str(why))}")
    return status


def last_words(text: str) -> None:
    """To the standard error; to the terminal if who reads that ended with us, as tee by Ctrl-C."""
    try:
        print(text, file=sys.stderr, flush=True)
        unread = _loses_its_reader(sys.stderr)
    except OSError:
        unread = True
    if unread:
        with suppress(OSError), open("/dev/tty", "w") as terminal:
            print(text, file=terminal)


def _loses_its_reader(stream: TextIO) -> bool:
    """True of a pipe whose other end is closed by now, or soon."""
    try:
        handle = stream.fileno()
    except ValueError:
        return False  # it leads to no file
    if not stat.S_ISFIFO(os.fstat(handle).st_mode):
        return False
    ends = select.poll()
    ends.register(handle, 0)
    return bool(ends.poll(LAST_READER_MILLISECONDS))


# One function each. What is not asked for is left to their defaults.


def bench(report: bool = True, **asked: Any) -> int:
    from .measure import run_ladders

    return run_ladders.carry_out(run_ladders.Options(**asked), illustrate if report else None)


def illustrate(folder: Path) -> int:
    from .pages import illustrate

    return illustrate.illustrate(folder)


def passport(preset: str = "release", fresh: bool = False, anonymous: bool = False) -> int:
    from .measure import sheet, terminal
    from .measure.built import Suite
    from .pages import machine_pictures
    from .runs.results import PROJECT

    suite = Suite(PROJECT, preset)
    document = sheet.made(suite, fresh)
    if anonymous:
        document = sheet.anonymous(document)
    file = sheet.keep(suite, document)
    terminal.say(sheet.sheet(document))
    for written in [file, *machine_pictures.draw(file)]:
        terminal.say_whole(str(written))
    return 0


def noise(preset: str = "release", **budget: float) -> int:
    from .measure import noise, sheet, terminal
    from .measure.built import Suite
    from .runs.results import PROJECT

    suite = Suite(PROJECT, preset)
    before = sheet.made(suite)
    terminal.say("The same again and again, for a minute unless BUDGET= says otherwise.")
    found = noise.measure(suite, **budget)
    document = sheet.held_against_itself(before, found)
    terminal.say(sheet.noise_sheet(document["machine"]))
    terminal.say_whole(str(sheet.keep(suite, document)))
    return 0


def verdicts(run: str = "latest", **chosen: Any) -> int:
    from .judge import verdicts
    from .measure import terminal
    from .runs import results

    judged = results.load(results.find_run(run))
    decided = verdicts.decide(judged)
    terminal.say(terminal.verdict_table(verdicts.chosen(judged, decided, **chosen)))
    if said := verdicts.differing(judged, decided):
        terminal.say("", terminal.told(said))
    return 0


def report(run: str = "latest", output: Path | None = None) -> int:
    from .pages import build_report
    from .runs import results

    if path := build_report.build(results.find_run(run), output):
        print(path)
    return 0


def charts(run: str = "latest", list: bool = False, **asked: Any) -> int:
    from .charts import why_not
    from .pages import chart_files
    from .runs import results

    if list:
        if missing := why_not():
            return complain("charts", missing, 3)
        chart_files.say_kinds()
        return 0
    folder = results.find_run(run)
    if written := chart_files.draw_run(folder, **asked):
        print(f"{len(written)} files in {folder / 'charts'}")
    return 0


def slides(run: str = "latest", **asked: Any) -> int:
    from .pages import deck, deck_files

    for path in deck_files.write(deck.run_to_tell(run), **asked):
        print(path)
    return 0


def handout(run: str = "latest", **asked: Any) -> int:
    from .pages import deck, handout

    for path in handout.write(deck.run_to_tell(run), **asked):
        print(path)
    return 0


def atlas(output: Path | None = None) -> int:
    from .pages import atlas

    if path := atlas.write(output):
        print(path)
    return 0


def compare(
    runs: Sequence[str] = (),
    reference: str = "",
    run: str = "latest",
    verbose: bool = False,
    fail_on: tuple[str, float] | None = None,
    output: Path | None = None,
) -> int:
    from .judge import comparison
    from .measure import terminal
    from .pages import comparison_files, comparison_screen, comparison_words
    from .runs import timings

    machines = timings.load_all([reference, run] if reference else runs)
    if len(machines) < 2:
        raise ValueError('name two runs or more, RUNS="a b", or one to hold the latest against')
    besides = comparison.compared(machines)
    written = comparison_files.write(
        machines, besides, output or comparison_files.folder_of(machines)
    )
    lines = comparison_screen.screen(machines, besides, written[0])
    terminal.say_lines([*lines, *(comparison_screen.every_row(besides) if verbose else ())])
    if fail_on is None:
        return 0
    if not all(each.mean() for each in besides):
        raise ValueError("nothing can be compared, so nothing can be said of FAIL_ON")
    told = comparison_words.too_slow(besides, *fail_on)
    return complain("compare", "; ".join(told), 1) if told else 0


def share(run: str = "latest", name: str = "", output: Path | None = None) -> int:
    from .measure import terminal
    from .pages import share
    from .runs import results

    path, words = share.write(results.load(results.find_run(run)), name, output)
    terminal.say_lines([*words.splitlines(), str(path)])
    return 0


def class_(place: Path, output: Path | None = None) -> int:
    from .measure import terminal
    from .pages import class_page, rendering

    if missing := rendering.why_not():
        return complain("class", f"no page: {missing}", 3)
    gathered = class_page.gather(place)
    page = class_page.write(gathered, place, output)
    terminal.say_lines(class_page.screen(gathered, page))
    return 0


def export(form: str, run: str = "latest", output: Path | None = None) -> int:
    from .pages import exports
    from .runs import results

    print(exports.write(results.load(results.find_run(run)), form, output))
    return 0


def slices(files: Sequence[Path], **asked: Any) -> int:
    from .charts import why_not

    if missing := why_not():
        return complain("slices", f"no pictures: {missing}", 3)
    from .pages.slices import draw_file

    for file in files:
        draw_file(file, **asked)
    return 0


def study(**asked: Any) -> int:
    from .studies import study_locator

    study_locator.study(**asked)
    return 0


def threads(program: Path, run: str = "latest", pythons: Sequence[str] = ()) -> int:
    from .runs import results
    from .studies import study_threads

    print(study_threads.study(program, results.find_run(run), [sys.executable, *pythons]))
    return 0


def keep(name: str, run: str = "latest") -> int:
    from .pages import keep_reference
    from .runs import results

    print(keep_reference.keep(results.find_run(run), name))
    return 0


def readmes(reference: str, **asked: Any) -> int:
    from .pages import update_readmes
    from .runs import results

    update_readmes.update(results.find_run(reference), **asked)
    return 0


def where(run: str = "latest") -> int:
    from .runs import results

    print(results.find_run(run))
    return 0


# What they take


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="suite", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)

    def command(call: Callable[..., int], says: str, **more: Any) -> Callable:
        added = commands.add_parser(
            call.__name__.rstrip("_"),
            help=says,
            description=says[0].upper() + says[1:] + ".",
            argument_default=argparse.SUPPRESS,
            **more,
        )
        added.set_defaults(call=call)
        return added.add_argument

    takes = command(bench, "measure the ladders, decide the claims, write the report")
    takes_what_to_measure(takes)

    takes = command(passport, "tell what this machine is and what it can do at most")
    takes("--preset", help="by which build (default: release)")
    takes("--fresh", action="store_true", help="measure again, though nothing has changed")
    takes("--anonymous", action="store_true", help="without host, paths and job")

    takes = command(noise, "hold this machine against itself: which differences mean nothing")
    takes("--preset", help="by which build (default: release)")
    takes("--budget", type=_budget, help="for everything, such as 2m or 60s")

    takes = command(verdicts, "print the claims of a run with their evidence")
    takes_run(takes)
    takes("--myth", help="those about this myth: fast-as-c")
    takes("--only", type=_names, help="of these examples: locator,gil")

    takes = command(report, "build the report of a run")
    takes_run(takes)
    takes("-o", "--output", type=Path, help="the file (default: report.html beside run.json)")

    takes = command(charts, "draw the charts of a run")
    takes_run(takes)
    takes_looks(takes, "svg")
    takes("--only", type=_names, help="of these examples: locator,gil")
    takes("--list", action="store_true", help="only say what kinds of charts there are")

    takes = command(slides, "build the deck of the lecture with the numbers of a run")
    takes_run(takes)
    takes("-o", "--output", type=Path, help="a folder (default: slides/ beside run.json)")
    takes("--theme", choices=("light", "dark"), help="(default: light)")
    takes(
        "--format", dest="formats", type=_forms_of_decks, help="html,pdf,pptx (default: html,pdf)"
    )

    takes = command(handout, "make two printed pages of a run, to take home")
    takes_run(takes)
    takes("-o", "--output", type=Path, help="a folder (default: slides/ beside run.json)")

    takes = command(atlas, "list the tools for parallelism in Python, then and now")
    takes("-o", "--output", type=Path, help="the file (default: results/atlas.html)")

    takes = command(compare, "lay runs of several machines side by side")
    takes("runs", nargs="*", help="the first is what the others are held against")
    takes("--with", dest="reference", help="one run, to hold the latest against")
    takes_run(takes)
    takes("--verbose", action="store_true", help="all rows")
    takes("--fail-on", type=_threshold, help="exit with 1 for such a row: slower:5%")
    takes("-o", "--output", type=Path, help="a folder (default: one in results/comparisons)")

    takes = command(share, "make the file of a run to hand in: anonymous and small")
    takes_run(takes)
    takes("--name", help="to be called so on the page of the class")
    takes("-o", "--output", type=Path, help="the file (default: in results/shares)")

    takes = command(class_, "lay the runs of a whole class side by side, on one page")
    takes("place", type=_place, help="a folder or a .zip of runs or shared files")
    takes("-o", "--output", type=Path, help="the file (default: in results/classes)")

    takes = command(export, "write a run in the format of another tool")
    takes_run(takes)
    takes("--format", dest="form", type=_export, required=True, help=", ".join(EXPORTS))
    takes("-o", "--output", type=Path, help="the file (default: in exports/ of the run)")

    takes = command(
        slices,
        "draw the slices that locate --plot has written",
        epilog="@FOLDER/slices.txt stands for all files of a folder.",
        fromfile_prefix_chars="@",
    )
    takes("files", type=Path, nargs="*", metavar="file.json")
    takes_looks(takes, "png")

    takes_what_to_study(command(study, "time how the locator grows, and foretell large problems"))

    takes = command(threads, "watch threads beside a run: locks, waits, arguments")
    takes_run(takes)
    takes("--program", type=Path, required=True, help="build/<preset>/gil")
    takes("--pythons", type=_commands, help='these too, such as "python2.7 python3.13"')

    takes = command(keep, "copy a complete run into results/reference, without the host's name")
    takes_run(takes)
    takes("--as", dest="name", required=True, help="the machine, e.g. epyc_2_cores")

    takes = command(readmes, "bring the tables in the READMEs up to date with a reference run")
    takes("--reference", required=True, help="a folder of results/reference")
    takes("--chart", help="example of the chart in README.md (default: locator)")

    takes = command(where, "say where a run is, for scripts that are not Python")
    takes("run", nargs="?", help=RUN)
    return parser


def takes_run(takes: Callable) -> None:
    takes("--run", help=RUN)


def takes_looks(takes: Callable, form: str) -> None:
    takes("--format", dest="formats", type=_formats, help=f"svg,pdf,png (default: {form})")
    takes("--theme", dest="themes", type=_themes, help="light,dark (default: both)")


def takes_what_to_measure(takes: Callable) -> None:
    takes("--preset", help="which build to run (default: release)")
    takes("--no-report", dest="report", action="store_false", help="only measure")
    takes("--project", type=Path, help=argparse.SUPPRESS)
    takes("--resume", metavar="ID", help="go on with a run that was stopped, as it began")
    takes("--quick", action="store_true", help="fewer rounds, a smaller budget")
    takes("--budget", type=_budget, help="for everything, such as 5m or 75s")
    takes("--only", type=_names, help="these examples: locator,gil")
    takes("--rounds", type=_rounds, help="rounds of processes")
    takes("--pythons", type=_commands, help='"python3.12 pypy3", not the own')
    takes("--seed", type=int, help="of the order of the processes")
    takes("--keep-env", type=str.split, help='"OMP_PLACES OMP_PROC_BIND": reach what is measured')


def takes_what_to_study(takes: Callable) -> None:
    takes("--program", type=Path, help="build/release/mythbench by default")
    takes("--problems", type=Path, help="the folder of problem files (default: build/problems)")
    takes("-o", "--output", type=Path, help="a folder (default: results/studies/locator)")
    takes("--events", type=int, help="of the growth study (default: 64)")
    takes("--spacings", type=_numbers, help="in metres")
    takes("--rounds", type=int, help="processes per case (default: 5)")
    takes("--min-time", type=float, help="seconds (default: 0.05)")
    takes("--no-model", dest="with_model", action="store_false", help="the growth alone")


# How a word becomes a value; what cannot is refused in one sentence.


def _budget(text: str) -> float:
    try:
        return seconds_in(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _rounds(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of rounds")
    return int(text)


def _threshold(text: str) -> tuple[str, float]:
    word, _, share = text.replace(" ", "").partition(":")
    number = share.removesuffix("%")
    try:
        value = float(number) / 100
    except ValueError:
        value = -1.0
    if word not in ("faster", "slower") or not share.endswith("%") or not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"'{text}' is no threshold: write slower:5%")
    return word, value


def _place(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("name what was handed in: DIR=<folder or .zip>")
    return Path(text)


def _export(text: str) -> str:
    return _chosen(text, EXPORTS)[0]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _commands(text: str) -> list[str]:
    """As a shell has them: what stands in quotes may have blanks."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {str(error).lower()}") from None


def _numbers(text: str) -> list[int]:
    for word in _names(text):
        if not word.isdigit() or int(word) == 0:
            raise argparse.ArgumentTypeError(f"'{word}' is no number of metres")
    return [int(word) for word in _names(text)]


def _formats(text: str) -> list[str]:
    from .pages.chart_files import FORMATS

    return _chosen(text, FORMATS)


def _forms_of_decks(text: str) -> list[str]:
    from .pages.deck_files import FORMATS

    return _chosen(text, FORMATS)


def _themes(text: str) -> list[str]:
    from .pages.chart_files import THEMES

    return _chosen(text, THEMES)


def _chosen(text: str, known: Iterable[str]) -> list[str]:
    for word in _names(text):
        if word not in known:
            raise argparse.ArgumentTypeError(f"'{word}' is none of {', '.join(known)}")
    return _names(text)
