#pragma once

#include <string>
#include <string_view>

#include "stack_machine/code.hpp"

namespace mythbench::stack_machine {

// A file as the lexer reads it: lines end with a line feed, however the system that wrote them ends
// lines, and there is no byte order mark. Throws a Failure for bytes that are no text of Python.
std::string text_of_file(std::string_view bytes, Dialect dialect);

// The bytes of a character in UTF-8.
std::string utf8(std::uint32_t character);

}  // namespace mythbench::stack_machine
