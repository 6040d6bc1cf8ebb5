#pragma once

// How many bytes this machine moves, by a triad: a[i] = b[i] + s * c[i].
//
// Counted are the 24 bytes per element that a triad asks for, as STREAM counts. With ordinary
// stores memory moves a third more, since it reads a as well: of the two, streaming stores tell
// what memory can move.
//
// All is of so many threads at once, each on arrays of its own, and ends when its time is out,
// whatever else has the cores: with nothing, where not one measurement was complete by then.
// Throws std::bad_alloc and std::system_error where memory or threads are refused.

#include <cstddef>
#include <optional>
#include <vector>

#include "machine/time_shares.hpp"

namespace mythbench {

// Ordinary stores read the line that they will overwrite, streaming ones do not.
enum class Stores { ordinary, streaming };

// Bytes per second at most, with ordinary stores, on arrays of so many elements.
std::optional<double> triad_in_cache(int threads, std::size_t elements, Clock::time_point until);

struct FromMemory {
  std::optional<double> ordinary, streaming;
};

// Bytes per second at most on arrays so large that caches do not count: they grow through these
// sizes until the rate is flat, which is when two sizes in a row show the same within 5 per cent
// with either kind of stores.
FromMemory triad_from_memory(int threads, std::vector<std::size_t> const& sizes,
                             Clock::time_point until);

// What memory gives at this moment, for what moves so many bytes and was timed just now; nothing if
// caches hold them. A shared machine's memory is another one every second, so that what was best
// before a run says little of a moment in it. A mean, as the time of what it stands beside: not the
// best of several bursts, but the better kind of stores. Takes about a tenth of a second.
std::optional<double> triad_beside(int threads, double working_set, Clock::time_point until);

}  // namespace mythbench
