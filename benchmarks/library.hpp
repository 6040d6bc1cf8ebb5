#pragma once

// What Google Benchmark leaves undone: its file is opened without a look at what was there and may
// end in the middle, where a disk is full; and wrong usage has it end the program as a wrong answer
// would.

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "program/whole_file.hpp"

namespace mythbench {

// The file of --benchmark_out, which is there whole or not at all.
class TimesFile {
 public:
  // Has the argument that names it lead to a draft. Throws if the file could not be written.
  explicit TimesFile(std::span<char*> arguments);

  // Throws Refused if it is not all there.
  void keep();

 private:
  std::filesystem::path file_;
  std::string argument_;
  std::optional<Draft> draft_;
  bool is_json_ = true;
};

// While there is one, whoever ends the program does it for wrong usage.
class UsageOfLibrary {
 public:
  UsageOfLibrary();
  ~UsageOfLibrary();
};

}  // namespace mythbench
