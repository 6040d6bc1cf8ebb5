"""How the processors of a machine lie to each other: what its passport says of it, in parts."""

from __future__ import annotations

from dataclasses import dataclass

from .quantities import plural

MEMORY = "memory"
NONE = [(0, -1)]  # a range of no processor


@dataclass(frozen=True)
class Core:
    threads: int
    usable: bool  # one of its threads at least
    thrifty: bool  # of another kind than the fastest, where there are several


@dataclass(frozen=True)
class Place:
    """Cores that share a node of memory and their largest cache."""

    node: int | None
    memory_bytes: int | None  # of the node
    cache_bytes: int | None
    cache_level: int
    cores: list[Core]


def ranges(processors: str) -> list[tuple[int, int]]:
    """Of a list such as 0-3,8: never spelt out, for it may come from anybody."""
    parts = [part.partition("-") for part in processors.split(",") if part]
    return [(int(low), int(high or low)) for low, _, high in parts]


def count(processors: str) -> int:
    return sum(max(0, high - low + 1) for low, high in ranges(processors))


def begins_in(part: str, whole: str) -> bool:
    """Whether the first processor of a part is in the whole."""
    first = (ranges(part) or NONE)[0][0]
    return bool(part) and any(low <= first <= high for low, high in ranges(whole))


def meets(one: str, other: str) -> bool:
    return any(
        low <= end and begin <= high for low, high in ranges(one) for begin, end in ranges(other)
    )


def places(topology: dict) -> list[Place]:
    """Node by node, and in each by the largest cache that its cores share."""
    found = []
    for node in topology["nodes"] or [{"processors": _everybody(topology)}]:
        mine = [core for core in topology["cores"] if begins_in(core, node["processors"])]
        caches = [c for c in topology["caches"] if meets(c["processors"], node["processors"])]
        level = max((cache["level"] for cache in caches), default=0)
        largest = [cache for cache in caches if cache["level"] == level]
        # A last level of each core's own tells nothing of who lies beside whom.
        if len(largest) >= len(mine) > 1 or not largest:
            largest = [{"processors": node["processors"], "size_bytes": None}]
        for cache in largest:
            own = [core for core in mine if begins_in(core, cache["processors"])]
            if own:
                cores = [_core(topology, core) for core in own]
                memory = node.get("memory_bytes")
                found.append(Place(node.get("number"), memory, cache["size_bytes"], level, cores))
    return found


def summary(topology: dict) -> str:
    """2 sockets, 8 NUMA nodes, 128 cores, 256 threads (16 may be used)"""
    threads, usable = count(_everybody(topology)), count(topology["usable"])
    parts = [
        plural(len(topology["packages"]), "socket"),
        plural(len(topology["nodes"]), "NUMA node"),
        plural(len(topology["cores"]), "core"),
        plural(threads, "thread"),
    ]
    told = ", ".join(part for part in parts if not part.startswith("0 "))
    if topology["kinds"]:
        told += ", of several kinds: " + " and ".join(
            plural(sum(begins_in(core, kind) for core in topology["cores"]), "core")
            for kind in topology["kinds"]
        )
    if 0 < usable < threads:
        told += f" ({usable} may be used: {topology['usable']})"
    return told or plural(usable, "processor")


def levels(topology: dict) -> list[tuple[str, str]]:
    """Caches that the first usable core sees, with their size and how many cores share it."""
    own = [c for c in topology["caches"] if begins_in(topology["usable"], c["processors"])]
    return [(f"L{cache['level']}", _size_and_sharing(topology, cache)) for cache in own]


def loads(latency: list[dict]) -> dict[str, float]:
    """Seconds of a load in each level: in an array of half its size, nearly all of which is there.

    Of memory in the largest of all.
    """
    found = {}
    for level in dict.fromkeys(each["level"] for each in latency):
        own = [each["seconds"] for each in latency if each["level"] == level]
        found[level] = own[-2] if level != MEMORY and len(own) > 1 else own[-1]
    return found


def _size_and_sharing(topology: dict, cache: dict) -> str:
    sharing = sum(meets(core, cache["processors"]) for core in topology["cores"])
    # Caches are built in powers of two.
    kibi = cache["size_bytes"] / 1024
    size = f"{kibi:g} KiB" if kibi < 1024 else f"{kibi / 1024:g} MiB"
    return f"{size} of {plural(max(sharing, 1), 'core')}"


def _core(topology: dict, core: str) -> Core:
    thrifty = any(meets(core, kind) for kind in topology["kinds"][:-1])
    return Core(count(core), meets(core, topology["usable"]), thrifty)


def _everybody(topology: dict) -> str:
    return ",".join(filter(None, topology["cores"])) or topology["usable"]
