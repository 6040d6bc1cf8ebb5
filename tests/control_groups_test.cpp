// What a process may have, as control groups made of plain files tell it.

#include "core/control_groups.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "catch.hpp"

namespace {

using mythbench::control_groups;
using mythbench::granted_cores;
using mythbench::granted_memory_bytes;
using std::filesystem::path;

// A system's files, gone at the end.
class Planted {
 public:
  explicit Planted(std::string const& membership) { write("membership", membership); }
  ~Planted() { std::filesystem::remove_all(folder_); }
  Planted(Planted const&) = delete;
  Planted& operator=(Planted const&) = delete;

  void write(path const& file, std::string const& text) const {
    std::filesystem::create_directories((folder_ / file).parent_path());
    std::ofstream{folder_ / file} << text << '\n';
  }
  auto groups() const { return control_groups(folder_ / "membership", folder_); }

 private:
  path folder_ = std::filesystem::temp_directory_path() /
                 ("mythbench-control-groups-" + std::to_string(getpid()));
};

}  // namespace

TEST_CASE("the tightest quota of a group and of those above it counts", "[control_groups]") {
  Planted const system{"0::/slice/job"};
  system.write("slice/cpu.max", "150000 100000");
  system.write("slice/job/cpu.max", "max 100000");
  CHECK(granted_cores(system.groups()) == 1.5);
  system.write("slice/job/cpu.max", "50000 100000");
  CHECK(granted_cores(system.groups()) == 0.5);
}

TEST_CASE("a container sees the limits of its group at the root", "[control_groups]") {
  Planted const system{"0::/"};
  system.write("cpu.max", "50000 100000");
  system.write("memory.max", "536870912");
  system.write("memory.current", "36870912");
  CHECK(granted_cores(system.groups()) == 0.5);
  CHECK(granted_memory_bytes(system.groups()) == 500'000'000);
}

TEST_CASE("groups of version 1 are read where their controllers have them", "[control_groups]") {
  Planted const system{"5:cpu,cpuacct:/job\n4:memory:/job\n0::/"};
  system.write("cpu/job/cpu.cfs_quota_us", "150000");
  system.write("cpu/job/cpu.cfs_period_us", "100000");
  system.write("memory/memory.limit_in_bytes", "9223372036854771712");
  system.write("memory/memory.usage_in_bytes", "4000000000");
  system.write("memory/job/memory.limit_in_bytes", "536870912");
  system.write("memory/job/memory.usage_in_bytes", "536870912");
  CHECK(granted_cores(system.groups()) == 1.5);
  CHECK(granted_memory_bytes(system.groups()) == 0);
}

TEST_CASE("where no group sets a limit none is known", "[control_groups]") {
  Planted const system{"4:memory:/\n5:cpu:/\n0::/job\nno group at all"};
  system.write("job/cpu.max", "max 100000");
  system.write("job/memory.max", "max");
  system.write("job/memory.current", "4000000000");
  system.write("cpu/cpu.cfs_quota_us", "-1");
  system.write("cpu/cpu.cfs_period_us", "100000");
  CHECK_FALSE(granted_cores(system.groups()));
  CHECK_FALSE(granted_memory_bytes(system.groups()));
  CHECK(control_groups("/nowhere/membership", "/nowhere").empty());
}
