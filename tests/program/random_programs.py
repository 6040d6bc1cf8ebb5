"""Random programs for the stack machine and for CPython: of Python 2, or of Python 3.

Each ends, is quick, and stays within what the machine knows. Many raise an exception on the way.
"""

from __future__ import annotations

import random

INTEGERS = [0, 1, 2, 3, 7, -1, -5, -6, 10, 255, 256, 257, 1000003, 2**31, 2**53 + 1, 2**62]
INTEGERS += [2**63 - 1, -(2**63), 2**63, 2**64 + 5, 3**70, -(10**25)]
REALS = ["0.5", "2.0", "-1.25", "1e3", ".1", "3.", "1e16", "123456789012.5", "1e-7", "1e300"]
REALS += ["-0.0"]
TEXTS = ["''", "'a'", '"it\'s"', r"'\x41\n'", r"'\101\t'", "'''two\nlines'''", r"r'\n'", r"'\d'"]
TEXTS += ["'a' 'b'", r"'\\'", r"'\0'"]
TEXTS_OF = {
    "2": [r"'\u00e9'", r"b'\N{DASH}'", r"'\x7e'"],
    "3": [r"'\u00e9'", r"u'\U0001f600'", r"'\xe9'", r"'\351'"],
}
WRITTEN = {"2": ["0777", "0o17", "0x1F", "0b101", "00"], "3": ["0o17", "0XfF", "0b101", "00"]}
LONG = 1000003  # products are brought below it, so that nothing grows without end


