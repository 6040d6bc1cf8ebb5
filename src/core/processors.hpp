#pragma once

// Which processors this process may use, whatever a runtime of threads has done to its first thread.
//
// OpenMP binds that thread to one processor where OMP_PROC_BIND, OMP_PLACES or another setting asks
// for it, and GCC's does so before main(). Who then counts the processors of that thread finds one,
// and the threads that it starts share one. So programs remember what the system allowed before any
// library began (src/core/start). Where nobody remembered, as in a Python module, it is what the
// calling thread is allowed.

#include <cstddef>
#include <vector>

namespace mythbench {

// In their order; empty where the system does not tell.
std::vector<std::size_t> usable_processors();

std::size_t usable_cores();

// For a thread that is not one of OpenMP: lets it run on all of them.
void use_all_processors();

}  // namespace mythbench
