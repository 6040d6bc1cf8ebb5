"""Arm processors by name.

Linux tells numbers of them: who designed a core, and which one it is, by the registers MIDR_EL1. A
processor may have cores of several kinds.
"""

from __future__ import annotations

import re

DESIGNERS = {
    0x41: "Arm",
    0x42: "Broadcom",
    0x43: "Cavium",
    0x46: "Fujitsu",
    0x48: "HiSilicon",
    0x4E: "NVIDIA",
    0x50: "Applied Micro",
    0x51: "Qualcomm",
    0x61: "Apple",
    0xC0: "Ampere",
}
# Those that computers with desktops and servers have.
PARTS = {
    (0x41, 0xD03): "Cortex-A53",
    (0x41, 0xD05): "Cortex-A55",
    (0x41, 0xD07): "Cortex-A57",
    (0x41, 0xD08): "Cortex-A72",
    (0x41, 0xD09): "Cortex-A73",
    (0x41, 0xD0A): "Cortex-A75",
    (0x41, 0xD0B): "Cortex-A76",
    (0x41, 0xD0C): "Neoverse-N1",
    (0x41, 0xD0D): "Cortex-A77",
    (0x41, 0xD40): "Neoverse-V1",
    (0x41, 0xD41): "Cortex-A78",
    (0x41, 0xD44): "Cortex-X1",
    (0x41, 0xD46): "Cortex-A510",
    (0x41, 0xD47): "Cortex-A710",
    (0x41, 0xD48): "Cortex-X2",
    (0x41, 0xD49): "Neoverse-N2",
    (0x41, 0xD4B): "Cortex-A78C",
    (0x41, 0xD4C): "Cortex-X1C",
    (0x41, 0xD4D): "Cortex-A715",
    (0x41, 0xD4E): "Cortex-X3",
    (0x41, 0xD4F): "Neoverse-V2",
    (0x43, 0x0AF): "ThunderX2",
    (0x46, 0x001): "A64FX",
    (0x48, 0xD01): "Kunpeng 920",
    (0x50, 0x000): "X-Gene",
    (0x61, 0x022): "Icestorm (M1)",
    (0x61, 0x023): "Firestorm (M1)",
    (0x61, 0x032): "Blizzard (M2)",
    (0x61, 0x033): "Avalanche (M2)",
    (0xC0, 0xAC3): "AmpereOne",
}


def designer(cpuinfo: str) -> str | None:
    """Of the first core that the text of /proc/cpuinfo tells of; None if it tells of no Arm."""
    kinds = _kinds(cpuinfo)
    return _designer(kinds[0][0]) if kinds else None


def model(cpuinfo: str) -> str | None:
    """ "Arm Cortex-A72"; of several kinds of cores "Arm Cortex-A55 + Arm Cortex-A76"."""
    names = [
        f"{_designer(who)} {PARTS.get((who, part), f'part 0x{part:03x}')}"
        for who, part in _kinds(cpuinfo)
    ]
    return " + ".join(names) or None


def _kinds(cpuinfo: str) -> list[tuple[int, int]]:
    numbers = [
        [int(number, 16) for number in re.findall(rf"^{field}\s*:\s*0x([0-9a-f]+)$", cpuinfo, re.M)]
        for field in ("CPU implementer", "CPU part")
    ]
    return list(dict.fromkeys(zip(*numbers)))


def _designer(number: int) -> str:
    return DESIGNERS.get(number, f"designer 0x{number:02x}")
