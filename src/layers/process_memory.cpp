#include "layers/process_memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace mythbench::layers {
namespace {

// What /proc tells of this process; nothing where there is none.
std::optional<std::int64_t> bytes_of(std::string const& key) {
  std::ifstream lines{"/proc/self/status"};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + ':')) return std::stoll(line.substr(key.size() + 1)) * 1024;
  return std::nullopt;
}

}  // namespace

void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << '5'; }

std::int64_t peak_resident_bytes() {
  if (auto const bytes = bytes_of("VmHWM")) return *bytes;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  constexpr std::int64_t unit = 1;
#else
  constexpr std::int64_t unit = 1024;
#endif
  return usage.ru_maxrss * unit;
}

std::int64_t resident_bytes() {
  if (auto const bytes = bytes_of("VmRSS")) return *bytes;
  return peak_resident_bytes();
}

std::optional<std::int64_t> resident_bytes_of(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/statm"};
  std::int64_t size = 0, resident = 0;
  if (!(file >> size >> resident)) return std::nullopt;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace mythbench::layers
