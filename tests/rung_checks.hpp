#pragma once

// What a right C++ rung does, whatever its example: one sentence each, asked of any rung by the
// tests and by whoever plants faults in rungs.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/rung.hpp"

namespace mythbench {

// What a check found wrong with a rung: where, and in what words.
struct Finding {
  std::string label;
  std::string what;
};

struct RungCheck {
  std::string_view sentence;  // true of a right rung
  // Nothing if the sentence holds, or if this machine lacks what the rung needs. Rungs of Python
  // are not for this.
  std::optional<Finding> (*finding)(Rung const& rung);
};

// The cheapest first.
std::span<RungCheck const> rung_checks();

}  // namespace mythbench
