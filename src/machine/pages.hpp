#pragma once

// Memory for large arrays, on huge pages where the kernel gives them to those that ask.

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace mythbench {

// Of x86-64, and of Arm with 4 kB pages.
inline constexpr std::size_t huge_page = std::size_t{1} << 21;

// Advice for memory that begins on a huge page. It may be refused, and only Linux takes it: then
// small pages serve.
void ask_for_huge_pages(void* memory, std::size_t bytes);

struct FreePages {
  void operator()(double* numbers) const { std::free(numbers); }
};

using Pages = std::unique_ptr<double[], FreePages>;

// Nothing is touched: whoever writes first decides on which node of memory a page lies. Starts on a
// cache line; an array of several MB on a huge page. Throws std::bad_alloc.
Pages untouched_pages(std::size_t numbers);

}  // namespace mythbench
