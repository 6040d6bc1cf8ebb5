#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/rung.hpp"

namespace mythbench {

// Keeps the order in which things are stated: cases from small to large, parameters as named.
using Json = nlohmann::ordered_json;

Json to_json(Case const& c);
Json to_json(Work const& work);
Json to_json(Bound const& bound);
Json to_json(Arrays const& arrays);
Json to_json(Fields const& fields);

// Examples, their cases with the work of each, their rungs in order with the bounds they state,
// and how this was built.
Json catalogue();

}  // namespace mythbench
