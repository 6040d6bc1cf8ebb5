#!/usr/bin/env python3
"""Times one Python rung, checked first, under the interpreter that runs this file.

What main.cpp does for the C++ rungs, in the same order and with the same rows, so that both can
stand in one chart. Standard library only, and no syntax that CPython 2.7 does not know: how much
the interpreter matters is one of the questions.

The garbage collector stays as the interpreter set it up. timeit turns it off; but programs run
with it, and so does a rung.
"""

from __future__ import division, print_function

import argparse
import ast
import errno
import gc
import importlib
import io
import itertools
import json
import math
import numbers
import os
import platform
import re
import select
import signal
import sys
import time
import traceback
import types

# A rung that only asks and waits says so in a line of its docstring.
OTHER_PROCESS = "Process: another one does the work."

RUNG_FILE = re.compile(r"^[0-9][0-9]_([a-z][a-z0-9_]*)(\.[a-z0-9]+)?\.py$")
PROBLEM_KEYS = ("answer", "example", "input", "label", "tolerance", "work")

# As Google Benchmark writes it: times are wall time, the CPU time is that of all threads.
NAME_SUFFIX = "/process_time/real_time"

# Google Benchmark's own: no run is longer than this.
MOST_ITERATIONS = 1000000000

# Of a process's memory over time.
MOST_SAMPLES = 256
# When the run began, by the clock of all processes: told to the parent, and to nobody else.
BEGAN = "began"
REFUSALS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EFBIG,
    errno.EMFILE,
    errno.ENFILE,
    errno.EAGAIN,
    errno.ENOMEM,
    errno.EIO,
)
REFUSED, NOBODY_READS = 4, 128 + signal.SIGPIPE  # exit statuses
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG

if hasattr(time, "perf_counter"):
    now = time.perf_counter
    cpu_now = time.process_time
else:  # CPython 2.7
    now = time.time
    cpu_now = time.clock


class BadUsage(Exception):
    """Nothing can be run; the message says why in one sentence."""


class Refused(Exception):
    """The system refused what no rung is to blame for; the message says what in one sentence."""


class Skipped(Exception):
    """Something optional is missing: no failure, but a row that says so."""


class WrongAnswer(Exception):
    """A fast wrong answer is not a result: it is reported, never timed."""


# --- what is run -----------------------------------------------------------------------------


def read_object(path):
    try:
        with io.open(path, encoding="utf-8") as file:
            content = json.load(file, parse_constant=not_json)
    except EnvironmentError as error:
        raise BadUsage("cannot read %s: %s" % (path, error.strerror))
    except ValueError as error:
        raise BadUsage("%s is not a problem file: %s" % (path, error))
    if not isinstance(content, dict):
        raise BadUsage("%s is not a problem file: it holds no object" % path)
    return content


def read_problem(path):
    problem = read_object(path)
    for key in PROBLEM_KEYS:
        if key not in problem:
            raise BadUsage("%s is not a problem file: it has no '%s'" % (path, key))
    if not isinstance(problem["input"], dict) or not isinstance(problem["work"], dict):
        raise BadUsage("%s is not a problem file: input and work must be objects" % path)
    if not isinstance(problem["answer"], list) or not all(map(is_number, problem["answer"])):
        raise BadUsage("%s is not a problem file: its answer is no list of numbers" % path)
    if not is_number(problem["tolerance"]) or not all(map(is_number, problem["work"].values())):
        raise BadUsage("%s is not a problem file: tolerance and work must be numbers" % path)
    if "twin" in problem:
        problem["twin"] = os.path.join(os.path.dirname(path), problem["twin"])
    return problem


def not_json(word):
    raise ValueError("%s is no number of JSON" % word)


def is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def is_finite(number):
    return not math.isnan(number) and not math.isinf(number)