class RandomProgram:
    def __init__(self, seed: int, language: str):
        self.random = random.Random(f"{language} {seed}")
        self.language = language
        self.lines: list[str] = []
        self.numbers = ["a", "b", "c"]
        self.texts = ["s", "t"]
        self.functions: dict[str, int] = {}  # how many parameters each has
        self.loops = 0
        self.depth = 0

    def source(self) -> str:
        for name in self.numbers:
            self.line(f"{name} = {self.constant()}")
        for name in self.texts:
            self.line(f"{name} = {self.one_of(TEXTS)}")
        self.effect()
        for _ in range(self.random.randrange(3)):
            self.function()
        for _ in range(self.random.randint(2, 7)):
            self.statement(2)
        self.print(self.numbers + self.texts)
        return "\n".join(self.lines) + "\n"

    # --- lines ---

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, things):
        return self.random.choice(things)

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def effect(self) -> None:
        """A function that shows when it is called: the order of evaluation is in the output."""
        self.line("calls = 0")
        self.line("def effect(x):")
        self.depth += 1
        self.end_after_many_calls()
        self.print(["'effect'", "x"])
        self.line("return x")
        self.depth -= 1
        self.functions["effect"] = 1

    def end_after_many_calls(self) -> None:
        """Loops in functions that loops call, recursively, would take for ever."""
        self.line("global calls")
        self.line("calls += 1")
        self.line("if calls > 300: return enough")

    def function(self) -> None:
        outer, name = self.numbers, f"f{len(self.functions)}"
        self.numbers = ["x", "y", "z"][: self.random.randrange(4)]
        parameters = len(self.numbers)
        self.line(f"def {name}({', '.join(self.numbers)}):")
        self.depth += 1
        if self.chance(0.3):
            self.line("'what it is for'")
        self.end_after_many_calls()
        if self.chance(0.4):
            self.line(f"global {self.one_of(outer)}, made_{name}")
            self.numbers = self.numbers + outer[:1]
            self.line(f"made_{name} = {self.constant()}")
        if parameters and self.chance(0.3):
            self.line(f"if x > 0 and x < 9: return {name}({', '.join(['x - 1'] * parameters)})")
        if not parameters or self.chance(0.6):
            self.line(f"local = {self.constant()}")
            self.numbers = [*self.numbers, "local"]
        for _ in range(self.random.randint(1, 3)):
            self.statement(1)
        if self.chance(0.9):
            self.line(f"return {self.number(2)}")
        self.depth -= 1
        self.numbers = outer
        self.functions[name] = parameters

    # --- statements ---

    def statement(self, nesting: int, in_loop: bool = False) -> None:
        kinds = [self.assign, self.assign, self.change, self.print_some, self.evaluate]
        if nesting > 0:
            kinds += [self.branch, self.branch, self.count, self.repeat]
        if in_loop:
            kinds.append(self.leave)
        kind = self.one_of(kinds)
        kind(nesting) if kind in (self.branch, self.count, self.repeat) else kind()

    def assign(self) -> None:
        if self.chance(0.2):
            self.line(f"{self.one_of(self.texts)} = {self.short_text()}")
            return
        targets = self.random.sample(
            self.numbers, min(len(self.numbers), self.one_of([1, 1, 1, 2]))
        )
        if self.chance(0.05):
            targets[0] = f"({targets[0]})"
        self.line(f"{' = '.join(targets)} = {self.bounded(self.number(3))}")

    def change(self) -> None:
        name = self.one_of(self.numbers)
        operator = self.one_of(["+=", "-=", "*=", "//=", "%=", "/=", "**="])
        value = self.one_of(["0", "1", "2"]) if operator == "**=" else self.number(2)
        self.line(f"{name} {operator} {value}; {name} = {self.bounded(name)}")

    def bounded(self, value: str) -> str:
        return f"{value} % {LONG}" if value in self.numbers else f"({value}) % {LONG}"

    def evaluate(self) -> None:
        self.line(self.value(2))

    def print_some(self) -> None:
        self.print([self.value(2) for _ in range(self.one_of([0, 1, 1, 1, 2, 3]))])

    def print(self, values: list[str]) -> None:
        if self.language == "3":
            self.line(f"{self.one_of(['', '', '', 'n = '])}print({', '.join(values)})")
        else:
            goes_on = "," if values and self.chance(0.2) else ""
            self.line(f"print {', '.join(values)}{goes_on}".rstrip())

    def branch(self, nesting: int) -> None:
        self.line(f"if {self.value(2)}:")
        self.block(nesting)
        for _ in range(self.one_of([0, 0, 1, 3])):
            self.line(f"elif {self.value(2)}:")
            self.block(nesting)
        self.otherwise(nesting)

    def count(self, nesting: int) -> None:
        self.loops += 1
        kind = self.one_of(["range", "range", "xrange"] if self.language == "2" else ["range"])
        bounds = self.one_of(["4", "3, 9, 2", "5, -2, -3", "0", f"({self.number(1)}) % 5"])
        self.line(f"for i{self.loops} in {kind}({bounds}):")
        self.block(nesting, in_loop=True)
        self.otherwise(nesting)

    def repeat(self, nesting: int) -> None:
        self.loops += 1
        counter = f"w{self.loops}"
        self.line(f"{counter} = 0")
        self.line(f"while {counter} < 3 and ({self.value(2)} or 1):")
        self.depth += 1
        self.line(f"{counter} += 1")
        self.depth -= 1
        self.block(nesting, in_loop=True)
        self.otherwise(nesting)

    def leave(self) -> None:
        self.line(f"if {self.value(1)}: {self.one_of(['break', 'continue'])}")

    def otherwise(self, nesting: int) -> None:
        if self.chance(0.4):
            self.line("else:")
            self.block(nesting)

    def block(self, nesting: int, in_loop: bool = False) -> None:
        self.depth += 1
        for _ in range(self.random.randint(1, 2)):
            self.statement(nesting - 1, in_loop)
        self.depth -= 1

    # --- expressions ---

    def constant(self) -> str:
        if self.chance(0.3):
            return self.one_of(REALS)
        if self.chance(0.1):
            return self.one_of(WRITTEN[self.language])
        return str(self.one_of(INTEGERS))

    def value(self, depth: int) -> str:
        """Of any type."""
        kinds = [self.number] * 8 + [self.text, self.sequence, self.nothing]
        return self.one_of(kinds)(depth)

    def nothing(self, depth: int) -> str:
        return self.one_of(["None", "True", "False", f"{self.one_of(self.numbers)} is None"])

    def sequence(self, depth: int) -> str:
        ends = [self.one_of([0, 1, 3, 7, -4]) for _ in range(self.random.randint(1, 2))]
        step = [self.one_of([1, 2, -1, -3])] if len(ends) == 2 and self.chance(0.5) else []
        made = f"range({', '.join(map(str, ends + step))})"
        if depth > 0 and self.chance(0.3):
            return f"{made} {self.one_of(['==', '!='])} {self.sequence(0)}"
        if self.language == "2" and self.chance(0.2):
            return f"x{made}"
        return made

    def short_text(self) -> str:
        return self.one_of(TEXTS + TEXTS_OF[self.language])

    def text(self, depth: int) -> str:
        if depth == 0 or self.chance(0.4):
            return self.short_text() if self.chance(0.4) else self.one_of(self.texts)
        return self.one_of(
            [
                f"{self.text(depth - 1)} + {self.text(depth - 1)}",
                f"({self.text(depth - 1)}) * 2",
                f"-1 * ({self.text(0)})",
                f"str({self.number(depth - 1)})",
                f"({self.text(depth - 1)} or {self.text(depth - 1)})",
            ]
        )

    def number(self, depth: int) -> str:
        """Nearly always of a number; what it is otherwise is often a mistake of the program."""
        if depth == 0 or self.chance(0.15):
            return self.constant() if self.chance(0.4) else self.one_of(self.numbers)
        if self.chance(0.01):
            return self.one_of(["undefined", "local", "None", self.not_a_number()])
        kinds = [self.sum] * 8 + [self.comparison] * 3 + [self.choice] * 3
        kinds += [self.sign, self.power, self.call, self.call, self.builtin, self.order_of_texts]
        return self.one_of(kinds)(depth - 1)

    def not_a_number(self) -> str:
        """Not as a factor: a text as often as a large number says needs much memory."""
        wrong = self.one_of([self.text(0), self.sequence(0)])
        return f"({wrong} {self.one_of(['+', '-', '//', '<'])} {self.number(0)})"

    def sum(self, depth: int) -> str:
        operator = self.one_of(["+", "+", "-", "-", "*", "*", "//", "%", "/"])
        operands = f"{self.number(depth)} {operator} {self.number(depth)}"
        return operands if self.chance(0.2) else f"({operands})"

    def comparison(self, depth: int) -> str:
        parts = [self.number(depth)]
        for _ in range(self.one_of([1, 1, 1, 2, 3])):
            parts += [self.one_of(["<", "<=", "==", "!=", ">", ">="]), self.number(depth)]
        return f"({' '.join(parts)})"

    def order_of_texts(self, depth: int) -> str:
        other = self.text(depth) if self.chance(0.9) else self.number(0)
        return f"({self.text(depth)} {self.one_of(['<', '==', '!=', '>='])} {other})"

    def choice(self, depth: int) -> str:
        left, right = self.number(depth), self.number(depth)
        return self.one_of(
            [
                f"({left} and {right})",
                f"({left} or {right} and {self.number(0)})",
                f"(not {left})",
                f"({left} if {right} else {self.number(0)})",
            ]
        )

    def sign(self, depth: int) -> str:
        return f"({self.one_of(['-', '+', '- -', '-+'])}{self.number(depth)})"

    def power(self, depth: int) -> str:
        if self.chance(0.3):
            return f"(abs({self.number(0)}) ** 0.5)"
        return f"({self.number(0)} ** {self.one_of([0, 1, 2, 3, -1, 2.0])})"

    def call(self, depth: int) -> str:
        name = self.one_of(list(self.functions))
        count = self.functions[name] + (self.one_of([-1, 1]) if self.chance(0.02) else 0)
        return f"{name}({', '.join(self.number(0) for _ in range(count))})"

    def builtin(self, depth: int) -> str:
        one, other = self.number(depth), self.number(0)
        return self.one_of(
            [f"abs({one})", f"int({one})", f"float({one})", f"bool({one})"]
            + [f"min({one}, {other})", f"max({one}, {other}, 2)"]
        )


def random_programs(seeds: range, language: str) -> dict[str, str]:
    """By file name."""
    return {
        f"random_{language}_{seed:07}.py": RandomProgram(seed, language).source() for seed in seeds
    }
