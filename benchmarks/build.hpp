#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mythbench {

// How this program was built: compiler, flags, versions of libraries. Unknown facts are left out.
std::vector<std::pair<std::string, std::string>> build_facts();

}  // namespace mythbench
