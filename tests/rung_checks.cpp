#include "rung_checks.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <vector>

#include "core/stand_in.hpp"

namespace mythbench {
namespace {

std::optional<Finding> wrong(Rung const& rung, Case const& c, Check const& check,
                             std::string_view when = "") {
  if (check.passed()) return std::nullopt;
  std::ostringstream what;
  what << "error " << check.error << ", tolerated " << check.tolerance << when;
  return Finding{label(rung, c), what.str()};
}

// What action() finds; nothing from a rung that refuses the case: it is skipped, not wrong.
template <class Action>
std::optional<Finding> unless_unsupported(Action const& action) {
  try {
    return action();
  } catch (Unsupported const&) {
    return std::nullopt;
  }
}

// What action(case) finds first.
template <class Action>
std::optional<Finding> first_finding(std::vector<Case> const& cases, Action const& action) {
  for (Case const& c : cases)
    if (auto const finding = unless_unsupported([&] { return action(c); })) return finding;
  return std::nullopt;
}

// The reference is asked once for all rungs.
std::unique_ptr<Trial> trial_of(Rung const& rung, Case const& c) {
  static std::map<std::string, Answer> known;
  std::string const name = std::string{rung.example} + '/' + c.label();
  auto found = known.find(name);
  if (found == known.end())
    found = known.emplace(name, example_named(rung.example).problem(c).answer).first;
  return rung.prepare(c, found->second);
}

std::optional<Finding> wrong_from_scratch(Rung const& rung, Case const& c) {
  return wrong(rung, c, trial_of(rung, c)->verify());
}

std::optional<Finding> wrong_on_smallest_timed_case(Rung const& rung) {
  return first_finding({cases_of(rung).front()},
                       [&](Case const& c) { return wrong_from_scratch(rung, c); });
}

std::optional<Finding> wrong_where_awkward(Rung const& rung) {
  return first_finding(awkward_cases_of(rung),
                       [&](Case const& c) { return wrong_from_scratch(rung, c); });
}

// One after the other, all in the same place: what is found in the output there is an answer of
// another shape, larger or smaller.
std::optional<Finding> wrong_after_others(Rung const& rung) {
  std::vector<Case> const there = awkward_cases_of(rung);
  std::vector<Case> cases = there;
  cases.insert(cases.end(), there.rbegin(), there.rend());
  auto const place = trial_of(rung, cases.front());
  return first_finding(cases, [&](Case const& c) {
    auto const input = trial_of(rung, c);
    place->trade_inputs(*input);
    place->run();
    return wrong(rung, c, place->inspect(), " over the output of another input");
  });
}

// Of the same shape: lengths and addresses tell nothing, and neither does a filled output.
std::optional<Finding> wrong_on_twin(Rung const& rung) {
  auto const twin = example_named(rung.example).twin;
  if (!twin) return std::nullopt;
  return first_finding(awkward_cases_of(rung), [&](Case const& c) {
    auto const place = trial_of(rung, c);
    auto const other = trial_of(rung, twin(c));
    place->run();
    for (int turn = 0; turn < 2; ++turn) {
      place->trade_contents(*other);
      place->run();
      if (auto const finding = wrong(rung, c, place->inspect(), " after a run on its twin"))
        return finding;
    }
    return std::optional<Finding>{};
  });
}

std::optional<Finding> keeps_its_answer_when_timed(Rung const& rung) {
  return first_finding({cases_of(rung).front()}, [&](Case const& c) -> std::optional<Finding> {
    auto const trial = trial_of(rung, c);
    trial->run();
    // As if a run were short, and as if it were long.
    for (double const seconds : {0.0, 1e9})
      if (std::string const what = objection_of_another_input(rung, c, *trial, seconds);
          !what.empty())
        return Finding{label(rung, c), what};
    return wrong(rung, c, trial->inspect(), " after all");
  });
}

// The small ones among the awkward cases, with more threads than cores.
std::vector<Case> crowded_cases_of(Rung const& rung) {
  constexpr double most_items = 2e4;
  std::vector<Case> crowded;
  for (Case const& awkward : awkward_cases_of(rung)) {
    if (awkward.threads() == 1 || example_named(rung.example).work(awkward).items > most_items)
      continue;
    Case const c = awkward.with("threads", 2 * thread_counts().back() + 1);
    if (std::ranges::find(crowded, c) == crowded.end()) crowded.push_back(c);
  }
  return crowded;
}

constexpr int runs_in_a_row = 40;

// Threads that are more than the cores, on next to nothing: they come and go at any moment. What
// goes wrong in one run of some is not seen in one.
std::optional<Finding> wrong_once_in_a_while(Rung const& rung) {
  if (!rung.threaded) return std::nullopt;
  return first_finding(crowded_cases_of(rung), [&](Case const& c) -> std::optional<Finding> {
    auto const trial = trial_of(rung, c);
    for (int run = 0; run < runs_in_a_row; ++run) {
      trial->run();
      if (auto const finding = wrong(rung, c, trial->inspect(), " in one run of some"))
        return finding;
    }
    return std::nullopt;
  });
}

constexpr RungCheck checks[] = {
    {"a rung gives the reference answer on its smallest timed case", wrong_on_smallest_timed_case},
    {"a rung gives the reference answer where it is awkward", wrong_where_awkward},
    {"a rung gives the reference answer whatever another input has left", wrong_after_others},
    {"a rung tells an input from another one of the same shape at the same place", wrong_on_twin},
    {"a rung keeps no answer of the case that is timed", keeps_its_answer_when_timed},
    {"a rung with more threads than cores is right every time", wrong_once_in_a_while},
};

}  // namespace

std::span<RungCheck const> rung_checks() { return checks; }

}  // namespace mythbench
