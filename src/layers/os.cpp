#include "layers/os.hpp"

#include <poll.h>
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

#include "core/control_groups.hpp"
#include "layers/process_memory.hpp"

namespace mythbench::layers {
namespace {

// What a child writes into the pipe: plain bytes, so that nothing has to be parsed.
struct Message {
  bool counted = false;
  char reason[200] = {};
  OsCounts counts{};
  double started = 0;  // by the clock that all processes share
  std::optional<Allocations> allocations{};
  std::optional<Counted::Later> later{};
};
static_assert(std::is_trivially_copyable_v<Message>);

std::optional<std::int64_t> kilobytes_of(char const* file, std::string const& key) {
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key + ':')) return std::stoll(line.substr(key.size() + 1));
  return std::nullopt;
}

double seconds(timeval const& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

rusage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
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

Counted::Later count_later(std::function<void()> const& run, std::uint64_t bytes_of_array) {
  rusage const before = usage_now();
  count_allocations(bytes_of_array);
  run();
  auto const counted = allocations();
  rusage const after = usage_now();
  return {after.ru_minflt - before.ru_minflt + after.ru_majflt - before.ru_majflt, counted};
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Looks at the child until it has something to say. A long run is looked at less often: whenever
// there are too many samples, every other one goes.
std::vector<ResidentSample> watched(pid_t child, int pipe) {
  constexpr std::size_t most = 256;
  std::vector<ResidentSample> samples;
  int pause = 1;  // milliseconds
  pollfd message{pipe, POLLIN, 0};
  while (poll(&message, 1, pause) == 0) {
    auto const bytes = resident_bytes_of(child);
    if (!bytes) continue;
    samples.push_back({now(), *bytes});
    if (samples.size() < most) continue;
    for (std::size_t i = 0; i < most / 2; ++i) samples[i] = samples[2 * i];
    samples.resize(most / 2);
    pause *= 2;
  }
  return samples;
}

// Those of the run alone, its beginning included.
std::vector<ResidentSample> samples_of_run(std::vector<ResidentSample> const& samples,
                                           Message const& message) {
  std::vector<ResidentSample> during{{0, message.counts.baseline_resident_bytes}};
  for (ResidentSample const& sample : samples) {
    double const seconds = sample.seconds - message.started;
    if (seconds > 0 && seconds <= message.counts.seconds) during.push_back({seconds, sample.bytes});
  }
  return during;
}

Message message_of_child(std::function<void()> const& prepare, std::function<void()> const& run,
                         std::uint64_t bytes_of_array) {
  Message message;
  try {
    prepare();
    message.started = now();
    message.counts = count([&] {
      count_allocations(bytes_of_array);
      run();
      message.allocations = allocations();
    });
    if (message.counts.seconds <= most_seconds_to_run_again)
      message.later = count_later(run, bytes_of_array);
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

std::variant<Counted, std::string> count_in_child(std::function<void()> const& prepare,
                                                  std::function<void()> const& run,
                                                  std::uint64_t bytes_of_array) {
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
    Message const message = message_of_child(prepare, run, bytes_of_array);
    ssize_t const written = write(ends[1], &message, sizeof message);
    _exit(written == static_cast<ssize_t>(sizeof message) ? 0 : 1);
  }

  close(ends[1]);
  auto const samples = watched(child, ends[0]);
  Message message;
  ssize_t const got =
      read(ends[0], &message, sizeof message);  // smaller than PIPE_BUF: whole or nothing
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (got != static_cast<ssize_t>(sizeof message)) return reason_of_death(status);
  if (!message.counted) return std::string{message.reason};
  return Counted{message.counts, samples_of_run(samples, message), message.allocations,
                 message.later};
}

std::int64_t available_memory_bytes() {
  auto const kilobytes = kilobytes_of("/proc/meminfo", "MemAvailable");
  if (!kilobytes) return 0;
  std::int64_t const available = *kilobytes * 1024;
  return std::min(available, granted_memory_bytes(control_groups()).value_or(available));
}

}  // namespace mythbench::layers
