// The BLAS of this machine, on one thread: what NumPy's dot() calls.
//
// It is looked for when the rung first runs, so that nothing needs it to be built or started. A
// library that would start threads is told not to.
//
// Bound: as packed.

#include <dlfcn.h>

#include "core/rung.hpp"
#include "matmul/matmul.hpp"

namespace mythbench::matmul {
namespace {

// Fortran's interface: everything by address, matrices column by column.
using Dgemm = void(char const*, char const*, int const*, int const*, int const*, double const*,
                   double const*, int const*, double const*, int const*, double const*, double*,
                   int const*);

// Those that are made for speed first; the plain libblas is on some systems one of them.
constexpr char const* libraries[] = {
    "libopenblas.so.0", "libopenblas.so",   "libmkl_rt.so.2", "libmkl_rt.so",      "libblis.so.4",
    "libblis.so",       "libarmpl_lp64.so", "libblas.so.3",   "libopenblas.dylib",
};

// Where the library has such a function.
void call_with_one(void* library, char const* function) {
  if (void* const address = dlsym(library, function)) reinterpret_cast<void (*)(int)>(address)(1);
}

Dgemm* found_dgemm() {
  for (char const* const name : libraries) {
    void* const library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) continue;
    void* const address = dlsym(library, "dgemm_");
    if (address == nullptr) continue;
    call_with_one(library, "openblas_set_num_threads");
    call_with_one(library, "MKL_Set_Num_Threads");
    call_with_one(library, "bli_thread_set_num_threads");
    return reinterpret_cast<Dgemm*>(address);
  }
  return nullptr;
}

}  // namespace

void blas(Input const& in, Output& out) {
  static Dgemm* const dgemm = found_dgemm();
  if (dgemm == nullptr)
    throw Unsupported{"no BLAS was found: neither OpenBLAS, MKL, BLIS nor another libblas"};
  out.resize(in.n * in.n);
  auto const n = static_cast<int>(in.n);
  double const one = 1;
  double const zero = 0;
  // Read by columns, rows are columns: of the transposed matrices, whose product is the other way
  // round.
  dgemm("N", "N", &n, &n, &n, &one, in.right.data(), &n, in.left.data(), &n, &zero, out.data(), &n);
}

Bound blas_bound(Case const& c) { return least(c); }

}  // namespace mythbench::matmul