class Rung(object):
    """A rung file, and the function in it that bears its name."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.folder, self.file = os.path.split(self.path)
        match = RUNG_FILE.match(self.file)
        if not match:
            raise BadUsage("%s is not named NN_<name>.py, in lower case" % path)
        if not os.path.isfile(self.path):
            raise BadUsage("there is no rung %s" % path)
        self.name = match.group(1)

    def load(self):
        """Not by import: a module name cannot begin with a digit."""
        with open(self.path, "rb") as file:
            source = file.read()
        module = types.ModuleType(self.file[: -len(".py")])
        module.__file__ = self.path
        # Numba and pickle look a function's module up by name.
        sys.modules[module.__name__] = module
        try:
            exec(compile(source, self.path, "exec", 0, True), module.__dict__)
        except Exception:
            skipped = self.reason_to_skip(source)
            if skipped:
                raise Skipped(skipped)
            raise
        if not callable(getattr(module, self.name, None)):
            raise AttributeError("%s defines no function %s" % (self.file, self.name))
        return getattr(module, self.name)

    def has_beside_it(self, module):
        return os.path.isfile(os.path.join(self.folder, module + ".py"))

    def reason_to_skip(self, source):
        """Text if the rung stopped at the import of something that is not ours."""
        error = sys.exc_info()[1]
        if isinstance(error, SyntaxError) and error.filename == self.path:
            return None
        wanted = imported_at(source, self.line_of_error())
        if wanted is None:
            return None
        missing = name_of_missing_module(error)
        # If the package itself came in, it lacks a part: this is another version of it.
        if missing and wanted not in sys.modules and not self.has_beside_it(missing):
            return "%s is not installed" % missing
        if self.has_beside_it(wanted):
            return None
        # NumPy buries what went wrong under a page of advice.
        while getattr(error, "__context__", None) and "\n" in str(error):
            error = error.__context__
        return "%s cannot be imported: %s" % (wanted, one_line(error))

    def line_of_error(self):
        """The last line of this rung that the exception being handled went through."""
        error, trace = sys.exc_info()[1:]
        if isinstance(error, SyntaxError) and error.filename == self.path:
            return error.lineno
        lines = [frame[1] for frame in traceback.extract_tb(trace) if frame[0] == self.path]
        return lines[-1] if lines else None


def imported_at(source, line):
    """The top-level package that the import statement on this line asks for, or None."""
    for node in ast.walk(ast.parse(source)):
        if getattr(node, "lineno", None) != line:
            continue
        if isinstance(node, ast.Import):
            return node.names[0].name.split(".")[0]
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            return node.module.split(".")[0]
    return None


def name_of_missing_module(error):
    if not isinstance(error, ImportError):
        return None
    named = re.match(r"No module named '?(\w+)", str(error))
    return named.group(1) if named else None


def as_text(text):
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text  # CPython 2.7


def one_line(error):
    """An exception as "ValueError: why", whatever its message holds."""
    lines = traceback.format_exception_only(type(error), error)
    text = as_text(lines[-1] if isinstance(error, SyntaxError) else lines[0])
    text = " ".join(text.split())
    return text if len(text) <= 300 else text[:297] + "..."


def message_of_failure(rung):
    """What the row says of the exception being handled."""
    error = sys.exc_info()[1]
    if isinstance(error, Skipped):
        return "skipped: %s" % error.args[0]
    if isinstance(error, WrongAnswer):
        return "wrong answer: %s" % error.args[0]
    if isinstance(error, MemoryError):
        return "skipped: out of memory"
    if is_refusal(error):
        return "skipped: %s" % one_line(error)
    # What a rung raises where it can not do a case, or this machine lacks what it needs.
    if isinstance(error, NotImplementedError):
        return "skipped: %s" % one_line(error).split(": ", 1)[-1]
    line = rung.line_of_error()
    place = " (%s, line %d)" % (rung.file, line) if line else ""
    return "failed: %s%s" % (one_line(error), place)


# --- checks and times ------------------------------------------------------------------------


def checked_error(contract, problem, output, when=""):
    """The distance from the trusted answer; raises WrongAnswer unless it is tolerated."""
    try:
        return error_of(contract, problem, output)
    except WrongAnswer as wrong:
        raise WrongAnswer(wrong.args[0] + when)


def error_of(contract, problem, output):
    try:
        got = [float(number) for number in contract.answer(output)]
    except MemoryError:
        raise
    except Exception as error:
        raise WrongAnswer("the output cannot be read: %s" % one_line(error))
    expected = [float(number) for number in problem["answer"]]
    if len(got) != len(expected):
        raise WrongAnswer("%d numbers instead of %d" % (len(got), len(expected)))
    if not all(map(is_finite, got)):
        raise WrongAnswer("a number is not finite")
    error = float(contract.distance(got, expected))
    if not error <= problem["tolerance"]:  # in this form NaN is wrong, too
        raise WrongAnswer("error %r, tolerated %r" % (error, problem["tolerance"]))
    return error


# Who keeps an answer takes no time for it. A run that takes longer has computed something, and is
# not made again.
MOST_SECONDS_TO_CHECK_AGAIN = 0.01


def traded_in_place(one, other):
    """Whether the two could trade what is in them: they stay the objects that a rung knows."""
    if isinstance(one, list) and isinstance(other, list):
        one[:], other[:] = other[:], one[:]
        return True
    if hasattr(one, "dtype") and (one.dtype, one.shape) == (other.dtype, other.shape):
        mine = one.copy()
        one[...] = other
        other[...] = mine
        return True
    return False


def of_one_name(holder):
    """The names of what has no other name: two for one object would have it traded twice."""
    held = [id(value) for value in holder.values()]
    return {name for name, value in holder.items() if held.count(id(value)) == 1}


def trade(one, other):
    if traded_in_place(one, other):
        return
    mine, theirs = vars(one), vars(other)
    both = of_one_name(mine) & of_one_name(theirs)
    in_place = {name for name in both if traded_in_place(mine[name], theirs[name])}
    moved = [(name, mine.pop(name)) for name in set(mine) - in_place]
    mine.update((name, theirs.pop(name)) for name in set(theirs) - in_place)
    theirs.update(moved)


def output_of_another(function, given, other):
    """What the function makes of the other input in the place of the one that it has been given."""
    if not isinstance(given, list) and not hasattr(given, "__dict__"):
        return function(other)  # a tuple, say, has no place that another could take
    trade(given, other)
    try:
        return function(given)
    finally:
        trade(given, other)


def check_another_input(function, contract, problem, given, seconds):
    """Raises WrongAnswer if the function gives an answer that it has kept, as core/stand_in.hpp.

    `seconds` is what a run takes. Where that is short, another input of the same shape takes the
    place of this one, and then it is this one's turn again; else a small one does.
    """
    if seconds <= MOST_SECONDS_TO_CHECK_AGAIN and "twin" in problem:
        check_twin(function, contract, problem, given, read_object(problem["twin"]))
    elif "stand_in" in problem:
        small = dict(problem["stand_in"], tolerance=problem["tolerance"])
        other = contract.make_input(small["input"])
        try:
            output = output_of_another(function, given, other)
        except NotImplementedError:  # a rung may refuse cases, but not the one that was timed
            return
        checked_error(contract, small, output, ", in its place on " + small["label"])


def check_twin(function, contract, problem, given, twin):
    output = output_of_another(function, given, contract.make_input(twin["input"]))
    if "answer" in twin:
        twin["tolerance"] = problem["tolerance"]
        checked_error(contract, twin, output, ", in its place on " + twin["label"])
    elif is_right(contract, problem, output):
        raise WrongAnswer("the same is given for " + twin["label"])
    checked_error(contract, problem, function(given), ", after a run on " + twin["label"])


def is_right(contract, problem, output):
    try:
        error_of(contract, problem, output)
    except WrongAnswer:
        return False
    return True


def timed(function, given, iterations):
    """The last output, wall and CPU seconds of all iterations together."""
    again = itertools.repeat(None, iterations)
    cpu_start = cpu_now()
    start = now()
    for _ in again:
        output = function(given)
    seconds = now() - start
    return output, seconds, cpu_now() - cpu_start


def next_iterations(iterations, seconds, min_time):
    """How often to run next, as Google Benchmark predicts it."""
    # A run shorter than a tenth of the time wanted foretells little.
    growth = min_time * 1.4 / seconds if seconds > 0.1 * min_time else 10
    return min(max(int(growth * iterations + 0.5), iterations + 1), MOST_ITERATIONS)


def notes_of(function, given):
    """What the rung <name> tells of a run beside its answer, by its function <name>_notes."""
    module = sys.modules[function.__module__]
    told = getattr(module, function.__name__ + "_notes", None)
    return told(given) if told else {}


def first_repetition(function, given, options, known):
    """The last output, the number of iterations, wall and CPU seconds of all of them together."""
    iterations = known or 1
    output, seconds, cpu_seconds = timed(function, given, iterations)
    while not known and seconds < options.min_time and iterations < MOST_ITERATIONS:
        iterations = next_iterations(iterations, seconds, options.min_time)
        output, seconds, cpu_seconds = timed(function, given, iterations)
    return output, iterations, seconds, cpu_seconds


def measure(function, contract, problem, options, known):
    """One row's counters and, for each repetition, its times. `known` is how often to run, or 0."""
    given = contract.make_input(problem["input"])
    output, first_seconds, _ = timed(function, given, 1)
    counters = dict(problem["work"])
    counters["check_error"] = checked_error(contract, problem, output)
    counters["check_tolerance"] = problem["tolerance"]
    counters["first_seconds"] = first_seconds
    for name, value in notes_of(function, given).items():
        counters["note_" + name] = value
    if options.verify:
        # As if a run were short, and as if it were long.
        for seconds in (0.0, first_seconds + MOST_SECONDS_TO_CHECK_AGAIN):
            check_another_input(function, contract, problem, given, seconds)
        return counters, []

    began = now() - first_seconds
    while now() - began < options.warm_up:
        output = function(given)

    output, iterations, seconds, cpu_seconds = first_repetition(function, given, options, known)
    times = [(iterations, seconds, cpu_seconds)]
    # The first repetition fixes the number of iterations.
    while len(times) < options.repetitions:
        output, seconds, cpu_seconds = timed(function, given, iterations)
        times.append((iterations, seconds, cpu_seconds))

    # A rung that is right only the first time is not right; nor is one that keeps its answer.
    checked_error(contract, problem, output, " after several runs")
    check_another_input(function, contract, problem, given, seconds / iterations)
    return counters, times


