#include "locator/locate/slices.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <system_error>

#include "locator/locate/located.hpp"
#include "program/ending.hpp"
#include "program/whole_file.hpp"

extern char** environ;

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Indices = std::vector<std::size_t>;

// More than a picture can show; a finer grid is thinned out to this.
constexpr std::size_t most_per_axis = 400;

// Every n-th index, the chosen one among them.
Indices through(std::size_t chosen, std::size_t count) {
  std::size_t const stride = (count + most_per_axis - 1) / most_per_axis;
  Indices indices;
  for (std::size_t i = chosen % stride; i < count; i += stride) indices.push_back(i);
  return indices;
}

Json values_at(std::vector<double> const& axis, Indices const& indices) {
  Json values = Json::array();
  for (std::size_t const i : indices) values.push_back(axis[i]);
  return values;
}

// What the best amplitude leaves at a node, in per cent; null where a station stands.
class ErrorsOfEvent {
 public:
  ErrorsOfEvent(Input const& in, std::size_t event) : in_{in}, event_{event} {
    for (std::size_t s = 0; s < in.stations.size(); ++s) {
      double const o = in.observation(event, s);
      if (std::isnan(o)) continue;
      group_.stations.push_back(s);
      power_ += o * o;
    }
  }

  Json at(std::size_t x, std::size_t y, std::size_t z) const {
    std::size_t const node = (x * in_.y.size() + y) * in_.z.size() + z;
    if (in_.is_masked(node)) return nullptr;
    Point const source{in_.x[x], in_.y[y], in_.z[z]};
    auto const [below, above] = next_to(best_amplitude(source));
    return 100 * std::sqrt(std::min(talk_error(in_, group_, event_, source, *below),
                                    talk_error(in_, group_, event_, source, *above)) /
                           power_);
  }

 private:
  // Where the error, a parabola in the amplitude, is lowest.
  double best_amplitude(Point const& source) const {
    double G = 0;
    double C = 0;
    for (std::size_t const s : group_.stations) {
      Station const& station = in_.stations[s];
      double const r = std::hypot(source.x - station.x, source.y - station.y, source.z - station.z);
      double const g = std::exp(-in_.decay * r) / r;
      G += g * g;
      C += g * in_.observation(event_, s);
    }
    return C / G;
  }

  std::pair<double const*, double const*> next_to(double amplitude) const {
    double const* const first = in_.amplitudes.data();
    double const* const last = first + in_.amplitudes.size() - 1;
    double const* const above = std::min(std::lower_bound(first, last + 1, amplitude), last);
    return {std::max(above - 1, first), above};
  }

  Input const& in_;
  std::size_t event_;
  Group group_;
  double power_ = 0;
};

Json stations_of(Input const& in, std::size_t event) {
  Json stations = Json::array();
  for (std::size_t s = 0; s < in.stations.size(); ++s) {
    auto const& [name, x, y, z] = in.stations[s];
    stations.push_back({{"station", name},
                        {"x_m", x},
                        {"y_m", y},
                        {"z_m", z},
                        {"recorded", !std::isnan(in.observation(event, s))}});
  }
  return stations;
}

Json slices_of(Problem const& problem, std::size_t event, Location const& location) {
  Input const& in = problem.input;
  auto const [source, amplitude] = source_of(in, location);
  std::size_t const node = static_cast<std::size_t>(location.index) / in.amplitudes.size();
  std::size_t const best_x = node / in.z.size() / in.y.size();
  std::size_t const best_y = node / in.z.size() % in.y.size();
  std::size_t const best_z = node % in.z.size();
  Indices const xs = through(best_x, in.x.size());
  Indices const ys = through(best_y, in.y.size());
  Indices const zs = through(best_z, in.z.size());

  ErrorsOfEvent const errors{in, event};
  auto const plane = [](Indices const& rows, Indices const& columns, auto const& error) {
    Json all = Json::array();
    for (std::size_t const row : rows) {
      Json line = Json::array();
      for (std::size_t const column : columns) line.push_back(error(row, column));
      all.push_back(std::move(line));
    }
    return all;
  };
  return {{"event", problem.events[event]},
          {"source",
           {{"x_m", source.x},
            {"y_m", source.y},
            {"z_m", source.z},
            {"A", amplitude},
            {"per_cent_error", location.per_cent}}},
          {"stations", stations_of(in, event)},
          {"x_m", values_at(in.x, xs)},
          {"y_m", values_at(in.y, ys)},
          {"z_m", values_at(in.z, zs)},
          {"per_cent_error_by_y_and_x",
           plane(ys, xs, [&](auto y, auto x) { return errors.at(x, y, best_z); })},
          {"per_cent_error_by_z_and_x",
           plane(zs, xs, [&](auto z, auto x) { return errors.at(x, best_y, z); })},
          {"per_cent_error_by_z_and_y",
           plane(zs, ys, [&](auto z, auto y) { return errors.at(best_x, y, z); })}};
}

// A file name for an event, whatever it is called, that no other event has.
std::string file_name(std::string const& event, std::set<std::string>& taken) {
  std::string name = event.substr(0, 100);
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_') c = '_';
  std::string free = name;
  for (int i = 2; !taken.insert(free).second; ++i) free = name + '-' + std::to_string(i);
  return free;
}

}  // namespace

void make_folder(fs::path const& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) fail(folder.string() + ": no folder for pictures", error.value());
}

void write_slices(Problem const& problem, Output const& found, fs::path const& folder) {
  std::set<std::string> taken{"slices"};  // the list, and what is written beside it
  std::string list;
  for (std::size_t event = 0; event < found.size(); ++event) {
    if (found[event].index < 0) continue;
    fs::path const file = folder / (file_name(problem.events[event], taken) + ".json");
    // Names in another encoding than UTF-8 are no reason to fail.
    write_whole(file, slices_of(problem, event, found[event])
                              .dump(-1, ' ', false, Json::error_handler_t::replace) +
                          '\n');
    list += file.string() + '\n';
  }
  write_whole(folder / "slices.txt", list);
}

int draw_slices(fs::path const& folder) {
  fs::path const root = MYTHBENCH_ROOT;
  fs::path const own_python = root / "build" / "python";
  std::string python = fs::exists(own_python) ? own_python.string() : "python3";
  std::string suite = (root / "scripts" / "suite").string();
  std::string command = "slices";
  std::string list = '@' + (folder / "slices.txt").string();
  char* words[] = {python.data(), suite.data(), command.data(), list.data(), nullptr};
  pid_t child = 0;
  if (int const error = posix_spawnp(&child, words[0], nullptr, nullptr, words, environ))
    throw std::runtime_error{python + ": cannot be run, so no pictures: " + std::strerror(error)};
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace mythbench::locator
