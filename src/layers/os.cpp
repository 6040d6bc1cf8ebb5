#include "layers/os.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <optional>
#include <type_traits>

namespace mythbench::layers {
namespace {

// What a child writes into the pipe: plain bytes, so that nothing has to be parsed.
struct Message {
  bool counted = false;
  char reason[200] = {};
  OsCounts counts{};
};
static_assert(std::is_trivially_copyable_v<Message>);

std::optional<std::int64_t> kilobytes_of(char const* file, std::string const& key) {
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + ':')) return std::stoll(line.substr(key.size() + 1));
  return std::nullopt;
}

std::optional<std::int64_t> number_in(std::string const& file) {
  std::int64_t number = 0;
  if (std::ifstream{file} >> number) return number;
  return std::nullopt;  // "max" means no limit
}

double seconds(timeval const& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

rusage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

// Linux forgets the peak on request; elsewhere it includes the making of the input.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << '5'; }

std::int64_t peak_resident_bytes() {
  if (auto const kilobytes = kilobytes_of("/proc/self/status", "VmHWM")) return *kilobytes * 1024;
  return static_cast<std::int64_t>(usage_now().ru_maxrss) * 1024;
}

std::int64_t resident_bytes() {
  if (auto const kilobytes = kilobytes_of("/proc/self/status", "VmRSS")) return *kilobytes * 1024;
  return peak_resident_bytes();
}

OsCounts count(std::function<void()> const& run) {
  OsCounts counts;
  forget_peak();
  counts.baseline_resident_bytes = resident_bytes();
  rusage const before = usage_now();
  auto const start = std::chrono::steady_clock::now();
  run();
  std::chrono::duration<double> const elapsed = std::chrono::steady_clock::now() - start;
  rusage const after = usage_now();
  counts.seconds = elapsed.count();
  counts.user_seconds = seconds(after.ru_utime) - seconds(before.ru_utime);
  counts.system_seconds = seconds(after.ru_stime) - seconds(before.ru_stime);
  counts.peak_resident_bytes = peak_resident_bytes();
  counts.minor_page_faults = after.ru_minflt - before.ru_minflt;
  counts.major_page_faults = after.ru_majflt - before.ru_majflt;
  counts.voluntary_context_switches = after.ru_nvcsw - before.ru_nvcsw;
  counts.involuntary_context_switches = after.ru_nivcsw - before.ru_nivcsw;
  return counts;
}

Message message_of_child(std::function<void()> const& prepare, std::function<void()> const& run) {
  Message message;
  try {
    prepare();
    message.counts = count(run);
    message.counted = true;
  } catch (std::exception const& error) {
    std::strncpy(message.reason, error.what(), sizeof message.reason - 1);
  }
  return message;
}

std::string reason_of_death(int status) {
  if (WIFSIGNALED(status))
    return "the process was ended by signal " + std::to_string(WTERMSIG(status));
  return "the process ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::variant<OsCounts, std::string> count_in_child(std::function<void()> const& prepare,
                                                   std::function<void()> const& run) {
  int ends[2];
  if (pipe(ends) != 0) return std::string{"no pipe: "} + std::strerror(errno);
  std::fflush(nullptr);  // or the child would print what is still buffered here once more
  pid_t const child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return std::string{"no fork: "} + std::strerror(errno);
  }
  if (child == 0) {
    close(ends[0]);
    Message const message = message_of_child(prepare, run);
    ssize_t const written = write(ends[1], &message, sizeof message);
    _exit(written == static_cast<ssize_t>(sizeof message) ? 0 : 1);
  }

  close(ends[1]);
  Message message;
  ssize_t const got =
      read(ends[0], &message, sizeof message);  // smaller than PIPE_BUF: whole or nothing
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (got != static_cast<ssize_t>(sizeof message)) return reason_of_death(status);
  if (!message.counted) return std::string{message.reason};
  return message.counts;
}

std::int64_t available_memory_bytes() {
  auto const kilobytes = kilobytes_of("/proc/meminfo", "MemAvailable");
  if (!kilobytes) return 0;
  std::int64_t available = *kilobytes * 1024;

  // The control group may grant less, here or anywhere above.
  std::ifstream groups{"/proc/self/cgroup"};
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::")) continue;
    for (std::string path = line.substr(3);; path.erase(path.find_last_of('/'))) {
      std::string const folder = "/sys/fs/cgroup" + path;
      auto const limit = number_in(folder + "/memory.max");
      auto const used = number_in(folder + "/memory.current");
      if (limit && used) available = std::min(available, *limit - *used);
      if (path.find_last_of('/') == std::string::npos) break;
    }
  }
  return available;
}

}  // namespace mythbench::layers