# --- rows ------------------------------------------------------------------------------------


def name_of_row(rung, problem):
    return "%s/%s/%s" % (problem["example"], rung.name, problem["label"])


def row(name, repetitions, index):
    return {
        "name": name + NAME_SUFFIX,
        "run_name": name + NAME_SUFFIX,
        "run_type": "iteration",
        "repetitions": repetitions,
        "repetition_index": index,
        "threads": 1,
        "time_unit": "ns",
    }


def error_row(name, options, message):
    failed = row(name, options.repetitions, 0)
    failed.update(error_occurred=True, error_message=message)
    failed.update(iterations=0, real_time=0.0, cpu_time=0.0)
    return failed


def attempted(rung, action):
    """What action() returns and None, or None and the message of an error row."""
    try:
        return action(), None
    # A rung that calls sys.exit() must not take the other cases with it.
    except (Exception, SystemExit):
        return None, message_of_failure(rung)


def rows_of_case(rung, function, problem, options, known):
    name = name_of_row(rung, problem)

    def action():
        contract = importlib.import_module(problem["example"])
        return measure(function, contract, problem, options, known)

    measured, message = attempted(rung, action)
    if message:
        return [error_row(name, options, message)]
    counters, times = measured

    counters = {key: value for key, value in counters.items() if is_finite(value)}
    if options.verify:
        return [dict(row(name, 1, 0), **counters)]
    rows = []
    for index, (iterations, seconds, cpu_seconds) in enumerate(times):
        timing = row(name, options.repetitions, index)
        timing["iterations"] = iterations
        timing["real_time"] = 1e9 * seconds / iterations
        timing["cpu_time"] = 1e9 * cpu_seconds / iterations
        rows.append(dict(timing, **counters))
    return rows


