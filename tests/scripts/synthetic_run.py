"""A run as it might have been measured, made up from a seed: for tests and for looking at pictures.

No number in it was measured, and none is ever shown as a result.
"""

from __future__ import annotations

import copy
import random

CPYTHON = {
    "implementation": "CPython",
    "version": "3.11.2",
    "gil": True,
    "packages": {"numpy": "1.24.2"},
}
PYPY = {"implementation": "PyPy", "version": "3.9.16", "gil": True}
BASELINE = {"c++": 4_200_000, "python": 31_000_000}


def rung(name: str, number: int, file: str, caption: str, threaded: bool = False) -> dict:
    python = file.endswith(".py")
    if python:
        source = f'"""{caption}"""\n\n\ndef {name}(problem):\n    return [x < 1 for x in problem]\n'
    else:
        source = f"// {caption}\n\nvoid {name}(Input const& in, Output& out) {{ out = 1 < 2; }}\n"
    return {
        "name": name,
        "number": number,
        "file": file,
        "language": "python" if python else "c++",
        "caption": caption,
        "threaded": threaded,
        "source": source,
    }


def case(label: str, items: float) -> dict:
    pairs = [part.split(":") for part in label.split("/")]
    parameters = {name: int(value) if value.isdigit() else value for name, value in pairs}
    work = {"items": items, "flops": 20 * items, "bytes": 8 * items}
    return {"label": label, "parameters": parameters, "work": work}


class Builder:
    """Collects ladders and rows; `document` gives what a run.json holds."""

    def __init__(self, rounds: int = 7, seed: int = 1, noise: float = 0.02):
        self.rounds = rounds
        self.random = random.Random(seed)
        self.noise = noise
        self.ladders: list[dict] = []
        self.rows: list[dict] = []

    def ladder(self, example: str, **given) -> Builder:
        defaults = {
            "title": example,
            "kind": "rumour",
            "item": "item",
            "tolerance": 1e-12,
            "claims": [],
        }
        self.ladders.append({"example": example, **defaults, **given})
        return self

    def find(self, example: str, name: str, label: str) -> tuple[dict, dict]:
        ladder = next(ladder for ladder in self.ladders if ladder["example"] == example)
        found = next(r for r in ladder["rungs"] if r["name"] == name)
        return found, next(c for c in ladder["cases"] if c["label"] == label)

    def row(self, example: str, name: str, label: str, interpreter: dict | None = None) -> dict:
        found, stated = self.find(example, name, label)
        python = found["language"] == "python"
        row = {
            "example": example,
            "rung": name,
            "case": dict(stated["parameters"]),
            "language": found["language"],
            "interpreter": (interpreter or CPYTHON) if python else None,
            "status": "ok",
            "samples": [],
            "work": dict(stated["work"]),
        }
        self.rows.append(row)
        return row

    def ok(
        self, example, name, label, seconds, peak=0, faults=None, interpreter=None, notes=None
    ) -> Builder:
        """`seconds` is the centre of the rounds; `peak` what the run adds to the memory."""
        row = self.row(example, name, label, interpreter)
        for number in range(self.rounds):
            measured = seconds * self.random.lognormvariate(0, self.noise)
            row["samples"].append(
                {
                    "round": number,
                    "seconds": measured,
                    "started": f"2026-11-22T14:{number:02d}:00Z",
                    "cpu_seconds": measured * 0.99,
                    "iterations": max(1, int(0.1 / seconds)),
                    "first_seconds": measured * 1.3,
                }
            )
            told = {name: value * measured / seconds for name, value in (notes or {}).items()}
            if told:
                row["samples"][-1]["notes"] = told
        row["check"] = {"error": 3.2e-16, "tolerance": 1e-12, "passed": True}
        baseline = BASELINE[row["language"]]
        if faults is None:
            faults = 120 + peak // 4096
        row["layers"] = {
            "os": {
                "seconds": seconds,
                "user_seconds": seconds * 0.9,
                "system_seconds": seconds * 0.1,
                "baseline_resident_bytes": baseline,
                "peak_resident_bytes": baseline + peak,
                "minor_page_faults": faults,
                "major_page_faults": 0,
                "voluntary_context_switches": 1,
                "involuntary_context_switches": 2,
            }
        }
        return self

    def skipped(self, example, name, label, reason, interpreter=None, **forecast) -> Builder:
        row = self.row(example, name, label, interpreter)
        row.update(status="skipped", reason=reason)
        if forecast:
            row["forecast"] = forecast
        return self

    def failed(self, example, name, label, reason, error=None, interpreter=None) -> Builder:
        row = self.row(example, name, label, interpreter)
        row.update(status="failed", reason=reason)
        row["check"] = {"tolerance": 1e-12, "passed": False}
        if error is not None:
            row["check"]["error"] = error
        return self

    def document(self, **changes) -> dict:
        document = {
            "schema_version": 1,
            "run_id": "20261122T140000Z_made-up",
            "started": "2026-11-22T14:00:00Z",
            "finished": "2026-11-22T14:04:12Z",
            "complete": True,
            "suite": {"version": "0.1.0", "commit": "0123456789abcdef", "dirty": False},
            "settings": {
                "quick": False,
                "budget_seconds": 300,
                "rounds": self.rounds,
                "only": [],
                "pythons": [],
            },
            "machine": machine(),
            "ladders": self.ladders,
            "rows": self.rows,
            "sentinels": [],
            "warnings": [],
            "verdicts": [],
        }
        document.update(changes)
        return copy.deepcopy(document)


