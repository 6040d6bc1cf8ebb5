#pragma once

// Files that are there whole or not at all, and what was there before stays until then.

#include <filesystem>
#include <string_view>

namespace mythbench {

// A new file beside the one that it will replace, gone again unless it does. All throw Refused, or
// std::runtime_error, as fail() does.
class Draft {
 public:
  explicit Draft(std::filesystem::path const& file);
  ~Draft();
  Draft(Draft const&) = delete;
  Draft& operator=(Draft const&) = delete;

  std::filesystem::path const& path() const { return path_; }
  void write(std::string_view content);
  void replace();

 private:
  std::filesystem::path file_, target_, path_;
  int descriptor_;
};

// Throws if the file could not be written: for the user to know before, rather than after, an hour
// of computing.
void check_writable(std::filesystem::path const& file);

void write_whole(std::filesystem::path const& file, std::string_view content);

}  // namespace mythbench
