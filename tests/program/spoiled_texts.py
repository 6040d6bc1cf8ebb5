"""Texts that nearly are programs: what happens to a file on its way, and what nobody writes."""

from __future__ import annotations

import random
import re

TOKENS = re.compile(rb"\w+|\s+|.", re.DOTALL)
INSERTED = [b"(", b")", b":", b"'", b'"', b"'''", b"\\", b"\n", b"\t", b"    ", b"\r", b"\0", b"#"]
INSERTED += [
    b"\xff",
    b"\xc3",
    b"\xe2\x82\xac",
    b"\xef\xbb\xbf",
    b"if ",
    b"else:",
    b"elif x:",
    b"==",
]
INSERTED += [
    b"not ",
    b"-",
    b"**",
    b"\\x",
    b"\\u",
    b"0x",
    b"1e",
    b".",
    b"global a\n",
    b"print ",
    b";",
]


def spoiled(source: str, generator: random.Random) -> bytes:
    """The program with a few things done to it."""
    text = source.encode()
    for _ in range(generator.randint(1, 4)):
        text = generator.choice(WAYS)(text, generator)
    return text


def flip_a_bit(text: bytes, generator: random.Random) -> bytes:
    if not text:
        return text
    place = generator.randrange(len(text))
    return text[:place] + bytes([text[place] ^ 1 << generator.randrange(8)]) + text[place + 1 :]


def cut(text: bytes, generator: random.Random) -> bytes:
    return text[: generator.randint(0, len(text))]


def insert(text: bytes, generator: random.Random) -> bytes:
    place = generator.randint(0, len(text))
    return text[:place] + generator.choice(INSERTED) + text[place:]


def swap(text: bytes, generator: random.Random) -> bytes:
    tokens = TOKENS.findall(text) or [b""]
    one, other = generator.randrange(len(tokens)), generator.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return b"".join(tokens)


def leave_out(text: bytes, generator: random.Random) -> bytes:
    tokens = TOKENS.findall(text) or [b""]
    del tokens[generator.randrange(len(tokens))]
    return b"".join(tokens)


def say_twice(text: bytes, generator: random.Random) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    line = generator.choice(lines)
    lines.insert(generator.randrange(len(lines)), line)
    return b"".join(lines)


def nest(text: bytes, generator: random.Random) -> bytes:
    """One token again and again, often in parentheses that close, sometimes very deeply."""
    tokens = TOKENS.findall(text) or [b""]
    place = generator.randrange(len(tokens))
    opening, closing = generator.choice(
        [(b"(", b")"), (b"f(", b")"), (b"-", b""), (b"not ", b""), (b"2 ** ", b""), (b"(", b"")]
        + [(b"1 if a else ", b""), (b"a + ", b""), (b"", b"()"), (b"'a' ", b""), (b"9", b"")]
    )
    depth = generator.choice([3, 90, 150, 201, 4000, 100_000])
    tokens[place] = opening * depth + tokens[place] + closing * depth
    return b"".join(tokens)


def indent(text: bytes, generator: random.Random) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    first = generator.randrange(len(lines))
    by = generator.choice([b" ", b"\t", b"    ", b"        ", b"\f", b" \t"])
    for i in range(first, min(first + generator.randint(1, 3), len(lines))):
        lines[i] = by + lines[i]
    return b"".join(lines)


def end_lines_otherwise(text: bytes, generator: random.Random) -> bytes:
    return text.replace(b"\n", generator.choice([b"\r", b"\r\n", b"\n\r", b";", b"\\\n", b"\f\n"]))


WAYS = [flip_a_bit, flip_a_bit, cut, insert, insert, insert, swap, swap, leave_out, leave_out]
WAYS += [say_twice, nest, indent, end_lines_otherwise]
