#include "locator/stations.hpp"

#include <algorithm>
#include <map>

#include "csv/csv.hpp"

namespace mythbench::locator {

std::vector<Site> read_sites(std::filesystem::path const& file) {
  csv::Reader reader{file};
  auto const name = reader.column("station");
  auto const x = reader.column("x_m"), y = reader.column("y_m"), z = reader.column("z_m");
  auto const factor = reader.find("site_factor");

  std::vector<Site> sites;
  std::map<std::string, int> lines;
  while (reader.next()) {
    Station const station{reader.text(name), reader.number(x), reader.number(y), reader.number(z)};
    if (station.name.empty()) reader.fail("the station has no name");
    auto const [first, is_new] = lines.emplace(station.name, reader.line());
    if (!is_new)
      reader.fail("the station '" + station.name + "' is already on line " +
                  std::to_string(first->second));
    double const by = factor && !reader.empty(*factor) ? reader.number(*factor) : 1;
    if (!(by > 0)) reader.fail("the site factor " + csv::cell(by) + " has to be above 0");
    sites.push_back({station, by});
  }
  if (sites.empty()) reader.fail("no stations follow the header");
  std::ranges::sort(
      sites, {}, [](Site const& site) -> auto& { return site.station.name; });
  return sites;
}

std::vector<Station> read_stations(std::filesystem::path const& file) {
  std::vector<Station> stations;
  for (Site& site : read_sites(file)) stations.push_back(std::move(site.station));
  return stations;
}

}  // namespace mythbench::locator
