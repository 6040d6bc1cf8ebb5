#pragma once

// What --help says below the options: the files, column by column.

namespace mythbench::locator {

inline constexpr char const* explanation = R"(
Tries every point of a grid and every amplitude A of a range as the source of an
event, and keeps the one whose amplitudes A exp(-B r) / r at the distances r of the
stations have the smallest sum of squared residuals. All rungs find the same one.

stations.csv, one line per station:
  station      name
  x_m, y_m     position, metres east and north in any rectangular system
  z_m          height, metres, upwards
  site_factor  amplification by the ground, without unit; the station's observations
               are divided by it. Optional; where empty: 1
  Other columns are ignored. A grid's node within a micrometre of a station is left
  out, since the amplitude there would be infinite.

events.csv, one line per event:
  event        name, each once
  <station>    one column named after each station: the observed amplitude, 0 or more,
               in any unit as long as it is the same one everywhere. Empty where the
               station recorded nothing
  An event recorded by fewer than 3 stations, with nothing but zeros, or with numbers
  beyond what the arithmetic carries (in squares) is unlocatable.

Both are comma-separated, cells in double quotes if need be; lines that begin with '#'
and blank lines are skipped.

grid.json:
  {"x":         {"first": 498000, "last": 505000, "step": 250},     metres
   "y":         {"first": ..., "last": ..., "step": ...},           metres
   "z":         {"first": ..., "last": ..., "step": ...},           metres, upwards
   "amplitude": {"first": 1, "last": 20, "step": 1},                observed unit x metre
   "frequency_hz":   8,           centre frequency f of the waves, hertz
   "quality_factor": 50,          Q, without unit
   "velocity_m_s":   2000}        v, metres per second;  B = pi f / (Q v)
  The values are those of numpy.arange(first, last + step, step): first, first + step
  and so on, up to the last one below last + step. So they pass last if the step does
  not divide the span, and sometimes by rounding.

located.csv, one line per event, in the order of events.csv; numbers are written with
all the digits it takes to read them back unchanged:
  event           name
  x_m, y_m, z_m   the best point, metres
  A               the best amplitude, observed unit x metre
  per_cent_error  100 sqrt(sum of squared residuals / sum of squared observations)
  status          ok or unlocatable
  reason          why it is unlocatable

Exit status: 0 all well, 2 bad usage or input: then located.csv is as it was before;
3 located.csv is written, but the pictures could not be; 4 the system refuses to write one of them,
a full disk say.)";

}  // namespace mythbench::locator
