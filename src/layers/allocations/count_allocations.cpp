// Counts what a process asks of malloc and its kin, whoever asks: C++, NumPy, numexpr or Numba.
//
// A library of its own, loaded with LD_PRELOAD into the processes that count and never into those
// that time: malloc of a timed program is the system's own. Where the C library is not glibc it
// counts nothing, and says so by offering nothing.

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

#ifdef __GLIBC__

namespace {

std::atomic<std::uint64_t> calls, bytes, arrays;
std::atomic<std::uint64_t> least_of_array = UINT64_MAX;

void count(std::size_t size) {
  calls.fetch_add(1, std::memory_order_relaxed);
  bytes.fetch_add(size, std::memory_order_relaxed);
  if (size >= least_of_array.load(std::memory_order_relaxed))
    arrays.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

// What glibc calls its own functions, for those who stand before them. What they hand out its free
// takes back.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

// From now on, from zero; an array is what has so many bytes.
[[gnu::visibility("default")]] void mythbench_count_allocations(std::uint64_t least) {
  least_of_array = least;
  calls = bytes = arrays = 0;
}

// Calls, the bytes that they asked for, and arrays among them.
[[gnu::visibility("default")]] void mythbench_allocations(std::uint64_t* counted) {
  counted[0] = calls;
  counted[1] = bytes;
  counted[2] = arrays;
}

void* malloc(std::size_t size) noexcept {
  count(size);
  return __libc_malloc(size);
}

void* calloc(std::size_t number, std::size_t size) noexcept {
  count(number * size);
  return __libc_calloc(number, size);
}

void* realloc(void* memory, std::size_t size) noexcept {
  count(size);
  return __libc_realloc(memory, size);
}

void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count(size);
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  count(size);
  void* const got = __libc_memalign(alignment, size);
  if (!got) return ENOMEM;
  *memory = got;
  return 0;
}

}  // extern "C"

#endif  // __GLIBC__
