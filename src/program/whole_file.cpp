#include "program/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <utility>

#include "program/ending.hpp"

namespace mythbench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(fs::path const& file, int error) {
  fail(file.string() + ": cannot be written", error);
}

}  // namespace

Draft::Draft(fs::path const& file)
    : file_{file},
      // Renaming would replace a symbolic link by a file, rather than write where it points.
      target_{fs::is_symlink(file) ? fs::weakly_canonical(file) : file},
      path_{target_.string() + '.' + std::to_string(getpid())},
      descriptor_{open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {
  if (descriptor_ < 0) cannot_write(file_, errno);
}

Draft::~Draft() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!path_.empty()) unlink(path_.c_str());
}

void Draft::write(std::string_view content) {
  while (!content.empty()) {
    ssize_t const written = ::write(descriptor_, content.data(), content.size());
    if (written < 0 && errno != EINTR) cannot_write(file_, errno);
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Draft::replace() {
  if (fs::exists(target_)) fs::permissions(path_, fs::status(target_).permissions());
  // A full disk may show here only.
  if (fsync(descriptor_) != 0 || close(std::exchange(descriptor_, -1)) != 0)
    cannot_write(file_, errno);
  fs::rename(path_, target_);
  path_.clear();
}

void check_writable(fs::path const& file) {
  if (fs::exists(file) && !fs::is_regular_file(file))
    throw std::runtime_error{file.string() + ": cannot be written: it is " +
                             (fs::is_directory(file) ? "a folder" : "not an ordinary file")};
  if (fs::exists(file) && access(file.c_str(), W_OK) != 0) cannot_write(file, errno);
  Draft const draft{file};
}

void write_whole(fs::path const& file, std::string_view content) {
  Draft draft{file};
  draft.write(content);
  draft.replace();
}

}  // namespace mythbench
