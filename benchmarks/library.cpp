#include "library.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "program/ending.hpp"

namespace mythbench {
namespace {

constexpr std::string_view out = "--benchmark_out=";
constexpr std::string_view format = "--benchmark_out_format=";

bool in_use = false;

void end_of_program() {
  if (!in_use) return;
  std::fflush(nullptr);
  std::_Exit(status::bad_usage);
}

}  // namespace

TimesFile::TimesFile(std::span<char*> arguments) {
  for (char*& argument : arguments) {
    std::string_view const text{argument};
    if (text.starts_with(format)) is_json_ = text.substr(format.size()) == "json";
    if (!text.starts_with(out) || text.size() == out.size()) continue;
    file_ = text.substr(out.size());
    check_writable(file_);
    draft_.emplace(file_);
    argument_ = std::string{out} + draft_->path().string();
    argument = argument_.data();
  }
}

void TimesFile::keep() {
  if (!draft_) return;
  if (is_json_ && !nlohmann::json::accept(std::ifstream{draft_->path()}))
    fail(file_.string() + ": cannot be written", ENOSPC);
  draft_->replace();
}

UsageOfLibrary::UsageOfLibrary() {
  [[maybe_unused]] static int const registered = std::atexit(end_of_program);
  in_use = true;
}

UsageOfLibrary::~UsageOfLibrary() { in_use = false; }

}  // namespace mythbench
