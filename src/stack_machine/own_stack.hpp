#pragma once

#include <cstddef>
#include <functional>

namespace mythbench::stack_machine {

// Runs something on a stack of so many bytes, whatever stack its caller has: threads of Python may
// have a few hundred kilobytes. Throws what it throws.
void on_stack_of(std::size_t bytes, std::function<void()> const& work);

}  // namespace mythbench::stack_machine
