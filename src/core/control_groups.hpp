#pragma once

// What the control groups of Linux, which containers and batch systems use, grant a process: the
// affinity mask and /proc/meminfo tell of the machine alone.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace mythbench {

// The folders of this process's groups and of all above them, of version 2 and 1.
std::vector<std::filesystem::path> control_groups(
    std::filesystem::path const& membership = "/proc/self/cgroup",
    std::filesystem::path const& root = "/sys/fs/cgroup");

// Processors' worth of time, by the tightest quota; nothing without one.
std::optional<double> granted_cores(std::vector<std::filesystem::path> const& groups);

// What may be allocated yet, in bytes, by the tightest limit; nothing without one.
std::optional<std::int64_t> granted_memory_bytes(std::vector<std::filesystem::path> const& groups);

}  // namespace mythbench
