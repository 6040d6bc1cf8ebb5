#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

// The code of a module, as CPython 2.7 would compile it. Throws a Failure for what it cannot.
std::shared_ptr<Code const> compile(std::string_view source, std::string const& file,
                                    Dialect dialect = Dialect::python2);

// The function that a module defines under this name; throws std::out_of_range if there is none.
std::shared_ptr<Code const> function_named(std::string_view name, Code const& module);

}  // namespace mythbench::stack_machine
