#include "wrapper/wrapper.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace mythbench::wrapper {
namespace {

// Where a case names none.
constexpr std::int64_t usual_seed = 20180202;

constexpr std::array<std::pair<std::string_view, Argument>, 4> arguments{{
    {"none", Argument::none},
    {"float", Argument::real},
    {"view", Argument::view},
    {"copy", Argument::copied},
}};

Argument argument_named(std::string_view name) {
  for (auto const& [known, argument] : arguments)
    if (known == name) return argument;
  throw std::out_of_range{"'" + std::string{name} + "' is no kind of argument"};
}

std::string name_of(Argument argument) {
  for (auto const& [name, known] : arguments)
    if (known == argument) return std::string{name};
  throw std::out_of_range{"no such kind of argument"};
}

// Few enough for a run in Python to take no longer than a millisecond or so, and for the numbers of
// all but the longest batches to stay in the caches: the border is measured, not memory.
std::size_t calls_of(Case const& c) {
  if (c.has("calls")) return static_cast<std::size_t>(c.integer("calls"));
  constexpr std::int64_t numbers = 4096;
  constexpr std::int64_t fewest = 4;
  return static_cast<std::size_t>(std::max(numbers / c.integer("batch"), fewest));
}

// Whole 64ths below 4096. Their squares are whole 4096ths below 2**24, and fewer than 2**17 of
// these add up to less than 2**53 4096ths: no sum is ever rounded. In single precision it would be.
std::vector<double> numbers_without_rounding(std::size_t count, std::uint64_t seed) {
  std::vector<double> numbers(count);
  std::uint64_t state = seed;
  for (double& number : numbers) {
    state = state * 6364136223846793005U + 1442695040888963407U;  // Knuth's MMIX
    number = static_cast<double>(state >> 46) / 64 - 2048;
  }
  return numbers;
}

}  // namespace

std::vector<Case> Example::cases() {
  std::vector<Case> cases{{{"argument", "none"}, {"batch", 1}},
                          {{"argument", "float"}, {"batch", 1}}};
  for (std::int64_t const batch : {1, 8, 64, 512, 4'096, 32'768}) {
    cases.push_back({{"argument", "view"}, {"batch", batch}});
    // What copying costs shows at a few.
    if (batch == 1 || batch == 64 || batch == 4'096)
      cases.push_back({{"argument", "copy"}, {"batch", batch}});
  }
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  for (char const* const argument : {"none", "float"})
    for (std::int64_t const calls : {0, 1, 5})
      cases.push_back({{"argument", argument}, {"batch", 1}, {"calls", calls}});
  for (char const* const argument : {"view", "copy"})
    for (std::int64_t const batch : {1, 2, 7, 8, 9, 15, 16, 17, 1000})
      cases.push_back({{"argument", argument}, {"batch", batch}, {"calls", 3}});
  cases.push_back({{"argument", "view"}, {"batch", 3}, {"calls", 0}});
  return cases;
}

Work Example::work(Case const& c) {
  double const numbers = static_cast<double>(calls_of(c)) * static_cast<double>(c.integer("batch"));
  bool const squares = c.text("argument") != "none";
  bool const sums = c.text("argument") == "view" || c.text("argument") == "copy";
  return {.items = numbers, .flops = numbers * (squares + sums), .bytes = 8 * numbers * squares};
}

// A call that is given nothing can but be made once more; and of no calls there is one kind only.
Case Example::twin(Case const& c) {
  auto const calls = static_cast<std::int64_t>(calls_of(c));
  if (calls == 0 || c.text("argument") == "none") return c.with("calls", calls + 1);
  return c.with("seed", usual_seed + 1);
}

Input Example::make_input(Case const& c) {
  std::int64_t const seed = c.has("seed") ? c.integer("seed") : usual_seed;
  std::size_t const calls = calls_of(c);
  auto const batch = static_cast<std::size_t>(c.integer("batch"));
  return {.argument = argument_named(c.text("argument")),
          .batch = batch,
          .calls = calls,
          .numbers = numbers_without_rounding(calls * batch, static_cast<std::uint64_t>(seed))};
}

Fields Example::fields(Input const& input) {
  return {{"argument", name_of(input.argument)},
          {"batch", static_cast<std::int64_t>(input.batch)},
          {"calls", static_cast<std::int64_t>(input.calls)},
          {"numbers", input.numbers}};
}

Output Example::reference(Input const& input) {
  Output results;
  for (std::size_t call = 0; call < input.calls; ++call) {
    double result = 0;
    if (input.argument == Argument::none)
      result = static_cast<double>(call + 1);
    else
      for (std::size_t i = 0; i < input.batch; ++i)
        result += input.batch_of(call)[i] * input.batch_of(call)[i];
    results.push_back(result);
  }
  return results;
}

Answer Example::answer(Output const& output) { return output; }

double Example::distance(Answer const& got, Answer const& expected) {
  double const infinity = std::numeric_limits<double>::infinity();
  if (got.size() != expected.size()) return infinity;
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    double const off = std::abs(got[i] - expected[i]) / std::max(std::abs(expected[i]), 1.0);
    if (!(off <= worst)) worst = off;  // NaN too
    if (std::isnan(worst)) return infinity;
  }
  return worst;
}

}  // namespace mythbench::wrapper
