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
  auto const recorded =
      std::ranges::count_if(observations, [](double o) { return !std::isnan(o); });
  if (recorded < std::ptrdiff_t{least_stations})
    return std::to_string(recorded) + (recorded == 1 ? " station" : " stations") +
           " recorded it, " + std::to_string(least_stations) + " are needed";
  if (std::ranges::none_of(observations, [](double o) { return o > 0; }))
    return "all its observations are 0";
  if (auto const excess = excess_of(observations, 0))
    return "expected " + excess->expected + ", got " + excess->got + "; " + excess->advice;
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

void add_grid(Problem& problem, GridFile const& grid) {
  Input& in = problem.input;
  in.x = grid.x.values();
  in.y = grid.y.values();
  in.z = grid.z.values();
  in.amplitudes = grid.amplitude.values();
  in.decay = grid.decay;
  in.masked = nodes_below_stations(in);
}

void check_limits(Problem const& problem, fs::path const& stations, fs::path const& grid) {
  auto excess = excess_of(problem.input);
  if (!excess) return;
  // A file knows its stations by name.
  if (excess->station) excess->place = "station " + problem.input.stations[*excess->station].name;
  fs::path const& file = excess->part == "stations" ? stations : grid;
  throw std::runtime_error{file.string() + ": " + excess->in_words()};
}

}  // namespace mythbench::locator
