#include "catalogue.hpp"

#include <nlohmann/json.hpp>
#include <variant>

#include "build.hpp"

namespace mythbench {
namespace {

template <class Named>
Json object(Named const& pairs) {
  Json members = Json::object();
  for (auto const& [name, value] : pairs)
    std::visit([&, &name = name](auto const& held) { members[name] = held; }, value);
  return members;
}

Json described(Example const& example, std::vector<Case> const& cases) {
  Json list = Json::array();
  for (Case const& c : cases)
    list.push_back(
        {{"label", c.label()}, {"parameters", to_json(c)}, {"work", to_json(example.work(c))}});
  return list;
}

Json described(Rung const& rung) {
  Json cases = Json::array();
  Json bounds = Json::object();
  for (Case const& c : cases_of(rung)) {
    cases.push_back(c.label());
    if (rung.bound) bounds[c.label()] = to_json(rung.bound(c));
  }
  Json json = {{"number", rung.number},
               {"name", rung.name},
               {"file", rung.file},
               {"caption", rung.caption},
               {"language", rung.language == Language::cpp ? "c++" : "python"},
               {"threaded", rung.threaded},
               {"cases", cases}};
  if (rung.bound) json["bounds"] = bounds;
  return json;
}

}  // namespace

Json to_json(Case const& c) { return object(c.parameters()); }

Json to_json(Work const& work) {
  return {{"items", work.items}, {"flops", work.flops}, {"bytes", work.bytes}};
}

Json to_json(Bound const& bound) {
  return {{"f64_operations", bound.f64_operations},
          {"f32_operations", bound.f32_operations},
          {"u64_operations", bound.u64_operations},
          {"bytes", bound.bytes},
          {"working_set_bytes", bound.working_set_bytes}};
}

Json to_json(Arrays const& arrays) {
  return {{"bytes", arrays.bytes}, {"results", arrays.results}};
}

Json to_json(Fields const& fields) { return object(fields); }

Json catalogue() {
  Json examples = Json::array();
  for (Example const& example : all_examples()) {
    Json rungs = Json::array();
    for (Rung const& rung : all_rungs())
      if (rung.example == example.name) rungs.push_back(described(rung));
    examples.push_back({{"name", example.name},
                        {"item", example.item},
                        {"tolerance", example.tolerance},
                        {"cases", described(example, example.cases())},
                        {"awkward_cases", described(example, example.awkward_cases())},
                        {"rungs", rungs}});
  }
  Json build = Json::object();
  for (auto const& [name, value] : build_facts()) build[name] = value;
  return {{"build", build}, {"examples", examples}};
}

}  // namespace mythbench
