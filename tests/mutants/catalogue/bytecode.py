"""Faults in interpreters."""

from mutant import Mutant

MUTANTS = [
    Mutant(
        "closed_form_wraps_round",
        "bytecode/90_closed_form.cpp",
        text="if (!__builtin_add_overflow(in.start, iterations, &count))",
        instead="count = static_cast<std::int64_t>(static_cast<std::uint64_t>(in.start) +"
        " static_cast<std::uint64_t>(iterations));\n  if (true)",
        breaks="a count beyond 63 bits becomes negative, as C's integers do",
    ),
    Mutant(
        "closed_form_counts_backwards",
        "bytecode/90_closed_form.cpp",
        text="std::max<std::int64_t>((in.n + 1) - 0, 0)",
        instead="(in.n + 1) - 0",
        breaks="a range that is empty has a negative length",
    ),
    Mutant(
        "unboxed_beside_the_tag",
        "bytecode/50_unboxed.cpp",
        text="if (!__builtin_mul_overflow(number, 2, &doubled)) return doubled | 1;",
        instead="doubled = static_cast<Value>(static_cast<std::uint64_t>(number) * 2);\n"
        "    return doubled | 1;",
        breaks="an integer that has no room beside the tag loses its highest bit",
    ),
    Mutant(
        "unboxed_sum_beside_the_tag",
        "bytecode/50_unboxed.cpp",
        text="!__builtin_add_overflow(left, right - 1, &sum))",
        instead="(sum = static_cast<Value>(static_cast<std::uint64_t>(left) +"
        " static_cast<std::uint64_t>(right - 1)), true))",
        breaks="a sum that has no room beside the tag wraps round",
    ),
    Mutant(
        "registers_wrap_round",
        "bytecode/70_registers.cpp",
        text="!__builtin_add_overflow(next->b->integer, next->constant, &sum)",
        instead="(sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(next->b->integer) +"
        " static_cast<std::uint64_t>(next->constant)), true)",
        breaks="a count beyond 63 bits becomes negative, as C's integers do",
    ),
    Mutant(
        "threaded_code_adds_twice",
        "bytecode/30_threaded_code.cpp",
        text='push(in_place(Arithmetic::add, "+=", left, right));',
        instead='push(in_place(Arithmetic::add, "+=", left, left));',
        breaks="the left operand is added to itself",
    ),
    Mutant(
        "big_integers_without_a_carry",
        "stack_machine/big_integer.cpp",
        text="i < std::max(a.size(), b.size()) || carry != 0; ++i",
        instead="i < std::max(a.size(), b.size()); ++i",
        breaks="a carry out of the last limb is lost",
        tests="a quotient times the divisor*",
    ),
    Mutant(
        "big_integers_with_a_quotient_too_large",
        "stack_machine/big_integer.cpp",
        text="if (borrow < 0) {",
        instead="if (borrow < -1) {",
        breaks="a digit of a quotient that was guessed one too large stays so",
        tests="a quotient times the divisor*",
    ),
    Mutant(
        "halves_of_a_negative_count",
        "bytecode/bytecode.cpp",
        text="return {*small >> 32, *small & (low_values - 1)};",
        instead="return {*small / low_values, *small % low_values};",
        breaks="below zero a quotient is rounded towards zero",
        rungs=("bytecode/closed_form",),
    ),
    Mutant(
        "numpy_in_32_bits",
        "bytecode/07_numpy.py",
        text="return problem.start + int(",
        instead="return int(np.int64(problem.start).astype(np.int32)) + int(",
        breaks="the start has 32 bits",
    ),
    Mutant(
        "function_counts_one_too_few",
        "bytecode/05_cpython_function.py",
        text="range(n + 1)",
        instead="range(n)",
        breaks="the last iteration is not done",
    ),
]
