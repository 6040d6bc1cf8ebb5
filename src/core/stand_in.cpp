#include "core/stand_in.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <sstream>
#include <variant>

namespace mythbench {
namespace {

// What is read in so short a time is little beside the memory of any machine: there is room for a
// second input.
constexpr double most_seconds_to_run_again = 0.01;

// What two trials have traded, they have traded back when this ends, whatever the rung throws.
class Traded {
 public:
  using Trade = void (Trial::*)(Trial&);

  Traded(Trade trade, Trial& trial, Trial& other) : trade_{trade}, trial_{trial}, other_{other} {
    (trial_.*trade_)(other_);
  }
  ~Traded() { (trial_.*trade_)(other_); }
  Traded(Traded const&) = delete;
  Traded& operator=(Traded const&) = delete;

 private:
  Trade trade_;
  Trial& trial_;
  Trial& other_;
};

std::string objection(Check const& check, Case const& c, std::string_view when) {
  if (check.passed()) return {};
  std::ostringstream text;
  text << "error " << check.error << ", tolerated " << check.tolerance << ", " << when << ' '
       << c.label();
  return text.str();
}

// What the twin's answer is nobody knows: the reference may take longer than all runs together.
std::string objection_of_twin(Rung const& rung, Case const& twin, Trial& trial) {
  auto const other = rung.prepare(twin, Answer{});
  {
    Traded const place{&Trial::trade_contents, trial, *other};
    trial.run();
  }
  if (trial.inspect().passed()) return "the same is given for " + twin.label();
  trial.run();
  return objection(trial.inspect(), twin, "after a run on");
}

std::size_t texts_in_common(Case const& a, Case const& b) {
  return static_cast<std::size_t>(std::ranges::count_if(a.parameters(), [&](auto const& p) {
    return std::holds_alternative<std::string>(p.second) &&
           std::ranges::find(b.parameters(), p) != b.parameters().end();
  }));
}

std::string objection_of_small(Rung const& rung, Case const& timed, Trial& trial) {
  std::vector<Case> const cases = small_cases_like(timed, awkward_cases_of(rung));
  if (cases.empty()) return {};
  auto const small = rung.prepare(cases.front(), std::nullopt);
  for (Case const& before : std::span{cases}.subspan(1)) {
    auto const left = rung.prepare(before, std::nullopt);
    left->run();
    Traded const output{&Trial::trade_outputs, trial, *left};
    Traded const place{&Trial::trade_inputs, trial, *small};
    if (trial.inspect().passed()) continue;  // both have the same answer: nothing would be seen
    trial.run();
    return objection(trial.inspect(), cases.front(), "in its place on");
  }
  return {};
}

}  // namespace

std::vector<Case> small_cases_like(Case const& timed, std::vector<Case> awkward) {
  std::size_t most = 0;
  for (Case const& c : awkward) most = std::max(most, texts_in_common(c, timed));
  std::erase_if(awkward, [&](Case const& c) { return texts_in_common(c, timed) < most; });
  return awkward;
}

std::string objection_of_another_input(Rung const& rung, Case const& timed, Trial& trial,
                                       double seconds) try {
  auto const twin = example_named(rung.example).twin;
  return twin && seconds <= most_seconds_to_run_again ? objection_of_twin(rung, twin(timed), trial)
                                                      : objection_of_small(rung, timed, trial);
} catch (Unsupported const&) {
  return {};  // a rung may refuse cases, but not the one that was timed
}

}  // namespace mythbench
