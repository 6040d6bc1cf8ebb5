"""Programs for the stack machine and for CPython, chosen and generated."""

from __future__ import annotations

import random

# Each is Python 2 and Python 3 with one meaning: no integer division by /, floats that print alike.
CHOSEN = [
    "a = 10\nb = 20\nc = a + b\n",
    "count = 0\nfor i in range(10 + 1):\n    count += 1\nprint(count)\n",
    "for i in range(-5):\n    print(i)\nprint('none')\n",
    "for i in range(10, 0, -3):\n    print(i)\n",
    "for i in range(0, 10, 4):\n    print(i)\nelse:\n    print('done')\n",
    "for i in range(3):\n    if i == 1:\n        break\nelse:\n    print('never')\nprint(i)\n",
    "for i in range(6):\n    if i % 2: continue\n    print(i)\n",
    "for i in range(9223372036854775800, 9223372036854775807, 3):\n    print(i)\n",
    "for i in range(-9223372036854775807, -9223372036854775800, 5):\n    print(i)\n",
    "i = 0\nwhile i < 5:\n    i += 2\nelse:\n    print('else')\nprint(i)\n",
    "n = 27\nsteps = 0\nwhile n != 1:\n    if n % 2 == 0:\n        n = n // 2\n"
    "    else:\n        n = 3 * n + 1\n    steps += 1\nprint(steps)\n",
    "while 1:\n    print('once')\n    break\n",
    "while 0:\n    print('never')\nprint('after')\n",
    "while True:\n    break\n",
    "if 0:\n    print('no')\nelse:\n    print('yes')\n",
    "if 1:\n    print('yes')\nelse:\n    print('no')\n",
    "if '':\n    print('no')\nelif 'text':\n    print('yes')\n",
    "x = 3\nif x < 2:\n    print('a')\nelif x < 4:\n    print('b')\nelif x:\n    print('c')\n"
    "else:\n    print('d')\n",
    "def f(n):\n    if n < 2:\n        return 1\n    return n * f(n - 1)\nprint(f(30))\n",
    "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nprint(fib(15))\n",
    "def gcd(a, b):\n    while b:\n        r = a % b\n        a = b\n        b = r\n    return a\n"
    "print(gcd(2 ** 89 - 1, 10 ** 20))\nprint(gcd(1071, 462))\n",
    "def f():\n    pass\nprint(f())\n",
    "def f():\n    return\nprint(f() is None)\n",
    "def f(a, b, c):\n    'three'\n    return a + b * c\nprint(f(1, 2, 3))\n",
    "total = 0\ndef add(x):\n    global total\n    total += x\nadd(3)\nadd(4)\nprint(total)\n",
    "def is_prime(n):\n    if n < 2: return False\n    i = 2\n    while i * i <= n:\n"
    "        if n % i == 0: return False\n        i += 1\n    return True\n"
    "for n in range(30):\n    if is_prime(n): print(n)\n",
    "def even(n):\n    return True if n == 0 else odd(n - 1)\n"
    "def odd(n):\n    return False if n == 0 else even(n - 1)\nprint(even(101))\n",
    "print(9223372036854775807 + 1)\n",
    "a = 9223372036854775807\na += 1\nprint(a)\na -= 1\nprint(a)\n"
    "print(a == 9223372036854775807)\n",
    "a = -9223372036854775807 - 1\nprint(a // -1)\nprint(a % -1)\nprint(-a)\nprint(abs(a))\n",
    "a = 4611686018427387904\nprint(a * 2)\nprint(a * a * a)\nprint(-a * 2 - 1)\n",
    "print(2 ** 200)\nprint(-3 ** 101)\nprint((-3) ** 101)\nprint(2 ** 0)\nprint(0 ** 0)\n",
    "print(2 ** 200 // 3 ** 50)\nprint(2 ** 200 % 3 ** 50)\nprint(-2 ** 200 // 3 ** 50)\n"
    "print(-2 ** 200 % 3 ** 50)\nprint(2 ** 200 // -7)\nprint(2 ** 200 % -7)\n",
    "a = 340282366920938463463374607431768211456\n"
    "b = 18446744073709551615\n"
    "print(a // b)\nprint(a % b)\nprint((a - 1) // (b + 1))\nprint(a * b // a == b)\n",
    "x = 1\nfor i in range(1, 60):\n    x = x * i\nprint(x)\nfor i in range(59, 0, -1):\n"
    "    x = x // i\nprint(x)\n",
    "print(7 // 2)\nprint(-7 // 2)\nprint(7 // -2)\nprint(-7 // -2)\n",
    "print(7 % 3)\nprint(-7 % 3)\nprint(7 % -3)\nprint(-7 % -3)\n",
    "print(7.5 // 2)\nprint(-7.5 // 2)\nprint(7.5 % -2)\nprint(-7.5 % 2)\nprint(0.0 // -3)\n",
    "print(1.5 + 2)\nprint(2 - 0.25)\nprint(1e10 * 3)\nprint(7.0 / 2)\nprint(1 / 8.0)\n",
    "print(2 ** -1)\nprint(2.0 ** 0.5 > 1.41)\nprint(9 ** 0.5)\nprint(1e100)\nprint(1e-7)\n",
    "print(1e16)\nprint(123456.0)\nprint(0.0001)\nprint(-0.0)\nprint(1e22)\nprint(5e-324 > 0)\n",
    "print(10 ** 400 > 1e308)\nprint(2 ** 53 + 1 == 2.0 ** 53)\nprint(2 ** 53 + 1 > 2.0 ** 53)\n",
    "print(1e308 * 10)\nprint(-1e308 * 10)\nx = 1e308 * 10\nprint(x - x == x - x)\n",
    "print(1 < 2)\nprint(1 < 2 < 3)\nprint(1 < 3 < 2)\nprint(3 > 2 >= 2 != 1)\n",
    "print(True + True)\nprint(True == 1)\nprint(-True)\nprint(+True)\nprint(True * 3.5)\n",
    "print(not 1)\nprint(not '')\nprint(not None)\nprint(not not 3)\n",
    "print(1 and 2)\nprint(0 and 2)\nprint(0 or 2)\nprint(1 or 2)\nprint(0 or '' or 3)\n",
    "a = 1\nb = 0\nc = 5\nif a and b or c: print('x')\nif not a or not b: print('y')\n"
    "if a and not (b or c): print('z')\n",
    "a = 1\nprint(a and 0 or 7)\nprint((a or 0) and 7)\nwhile a and a < 4 or a == 4: a += 1\n"
    "print(a)\n",
    "x = 5\ny = x if x > 3 else 0\nprint(y)\nprint(1 if x is None else 2)\nprint(x is not None)\n",
    "a = b = c = 7\nprint(a + b + c)\n",
    "a = 1; b = 2; print(a + b);\n",
    "x = (1 +\n     2 *\n     3)\nprint(x)\ny = 4 + \\\n    5\nprint(y)\n",
    "# a comment\n\nx = 1  # another\n\n\n   # and one that stands apart\nprint(x)",
    "if 1:\n\tx = 1\n        \n\tprint(x)\n",
    "print('it''s')\nprint(\"it's\")\nprint('a\\tb\\\\n')\nprint('''two\nlines''')\n",
    "print('ab' + 'cd')\nprint('ab' * 3)\nprint(2 * '-')\nprint('a' < 'b')\nprint('a' == 'a')\n",
    "'the documentation'\nprint(1)\n",
    "print(0x1f)\nprint(0b101)\nprint(0o17)\nprint(0XFF)\n",
    "print(1 + 2 * 3 - 4 // 5)\nprint(-2 ** 2)\nprint((1 + 2) * 3)\nprint(2 ** 3 ** 2)\n",
    "print(abs(-5))\nprint(abs(-2.5))\nprint(int(7.9))\nprint(int(-7.9))\nprint(float(3))\n"
    "print(min(3, 1, 2))\nprint(max(1, 2.5))\nprint(bool(3))\nprint(str(12) + 'x')\n",
    "x = 10\nx += 1\nx -= 2\nx *= 3\nx //= 2\n"
    "x %= 7\nx **= 3\nprint(x)\ny = 7.0\ny /= 2\nprint(y)\n",
    "a = 256\nb = 257\nc = -6\nprint(a + b + c)\nfor i in range(250, 260):\n    c += i\nprint(c)\n",
    "s = 0\nfor i in range(10):\n    for j in range(i):\n        if j > 5: break\n"
    "        if i % 2: continue\n        s += i * j\nprint(s)\n",
    "def f(n):\n    for i in range(n):\n        for j in range(n):\n            if i * j == 12:\n"
    "                return i * 100 + j\n    return -1\nprint(f(10))\nprint(f(2))\n",
    "def f(x):\n    return x\n    y = 2\nprint(f(1))\n",
    "def f(x):\n    if x:\n        return 1\n    else:\n        return 2\nprint(f(0) + f(1))\n",
    "def f(x):\n    while x:\n        x -= 1\n        if x == 3:\n            continue\n"
    "        if x == 1:\n            return x\n    return None\nprint(f(5))\nprint(f(0))\n",
    # What goes wrong, and what it says.
    "print(1)\nprint(undefined)\n",
    "def f():\n    return undefined\nf()\n",
    "def f():\n    x += 1\nf()\n",
    "def f():\n    print(x)\n    x = 1\nf()\n",
    "print(1 // 0)\n",
    "print(1 % 0)\n",
    "print(1.0 / 0)\n",
    "print(1 // 0.0)\n",
    "print(2 ** 100 // (1 - 1))\n",
    "print(0 ** -1)\n",
    "print(1 + 'a')\n",
    "print('a' + 1)\n",
    "x = None\nx += 1\n",
    "print(-'a')\n",
    "print('a' * 1.5)\n",
    "5()\n",
    "for i in 5:\n    pass\n",
    "def f(a):\n    return a\nf(1, 2)\n",
    "range(1, 2, 0)\n",
    "def f(n):\n    return f(n + 1)\nf(0)\n",
    "print(10 ** 400 * 1.0)\n",
    "print(10.0 ** 400)\n",
    "print(int(1e308 * 10))\n",
]

