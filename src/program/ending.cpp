#include "program/ending.hpp"

#include <cerrno>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <system_error>

namespace mythbench {
namespace {

// What helps against it; empty for what is no refusal of the system's.
std::string_view remedy(int error) {
  switch (error) {
    case ENOSPC:
      return "make room on the disk";
    case EDQUOT:
      return "delete something of yours or ask for a larger quota";
    case EROFS:
    case EACCES:
    case EPERM:
      return "choose a place where you may write";
    case EFBIG:
      return "allow larger files with ulimit -f";
    case EMFILE:
    case ENFILE:
      return "allow more open files with ulimit -n";
    case EAGAIN:
      return "allow more threads with ulimit -u";
    case ENOMEM:
      return "end other programs";
    case EIO:
      return "look after the device";
    default:
      return {};
  }
}

// By a function that throws.
template <class Throws>
Ending ending_of(Throws const& action) {
  try {
    action();
  } catch (Refused const& why) {
    return {status::refused, why.what()};
  } catch (std::exception const& error) {
    return {status::bad_usage, error.what()};
  }
  return {status::all_well, {}};
}

}  // namespace

void fail(std::string const& what, int error) {
  std::string const why = what + ": " + std::generic_category().message(error);
  std::string_view const helps = remedy(error);
  if (helps.empty()) throw std::runtime_error{why};
  throw Refused{why + "; " + std::string{helps}};
}

Ending ending_of_exception() {
  try {
    throw;
  } catch (std::ios_base::failure const&) {
    int const error = errno;
    if (error == EPIPE) return {status::nobody_reads, {}};  // who reads no further knows
    return ending_of([&] { fail("cannot write the output", error); });
  } catch (std::filesystem::filesystem_error const& error) {
    return ending_of([&] { fail(error.path1().string(), error.code().value()); });
  } catch (std::system_error const& error) {
    return ending_of([&] { fail("the system", error.code().value()); });
  } catch (std::bad_alloc const&) {
    return {status::bad_usage, "there is not enough memory"};
  } catch (...) {
    return ending_of([] { throw; });
  }
}

int ended(std::string_view program, std::function<int()> const& action) {
  try {
    std::cout.exceptions(std::ios::badbit | std::ios::failbit);
    int const status = action();
    std::cout.flush();
    return status;
  } catch (...) {
    // What is left of the output is tried again by std::cerr, and when the program ends.
    std::cout.exceptions(std::ios::goodbit);
    auto const [status, sentence] = ending_of_exception();
    if (!sentence.empty()) std::cerr << program << ": " << sentence << '\n';
    return status;
  }
}

}  // namespace mythbench