def bandwidth(level: str, rate: float, holds: int | None = None, stores: str = "ordinary") -> dict:
    entry = {"level": level, "bytes_per_second": rate, "stores": stores}
    return entry if holds is None else {**entry, "holds_bytes": holds}


def noise(floor: float) -> dict:
    """What `make noise` would have found."""
    own = {"seconds": 2e-6, "floor": floor, "drift": -0.002}
    return {
        "measured": "2026-11-22T13:00:00Z",
        "floor": floor,
        "drift": -0.002,
        "rounds": 14,
        "rungs": [{"example": "sums", "rung": "naive", "case": "n:10/threads:1", **own}],
    }


def topology(nodes: int = 1, cores: int = 2, threads: int = 1) -> dict:
    """So many nodes of so many cores; the first thread of every core comes before the others."""
    every = nodes * cores

    def several(first: int, count: int) -> str:
        spans = [(first + t * every, first + t * every + count - 1) for t in range(threads)]
        return ",".join(f"{low}-{high}" if high > low else f"{low}" for low, high in spans)

    sizes = [(1, 32768, 1), (2, 1048576, 1), (3, 37486592, cores)]
    return {
        "told_by": "hwloc, API 2.8",
        "usable": several(0, every),
        "packages": [several(0, every)],
        "cores": [several(core, 1) for core in range(every)],
        "kinds": [],
        "nodes": [
            {"number": n, "memory_bytes": 8_000_000_000, "processors": several(n * cores, cores)}
            for n in range(nodes)
        ],
        "caches": [
            {"level": level, "size_bytes": size, "processors": several(first, shared)}
            for level, size, shared in sizes
            for first in range(0, every, shared)
        ],
    }


def machine() -> dict:
    return {
        "name": "made-up",
        "cpu": {
            "model": "Example Processor 9000 @ 3.00GHz",
            "vendor": "ExampleVendor",
            "architecture": "x86_64",
            "cores": 2,
            "usable_cores": 2,
            "threads_per_core": 1,
            "sockets": 1,
            "flags": ["avx2", "fma"],
            "caches": [
                {"level": 1, "type": "data", "size_bytes": 32768, "instances": 2},
                {"level": 2, "type": "unified", "size_bytes": 1048576, "instances": 2},
                {"level": 3, "type": "unified", "size_bytes": 37486592, "instances": 1},
            ],
        },
        "memory_bytes": 8_000_000_000,
        "topology": topology(),
        "ceilings": {
            "instruction_set": "AVX2",
            "measured": "2026-11-22T13:59:00Z",
            "latency": [
                {"level": "L1", "bytes": 32768, "seconds": 1.2e-9},
                {"level": "L3", "bytes": 16777216, "seconds": 1.4e-8},
                {"level": "L3", "bytes": 33554432, "seconds": 2.1e-8},
                {"level": "memory", "bytes": 134217728, "seconds": 9.6e-8},
            ],
            "peaks": [
                {
                    "threads": threads,
                    "f64_operations_per_second": threads * 2e10,
                    "f32_operations_per_second": threads * 4e10,
                    "u64_operations_per_second": threads * 3e10,
                    "bandwidths": [
                        bandwidth("L1", threads * 1e11, threads * 32768),
                        bandwidth("L3", threads * 4e10, 37486592),
                        bandwidth("memory", threads * 8e9),
                        bandwidth("memory", threads * 1e10, stores="streaming"),
                    ],
                }
                for threads in (1, 2)
            ],
        },
        "os": "Debian GNU/Linux 12 (bookworm)",
        "kernel": "6.1.0-18-amd64",
        "virtualization": "kvm",
        "huge_pages": {"transparent": "madvise"},
        "cgroup": {"cpu_quota": 2.0, "memory_limit_bytes": 8_000_000_000},
        "load_before": 0.12,
        "load_after": 1.05,
        "build": {
            "build_type": "Release",
            "compiler": "GNU 12.2.0",
            "flags": "-O3 -DNDEBUG",
            "binary_sha256": "00" * 32,
        },
        "pythons": [CPYTHON],
        "unknown": {"governor": "/sys/devices/system/cpu/cpu0/cpufreq is not there"},
    }


