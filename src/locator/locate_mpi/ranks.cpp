#include "locator/locate_mpi/ranks.hpp"

#ifdef __linux__
#include <sched.h>
#endif

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>

#include "core/case.hpp"
#include "core/processors.hpp"
#include "layers/os.hpp"
#include "locator/shares.hpp"
#include "program/ending.hpp"

namespace mythbench::locator {
namespace {

// MPI counts with an int.
constexpr std::size_t most_at_once = std::size_t{1} << 30;

// Calls action(first, count) for one piece of `total` after the other.
template <class Action>
void in_pieces(std::size_t total, Action const& action) {
  for (std::size_t first = 0; first < total; first += most_at_once)
    action(first, static_cast<int>(std::min(most_at_once, total - first)));
}

int size_of(MPI_Comm group) {
  int size = 0;
  MPI_Comm_size(group, &size);
  return size;
}

#ifdef __linux__
int ranks_on_the_same_cores(MPI_Comm host) {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  for (std::size_t const processor : usable_processors()) CPU_SET(processor, &mine);
  std::vector<cpu_set_t> all(static_cast<std::size_t>(size_of(host)));
  MPI_Allgather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, host);
  return static_cast<int>(
      std::ranges::count_if(all, [&](cpu_set_t const& other) { return CPU_EQUAL(&mine, &other); }));
}
#else
int ranks_on_the_same_cores(MPI_Comm host) { return size_of(host); }
#endif

// An MPI_User_function, of arrays of Location.
void keep_better_ones(void* others, void* kept, int* count, MPI_Datatype*) {
  for (int i = 0; i < *count; ++i)
    keep_better(static_cast<Location*>(kept)[i], static_cast<Location const*>(others)[i]);
}

// What an input is made of, flat as MPI sends it.
struct Flat {
  std::vector<double> stations;  // of each x, y, z, and how long its name is
  std::string names;             // without anything in between: the talk's rung looks them up
  Input& in;

  template <class Action>
  void for_each(Action const& action) {
    action(stations, MPI_DOUBLE);
    action(names, MPI_CHAR);
    for (auto* const values : {&in.x, &in.y, &in.z, &in.amplitudes, &in.observations})
      action(*values, MPI_DOUBLE);
  }

  void pack() {
    for (auto const& [name, x, y, z] : in.stations) {
      stations.insert(stations.end(), {x, y, z, static_cast<double>(name.size())});
      names += name;
    }
  }

  void unpack() {
    in.stations.clear();
    std::size_t behind = 0;
    for (std::size_t i = 0; i < stations.size(); i += 4) {
      auto const length = static_cast<std::size_t>(stations[i + 3]);
      in.stations.push_back(
          {names.substr(behind, length), stations[i], stations[i + 1], stations[i + 2]});
      behind += length;
    }
  }
};

}  // namespace

Ranks::Ranks(std::string_view program, int& argc, char**& argv) : program_{program} {
  int provided = 0;
  // Threads compute, and one of them speaks to other ranks.
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
  MPI_Comm_size(MPI_COMM_WORLD, &count_);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &host_);
}

Ranks::~Ranks() {
  MPI_Comm_free(&host_);
  MPI_Finalize();
}

int Ranks::usual_threads() const {
  int const cores = static_cast<int>(thread_counts().back());
  return std::max(1, cores / ranks_on_the_same_cores(host_));
}

double Ranks::available_memory_bytes() const {
  double const mine =
      static_cast<double>(layers::available_memory_bytes()) / static_cast<double>(size_of(host_));
  double least = 0;
  MPI_Allreduce(&mine, &least, 1, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD);
  return least;
}

int Ranks::sum(int mine) const {
  int all = 0;
  MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  return all;
}

void Ranks::together(std::function<void()> const& action) const {
  Ending mine{status::all_well, {}};
  try {
    action();
  } catch (...) {
    mine = ending_of_exception();
  }
  int const failed = mine.status == status::all_well ? count_ : rank_;
  int speaker = count_;
  MPI_Allreduce(&failed, &speaker, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  if (speaker == count_) return;
  if (speaker == rank_ && !mine.sentence.empty())
    std::cerr << program_ << ": " << mine.sentence << std::endl;
  MPI_Bcast(&mine.status, 1, MPI_INT, speaker, MPI_COMM_WORLD);
  throw AllEnd{mine.status};
}

void Ranks::broadcast(Input& in) const {
  Flat flat{{}, {}, in};
  std::vector<std::uint64_t> sizes;
  together([&] {
    flat.pack();
    flat.for_each([&](auto& all, MPI_Datatype) { sizes.push_back(all.size()); });
  });
  MPI_Bcast(sizes.data(), static_cast<int>(sizes.size()), MPI_UINT64_T, 0, MPI_COMM_WORLD);
  together([&] {
    auto size = sizes.begin();
    flat.for_each([&](auto& all, MPI_Datatype) { all.resize(*size++); });
  });
  flat.for_each([&](auto& all, MPI_Datatype type) {
    in_pieces(all.size(), [&](std::size_t first, int count) {
      MPI_Bcast(all.data() + first, count, type, 0, MPI_COMM_WORLD);
    });
  });
  MPI_Bcast(&in.decay, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
  together([&] { flat.unpack(); });
}

void Ranks::merge(Output& found) const {
  MPI_Datatype location = MPI_DATATYPE_NULL;
  MPI_Type_contiguous(sizeof(Location), MPI_BYTE, &location);
  MPI_Type_commit(&location);
  MPI_Op better = MPI_OP_NULL;
  int const in_any_order = 1;
  MPI_Op_create(keep_better_ones, in_any_order, &better);
  in_pieces(found.size(), [&](std::size_t first, int count) {
    void* const kept = found.data() + first;
    MPI_Reduce(this->first() ? MPI_IN_PLACE : kept, this->first() ? kept : nullptr, count, location,
               better, 0, MPI_COMM_WORLD);
  });
  MPI_Op_free(&better);
  MPI_Type_free(&location);
}

}  // namespace mythbench::locator
