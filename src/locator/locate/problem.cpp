#include "locator/locate/problem.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "csv/csv.hpp"
#include "locator/grid.hpp"
#include "locator/limits.hpp"

namespace mythbench::locator {
namespace {

namespace fs = std::filesystem;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// The column of each station, in the order of the stations.
std::vector<std::size_t> columns_of(csv::Reader const& reader, std::vector<Site> const& sites,
                                    std::string const& stations_file) {
  std::vector<std::size_t> columns;
  for (Site const& site : sites) {
    auto const found = reader.find(site.station.name);
    if (!found)
      reader.fail("the column of station '" + site.station.name +
                  "' is missing; if it recorded nothing, its cells are empty");
    columns.push_back(*found);
  }
  for (std::string const& column : reader.columns())
    if (column != "event" &&
        std::ranges::none_of(sites, [&](Site const& site) { return site.station.name == column; }))
      reader.fail("unknown station '" + column + "', it is not in " + stations_file);
  return columns;
}

double observation(csv::Reader const& reader, std::size_t column, double site_factor) {
  if (reader.empty(column)) return nothing;
  double const recorded = reader.number(column);
  if (recorded < 0)
    reader.fail("'" + reader.text(column) + "' in column '" + reader.columns()[column] +
                "' is below 0, which no amplitude is");
  return recorded / site_factor;
}

std::string why_unlocatable(std::span<double const> observations) {
  int recorded = 0;
  double power = 0;
  double largest = 0;
  for (double const o : observations) {
    if (std::isnan(o)) continue;
    ++recorded;
    power += o * o;
    largest = std::max(largest, o);
  }
  if (recorded < 3)
    return std::to_string(recorded) + (recorded == 1 ? " station" : " stations") +
           " recorded it, 3 are needed";
  if (largest == 0) return "all its observations are 0";
  if (power < least_power) return "its observations are too small to be squared";
  if (!(power <= most_power)) return "its observations are too large to be squared";
  return {};
}

}  // namespace

Problem read_problem(fs::path const& stations, fs::path const& events) {
  Problem problem{};
  std::vector<Site> const sites = read_sites(stations);
  for (Site const& site : sites) {
    if (site.station.name == "event")
      throw std::runtime_error{stations.string() +
                               ": no station can be called 'event', as the column of names is"};
    problem.input.stations.push_back(site.station);
  }

  csv::Reader reader{events};
  auto const name = reader.column("event");
  std::vector<std::size_t> const columns = columns_of(reader, sites, stations.string());
  std::map<std::string, int> lines;
  std::vector<double>& all = problem.input.observations;
  while (reader.next()) {
    std::string const& event = reader.text(name);
    if (event.empty()) reader.fail("the event has no name");
    auto const [first, is_new] = lines.emplace(event, reader.line());
    if (!is_new)
      reader.fail("the event '" + event + "' is already on line " + std::to_string(first->second));
    for (std::size_t s = 0; s < sites.size(); ++s)
      all.push_back(observation(reader, columns[s], sites[s].factor));
    std::span<double> const observations{all.end() - std::ssize(sites), all.end()};
    problem.events.push_back(event);
    problem.unlocatable.push_back(why_unlocatable(observations));
    if (!problem.unlocatable.back().empty()) std::ranges::fill(observations, nothing);
  }
  if (problem.events.empty()) reader.fail("no events follow the header");
  return problem;
}

void add_grid(Problem& problem, GridFile const& grid, fs::path const& file) {
  Input& in = problem.input;
  in.x = grid.x.values();
  in.y = grid.y.values();
  in.z = grid.z.values();
  in.amplitudes = grid.amplitude.values();
  in.decay = grid.decay;
  in.masked = nodes_below_stations(in);
  auto const refuse = [&](std::string const& what) {
    throw std::runtime_error{file.string() + ": " + what};
  };
  if (in.masked.size() == in.nodes())
    refuse("a station stands on every node of the grid, so no source is left");
  if (double const farthest = farthest_station(in); in.decay * farthest > most_decay)
    refuse("at this frequency, quality factor and velocity nothing would arrive " +
           csv::cell(std::round(farthest)) + " m from a source, where a station is");
}

}  // namespace mythbench::locator
