// Answers problems of the locator by all C++ rungs with all instruction sets, for
// rungs/fuzz_locator.py: a problem per line of standard input, as JSON with the names that
// mythbench --write-problem uses, gives a line of answers, or of why it is refused.

#include <cmath>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/contract.hpp"
#include "locator/grid.hpp"
#include "locator/locator.hpp"
#include "machine/instruction_set.hpp"

namespace {

using Json = nlohmann::json;
using mythbench::Rung;
using namespace mythbench::locator;

// JSON has no word for what is not finite: such numbers come as text.
double number(Json const& value) {
  return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

std::vector<double> numbers(Json const& fields, char const* name) {
  std::vector<double> all;
  for (Json const& value : fields.at(name)) all.push_back(number(value));
  return all;
}

Input input_of(Json const& fields) {
  Input in{};
  auto const names = fields.at("stations").get<std::vector<std::string>>();
  auto const x = numbers(fields, "station_x"), y = numbers(fields, "station_y"),
             z = numbers(fields, "station_z");
  for (std::size_t s = 0; s < names.size(); ++s)
    in.stations.push_back({names[s], x.at(s), y.at(s), z.at(s)});
  in.x = numbers(fields, "x");
  in.y = numbers(fields, "y");
  in.z = numbers(fields, "z");
  in.amplitudes = numbers(fields, "amplitudes");
  in.decay = number(fields.at("decay"));
  in.observations = numbers(fields, "observations");
  auto const recorded = fields.at("recorded").get<std::vector<int>>();
  for (std::size_t i = 0; i < in.observations.size(); ++i)
    if (!recorded.at(i)) in.observations[i] = std::numeric_limits<double>::quiet_NaN();
  in.threads = fields.at("threads").get<int>();
  in.masked = nodes_below_stations(in);
  return in;
}

Json answers_of(Input const& in) {
  // Once: while one is in use, there are no better ones.
  static std::vector<std::string> const sets = mythbench::instruction_sets();
  Json answers = Json::object();
  for (std::string const& set : sets) {
    mythbench::use_instruction_set(set);
    for (Rung const& rung : mythbench::all_rungs()) {
      if (rung.example != "locator" || !rung.kernel) continue;
      Output found;
      mythbench::kernel_of<Example>(rung)(in, found);
      Json& answer = answers[std::string{rung.name} + " with " + set] = Json::array();
      for (Location const& l : found) answer.push_back({l.index, l.error, l.per_cent});
    }
  }
  return answers;
}

Json reply_to(std::string const& line) {
  try {
    Input const in = input_of(Json::parse(line));
    return {{"masked", in.masked}, {"found", answers_of(in)}};
  } catch (std::invalid_argument const& refusal) {
    return {{"refused", refusal.what()}};
  }
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << reply_to(line).dump() << std::endl;
}
