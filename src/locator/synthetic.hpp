#pragma once

// Events made up for real stations, and small problems made to go wrong.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "locator/locator.hpp"

namespace mythbench::locator {

// What a study may change about a volcano.
struct Variation {
  std::optional<double> spacing;        // of the grid, in metres
  std::optional<std::size_t> stations;  // only so many: every so many of all
};

// Earthquakes under Etna ("coarse", "small") or Kilauea ("medium", "large"); noise is the standard
// deviation of the logarithm of the amplitudes.
Input volcano(std::string_view grid, std::size_t events, double noise, int threads,
              Variation const& variation = {});

// A grid of so many nodes along each axis, and few stations if they are many. The first event comes
// from the last node, the second from the first, the third from where the last tile begins. If the
// first tile is full, a station stands on its last node; the fourth event comes from there, and
// this station has missed it. These events fit without noise.
Input many_nodes(std::array<std::size_t, 3> const& nodes, std::size_t events, int threads);

// Throws std::out_of_range if there is no such family.
Input awkward(std::string_view family, std::uint64_t seed, std::size_t events, int threads);

}  // namespace mythbench::locator
