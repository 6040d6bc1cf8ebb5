#include "locator/locator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <thread>

#include "core/processors.hpp"
#include "locator/limits.hpp"
#include "locator/synthetic.hpp"

namespace mythbench::locator {
namespace {

// Of the logarithm of the amplitudes, where a case does not say: an error of about 12 %.
constexpr double usual_noise = 0.2;

double observed_power(Input const& in, Group const& group, std::size_t event) {
  double sum = 0;
  for (std::size_t const s : group.stations) sum += talk_square(in.observation(event, s));
  return sum;
}

Location located(Input const& in, Group const& group, std::size_t event, std::int64_t index,
                 double error) {
  return {index, error, 100 * std::sqrt(error / observed_power(in, group, event))};
}

// exp(-B r) / r for each station of the group.
void attenuate(Input const& in, Group const& group, Point const& source, std::vector<double>& g) {
  g.clear();
  for (std::size_t const s : group.stations) {
    Station const& station = in.stations[s];
    double const dx = source.x - station.x, dy = source.y - station.y, dz = source.z - station.z;
    double const r = std::sqrt(dx * dx + dy * dy + dz * dz);
    g.push_back(std::exp(-in.decay * r) / r);
  }
}

// The amplitudes of the grid on either side of C / G, clamped to the grid's ends: but for rounding,
// no other is better.
std::pair<std::size_t, std::size_t> neighbours(std::vector<double> const& amplitudes, double best) {
  auto const above = std::ranges::upper_bound(amplitudes, best) - amplitudes.begin();
  auto const last = std::ssize(amplitudes) - 1;
  return {static_cast<std::size_t>(std::clamp(above - 1, std::ptrdiff_t{0}, last)),
          static_cast<std::size_t>(std::clamp(above, std::ptrdiff_t{0}, last))};
}

// A search in index order: keeps the first strict minimum of the talk's error.
struct Verified {
  std::int64_t index = -1;
  double error = std::numeric_limits<double>::infinity();

  void offer(std::int64_t candidate, double its_error) {
    if (its_error < error) {
      error = its_error;
      index = candidate;
    }
  }
};

// Offers those of a node's amplitudes that rounding cannot tell from its best one, if the closed
// form finds them within `limit`.
class Verifier {
 public:
  Verifier(Input const& in, Group const& group, std::size_t event)
      : in_{in},
        group_{group},
        event_{event},
        power_{observed_power(in, group, event)},
        share_{rounding_share(in, group)} {}

  // By how much an error no larger than this may be missed.
  double reach(double error) const { return share_ * (power_ + error); }

  void visit(std::size_t node, double limit, Verified& found) {
    Point const source = point(in_, node);
    attenuate(in_, group_, source, g_);
    Parabola parabola{.O = power_};
    for (std::size_t i = 0; i < g_.size(); ++i) {
      parabola.G += g_[i] * g_[i];
      parabola.C += g_[i] * in_.observation(event_, group_.stations[i]);
    }
    Range const range = best_amplitudes(in_.amplitudes, parabola, share_);
    double const within = std::min(limit, range.within);
    for (std::size_t k = range.first; k <= range.last; ++k)
      if (parabola.error(in_.amplitudes[k]) <= within)
        found.offer(static_cast<std::int64_t>(node * in_.amplitudes.size() + k),
                    talk_error(in_, group_, event_, source, in_.amplitudes[k]));
  }

 private:
  Input const& in_;
  Group const& group_;
  std::size_t event_;
  double power_, share_;
  std::vector<double> g_;
};

// What has been screened of all events of a group, as arrays: the compiler may then treat several
// events at once.
struct Screen {
  explicit Screen(std::size_t events)
      : best(events, std::numeric_limits<double>::infinity()), second{best}, node(events, -1) {}

  std::vector<double> best, second;
  std::vector<std::int64_t> node;

