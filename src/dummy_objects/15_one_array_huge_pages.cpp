// One huge array again, on huge pages, asked for with madvise as NumPy asks.
//
// Bound: as one_array, but 8 * n * n / 2^21 page faults. Every byte is still cleared by the kernel,
// written and read; what is saved is the way into the kernel and back, once per 4 kB.
//
// malloc does not ask: it cannot know that a program which touches one byte will also touch the
// two million around it, and with a huge page all of them are resident. Who fills an array knows.
// What the kernel answers is in /sys/kernel/mm/transparent_hugepage/enabled: with "never" this is
// one_array, with "always" one_array has huge pages too.

#include <sys/mman.h>

#include <cstdlib>
#include <memory>
#include <new>

#include "dummy_objects/dummy_objects.hpp"
#include "dummy_objects/sum.hpp"
#include "random/mt19937.hpp"

namespace mythbench::dummy_objects {
namespace {

constexpr std::size_t huge_page = std::size_t{1} << 21;  // of x86-64, and of Arm with 4 kB pages

struct Free {
  void operator()(double* numbers) const { std::free(numbers); }
};

std::unique_ptr<double[], Free> huge_array(std::size_t size) {
  std::size_t const bytes = (size * sizeof(double) + huge_page - 1) / huge_page * huge_page;
  // Aligned, because only a whole, aligned stretch of 2 MB can be one page.
  void* const memory = std::aligned_alloc(huge_page, bytes);
  if (!memory) throw std::bad_alloc{};
#ifdef MADV_HUGEPAGE
  // Advice may be refused; then small pages serve.
  (void)madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  return std::unique_ptr<double[], Free>{static_cast<double*>(memory)};
}

}  // namespace

void one_array_huge_pages(Input const& in, Output& out) {
  random::Mt19937 generator{in.seed};
  std::size_t const size = in.n * in.n;
  auto const numbers = huge_array(size);
  generator.fill({numbers.get(), size});

  double sum = 0;
  for (std::size_t row = 0; row < in.n; ++row) sum += sum_of(&numbers[row * in.n], in.n);
  out.mersenne_twister = sum;
}

Bound one_array_huge_pages_bound(Case const& c) { return least_with_array(c); }

}  // namespace mythbench::dummy_objects
