#include "bytecode/bytecode.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "stack_machine/compiler.hpp"

namespace mythbench::bytecode {
namespace {

using stack_machine::BigInteger;

// The talk's loop, twice.
constexpr std::string_view module_source =
    "count = start\n"
    "for i in range(n + 1):\n"
    "    count += 1\n";

constexpr std::string_view function_source =
    "def gauss(n, start):\n"
    "    count = start\n"
    "    for i in range(n + 1):\n"
    "        count += 1\n"
    "    return count\n";

constexpr std::int64_t low_values = std::int64_t{1} << 32;

}  // namespace

Output halves(stack_machine::Constant const& count) {
  if (auto const* const small = std::get_if<std::int64_t>(&count))
    return {*small >> 32, *small & (low_values - 1)};
  auto const* const big = std::get_if<BigInteger>(&count);
  if (big == nullptr) throw std::invalid_argument{"the loop left no integer"};
  auto const [high, low] = BigInteger::divide(*big, BigInteger{low_values});
  return {high.to_int64().value(), low.to_int64().value()};
}

std::vector<Case> Example::cases() {
  return {{{"n", 1'000}, {"start", 0}},
          {{"n", 100'000}, {"start", 0}},
          {{"n", 10'000'000}, {"start", 0}}};
}

std::vector<Case> Example::awkward_cases() {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::vector<Case> cases;
  // No iteration, one, and round the numbers that CPython keeps ready, up to 256.
  for (std::int64_t const n : {-5, -1, 0, 1, 2, 254, 255, 256, 257, 1000})
    cases.push_back({{"n", n}, {"start", 0}});
  // Below -5 there are none ready; on its way a count passes what 31, 32, 53 (a double), 62 (an
  // integer beside a tag) and 63 bits hold, on either side of zero; and beyond 64 bits it goes on.
  for (std::int64_t const start : {std::int64_t{-7}, std::int64_t{-300}, low_values - 3, most - 300,
                                   most - 3, most, least, least + 1})
    cases.push_back({{"n", 300}, {"start", start}});
  for (int const bits : {31, 32, 53, 62}) {
    cases.push_back({{"n", 300}, {"start", (std::int64_t{1} << bits) - 100}});
    cases.push_back({{"n", 300}, {"start", -(std::int64_t{1} << bits) - 100}});
  }
  cases.push_back({{"n", -1}, {"start", most}});
  return cases;
}

Work Example::work(Case const& c) {
  auto const iterations = static_cast<double>(std::max<std::int64_t>(c.integer("n") + 1, 0));
  return {.items = iterations, .flops = 0, .bytes = 0};
}

// The next number to count from, or the one before: there is one within 64 bits.
Case Example::twin(Case const& c) { return c.with("start", c.integer("start") ^ 1); }

Input Example::make_input(Case const& c) {
  auto const functions = stack_machine::compile(function_source, "gauss.py");
  return {.n = c.integer("n"),
          .start = c.integer("start"),
          .module = stack_machine::compile(module_source, "count.py"),
          .function = stack_machine::function_named("gauss", *functions),
          .machine = std::make_shared<stack_machine::Machine<stack_machine::CountsNothing>>(),
          .counts = nullptr};
}

Fields Example::fields(Input const& input) { return {{"n", input.n}, {"start", input.start}}; }

// Counts on its fingers: two halves and a carry.
Output Example::reference(Input const& input) {
  Output count{input.start >> 32, input.start & (low_values - 1)};
  for (std::int64_t i = 0; i < input.n + 1; ++i)
    if (++count.low == low_values) {
      count.low = 0;
      ++count.high;
    }
  return count;
}

Answer Example::answer(Output const& output) {
  return {static_cast<double>(output.high), static_cast<double>(output.low)};
}

double Example::distance(Answer const& got, Answer const& expected) {
  if (got.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double distance = 0;
  for (std::size_t i = 0; i < got.size(); ++i) distance += std::abs(got[i] - expected[i]);
  return distance;
}

void Example::counted(Input& input) { input.counts = std::make_shared<stack_machine::Counts>(); }

mythbench::Counts Example::counts(Input const& input) {
  stack_machine::Counts const& counts = *input.counts;
  auto const number = [](std::uint64_t count) { return static_cast<double>(count); };
  return {{"bytecodes", number(counts.bytecodes)},
          {"dispatches", number(counts.dispatches)},
          {"boxed_values", number(counts.boxed_values)},
          {"allocations", number(counts.allocations)},
          {"references_up", number(counts.references_up)},
          {"references_down", number(counts.references_down)},
          {"name_lookups", number(counts.name_lookups)},
          {"type_checks", number(counts.type_checks)}};
}

}  // namespace mythbench::bytecode
