#include "core/control_groups.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace mythbench {
namespace {

using std::filesystem::path;

// Version 1 says so of memory when there is no limit, as nearly as its pages allow.
constexpr std::int64_t no_limit = std::int64_t{1} << 60;

std::optional<std::int64_t> number_in(path const& file) {
  std::int64_t number = 0;
  if (std::ifstream{file} >> number) return number;
  return std::nullopt;  // "max" means no limit
}

// Each controller of version 1 has a tree of its own; version 2 is the line without controllers.
std::vector<path> trees(std::string const& controllers, path const& root) {
  if (controllers.empty()) return {root};
  std::vector<path> found;
  std::istringstream names{controllers};
  for (std::string name; std::getline(names, name, ',');) found.push_back(root / name);
  return found;
}

std::optional<double> quota_of(path const& group) {
  std::string quota;
  double period = 0;
  if (std::ifstream{group / "cpu.max"} >> quota >> period) {
    if (quota == "max" || !(period > 0)) return std::nullopt;
    return std::stod(quota) / period;
  }
  auto const allowed = number_in(group / "cpu.cfs_quota_us");
  auto const each = number_in(group / "cpu.cfs_period_us");
  if (!allowed || !each || *allowed <= 0 || *each <= 0) return std::nullopt;
  return static_cast<double>(*allowed) / static_cast<double>(*each);
}

std::optional<std::int64_t> room_in(path const& group) {
  auto limit = number_in(group / "memory.max");
  auto used = number_in(group / "memory.current");
  if (!used) {
    limit = number_in(group / "memory.limit_in_bytes");
    used = number_in(group / "memory.usage_in_bytes");
  }
  if (!limit || !used || *limit >= no_limit) return std::nullopt;
  return std::max<std::int64_t>(0, *limit - *used);
}

template <class Found>
auto least(std::vector<path> const& groups, Found found) {
  decltype(found(path{})) tightest;
  for (path const& group : groups)
    if (auto const one = found(group); one && (!tightest || *one < *tightest)) tightest = one;
  return tightest;
}

}  // namespace

std::vector<path> control_groups(path const& membership, path const& root) {
  std::vector<path> groups;
  std::ifstream lines{membership};
  for (std::string line; std::getline(lines, line);) {  // 4:memory:/a/b
    auto const first = line.find(':');
    auto const second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::string const controllers = line.substr(first + 1, second - first - 1);
    path const place = path{line.substr(second + 1)}.relative_path();
    for (path const& tree : trees(controllers, root)) {
      groups.push_back(tree);
      for (path here = tree; path const& part : place) groups.push_back(here /= part);
    }
  }
  return groups;
}

std::optional<double> granted_cores(std::vector<path> const& groups) {
  return least(groups, quota_of);
}

std::optional<std::int64_t> granted_memory_bytes(std::vector<path> const& groups) {
  return least(groups, room_in);
}

}  // namespace mythbench
