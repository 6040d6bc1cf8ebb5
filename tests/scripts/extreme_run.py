"""A run at its extremes, made up: few rungs or many, long names, a nanosecond to a year."""

from __future__ import annotations

from suite.runs import results, studies, watched
from synthetic_run import CPYTHON, Builder, case, machine, rung, topology

SHORTEST, LONGEST = 1e-9, 400 * 86400.0
SIZES, THREADS = (1, 1000, 10**7), (1, 2)
NAME = "a_rather_long_name_that_goes_on_and_on"
SENTENCE = "A claim so long that no slide has room for it in a single line of this size of type"


def extreme_run(folder, count: int) -> results.Run:
    """With `count` of everything: ladders, rungs, interpreters, costs, watched locks."""
    results.write_json(folder / "run.json", _builder(count).document(machine=_machine(count)))
    results.write_json(folder / studies.FILE, _study(count))
    results.write_json(folder / watched.FILE, _watched(count))
    return results.load(folder)


def _machine(count: int) -> dict:
    """With so many nodes; of one, the two threads of its only core."""
    told = machine()
    told["topology"] = topology(count, count, threads=2)
    if count > 1:
        told["ceilings"]["one_node"] = {**told["ceilings"]["peaks"][1], "threads": 2 * count}
    return told


def _spread(count: int, index: int, n: int = 1) -> float:
    """Seconds of a run: of one item all that there is, of many no item below the shortest."""
    most = LONGEST / n / SHORTEST
    return n * SHORTEST * most ** (index / max(count - 1, 1))


def _rung(index: int) -> dict:
    ending = "py" if index % 3 == 0 else "cpp"
    name = f"{NAME}_{index}"
    stated = rung(name, index + 1, f"src/long/{index:02}_{name}.{ending}", "Long.", True)
    return {**stated, "every_interpreter": True} if index == 0 else stated


def _interpreters(count: int) -> list[dict]:
    guests = [
        {"implementation": "CPython", "version": f"3.{minor}.{minor}", "gil": False, "guest": True}
        for minor in range(20, 20 + count)
    ]
    return [CPYTHON, *guests[1:]]


def _builder(count: int) -> Builder:
    labels = {(n, t): f"n:{n}/threads:{t}" for n in SIZES for t in THREADS}
    rungs = [_rung(index) for index in range(count)]
    names = [each["name"] for each in rungs]
    builder = Builder(6).ladder(
        "long",
        title=SENTENCE,
        item="update of an element of the field that is simulated",
        cases=[case(label, float(n)) for (n, _), label in labels.items()],
        rungs=rungs,
        **({"waterfall": _costs(names)} if count > 1 else {}),
        years={"title": SENTENCE, "beside": names[1:3]},
        sizes={
            "parameter": "n",
            "bandwidth_at": SIZES[-1],
            "crossovers": [
                {"of": names[0], "over": name, "within": 5.0, "says": SENTENCE}
                for name in names[1:3]
            ],
        },
    )
    for index, name in enumerate(names):
        # Beyond the first two nothing comes together with growing problems.
        for (n, threads), label in labels.items():
            each = _spread(count, index, n) * (1 + (3000 / n if index == 0 else 0)) / threads
            peak = 10_000_000 * (index + 20)
            builder.ok("long", name, label, each, peak)
            os = builder.rows[-1]["layers"]["os"]
            last = os["peak_resident_bytes"]
            os.update(seconds=each, resident={"seconds": [0.0, each / 2], "bytes": [last, last]})
    for interpreter in _interpreters(count)[1:]:
        builder.ok("long", names[0], labels[SIZES[-1], 1], 0.1, interpreter=interpreter)
    for index in range(1, count):
        _add_ladder(builder, f"{NAME}_{index}", _spread(count, index))
    return builder


def _costs(names: list[str]) -> list[dict]:
    return [{"rung": name, "cost": f"what it costs to be {name}"} for name in names]


def _add_ladder(builder: Builder, name: str, seconds: float) -> None:
    """Another one, of two rungs that are as far from each other as may be."""
    rungs = [rung("loop", 1, "src/a/loop.py", ""), rung("fast", 2, "src/a/fast.cpp", "")]
    builder.ladder(name, title=SENTENCE, cases=[case("n:1", 1.0)], rungs=rungs)
    builder.ok(name, "loop", "n:1", seconds).ok(name, "fast", "n:1", SHORTEST)


def _study(count: int) -> dict:
    growth = {
        f"{NAME}_{index}: seconds of {what}": {
            "points": [[10.0, _spread(count, index)], [1e9, 3 * _spread(count, index)]],
            "exponent": {"value": 0.1, "low": 0.05, "high": 0.15},
        }
        for index in range(count)
        for what in ("all", "a part of it that is long")
    }
    stated = {"example": "long", "title": SENTENCE, "x": "nodes of the grid", "per": "event"}
    return {**stated, "setting": SENTENCE, "growth": growth}


def _watched(count: int) -> dict:
    labels = [f"{NAME.replace('_', ' ')} {index}" for index in range(count)]
    return {
        "example": "long",
        "timelines": [
            {"label": label, "tenures": [{"thread": t, "taken": t / 40, "given": t / 40 + each}]}
            for label, each, t in zip(labels, [1e-9, *[0.1] * count], [0, 1] * count)
        ],
        "convoys": [
            {"label": label, "language": "c++", "latencies": [_spread(count, index), LONGEST]}
            for index, label in enumerate(labels)
        ],
        "payloads": [
            {
                "label": label,
                "points": [
                    {"bytes": 10**n, "seconds": _spread(count, index) + 1e-9, "job_seconds": 1e-9}
                    for n in (0, 5, 10)
                ],
            }
            for index, label in enumerate(labels)
        ],
    }