# Not Python, or not well indented: what is wrong, and in which line.
BROKEN = [
    ("x = = 1\n", "SyntaxError", 1),
    ("x = 1\nif x\n    pass\n", "SyntaxError", 2),
    ("x = (1 + 2\ny = 3\n", "SyntaxError", 2),
    ("x = 'abc\n", "SyntaxError", 1),
    ("if 1:\nx = 1\n", "IndentationError", 2),
    ("x = 1\n  y = 2\n", "IndentationError", 2),
    ("if 1:\n    x = 1\n  y = 2\n", "IndentationError", 3),
    ("x = 1\nreturn x\n", "SyntaxError", 2),
    ("break\n", "SyntaxError", 1),
    ("x = 1\ncontinue\n", "SyntaxError", 2),
    ("1 = x\n", "SyntaxError", 1),
    ("f() = 1\n", "SyntaxError", 1),
    ("x + 1 = 2\n", "SyntaxError", 1),
    ("None = 1\n", "SyntaxError", 1),
    ("def f(a, a):\n    pass\n", "SyntaxError", 1),
    ("def f(a):\n    global a\n", "SyntaxError", 1),
    ("x = 1 +\n", "SyntaxError", 1),
    ("else:\n    pass\n", "SyntaxError", 1),
    ("x = 3 $ 4\n", "SyntaxError", 1),
    ("x = 0x\n", "SyntaxError", 1),
    ("for 1 in range(3):\n    pass\n", "SyntaxError", 1),
    ("def f(:\n    pass\n", "SyntaxError", 1),
    ("print(1))\n", "SyntaxError", 1),
]


