#include "own_program.hpp"

#ifdef __APPLE__
#include <mach-o/dyld.h>

#include <cstdint>
#endif

namespace mythbench {

#if defined(__linux__)

// Not where that leads to: a program that is built again while it runs stays what it was.
std::string own_program() { return "/proc/self/exe"; }

#elif defined(__APPLE__)

std::string own_program() {
  std::uint32_t size = 0;
  _NSGetExecutablePath(nullptr, &size);  // says only how long it is
  std::string path(size, '\0');
  if (_NSGetExecutablePath(path.data(), &size) != 0) return {};
  return path.c_str();
}

#else

std::string own_program() { return {}; }

#endif

}  // namespace mythbench