def dummy_objects(builder: Builder) -> Builder:
    src = "src/dummy_objects/"
    small, talk, large, refused = "n:1000", "n:4000", "n:8000", "n:100000"
    builder.ladder(
        "dummy_objects",
        title="Dummy objects that screw up memory",
        item="random number",
        cases=[
            case(small, 1e6),
            case(talk, 1.6e7),
            case(large, 6.4e7),
            case(refused, 1e10),
        ],
        rungs=[
            rung("numpy_one_array", 5, src + "05_numpy_one_array.py", "One array for all numbers."),
            rung(
                "numpy_row_temporary", 6, src + "06_numpy_row_temporary.py", "A new array per row."
            ),
            rung("numpy_row_buffer", 7, src + "07_numpy_row_buffer.py", "One row, used again."),
            rung("one_array", 10, src + "10_one_array.cpp", "One array for all numbers, in C++."),
            rung(
                "one_array_huge_pages",
                15,
                src + "15_one_array_huge_pages.cpp",
                "The same array on large pages, asked for with madvise as NumPy does.",
            ),
            rung("row_temporary", 20, src + "20_row_temporary.cpp", "A new array per row."),
            rung("row_buffer", 30, src + "30_row_buffer.cpp", "One row, used again for every row."),
            rung(
                "no_array", 40, src + "40_no_array.cpp", "No array: each number goes into the sum."
            ),
        ],
        claims=[
            {
                "id": "row-temporary-memory",
                "says": "A temporary per row needs at least 5 times less memory than an array",
                "measure": "layers.os.peak_resident_bytes",
                "of": "numpy_one_array",
                "over": "numpy_row_temporary",
                "case": {"n": 4000},
                "at_least": 5,
            },
            {
                "id": "row-temporary-time",
                "says": "A temporary per row is also faster than one huge array",
                "of": "numpy_one_array",
                "over": "numpy_row_temporary",
                "at_least": 1.05,
            },
        ],
    )
    for label, n in ((small, 1000), (talk, 4000), (large, 8000)):
        count, square = n * n, 8 * n * n
        builder.ok("dummy_objects", "numpy_one_array", label, 1.3e-8 * count, square, square >> 21)
        builder.ok("dummy_objects", "numpy_row_temporary", label, 1.0e-8 * count, 8 * n, 12)
        builder.ok("dummy_objects", "numpy_row_buffer", label, 0.9e-8 * count, 8 * n, 11)
        builder.ok("dummy_objects", "one_array", label, 0.8e-8 * count, square)
        builder.ok("dummy_objects", "one_array_huge_pages", label, 0.6e-8 * count, square, 130)
        builder.ok("dummy_objects", "row_temporary", label, 0.5e-8 * count, 8 * n)
        builder.ok("dummy_objects", "row_buffer", label, 0.5e-8 * count, 8 * n)
        builder.ok("dummy_objects", "no_array", label, 0.45e-8 * count, 0)
    memory = "forecast 80 GB of memory, 7.4 GB available"
    for name in ("numpy_one_array", "one_array", "one_array_huge_pages"):
        builder.skipped("dummy_objects", name, refused, memory, bytes=8e10, seconds=130)
    for name in ("numpy_row_temporary", "numpy_row_buffer", "row_temporary", "row_buffer"):
        builder.skipped("dummy_objects", name, refused, "forecast 100 s", seconds=100)
    builder.skipped("dummy_objects", "no_array", refused, "forecast 45 s", seconds=45)
    return builder