def interpreter():
    """Who ran the rung. Asked afterwards: an import can turn the lock on, and bring packages."""
    facts = {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
    }
    if hasattr(sys, "_is_gil_enabled"):
        facts["gil"] = sys._is_gil_enabled()
    elif facts["implementation"] in ("CPython", "PyPy"):
        facts["gil"] = True
    facts["packages"] = installed_packages()
    return facts


def installed_packages():
    """The packages in use that do not come with the interpreter, and their versions."""
    packages = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        version = getattr(module, "__version__", None)
        ours = "site-packages" in file or "dist-packages" in file
        if ours and "." not in name and not name.startswith("_") and isinstance(version, str):
            packages[name] = version
    return packages


def context():
    return {
        "date": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
        "host_name": os.uname()[1],
        "executable": sys.executable,
        "num_cpus": os.sysconf("SC_NPROCESSORS_ONLN"),
        "interpreter": interpreter(),
    }


# --- layers ----------------------------------------------------------------------------------


def kilobytes_of(key):
    try:
        with open("/proc/self/status") as lines:
            for line in lines:
                if line.startswith(key + ":"):
                    return int(line.split()[1])
    except EnvironmentError:
        pass
    return None


def usage_now():
    import resource

    return resource.getrusage(resource.RUSAGE_SELF)


