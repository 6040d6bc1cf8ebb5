#include "machine/instruction_set.hpp"

#include <hwy/highway.h>

#include <cstdint>
#include <stdexcept>

namespace mythbench {
namespace {

// One bit each, the best the lowest.
std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> found;
  std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS;
  while (left != 0) {
    found.push_back(left & -left);
    left &= left - 1;
  }
  return found;
}

// Highway means this for tests; 0 is its word for all that there are.
void use(std::int64_t target) {
  hwy::SetSupportedTargetsForTest(target);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (std::int64_t const target : targets()) names.emplace_back(hwy::TargetName(target));
  return names;
}

void use_instruction_set(std::string const& name) {
  use_best_instruction_set();
  std::string known;
  for (std::int64_t const target : targets()) {
    if (hwy::TargetName(target) == name) return use(target);
    known += (known.empty() ? "" : ", ") + std::string{hwy::TargetName(target)};
  }
  throw std::out_of_range{"there is no instruction set '" + name + "' here, but " + known};
}

void use_best_instruction_set() { use(0); }

}  // namespace mythbench
