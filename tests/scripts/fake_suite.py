"""A project whose programs only pretend to measure: they speak the command lines of the real ones.

What a rung does is told by fake.json: seconds and bytes per item, or how it misbehaves. A run takes
no time, so the tests take little; the times that are reported are those of fake.json. Each process
appends what it is about to do to log.txt.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

PROGRAM = r'''#!@PYTHON@ -SE
import json, os, re, signal, sys, time

PROJECT = "@PROJECT@"
fake = json.load(open(PROJECT + "/fake.json"))


def option(name):
    for word in sys.argv:
        if word.startswith(name + "="):
            return word[len(name) + 1:]


def after(name):
    return [sys.argv[i + 1] for i, word in enumerate(sys.argv) if word == name]


def rungs():
    for example in fake["catalogue"]["examples"]:
        for rung in example["rungs"]:
            yield example, rung


def log(kind, labels):
    with open(PROJECT + "/log.txt", "a") as file:
        file.write(json.dumps([kind, labels]) + "\n")


def starts_of(name):
    """How many processes have begun to time this."""
    lines = [json.loads(line) for line in open(PROJECT + "/log.txt")]
    return sum(kind == "time" and any(name.startswith(l + "/") for l in labels)
               for kind, labels in lines)


def items(example, case):
    return [c["work"]["items"] for c in example["cases"] if c["label"] == case][0]


def behaviour(example, rung):
    return fake["behaviours"].get(rung["name"], {})


def misbehave(does, case):
    if case not in does.get("only_on", [case]):
        return
    if does.get("hangs"):
        time.sleep(1000)
    if does.get("crashes"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if does.get("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if does.get("exits"):
        sys.stderr.write("no such luck\n")
        sys.exit(does["exits"])


def known_iterations(label, case):
    """How often the rung is to be run; 0 if that is to be found out."""
    if after("--rung"):
        cases = [json.load(open(file))["label"] for file in after("--problem")]
        return int(dict(zip(cases, after("--iterations"))).get(case, 0))
    told = [word.split("=", 1)[1] for word in sys.argv if word.startswith("--iterations=")]
    return int(dict(word.rsplit("=", 1) for word in told).get(label, 0))


def row(example, rung, case):
    does = behaviour(example, rung)
    label = "/".join([example["name"], rung["name"], case])
    known = known_iterations(label, case)
    counted = "/iterations:%d" % known if known and not after("--rung") else ""
    name = label + counted + "/process_time/real_time"
    said = {"name": name, "run_name": name, "run_type": "iteration", "repetitions": 1, "threads": 1}
    misbehave(does, case)
    late_enough = starts_of(name) >= does.get("from_start", 1)
    if "says" in does and case in does.get("only_on", [case]) and late_enough:
        return dict(said, error_occurred=True, error_message=does["says"], iterations=0,
                    real_time=0.0, cpu_time=0.0, time_unit="ns")
    seconds = does.get("seconds_per_item", 1e-6) * items(example, case)
    time.sleep(fake.get("nap", 0))
    return dict(said, iterations=known or 10, real_time=seconds * 1e9, cpu_time=seconds * 1e9,
                time_unit="ns", items=items(example, case), flops=0.0, bytes=0.0, check_error=0.0,
                check_tolerance=1e-12, first_seconds=seconds, **does.get("notes", {}))


def layers(example, rung, case):
    grown = behaviour(example, rung).get("bytes_per_item", 10.0) * items(example, case)
    misbehave(dict(behaviour(example, rung), hangs=False), case)
    label = "/".join([example["name"], rung["name"], case])
    counts = {"seconds": 0.01, "user_seconds": 0.01, "system_seconds": 0.0,
              "baseline_resident_bytes": 1000, "peak_resident_bytes": 1000 + grown,
              "minor_page_faults": 3, "major_page_faults": 0, "voluntary_context_switches": 1,
              "involuntary_context_switches": 0}
    return {"label": label, "layers": {"os": counts}}


def selected():
    """Example, rung and case of all that the command line asks for."""
    if option("--benchmark_filter"):
        wanted = re.compile(option("--benchmark_filter"))
        names = lambda *parts: "/".join(parts) + "/process_time/real_time"
        chosen = lambda *parts: wanted.search(names(*parts))
    elif after("--rung"):
        problems = [json.load(open(file)) for file in after("--problem")]
        cases = [problem["label"] for problem in problems]
        chosen = lambda example, rung, case: case in cases
    else:
        labels = sys.argv[sys.argv.index("--layers") + 1:]
        chosen = lambda *parts: "/".join(parts) in labels
    for example, rung in rungs():
        if after("--rung") and not after("--rung")[0].endswith(rung["file"]):
            continue
        for case in rung["cases"]:
            if chosen(example["name"], rung["name"], case):
                yield example, rung, case


def write_problem():
    name, folder = after("--write-problem")[0], option("--problems")
    if name in fake.get("unwritable", []):
        sys.stderr.write("no answer is known\n")
        sys.exit(2)
    log("problem", [name])
    example, case = name.split("/", 1)
    file = "%s/%s/%s.json" % (folder, example, case.replace("/", "_").replace(":", "-"))
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w") as out:
        json.dump({"example": example, "label": case}, out)


def ceilings():
    if "no_ceilings" in fake:
        sys.exit("mythbench: " + fake["no_ceilings"])
    rates = {"f64_operations_per_second": 1e10, "f32_operations_per_second": 2e10}
    print(json.dumps({"instruction_set": "AVX2", "ceilings": [dict(rates, threads=1)]}))


def tell_environment():
    with open(PROJECT + "/environments.txt", "a") as file:
        file.write(json.dumps(dict(os.environ)) + "\n")


def main():
    if fake.get("tells_environment"):
        tell_environment()
    if "--catalogue" in sys.argv:
        print(json.dumps(fake["catalogue"]))
    elif "--ceilings" in sys.argv:
        ceilings()
    elif after("--write-problem"):
        write_problem()
    else:
        asked = list(selected())
        kind = "layers" if "--layers" in sys.argv else "time"
        log(kind, ["/".join([e["name"], r["name"], c]) for e, r, c in asked])
        if kind == "layers":
            print(json.dumps([layers(*each) for each in asked]))
            return 0
        context = {"interpreter": {"packages": {"numpy": "1.24"}}} if after("--rung") else {}
        told = {"context": context, "benchmarks": [row(*each) for each in asked]}
        file = option("--benchmark_out") or after("--out")[0]
        with open(file, "w") as out:
            out.write(json.dumps(told)[:40])
            out.flush()
            out.write(json.dumps(told)[40:])
        complaints = [r.get("error_message", "skipped") for r in told["benchmarks"]]
        return 0 if all(c.startswith("skipped") for c in complaints) else 1


sys.exit(main())
'''


def example(name: str, rungs: list[dict], sizes=(1000, 10_000, 100_000), threads=(1,)) -> dict:
    cases = [
        {
            "label": f"n:{size}/threads:{count}" if len(threads) > 1 else f"n:{size}",
            "parameters": {"n": size, **({"threads": count} if len(threads) > 1 else {})},
            "work": {"items": float(size), "flops": 0.0, "bytes": 0.0},
        }
        for size in sizes
        for count in threads
    ]
    for rung in rungs:
        rung["file"] = f"src/{name}/{rung['file']}"
        rung["cases"] = [
            case["label"]
            for case in cases
            if rung["threaded"] or case["parameters"].get("threads", 1) == 1
        ]
    return {
        "name": name,
        "item": "number",
        "tolerance": 1e-12,
        "cases": cases,
        "awkward_cases": [],
        "rungs": rungs,
    }


def rung(number: int, name: str, language: str = "c++", threaded: bool = False) -> dict:
    suffix = "py" if language == "python" else "cpp"
    return {
        "number": number,
        "name": name,
        "file": f"{number:02d}_{name}.{suffix}",
        "caption": f"The rung called {name}.",
        "language": language,
        "threaded": threaded,
    }


class FakeSuite:
    """The project in a folder of its own."""

    def __init__(self, project: Path, examples: list[dict], **behaviours: dict) -> None:
        self.project = project
        build = {"version": "0.1.0", "compiler": "none", "build_type": "Release"}
        self.told = {
            "catalogue": {"build": build, "examples": examples},
            "behaviours": behaviours,
        }
        self.write()
        for name in ("build/release/mythbench", "benchmarks/python.py"):
            self._program(project / name)
        for each in examples:
            self._sources(each)

    def write(self, **more) -> None:
        self.told.update(more)
        (self.project / "fake.json").write_text(json.dumps(self.told))

    def behave(self, **behaviours: dict) -> None:
        self.told["behaviours"].update(behaviours)
        self.write()

    @property
    def runs(self) -> Path:
        return self.project / "results" / "runs"

    @property
    def latest(self) -> Path:
        return (self.runs / "latest").resolve()

    def document(self) -> dict:
        return json.loads((self.latest / "run.json").read_text())

    def rows(self) -> dict[tuple[str, str], dict]:
        """The rows of the latest run by rung and size."""
        return {(row["rung"], row["case"]["n"]): row for row in self.document()["rows"]}

    def log(self) -> list[tuple[str, list[str]]]:
        file = self.project / "log.txt"
        lines = file.read_text().splitlines() if file.is_file() else []
        return [tuple(json.loads(line)) for line in lines]

    def environments(self) -> list[dict[str, str]]:
        """What each process since the last time was started with, where they tell."""
        file = self.project / "environments.txt"
        lines = file.read_text().splitlines()
        file.unlink()
        return [json.loads(line) for line in lines]

    def _program(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = PROGRAM.replace("@PYTHON@", sys.executable)
        file.write_text(text.replace("@PROJECT@", str(self.project)))
        file.chmod(0o755)

    def _sources(self, told: dict) -> None:
        folder = self.project / "src" / told["name"]
        folder.mkdir(parents=True)
        claims = {"title": f"All about {told['name']}", "kind": "rumour", "claims": []}
        (folder / "claims.json").write_text(json.dumps(claims))
        for each in told["rungs"]:
            (self.project / each["file"]).write_text(f"// {each['caption']}\n")
