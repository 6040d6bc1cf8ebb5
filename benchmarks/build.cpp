#include "build.hpp"

#include <string_view>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

namespace mythbench {
namespace {

std::string trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return std::string{text.substr(first, text.find_last_not_of(' ') - first + 1)};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> build_facts() {
  std::vector<std::pair<std::string, std::string>> facts{
      {"version", MYTHBENCH_VERSION},
      {"build_type", MYTHBENCH_BUILD_TYPE},
      {"compiler", MYTHBENCH_COMPILER},
      {"flags", trimmed(MYTHBENCH_FLAGS)},
      {"benchmark", MYTHBENCH_BENCHMARK_VERSION},
      {"eigen", MYTHBENCH_EIGEN_VERSION},
#ifdef __GLIBC__
      {"libc", std::string{"glibc "} + gnu_get_libc_version()},
#endif
  };
  std::erase_if(facts, [](auto const& fact) { return fact.second.empty(); });
  return facts;
}

}  // namespace mythbench
