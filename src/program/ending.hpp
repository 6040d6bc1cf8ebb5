#pragma once

// How the programs of the suite end: one sentence for whatever stops them, and the exit status that
// README.md states.

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace mythbench::status {

constexpr int all_well = 0;
constexpr int wrong_answer = 1;
constexpr int bad_usage = 2;
constexpr int refused = 4;         // by the system: a full disk, no permission
constexpr int nobody_reads = 141;  // the output, any more: as a shell tells of SIGPIPE

}  // namespace mythbench::status

namespace mythbench {

// The system has no room for it, or does not allow it; the text says what, and what helps.
struct Refused : std::runtime_error {
  using runtime_error::runtime_error;
};

// Throws Refused, or std::runtime_error where it was the name that was wrong; `error` is of errno.
[[noreturn]] void fail(std::string const& what, int error);

struct Ending {
  int status;
  std::string sentence;  // empty where nobody is to be told
};

// Of the exception that is being handled.
Ending ending_of_exception();

// The status of what action() does, which has all of std::cout reach its end or throws.
int ended(std::string_view program, std::function<int()> const& action);

}  // namespace mythbench
