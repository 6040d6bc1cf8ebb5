#pragma once

// Several threads that begin together.

#include <functional>

namespace mythbench {

// Runs work(0), work(1), ... on so many threads at once. Throws std::system_error, before any of it
// has begun, where the system does not grant so many.
void on_threads(int threads, std::function<void(int)> const& work);

}  // namespace mythbench