def peak_resident_bytes():
    kilobytes = kilobytes_of("VmHWM")
    if kilobytes is not None:
        return kilobytes * 1024
    return usage_now().ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def forget_peak():
    """Linux forgets the peak on request; elsewhere it includes what was before the run."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except EnvironmentError:
        pass


def os_counts(function, given):
    forget_peak()
    resident = kilobytes_of("VmRSS")
    baseline = peak_resident_bytes() if resident is None else resident * 1024
    before = usage_now()
    began = now()
    _, seconds, _ = timed(function, given, 1)
    after = usage_now()
    return {
        BEGAN: began,
        "seconds": seconds,
        "user_seconds": after.ru_utime - before.ru_utime,
        "system_seconds": after.ru_stime - before.ru_stime,
        "baseline_resident_bytes": baseline,
        "peak_resident_bytes": peak_resident_bytes(),
        "minor_page_faults": after.ru_minflt - before.ru_minflt,
        "major_page_faults": after.ru_majflt - before.ru_majflt,
        "voluntary_context_switches": after.ru_nvcsw - before.ru_nvcsw,
        "involuntary_context_switches": after.ru_nivcsw - before.ru_nivcsw,
    }


class Allocations(object):
    """Counts what this process asks of malloc, if it was started with the library that counts."""

    def __init__(self, problem):
        self.arrays = problem.get("arrays", {"bytes": 0, "results": 0})
        try:
            import ctypes

            library = ctypes.CDLL(None)
            self._start = library.mythbench_count_allocations
            self._start.argtypes, self._start.restype = [ctypes.c_uint64], None
            self._told = library.mythbench_allocations
            self._counted = (ctypes.c_uint64 * 3)()
            self._told.restype = None
            self.missing = None
        except (ImportError, AttributeError, OSError, TypeError):
            self.missing = "the library that counts them was not loaded"

    def start(self):
        if not self.missing:
            self._start(int(self.arrays["bytes"]) or 2**64 - 1)

    def told(self):
        """Calls, bytes, and arrays among them since the start."""
        self._told(self._counted)
        return list(self._counted)


# A run that took longer is not made once more to see what it does with memory.
MOST_SECONDS_TO_RUN_AGAIN = 2.0
# Smaller arrays cannot be told from what else a run allocates.
LEAST_BYTES_OF_ARRAY = 65536


def memory_counts(function, given, allocations, first, seconds):
    """What was asked of malloc, and what a run does with memory once the first has been there."""
    counts, unknown = {}, {}
    if first:
        counts["first_allocations"], counts["first_allocated_bytes"], _ = first
    else:
        unknown["first_allocations"] = allocations.missing
    if seconds > MOST_SECONDS_TO_RUN_AGAIN:
        unknown["later_page_faults"] = "a run of this case takes too long to be made again"
    else:
        before = usage_now()
        allocations.start()
        function(given)
        later = None if allocations.missing else allocations.told()
        after = usage_now()
        faults = after.ru_minflt - before.ru_minflt + after.ru_majflt - before.ru_majflt
        counts["later_page_faults"] = faults
        if later:
            counts["later_allocations"], counts["later_allocated_bytes"], arrays = later
            # A result that is made anew is none.
            if allocations.arrays["bytes"] >= LEAST_BYTES_OF_ARRAY:
                counts["temporaries"] = max(0, arrays - allocations.arrays["results"])
    if unknown:
        counts["unknown"] = unknown
    return counts


# With an event for every instruction a run takes so many times as long, so only short ones do.
MOST_SECONDS_TO_MONITOR = 0.01


def all_counts(function, given, allocations):
    """What the OS, malloc and the interpreter did; what they do not tell is named, with why."""
    counts, unknown = {}, {}
    blocks = getattr(sys, "getallocatedblocks", None)
    before, first = [], []

    def watched(argument):
        # Just before the run: what counting itself needs is there.
        before.append(blocks() if blocks else 0)
        allocations.start()
        output = function(argument)
        if not allocations.missing:
            first.extend(allocations.told())
        return output

    os_layer = os_counts(watched, given)
    if blocks:
        counts["blocks_left"] = max(0, blocks() - before[0])
    else:
        unknown["blocks_left"] = "this interpreter has no sys.getallocatedblocks"
    if not hasattr(sys, "monitoring"):
        unknown["bytecodes"] = "only CPython tells, from 3.12 on"
    elif os_layer["seconds"] > MOST_SECONDS_TO_MONITOR:
        unknown["bytecodes"] = "a run of this case would take too long while they are counted"
    else:
        counts["bytecodes"] = bytecodes_of(function, given)
    if unknown:
        counts["unknown"] = unknown
    memory = memory_counts(function, given, allocations, first, os_layer["seconds"])
    return {"os": os_layer, "memory": memory, "interpreter": counts}


def bytecodes_of(function, given):
    """Instructions of Python that one run executes, as CPython's sys.monitoring reports them."""
    monitoring = sys.monitoring
    tool, event = monitoring.PROFILER_ID, monitoring.events.INSTRUCTION
    seen = [0]

    def count(code, offset):
        seen[0] += 1

    monitoring.use_tool_id(tool, "mythbench")
    monitoring.register_callback(tool, event, count)
    try:
        monitoring.set_events(tool, event)
        function(given)
        monitoring.set_events(tool, 0)
    finally:
        monitoring.register_callback(tool, event, None)
        monitoring.free_tool_id(tool)
    return seen[0]


