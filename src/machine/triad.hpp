#pragma once

// How many bytes this machine moves at most, by a triad: a[i] = b[i] + s * c[i].

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace mythbench {

// Ordinary stores read the line that they will overwrite, streaming ones do not.
enum class Stores { ordinary, streaming };

struct Bandwidth {
  std::string level;                 // L1, L2, ... or memory
  std::optional<std::size_t> holds;  // bytes that so many threads find room for; memory: all
  double bytes_per_second = 0;
  Stores stores = Stores::ordinary;
};

// Of so many threads at once, each on arrays of its own; caches nearest first, then memory, with
// ordinary stores and with streaming ones.
//
// Counted are the 24 bytes per element that a triad asks for, as STREAM counts. With ordinary
// stores memory moves a third more, since it reads a as well: of the two, streaming stores tell
// what memory can move. Takes about a second.
std::vector<Bandwidth> triad_bandwidths(int threads);

// What memory gives at this moment, for what moves so many bytes and was timed just now; nothing if
// caches hold them. A shared machine's memory is another one every second, so that what was best
// before a run says little of a moment in it. A mean, as the time of what it stands beside: not the
// best of several bursts, but the better kind of stores. Takes about a tenth of a second.
std::optional<double> triad_beside(int threads, double working_set);

// Memory alone with one kind of stores.
double triad_from_memory(int threads, Stores stores);

}  // namespace mythbench
