#include "rung_checks.hpp"

#include <memory>
#include <sstream>
#include <vector>

namespace mythbench {
namespace {

std::optional<Finding> wrong(Rung const& rung, Case const& c, Check const& check) {
  if (check.passed()) return std::nullopt;
  std::ostringstream what;
  what << "error " << check.error << ", tolerated " << check.tolerance;
  return Finding{label(rung, c), what.str()};
}

// What action() finds; nothing from a rung that this machine lacks something for: it is skipped,
// not wrong.
template <class Action>
std::optional<Finding> unless_unsupported(Action const& action) {
  try {
    return action();
  } catch (Unsupported const&) {
    return std::nullopt;
  }
}

std::optional<Finding> wrong_from_scratch(Rung const& rung, Case const& c) {
  return unless_unsupported(
      [&] { return wrong(rung, c, rung.prepare(c, std::nullopt)->verify()); });
}

std::optional<Finding> wrong_on_smallest_timed_case(Rung const& rung) {
  return wrong_from_scratch(rung, cases_of(rung).front());
}

std::optional<Finding> wrong_where_awkward(Rung const& rung) {
  for (Case const& c : example_named(rung.example).awkward_cases())
    if (auto const finding = wrong_from_scratch(rung, c)) return finding;
  return std::nullopt;
}

std::optional<Finding> wrong_in_turns(Rung const& rung) {
  std::vector<Case> const cases = example_named(rung.example).awkward_cases();
  auto const first = rung.prepare(cases.front(), std::nullopt);
  auto const last = rung.prepare(cases.back(), std::nullopt);
  return unless_unsupported([&]() -> std::optional<Finding> {
    last->run();
    for (int time = 0; time < 2; ++time) {
      first->run();
      if (auto const finding = wrong(rung, cases.front(), first->inspect())) return finding;
    }
    if (auto const finding = wrong(rung, cases.back(), last->inspect())) return finding;
    last->run();
    return wrong(rung, cases.back(), last->inspect());
  });
}

constexpr RungCheck checks[] = {
    {"a rung gives the reference answer on its smallest timed case", wrong_on_smallest_timed_case},
    {"a rung gives the reference answer where it is awkward", wrong_where_awkward},
    {"a rung leaves no state behind for its next run", wrong_in_turns},
};

}  // namespace

std::span<RungCheck const> rung_checks() { return checks; }

}  // namespace mythbench