def locator(builder: Builder) -> Builder:
    src = "src/locator/"
    cases = []
    for grid, nodes in (("small", 10_933), ("medium", 457_002)):
        for events in (1, 4, 64):
            for threads in (1, 2):
                label = f"grid:{grid}/events:{events}/threads:{threads}"
                cases.append(case(label, nodes * events))
    builder.ladder(
        "locator",
        title="Python cannot locate an earthquake before the next one",
        item="node and event",
        cases=cases,
        rungs=[
            rung("python_talk", 5, src + "05_python_talk.py", "The talk's loop, literally."),
            rung("numpy_broadcast", 6, src + "06_numpy_broadcast.py", "All amplitudes at once."),
            rung(
                "numpy_matrix_product",
                7,
                src + "07_numpy_matrix_product.py",
                "All events at once: correlations are a matrix product.",
            ),
            rung("numba_talk", 8, src + "08_numba_talk.py", "The talk's loop, compiled by Numba."),
            rung(
                "numba_closed_form",
                9,
                src + "09_numba_closed_form.py",
                "Closed form in the amplitude, vectorised over events.",
                threaded=True,
            ),
            rung("talk", 10, src + "10_talk.cpp", "The talk's loop, literally, in C++."),
            rung("hoisted", 20, src + "20_hoisted.cpp", "Distance and decay leave the inner loop."),
            rung("closed_form", 30, src + "30_closed_form.cpp", "Two amplitudes instead of all."),
            rung("matrix_product", 40, src + "40_matrix_product.cpp", "Eigen multiplies matrices."),
            rung("mine", 45, src + "45_mine.cpp", "An attendee's own rung."),
            rung("threads", 50, src + "50_threads.cpp", "The nodes are shared out.", threaded=True),
            {
                **rung("fused", 60, src + "60_fused.cpp", "Nothing is stored.", threaded=True),
                "bounds": {
                    each["label"]: {
                        "f64_operations": 8 * each["work"]["items"],
                        "f32_operations": 4 * each["work"]["items"],
                        "bytes": 1e6,
                    }
                    for each in cases
                },
            },
            rung("search", 80, src + "80_search.cpp", "What cannot win is left out."),
        ],
        claims=[
            {
                "id": "numba-talk",
                "says": "Numba makes the talk's kernel at least 2000 times faster per event",
                "of": "python_talk",
                "over": "numba_closed_form",
                "case": {"grid": "small"},
                "at_least": 2000,
            },
            {
                "id": "threads-scale",
                "says": "Two threads are at least 1.7 times faster than one",
                "of": {"rung": "threads", "case": {"threads": 1}},
                "over": {"rung": "threads", "case": {"threads": 2}},
                "at_least": 1.7,
            },
            {
                "id": "numba-is-c",
                "says": "Numba's compilation of the talk's loop is within 1.2 times of C++",
                "of": "numba_talk",
                "over": "talk",
                "at_least": 0.833,
                "at_most": 1.2,
            },
        ],
    )
    per_item = {
        "python_talk": 90e-6,
        "numpy_broadcast": 9e-6,
        "numpy_matrix_product": 60e-9,
        "numba_closed_form": 3.2e-9,
        "talk": 2.1e-6,
        "hoisted": 0.13e-6,
        "closed_form": 21e-9,
        "matrix_product": 16e-9,
        "threads": 1.4e-9,
        "fused": 0.66e-9,
        "search": 0.05e-9,
    }
    threaded = ("numba_closed_form", "threads", "fused")
    for stated in cases:
        label, items = stated["label"], stated["work"]["items"]
        threads = stated["parameters"]["threads"]
        for name, each in per_item.items():
            if threads > 1 and name not in threaded:
                continue
            seconds = each * items / (1.0 if threads == 1 else 1.9)
            if seconds > 20:
                days = seconds / 86400
                text = f"forecast {days:.1f} days" if days > 2 else f"forecast {seconds:.0f} s"
                builder.skipped("locator", name, label, text, seconds=seconds)
            else:
                notes = {
                    "build_seconds": 0.7 * seconds,
                    "search_seconds": 0.3 * seconds,
                    "nodes_visited": 0.001 * items,
                }
                told = {"notes": notes} if name == "search" else {}
                builder.ok("locator", name, label, seconds, int(8 * items % 50_000_000), **told)
        if threads == 1:
            builder.skipped("locator", "numba_talk", label, "numba is not installed")
            builder.failed(
                "locator", "mine", label, "wrong answer: error 3, tolerance 0", error=3.0
            )
    return builder


def two_examples(rounds: int = 7, seed: int = 1, noise: float = 0.02) -> Builder:
    return locator(dummy_objects(Builder(rounds, seed, noise)))


MYTHS = [
    {
        "id": "memory",
        "kind": "rumour",
        "says": "Dummy objects that screw up memory",
        "refuted_by": "both sides",
        "why": {"true": "They do.", "partly": "Some do.", "busted": "They do not."},
    },
    {
        "id": "late",
        "kind": "myth",
        "says": "Python comes too late",
        "refuted_by": "one way that works",
        "why": {"true": "It does.", "partly": "It may.", "busted": "It need not."},
    },
]


