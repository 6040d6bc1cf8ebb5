#include "machine/pages.hpp"

#include <sys/mman.h>

#include <new>

namespace mythbench {
namespace {

constexpr std::size_t line = 64;
// NumPy asks for huge pages from this size on; in smaller arrays a whole one hardly fits.
constexpr std::size_t least_that_asks = 2 * huge_page;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

void ask_for_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
}

Pages untouched_pages(std::size_t numbers) {
  std::size_t const bytes = numbers * sizeof(double);
  bool const asks = bytes >= least_that_asks;
  std::size_t const unit = asks ? huge_page : line;
  void* const memory = std::aligned_alloc(unit, rounded_up(bytes ? bytes : 1, unit));
  if (!memory) throw std::bad_alloc{};
  if (asks) ask_for_huge_pages(memory, rounded_up(bytes, unit));
  return Pages{static_cast<double*>(memory)};
}

}  // namespace mythbench
