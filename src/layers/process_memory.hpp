#pragma once

// How much memory a process has, as the system tells it.

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace mythbench::layers {

// From here on the peak is that of what follows. Elsewhere than on Linux it stays that of all
// before, the making of the input included.
void forget_peak();
std::int64_t peak_resident_bytes();

// Of this moment; the peak where the system does not tell.
std::int64_t resident_bytes();

// Of another process, without stopping it; nothing if the system does not tell.
std::optional<std::int64_t> resident_bytes_of(pid_t process);

}  // namespace mythbench::layers