def with_myths(builder: Builder) -> dict:
    """A run of `two_examples` that answers them: TRUE from two claims, BUSTED from two."""
    speaks = {
        "row-temporary-memory": "for",
        "row-temporary-time": "for",
        "numba-talk": "against",
        "threads-scale": "against",
    }
    for ladder, myth in zip(builder.ladders, MYTHS):
        ladder["myth"] = myth["id"]
        for claim in ladder["claims"]:
            if claim["id"] in speaks:
                claim.update(speaks=speaks[claim["id"]], decides=True)
    return builder.document(myths=MYTHS)


def hostile() -> Builder:
    """Twenty rungs of long names, from 30 ns to 5 days, with everything that can go wrong."""
    names = [f"a_rather_long_name_that_goes_on_and_on_{i}" for i in range(17)]
    rungs = [
        rung(n, 5 + 5 * i, f"src/long/{n}.cpp", "Long.", i % 5 == 4) for i, n in enumerate(names)
    ]
    rungs += [
        rung(n, 90 + i, f"src/long/{n}.py", "Long.") for i, n in enumerate(["x", "python_y", "z"])
    ]
    label = "a_parameter:with_a_long_value/another_parameter:1000000/threads:1"
    both = [label, label[:-1] + "2"]
    builder = Builder(3).ladder(
        "long",
        title="A claim so long that no slide has room for it in a single line of this size of type",
        cases=[case(each, 1e6) for each in both],
        rungs=rungs,
    )
    for i, name in enumerate(names):
        builder.ok("long", name, label, 30e-9 * 6**i, peak=i * 10_000_000)
        if i % 5 == 4:
            builder.ok("long", name, both[1], 14e-9 * 6**i)
    forecast = "no time left in the budget of 5 min, forecast 5.0 days"
    builder.skipped("long", "x", label, forecast, seconds=5 * 86400)
    builder.skipped("long", "x", label, forecast, interpreter=PYPY, seconds=5 * 86400)
    reason = "a package with a long name cannot be imported: " + "No module named something " * 5
    builder.skipped("long", "python_y", label, reason)
    builder.failed("long", "z", label, "wrong answer: error 0.25, tolerance 1e-12", error=0.25)
    return builder


def close() -> Builder:
    """Two rungs that no number of rounds tells apart, and a third that takes as long by chance."""
    builder = Builder(7, noise=0.08).ladder(
        "close",
        cases=[case("n:1", 1)],
        rungs=[
            rung(n, i, f"src/close/{n}.cpp", "") for i, n in enumerate(("a", "b", "c"), start=10)
        ],
    )
    builder.ok("close", "a", "n:1", 1.0).ok("close", "b", "n:1", 1.0).ok("close", "c", "n:1", 9.0)
    return builder


# What a page would run if it took the text for its own, each setting `evil` if it did.
SCRIPTS = [
    "<script>window.evil=1</script>",
    '"><img src=x onerror="window.evil=1">',
    "'-window.evil=1-'</script></style></svg><svg onload=window.evil=1>",
    "javascript:window.evil=1",
    "{{ 6 * 7 }}{% raw %}",
    "\x1b]0;evil\x07\u202e$\\alpha$",
]


def scripted(builder: Builder) -> dict:
    """A run in which every text that may be anything holds a script."""
    document = builder.document()
    texts = iter(SCRIPTS * 1000)

    def spoilt(value: object) -> object:
        return next(texts) + str(value) if isinstance(value, str) else value

    for ladder in document["ladders"]:
        ladder.update(title=spoilt(ladder["title"]), item=spoilt(ladder["item"]))
        ladder["reality"] = next(texts)
        for each in ladder["rungs"]:
            each.update(caption=spoilt(each["caption"]), source=spoilt(each["source"]))
        for claim in ladder["claims"]:
            claim["says"] = spoilt(claim["says"])
    for row in document["rows"]:
        if "reason" in row:
            row["reason"] = spoilt(row["reason"])
        if row["interpreter"]:
            row["interpreter"] = {**row["interpreter"], "implementation": next(texts)}
    machine = document["machine"]
    machine["cpu"].update(model=next(texts), vendor=next(texts), flags=SCRIPTS)
    machine.update(os=next(texts), kernel=next(texts), unheard_of={"<b>": SCRIPTS[0]})
    machine["build"]["flags"] = next(texts)
    machine["ceilings"]["instruction_set"] = next(texts)
    machine["unknown"] = {SCRIPTS[1]: SCRIPTS[0]}
    document["suite"]["commit"] = SCRIPTS[1]
    document["warnings"] = SCRIPTS
    return document