def resident_bytes_of(process):
    """Of another process, without stopping it; None if the system does not tell."""
    try:
        with open("/proc/%d/statm" % process) as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (EnvironmentError, IndexError):
        return None


def watched(child, pipe):
    """The child's resident memory over time, until it has something to say.

    A long run is looked at less often: whenever there are too many samples, every other one goes.
    """
    samples, pause = [], 0.001
    while not select.select([pipe], [], [], pause)[0]:
        resident = resident_bytes_of(child)
        if resident is None:
            continue
        samples.append((now(), resident))
        if len(samples) == MOST_SAMPLES:
            samples, pause = samples[::2], 2 * pause
    return samples


def with_samples_of_run(layers, samples):
    """Those taken between beginning and end of the run, the beginning included."""
    if "os" not in layers:
        return layers
    counts = layers["os"]
    began = counts.pop(BEGAN)
    during = [(at - began, resident) for at, resident in samples]
    during = [sample for sample in during if 0 < sample[0] <= counts["seconds"]]
    during.insert(0, (0.0, counts["baseline_resident_bytes"]))
    counts["resident"] = {"seconds": [s[0] for s in during], "bytes": [s[1] for s in during]}
    return layers


def in_child(action, watch=False):
    """What action() returns in a forked child, or {"reason": why there is nothing}.

    With `watch` these are layers, and the child's memory over time is added to them.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(2, 1)  # what a rung prints must not get between the rows
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(json.dumps(action(), allow_nan=False).encode("ascii"))
        os._exit(0)
    os.close(writer)
    samples = watched(child, reader) if watch else None
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    status = os.waitpid(child, 0)[1]
    if text and status == 0:
        result = json.loads(text.decode("ascii"))
        return with_samples_of_run(result, samples) if watch else result
    if os.WIFSIGNALED(status):
        return {"reason": "the process was ended by signal %d" % os.WTERMSIG(status)}
    return {"reason": "the process ended with status %d" % os.WEXITSTATUS(status)}


def layers_of(rung, problem):
    """Counted in a forked child, because a peak is a maximum over a process's whole life.

    In the child of a child: the first one imports the rung, so that the next rung meets a process
    without it; the second begins with the pages that interpreter and packages wrote, but without
    those of their files, which belong to all who use them.
    """

    def counted(action):
        result, message = attempted(rung, action)
        return {"reason": re.sub("^skipped: ", "", message)} if message else result

    def prepare():
        contract = importlib.import_module(problem["example"])
        function, given = rung.load(), contract.make_input(problem["input"])
        allocations = Allocations(problem)
        if OTHER_PROCESS in (sys.modules[function.__module__].__doc__ or "").splitlines():
            return {"reason": "another process does the work"}
        if hasattr(gc, "freeze"):
            gc.freeze()  # or the collector would touch, and so copy, every page it shares
        return in_child(
            lambda: counted(lambda: all_counts(function, given, allocations)), watch=True
        )

    return in_child(lambda: counted(prepare))


# --- the program -----------------------------------------------------------------------------


def say(text, file=None):
    # A message may hold what the terminal's encoding lacks.
    text = as_text(text).encode("ascii", "backslashreplace").decode("ascii")
    print(text, file=file or sys.stdout)


def write_whole(path, document):
    """Whole or not at all: a killed process leaves no half file."""
    text = json.dumps(document, indent=1, sort_keys=True, allow_nan=False)
    draft = "%s.%d" % (path, os.getpid())
    try:
        with open(draft, "wb") as file:
            file.write(text.encode("ascii") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, path)
    except EnvironmentError as error:
        if os.path.exists(draft):
            os.unlink(draft)
        raise (Refused if is_refusal(error) else BadUsage)(
            "cannot write %s: %s" % (path, error.strerror)
        )


def is_refusal(error):
    """Whether it says that the system has no room for a file, or no leave."""
    return isinstance(error, EnvironmentError) and error.errno in REFUSALS


def seconds_argument(text):
    seconds = float(text)
    if not 0 <= seconds < float("inf"):
        raise ValueError
    return seconds


seconds_argument.__name__ = "number of seconds"


def number_argument(text):
    number = int(text)
    if number < 0:
        raise ValueError
    return number


number_argument.__name__ = "number"


def count_argument(text):
    count = number_argument(text)
    if count < 1:
        raise ValueError
    return count


count_argument.__name__ = "count"


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise BadUsage("%s; --help lists the options" % message)


def parse_arguments(words):
    parser = Parser(prog="python.py", description=__doc__.splitlines()[0])
    parser.add_argument("--rung", required=True, metavar="FILE", help="src/<example>/NN_<name>.py")
    parser.add_argument(
        "--problem",
        required=True,
        action="append",
        dest="problems",
        metavar="FILE",
        help="as mythbench --write-problem makes it; may be given several times",
    )
    parser.add_argument("--out", metavar="FILE", help="write the rows into this JSON file")
    parser.add_argument(
        "--min-time",
        type=seconds_argument,
        default=0.1,
        metavar="SECONDS",
        help="repeat a rung until it took so long (default 0.1)",
    )
    parser.add_argument(
        "--warm-up",
        type=seconds_argument,
        default=0.1,
        metavar="SECONDS",
        help="run a rung for so long before it is timed (default 0.1)",
    )
    parser.add_argument(
        "--iterations",
        type=number_argument,
        action="append",
        metavar="N",
        help="for each problem: by so many runs, instead of looking for their number, if not 0",
    )
    parser.add_argument(
        "--repetitions",
        type=count_argument,
        default=1,
        metavar="N",
        help="measure so often, each a row (default 1)",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--verify", action="store_true", help="check only, time nothing")
    mode.add_argument(
        "--layers", action="store_true", help="count what the OS does in one run, print it as JSON"
    )
    return parser.parse_args(words)


def table_line(width, result):
    name = result["name"].ljust(width)
    if result.get("error_occurred"):
        return "%s %s" % (name, result["error_message"])
    if "real_time" not in result:
        return "%s right, error %g" % (name, result["check_error"])
    times = result["real_time"], result["cpu_time"], result["iterations"]
    return "%s %15.0f ns %15.0f ns %10d" % ((name,) + times)


def time_rung(rung, options, example, names):
    width = max(map(len, names)) + len(NAME_SUFFIX)

    def load():
        # The contract first, as for the layers: it may know where a rung finds compiled modules.
        importlib.import_module(example)
        return rung.load()

    function, message = attempted(rung, load)
    rows = []
    iterations = options.iterations or [0] * len(names)
    for path, name, known in zip(options.problems, names, iterations):
        # Read again instead of kept: what lies in memory is work for the garbage collector.
        results = (
            [error_row(name, options, message)]
            if message
            else rows_of_case(rung, function, read_problem(path), options, known)
        )
        for result in results:
            say(table_line(width, result))
        rows += results
    if options.out:
        write_whole(options.out, {"context": context(), "benchmarks": rows})
    messages = [result["error_message"] for result in rows if result.get("error_occurred")]
    return 0 if all(message.startswith("skipped: ") for message in messages) else 1


def count_layers(rung, options, names):
    counted = [
        {"label": name, "layers": layers_of(rung, read_problem(path))}
        for path, name in zip(options.problems, names)
    ]
    if options.out:
        write_whole(options.out, counted)
    else:
        print(json.dumps(counted, indent=1, sort_keys=True, allow_nan=False))
    return 0


# --- a process that others are forked from -----------------------------------------------------


def number_of_threads():
    """Of this process; None where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except EnvironmentError:
        return None


