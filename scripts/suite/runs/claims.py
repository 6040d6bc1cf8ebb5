"""What an example claims, as its claims.json states it: held against its rungs and parameters.

Of which shape claims are is said by results/claims.schema.json.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from . import documents
from .documents import Refused


def load(path: Path, rungs: Sequence[str], parameters: Collection[str]) -> dict:
    """A claims.json, held against its example. Raises Refused."""
    told = documents.read(path, "claims")
    check(told, str(path), rungs, parameters)
    return told


def myths(path: Path) -> dict[str, dict]:
    """Those of a myths.json, by their ids. Raises Refused."""
    found: dict[str, dict] = {}
    for myth in documents.read(path, "myths")["myths"]:
        if myth["id"] in found:
            raise Refused(f"{path}: there are two myths '{myth['id']}'")
        found[myth["id"]] = myth
    return found


def about(ladder: dict) -> list[str]:
    """Ids of the myths that a ladder's claims are about, its own first."""
    named = [ladder.get("myth"), *(claim.get("myth") for claim in ladder["claims"])]
    return list(dict.fromkeys(name for name in named if name))


def check(told: dict, source: str, rungs: Sequence[str], parameters: Collection[str]) -> None:
    """Raises Refused if what is told names a rung or a parameter that the example does not have."""
    seen: set[str] = set()
    for claim in told["claims"]:
        where = f"{source}: claim '{claim['id']}'"
        if claim["id"] in seen:
            raise Refused(f"{where}: there are two of this id")
        seen.add(claim["id"])
        _check_claim(claim, where, rungs, parameters)
    if "baseline" in told:
        _check_rung(told["baseline"], f"{source}: 'baseline'", rungs)
    _check_waterfall(told.get("waterfall", []), f"{source}: 'waterfall'", rungs)
    for rung in told.get("years", {}).get("beside", []):
        _check_rung(rung, f"{source}: 'years'", rungs)
    if "sizes" in told:
        _check_sizes(told["sizes"], f"{source}: 'sizes'", rungs, parameters)


def _check_claim(
    claim: dict, where: str, rungs: Sequence[str], parameters: Collection[str]
) -> None:
    if "at_most" in claim and claim.get("at_least", 0) > claim["at_most"]:
        raise Refused(f"{where}: 'at_least' is above 'at_most'")
    if claim.get("decides") and claim.get("speaks", "explains") == "explains":
        raise Refused(f"{where}: what decides speaks for the myth or against it")
    if "interpreters" in claim and "interpreter" in claim:
        raise Refused(f"{where}: names one interpreter and several")
    if "interpreters" in claim and "overlaps" in claim:
        raise Refused(f"{where}: 'overlaps' names the interpreters, the claim does not")
    _check_case(claim, where, parameters)
    _check_sides(claim, where, rungs, parameters)
    _check_sides(claim.get("overlaps", {}), f"{where}: 'overlaps'", rungs, parameters)


def _check_sides(
    ratio: dict, where: str, rungs: Sequence[str], parameters: Collection[str]
) -> None:
    for name in ("of", "over"):
        side = ratio.get(name)
        if isinstance(side, dict):
            _check_rung(side["rung"], f"{where}: '{name}'", rungs)
            _check_case(side, f"{where}: '{name}'", parameters)
        elif side is not None:
            _check_rung(side, f"{where}: '{name}'", rungs)


def _check_waterfall(slices: list[dict], where: str, rungs: Sequence[str]) -> None:
    """Rungs from slow to fast, each with the cost that the next one leaves out."""
    for entry in slices:
        _check_rung(entry["rung"], where, rungs)
    places = [rungs.index(entry["rung"]) for entry in slices]
    if sorted(set(places)) != places:
        raise Refused(f"{where}: the rungs must be in the order of the ladder, each once")


def _check_sizes(
    sizes: dict, where: str, rungs: Sequence[str], parameters: Collection[str]
) -> None:
    _check_parameter(sizes["parameter"], where, parameters)
    for entry in sizes.get("crossovers", []):
        for side in ("of", "over"):
            _check_rung(entry[side], f"{where}: a crossover", rungs)


def _check_case(holder: dict, where: str, parameters: Collection[str]) -> None:
    for name in holder.get("case", {}):
        _check_parameter(name, where, parameters)


def _check_parameter(name: str, where: str, parameters: Collection[str]) -> None:
    if name not in parameters:
        raise Refused(f"{where}: there is no parameter '{name}' in the cases")


def _check_rung(rung: str, where: str, rungs: Sequence[str]) -> None:
    if rung not in rungs:
        raise Refused(f"{where}: there is no rung '{rung}', only {', '.join(rungs)}")
