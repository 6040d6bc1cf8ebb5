#include "core/notes.hpp"

#include <algorithm>

namespace mythbench {
namespace {

// Of each thread: two that run rungs side by side, as Python's may, keep apart.
Notes& taken() {
  thread_local Notes notes;
  return notes;
}

}  // namespace

void note(std::string_view name, double value) {
  auto const known = std::ranges::find(taken(), name, &Notes::value_type::first);
  if (known == taken().end())
    taken().emplace_back(name, value);
  else
    known->second += value;
}

Notes take_notes() { return std::exchange(taken(), {}); }

}  // namespace mythbench