def death_with_parent():
    """A function by which a child of this process ends when it does; None where there is none."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, AttributeError, OSError, TypeError):
        return None
    parent = os.getpid()

    def die_with_parent():
        prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it was asked for
            os._exit(1)

    return die_with_parent


def prepare_numba():
    """What Numba puts off from its import to the first call of all: what it knows of types.

    No rung is to blame for it. Where Numba keeps that elsewhere, each child does it again.
    """
    if "numba" not in sys.modules:
        return
    try:
        target = importlib.import_module("numba.core.registry").cpu_target
        target.typing_context.refresh()
        target.target_context.refresh()
    except (ImportError, AttributeError):
        pass


def serve(modules):
    """Imports once, then forks a child for each command line that the standard input brings.

    Each line is an object of JSON: the words, and the files for the child's output and errors. What
    the child is called, and how it ended, are lines of the standard output. The first says if there
    can be children at all: a thread would not survive the fork, but what it holds locked would.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an import prints is no answer
    die_with_parent = death_with_parent()
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception:
            pass  # whose rung asks again, and says what is missing

    def answer(**said):
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    prepare_numba()
    ready = die_with_parent is not None and number_of_threads() == 1
    answer(ready=ready)
    while ready:
        line = sys.stdin.readline()
        if not line:
            break
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            os.close(answers.fileno())
            die_with_parent()
            os._exit(status_of_child(asked))
        answer(child=child)
        status = os.waitpid(child, 0)[1]
        answer(status=-os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
    return 0


def as_word(text):
    return text if isinstance(text, str) else text.encode("utf-8")  # CPython 2.7


def status_of_child(asked):
    """Does what a process of its own would, in a session of its own."""
    os.setsid()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, file in enumerate((os.devnull, asked["output"], asked["errors"])):
        try:
            opened = os.open(file, flags if number else os.O_RDONLY, 0o666)
        except EnvironmentError:
            return REFUSED
        os.dup2(opened, number)
        os.close(opened)
    try:
        status = main([as_word(word) for word in asked["words"]])
    except BaseException:
        traceback.print_exc()
        status = 1
    return status


def main(words):
    if words[:1] == ["--serve"]:
        return serve(words[1:])
    try:
        options = parse_arguments(words)
        rung = Rung(options.rung)
        if options.out and not os.path.isdir(os.path.dirname(os.path.abspath(options.out))):
            raise BadUsage("there is no folder for %s" % options.out)
        if options.iterations and len(options.iterations) != len(options.problems):
            raise BadUsage("--iterations is wanted once for each --problem, or not at all")
        names = []
        for path in options.problems:
            problem = read_problem(path)
            example = problem["example"]
            if not rung.has_beside_it(example):
                raise BadUsage("%s is no rung of '%s'" % (options.rung, example))
            names.append(name_of_row(rung, problem))
        sys.path.insert(0, rung.folder)
        if options.layers:
            status = count_layers(rung, options, names)
        else:
            status = time_rung(rung, options, example, names)
        sys.stdout.flush()
        return status
    except BadUsage as error:
        say("python.py: %s" % as_text(error.args[0]), sys.stderr)
        return 2
    except Refused as error:
        say("python.py: %s" % as_text(error.args[0]), sys.stderr)
        return REFUSED
    except EnvironmentError as error:
        # The interpreter would try once more, and end with a status of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if error.errno == errno.EPIPE:
            return NOBODY_READS
        say("python.py: cannot write the output: %s" % one_line(error), sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
