#pragma once

// What Linux tells in small files: a line, a number, a size, a list of processors.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mythbench {

// The first line of a file.
std::optional<std::string> line_of(std::string const& file);

// What a text begins with; `end` tells where it ends.
std::optional<std::size_t> number_in(std::string_view text, std::size_t* end = nullptr);

// 32K, 1M
std::optional<std::size_t> bytes_in(std::string const& size);

// 0-3,8: ascending. What makes no sense there is left out, and so are numbers that no machine has.
std::vector<int> processors_in(std::string const& list);

// The same the other way round.
std::string list_of(std::vector<int> const& processors);

}  // namespace mythbench
