#include "core/rung.hpp"

#include <algorithm>
#include <stdexcept>

namespace mythbench {
namespace {

std::vector<Case> for_threads_of(Rung const& rung, std::vector<Case> cases) {
  if (!rung.threaded) std::erase_if(cases, [](Case const& c) { return c.threads() > 1; });
  return cases;
}

}  // namespace

Example const& example_named(std::string_view name) {
  auto const examples = all_examples();
  auto const found = std::ranges::find(examples, name, &Example::name);
  if (found == examples.end())
    throw std::out_of_range{"there is no example '" + std::string{name} + "'"};
  return *found;
}

std::vector<Case> cases_of(Rung const& rung) {
  return for_threads_of(rung, example_named(rung.example).cases());
}

std::vector<Case> awkward_cases_of(Rung const& rung) {
  return for_threads_of(rung, example_named(rung.example).awkward_cases());
}

std::string label(Rung const& rung, Case const& c) {
  return std::string{rung.example} + '/' + std::string{rung.name} + '/' + c.label();
}

}  // namespace mythbench
