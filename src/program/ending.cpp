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

int told(std::string_view program, std::string const& why, int status) {
  std::cerr << program << ": " << why << '\n';
  return status;
}

// By a function that throws.
template <class Throws>
int told_of(std::string_view program, Throws const& action) {
  try {
    action();
  } catch (Refused const& why) {
    return told(program, why.what(), status::refused);
  } catch (std::exception const& error) {
    return told(program, error.what(), status::bad_usage);
  }
  return status::all_well;
}

int status_of_exception(std::string_view program) {
  try {
    throw;
  } catch (std::ios_base::failure const&) {
    int const error = errno;
    if (error == EPIPE) return status::nobody_reads;  // who reads no further knows
    return told_of(program, [&] { fail("cannot write the output", error); });
  } catch (std::filesystem::filesystem_error const& error) {
    return told_of(program, [&] { fail(error.path1().string(), error.code().value()); });
  } catch (std::system_error const& error) {
    return told_of(program, [&] { fail("the system", error.code().value()); });
  } catch (std::bad_alloc const&) {
    return told(program, "there is not enough memory", status::bad_usage);
  } catch (...) {
    return told_of(program, [] { throw; });
  }
}

}  // namespace

void fail(std::string const& what, int error) {
  std::string const why = what + ": " + std::generic_category().message(error);
  std::string_view const helps = remedy(error);
  if (helps.empty()) throw std::runtime_error{why};
  throw Refused{why + "; " + std::string{helps}};
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
    return status_of_exception(program);
  }
}

}  // namespace mythbench