class Generator:
    """One random program: it ends, it is quick, and it means the same to Python 2 and 3."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.names = ["a", "b", "c"]
        self.loops = 0

    def program(self) -> str:
        for name in self.names:
            self.line(0, f"{name} = {self.constant()}")
        if self.random.random() < 0.5:
            self.function()
        for _ in range(self.random.randint(2, 6)):
            self.statement(0, 2)
        for name in self.names[:3]:
            self.line(0, f"print({name})")
        return "\n".join(self.lines) + "\n"

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def function(self) -> None:
        outer = self.names
        self.line(0, "def f(x, y):")
        self.names = ["x", "y"]
        for _ in range(self.random.randint(1, 3)):
            self.statement(1, 1)
        self.line(1, f"return {self.expression(2)}")
        self.names = outer
        name = self.random.choice(self.names)
        self.line(0, f"{name} = f({self.expression(1)}, {self.constant()})")

    def statement(self, depth: int, nesting: int) -> None:
        kind = self.random.random()
        name = self.random.choice(self.names)
        if kind < 0.3 or nesting == 0:
            self.line(depth, f"{name} = {self.expression(3)}")
        elif kind < 0.5:
            operator = self.random.choice(["+=", "-=", "*=", "//=", "%="])
            self.line(depth, f"{name} {operator} {self.expression(2)}")
            # Products of products would grow without end.
            self.line(depth, f"{name} = {name} % 1000003")
        elif kind < 0.6:
            self.line(depth, f"print({self.expression(2)})")
        elif kind < 0.8:
            self.line(depth, f"if {self.expression(2)}:")
            self.block(depth, nesting)
            if self.random.random() < 0.4:
                self.line(depth, f"elif {self.expression(2)}:")
                self.block(depth, nesting)
            if self.random.random() < 0.6:
                self.line(depth, "else:")
                self.block(depth, nesting)
        elif kind < 0.92:
            self.loops += 1
            bounds = self.random.choice(["4", "3, 9, 2", "5, -2, -3", "0"])
            self.line(depth, f"for i{self.loops} in range({bounds}):")
            self.block(depth, nesting, loop=True)
            if self.random.random() < 0.3:
                self.line(depth, "else:")
                self.block(depth, nesting)
        else:
            self.loops += 1
            counter = f"w{self.loops}"
            self.line(depth, f"{counter} = 0")
            self.line(depth, f"while {counter} < 3 and ({self.expression(2)} or 1):")
            self.line(depth + 1, f"{counter} += 1")
            self.block(depth, nesting, loop=True)

    def block(self, depth: int, nesting: int, loop: bool = False) -> None:
        for _ in range(self.random.randint(1, 2)):
            self.statement(depth + 1, nesting - 1)
        if loop and self.random.random() < 0.4:
            word = self.random.choice(["break", "continue"])
            self.line(depth + 1, f"if {self.expression(1)}: {word}")

    def constant(self) -> str:
        return str(
            self.random.choice(
                [0, 1, 2, 3, 7, -1, -5, -6, 10, 255, 256, 257, 1000003, 2**31, 2**62]
                + [2**63 - 1, -(2**63), 2**64 + 5, 0.5, 2.0, -1.25, 1e3]
            )
        )

    def expression(self, depth: int) -> str:
        kind = self.random.random()
        if depth == 0 or kind < 0.2:
            return self.constant() if self.random.random() < 0.4 else self.random.choice(self.names)
        left, right = self.expression(depth - 1), self.expression(depth - 1)
        if kind < 0.6:
            operator = self.random.choice(["+", "-", "*", "//", "%"])
            return f"({left} {operator} {right})"
        if kind < 0.65:
            return f"({left} * 1.0 / {right})"
        if kind < 0.75:
            operator = self.random.choice(["<", "<=", "==", "!=", ">", ">="])
            return f"({left} {operator} {right})"
        if kind < 0.78:
            return f"({left} < {right} <= {self.expression(0)})"
        if kind < 0.86:
            return f"({left} {self.random.choice(['and', 'or'])} {right})"
        if kind < 0.9:
            return f"(not {left})"
        if kind < 0.94:
            return f"(-{left})"
        if kind < 0.97:
            return f"({left} if {right} else {self.expression(0)})"
        return f"({left} ** {self.random.choice([0, 1, 2, 3])})"


def generated(count: int) -> list[str]:
    return [Generator(seed).program() for seed in range(count)]
