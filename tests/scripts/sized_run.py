"""A made-up run of which two rungs were measured on several sizes."""

from __future__ import annotations

import copy

from suite.runs import results
from synthetic_run import two_examples

CLAIM = {
    "parameter": "n",
    "crossovers": [
        {"of": "numpy_one_array", "over": "one_array", "within": 1.2, "says": "Who asks is free"}
    ],
}

# Seconds per item: the one has a price per question, 16 / n.
LARGE = [10, 100, 1000]


def sized_run(of=lambda n: 1e-9 * (1 + 16 / n), over=lambda n: 1e-9, modes=(None,), rounds=7):
    """dummy_objects of the made-up run, on other sizes."""
    document = copy.deepcopy(two_examples().document())
    ladder = next(each for each in document["ladders"] if each["example"] == "dummy_objects")
    document["ladders"] = [ladder]
    ladder.update(sizes=copy.deepcopy(CLAIM), claims=[], cases=[])
    ladder.pop("reality", None)
    document["verdicts"], rows = [], []
    for row in document["rows"]:
        costs = {"numpy_one_array": of, "one_array": over}.get(row["rung"])
        if row["example"] != "dummy_objects" or costs is None or row["case"].get("n") != 4000:
            continue
        # The two do not get slower and faster together.
        order = range(rounds) if row["rung"] == "one_array" else reversed(range(rounds))
        numbers = [i + 1 for i in order]
        for mode in modes:
            for n in LARGE:
                case = {"n": n, "steps": 10000 // n, **({"mode": mode} if mode else {})}
                label = results.case_label(case)
                work = {"items": float(n), "flops": float(n), "bytes": 24.0 * n}
                samples = [
                    {**row["samples"][0], "round": round, "seconds": n * costs(n) * (1 + 0.01 * i)}
                    for i, round in enumerate(numbers)
                ]
                rows.append({**row, "case": case, "work": work, "samples": samples})
                stated = {"label": label, "parameters": case, "work": work}
                if stated not in ladder["cases"]:
                    ladder["cases"].append(stated)
    document["rows"] = rows
    return results.read(document)
