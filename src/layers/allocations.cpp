#include "layers/allocations.hpp"

#include <dlfcn.h>

namespace mythbench::layers {
namespace {

template <class Function>
Function* loaded(char const* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void count_allocations(std::uint64_t bytes_of_array) {
  if (auto* const start = loaded<void(std::uint64_t)>("mythbench_count_allocations"))
    start(bytes_of_array);
}

std::optional<Allocations> allocations() {
  auto* const told = loaded<void(std::uint64_t*)>("mythbench_allocations");
  if (!told) return std::nullopt;
  std::uint64_t counted[3];
  told(counted);
  return Allocations{static_cast<std::int64_t>(counted[0]), static_cast<std::int64_t>(counted[1]),
                     static_cast<std::int64_t>(counted[2])};
}

}  // namespace mythbench::layers