  // The nodes of `later` come after all nodes of this one.
  void merge(Screen const& later) {
    for (std::size_t e = 0; e < best.size(); ++e) {
      second[e] = std::min({second[e], later.second[e], std::max(best[e], later.best[e])});
      if (later.best[e] < best[e]) {
        best[e] = later.best[e];
        node[e] = later.node[e];
      }
    }
  }
};

Screen screen(Input const& in, Group const& group, std::size_t first_node, std::size_t last_node) {
  std::size_t const events = group.events.size();
  std::size_t const stations = group.stations.size();
  std::vector<double> observed;  // [station][event]
  for (std::size_t const s : group.stations)
    for (std::size_t const event : group.events) observed.push_back(in.observation(event, s));

  double const first = in.amplitudes.front();
  double const step = in.amplitude_step();
  double const most = static_cast<double>(in.amplitudes.size() - 1);
  Screen seen{events};
  std::vector<double> g;
  std::vector<double> products(events);  // C
  for (std::size_t node = first_node; node < last_node; ++node) {
    if (in.is_masked(node)) continue;
    attenuate(in, group, point(in, node), g);
    double G = 0;
    std::ranges::fill(products, 0);
    for (std::size_t s = 0; s < stations; ++s) {
      G += g[s] * g[s];
      for (std::size_t e = 0; e < events; ++e) products[e] += g[s] * observed[s * events + e];
    }
    for (std::size_t e = 0; e < events; ++e) {
      double const C = products[e];
      double const steps = std::min(std::max(0.0, (C / G - first) / step), most);
      double const A = first + step * static_cast<double>(static_cast<int>(steps + 0.5));
      double const score = A * (A * G - 2 * C);
      bool const better = score < seen.best[e];
      seen.second[e] = std::min(seen.second[e], better ? seen.best[e] : score);
      seen.best[e] = better ? score : seen.best[e];
      seen.node[e] = better ? static_cast<std::int64_t>(node) : seen.node[e];
    }
  }
  return seen;
}

Screen screen_on_all_cores(Input const& in, Group const& group) {
  auto const parts = static_cast<std::size_t>(thread_counts().back());
  std::vector<Screen> seen(parts, Screen{0});
  {
    std::vector<std::jthread> threads;
    for (std::size_t part = 0; part < parts; ++part)
      threads.emplace_back([&, part] {
        use_all_processors();
        seen[part] = screen(in, group, in.nodes() * part / parts, in.nodes() * (part + 1) / parts);
      });
  }
  for (std::size_t part = 1; part < parts; ++part) seen[0].merge(seen[part]);
  return seen[0];
}

// Without the gain of a case.
Input recorded(Case const& c) {
  auto const events = static_cast<std::size_t>(c.integer("events"));
  if (c.has("family"))
    return awkward(c.text("family"), static_cast<std::uint64_t>(c.integer("seed")), events,
                   c.threads());
  if (c.has("x"))
    return many_nodes(
        {static_cast<std::size_t>(c.integer("x")), static_cast<std::size_t>(c.integer("y")),
         static_cast<std::size_t>(c.integer("z"))},
        events, c.threads());
  Variation variation;
  if (c.has("spacing")) variation.spacing = static_cast<double>(c.integer("spacing"));
  if (c.has("stations")) variation.stations = static_cast<std::size_t>(c.integer("stations"));
  return volcano(c.text("grid"), events, c.has("noise") ? c.real("noise") : usual_noise,
                 c.threads(), variation);
}

}  // namespace

std::vector<Group> groups(Input const& in) {
  require_limits(in);
  std::map<std::vector<std::size_t>, std::vector<std::size_t>> events_of;
  for (std::size_t event = 0; event < in.events(); ++event) {
    std::vector<std::size_t> stations;
    bool silent = true;
    for (std::size_t s = 0; s < in.stations.size(); ++s) {
      double const observation = in.observation(event, s);
      if (std::isnan(observation)) continue;
      stations.push_back(s);
      silent = silent && observation == 0;
    }
    if (stations.size() >= least_stations && !silent) events_of[stations].push_back(event);
  }
  std::vector<Group> found;
  for (auto const& [stations, events] : events_of) found.push_back({stations, events});
  return found;
}

Steps steps_of_a_search(Case const& c) {
  Input const in = Example::make_input(c);
  auto const nodes = static_cast<double>(in.nodes() - in.masked.size());
  Steps steps;
  for (Group const& group : groups(in)) {
    double const pairs = nodes * static_cast<double>(group.events.size());
    auto const stations = static_cast<double>(group.stations.size());
    steps.attenuations += nodes * stations;
    steps.pairs += pairs;
    steps.products += pairs * stations;
  }
  steps.evaluations = steps.products * static_cast<double>(in.amplitudes.size());
  return steps;
}

double operations_of_the_closed_form(Case const& c) {
  Steps const steps = steps_of_a_search(c);
  double const per_attenuation = least_operations_per_attenuation + 1;
  return steps.attenuations * per_attenuation + steps.products + 11 * steps.pairs;
}

double talk_error(Input const& in, Group const& group, std::size_t event, Point const& source,
                  double amplitude) {
  double error = 0;
  for (std::size_t const s : group.stations) {
    Station const& station = in.stations[s];
    double const r = talk_distance(station, source);
    double const calculated = amplitude * std::exp(-in.decay * r) / r;
    error += talk_square(calculated - in.observation(event, s));
  }
  return error;
}

double longest_distance(Input const& in) {
  auto const extent = [&](std::vector<double> const& axis, double Station::*coordinate) {
    auto const [low, high] = std::ranges::minmax(in.stations, {}, coordinate);
    return std::max(axis.back(), high.*coordinate) - std::min(axis.front(), low.*coordinate);
  };
  return extent(in.x, &Station::x) + extent(in.y, &Station::y) + extent(in.z, &Station::z);
}

// The closed form, in any order of summation, may miss the talk's error of an amplitude A as
// follows. Each of the S products in G, C and O, and each of the S squared residuals, is rounded a
// few times: together (2 S + 20) * 2u * (A^2 G + O). An ulp in the distance r is one of exp(-B r)
// times B r. A screen that spaces amplitudes evenly adds 3 `uneven` * (A^2 G + O), see limits.hpp.
// The triangle inequality gives sqrt(A^2 G) <= sqrt(O) + sqrt(error), hence A^2 G + O <= 3 O + 2
// error, which frees the bound from the node.
double rounding_share(Input const& in, Group const& group) {
  double const roundings =
      2 * static_cast<double>(group.stations.size()) + 20 + 8 * in.decay * longest_distance(in);
  return 4 * (roundings * std::numeric_limits<double>::epsilon() + 3 * uneven);
}

// Where the parabola is flat, rounding hides which side of its lowest point is up, and the talk's
// loop keeps the first of all that look alike. Of the closed form and the talk's error either may
// be off by a reach, so those in question are within two of the least; and as the closed form is
// no parabola any more, but for a reach, it is followed to beyond four, behind which none can lie.
Range best_amplitudes(std::vector<double> const& amplitudes, Parabola const& parabola,
                      double rounding_share) {
  auto [first, last] = neighbours(amplitudes, parabola.C / parabola.G);
  double const least =
      std::min(parabola.error(amplitudes[first]), parabola.error(amplitudes[last]));
  double const reach = rounding_share * (parabola.O + least);
  double const beyond = least + 4 * reach;
  while (first > 0 && parabola.error(amplitudes[first]) <= beyond) --first;
  while (last + 1 < amplitudes.size() && parabola.error(amplitudes[last]) <= beyond) ++last;
  return {first, last, least, least + 2 * reach};
}

Location settle(Input const& in, Group const& group, std::size_t event, Screened const& screened) {
  double const no_limit = std::numeric_limits<double>::infinity();
  Verifier verifier{in, group, event};
  Verified found;
  verifier.visit(static_cast<std::size_t>(screened.node), no_limit, found);

  // Both the winner's score and the screened best may be off, each either way.
  double const reach = verifier.reach(found.error);
  if (!(screened.second - screened.best > 2 * reach)) {
    double const limit = found.error + reach;
    found = {};
    for (std::size_t node = 0; node < in.nodes(); ++node)
      if (!in.is_masked(node)) verifier.visit(node, limit, found);
  }
  return located(in, group, event, found.index, found.error);
}

Location settle(Input const& in, Group const& group, std::size_t event,
                std::span<std::size_t const> nodes) {
  Verifier verifier{in, group, event};
  Verified found;
  for (std::size_t const node : nodes)
    verifier.visit(node, std::numeric_limits<double>::infinity(), found);
  return located(in, group, event, found.index, found.error);
}

Output literal_search(Input const& in) {
  Output out(in.events());
  for (Group const& group : groups(in))
    for (std::size_t const event : group.events) {
      Verified found;
      for (std::size_t node = 0; node < in.nodes(); ++node)
        for (std::size_t k = 0; k < in.amplitudes.size() && !in.is_masked(node); ++k)
          found.offer(static_cast<std::int64_t>(node * in.amplitudes.size() + k),
                      talk_error(in, group, event, point(in, node), in.amplitudes[k]));
      out[event] = located(in, group, event, found.index, found.error);
    }
  return out;
}

Output screened_search(Input const& in) {
  Output out(in.events());
  for (Group const& group : groups(in)) {
    Screen const seen = screen_on_all_cores(in, group);
    for (std::size_t e = 0; e < group.events.size(); ++e)
      out[group.events[e]] =
          settle(in, group, group.events[e], {seen.best[e], seen.second[e], seen.node[e]});
  }
  return out;
}

std::vector<Case> Example::cases() {
  struct Size {
    char const* grid;
    std::int64_t events;
  };
  std::vector<Case> cases;
  // The last is a day of windows of five seconds.
  for (Size const size : {Size{"coarse", 1},
                          {"small", 1},
                          {"small", 4},
                          {"medium", 1},
                          {"medium", 32},
                          {"medium", 1'000},
                          {"large", 17'280}})
    for (std::int64_t const threads : thread_counts())
      cases.push_back({{"grid", size.grid}, {"events", size.events}, {"threads", threads}});
  return cases;
}

std::vector<Case> Example::awkward_cases() {
  std::vector<Case> cases;
  auto const add = [&](std::string const& family, std::int64_t seed, std::int64_t events,
                       std::int64_t threads) {
    cases.push_back({{"family", family}, {"seed", seed}, {"events", events}, {"threads", threads}});
  };
  for (char const* const family :
       {"random", "mirror", "midpoint", "station_on_node", "missing", "perfect", "shapes"}) {
    add(family, 1, 1, 1);
    add(family, 2, 5, 1);
    add(family, 3, 33, 1);
    add(family, 4, 5, 2);
    add(family, 5, 9, 7);
  }
  for (std::int64_t const threads : {3, 4, 5, 6, 8})
    for (char const* const family : {"missing", "shapes"}) add(family, 5 + threads, 6, threads);
  // Nodes of so few tiles, chunks and pages, of any rung, that there is one more or less of them,
  // or that the last one is not full.
  auto const add_many = [&](std::int64_t x, std::int64_t y, std::int64_t z, std::int64_t events,
                            std::int64_t threads) {
    cases.push_back({{"x", x}, {"y", y}, {"z", z}, {"events", events}, {"threads", threads}});
  };
  for (std::int64_t const z : {63, 64, 65, 127, 128, 129}) add_many(1, 1, z, 3, 1);
  for (auto const& [x, y, z] : {std::array<std::int64_t, 3>{3, 11, 31}, {16, 8, 8}, {5, 5, 41}})
    add_many(x, y, z, 5, 1);
  for (auto const& [x, y, z] :
       {std::array<std::int64_t, 3>{1609, 1, 7}, {16, 22, 32}, {15, 751, 1}})
    add_many(x, y, z, 3, 1);
  for (std::int64_t threads = 2; threads <= 8; ++threads) add_many(15, 751, 1, 3, threads);
  add_many(33, 31, 65, 1, 1);
  // As many events as a block of any rung has, one less, and one more.
  for (std::int64_t const events : {127, 128, 129}) add_many(5, 4, 3, events, 1);
  for (std::int64_t const events : {4, 6, 7, 11, 12, 13, 15, 16, 17}) add_many(3, 2, 3, events, 1);
  add("unlocatable", 1, 5, 1);
  add("unlocatable", 2, 5, 2);
  return cases;
}

Work Example::work(Case const& c) {
  Input const in = make_input(c);
  double const nodes = static_cast<double>(in.nodes());
  double const stations = static_cast<double>(in.stations.size());
  double const events = static_cast<double>(in.events());
  double const amplitudes = static_cast<double>(in.amplitudes.size());
  // Per node and station: the distance (8 with its root), the exponential (2), the quotient and
  // the square in G (3). Per node and event: a multiply-add for each station, then quotient,
  // rounding, amplitude, error and comparison (11).
  double const flops = nodes * stations * 13 + nodes * events * (2 * stations + 11);
  // What has to be read and written once: observations, axes, and the answer.
  double const bytes =
      8 * (events * stations + 3 * stations + static_cast<double>(in.x.size() + in.y.size()) +
           static_cast<double>(in.z.size()) + amplitudes + 2 * events);
  return {.items = nodes * amplitudes * stations * events, .flops = flops, .bytes = bytes};
}

// The same events, recorded by instruments that show twice as much; of events that cannot be
// located none is another.
Case Example::twin(Case const& c) {
  bool const unlocatable = c.has("family") && c.text("family") == "unlocatable";
  return unlocatable ? c.with("family", "random") : c.with("gain", 2);
}

Input Example::make_input(Case const& c) {
  Input in = recorded(c);
  if (c.has("gain"))
    for (double& observation : in.observations)
      observation *= static_cast<double>(c.integer("gain"));
  return in;
}

Fields Example::fields(Input const& in) {
  std::vector<std::string> names;
  std::vector<double> x, y, z;
  for (Station const& station : in.stations) {
    names.push_back(station.name);
    x.push_back(station.x);
    y.push_back(station.y);
    z.push_back(station.z);
  }
  // A file of JSON has no NaN: zeros fill the gaps, and a second array says where they are.
  std::vector<double> observations = in.observations;
  std::vector<std::int64_t> recorded;
  for (double& observation : observations) {
    recorded.push_back(!std::isnan(observation));
    if (std::isnan(observation)) observation = 0;
  }
  return {{"stations", names},
          {"station_x", x},
          {"station_y", y},
          {"station_z", z},
          {"x", in.x},
          {"y", in.y},
          {"z", in.z},
          {"amplitudes", in.amplitudes},
          {"decay", in.decay},
          {"observations", observations},
          {"recorded", recorded},
          {"masked", in.masked},
          {"threads", static_cast<std::int64_t>(in.threads)}};
}

Output Example::reference(Input const& in) {
  // What is made up to be awkward is small: there the talk's own loop decides.
  double const most_evaluations = 1e6;
  double const evaluations =
      static_cast<double>(in.nodes()) * static_cast<double>(in.amplitudes.size()) *
      static_cast<double>(in.stations.size()) * static_cast<double>(in.events());
  return evaluations <= most_evaluations ? literal_search(in) : screened_search(in);
}

Answer Example::answer(Output const& output) {
  Answer numbers;
  for (Location const& location : output) {
    numbers.push_back(static_cast<double>(location.index));
    numbers.push_back(location.per_cent);
  }
  return numbers;
}

double Example::distance(Answer const& got, Answer const& expected) {
  double const infinity = std::numeric_limits<double>::infinity();
  if (got.size() != expected.size()) return infinity;
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); i += 2) {
    if (got[i] != expected[i]) return infinity;
    double const off = std::abs(got[i + 1] - expected[i + 1]) / std::max(expected[i + 1], 1.0);
    if (!(off <= worst)) worst = off;  // NaN too
    if (std::isnan(worst)) return infinity;
  }
  return worst;
}

}  // namespace mythbench::locator
