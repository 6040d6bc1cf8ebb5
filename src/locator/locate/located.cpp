#include "locator/locate/located.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "csv/csv.hpp"

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(fs::path const& file, std::string const& why) {
  throw std::runtime_error{file.string() + ": cannot be written: " + why};
}

// A new file beside the one that it will replace, gone again unless it does.
class Draft {
 public:
  explicit Draft(fs::path const& file)
      : file_{file},
        // Renaming would replace a symbolic link by a file, rather than write where it points.
        target_{fs::is_symlink(file) ? fs::weakly_canonical(file) : file},
        path_{target_.string() + '.' + std::to_string(getpid())},
        descriptor_{open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)} {
    if (descriptor_ < 0) fail(file_, std::strerror(errno));
  }
  ~Draft() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!path_.empty()) unlink(path_.c_str());
  }
  Draft(Draft const&) = delete;
  Draft& operator=(Draft const&) = delete;

  void write(std::string_view content) {
    while (!content.empty()) {
      ssize_t const written = ::write(descriptor_, content.data(), content.size());
      if (written < 0 && errno != EINTR) fail(file_, std::strerror(errno));
      if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void replace() {
    if (fs::exists(target_)) fs::permissions(path_, fs::status(target_).permissions());
    // A full disk may show here only.
    if (fsync(descriptor_) != 0 || close(std::exchange(descriptor_, -1)) != 0)
      fail(file_, std::strerror(errno));
    fs::rename(path_, target_);
    path_.clear();
  }

 private:
  fs::path file_, target_, path_;
  int descriptor_;
};

}  // namespace

Source source_of(Input const& in, Location const& location) {
  auto const index = static_cast<std::size_t>(location.index);
  std::size_t const amplitudes = in.amplitudes.size();
  return {point(in, index / amplitudes), in.amplitudes[index % amplitudes]};
}

void restate_errors(Input const& in, Output& found) {
  for (Group const& group : groups(in))
    for (std::size_t const event : group.events) {
      Location& location = found[event];
      auto const [point, amplitude] = source_of(in, location);
      double power = 0;
      for (std::size_t const s : group.stations)
        power += in.observation(event, s) * in.observation(event, s);
      location.error = talk_error(in, group, event, point, amplitude);
      location.per_cent = 100 * std::sqrt(location.error / power);
    }
}

std::string located_table(Problem const& problem, Output const& found) {
  std::string table = "event,x_m,y_m,z_m,A,per_cent_error,status,reason\n";
  for (std::size_t e = 0; e < found.size(); ++e) {
    table += csv::cell(problem.events[e]);
    if (found[e].index < 0) {
      table += ",,,,,,unlocatable," + csv::cell(problem.unlocatable[e]) + '\n';
      continue;
    }
    auto const [point, amplitude] = source_of(problem.input, found[e]);
    for (double const number : {point.x, point.y, point.z, amplitude, found[e].per_cent})
      table += ',' + csv::cell(number);
    table += ",ok,\n";
  }
  return table;
}

void check_writable(fs::path const& file) {
  if (fs::is_directory(file)) fail(file, "it is a folder");
  if (fs::exists(file) && !fs::is_regular_file(file)) fail(file, "it is not an ordinary file");
  if (fs::exists(file) && access(file.c_str(), W_OK) != 0) fail(file, std::strerror(errno));
  Draft const draft{file};
}

void write_whole(fs::path const& file, std::string_view content) {
  Draft draft{file};
  draft.write(content);
  draft.replace();
}

}  // namespace mythbench::locator
