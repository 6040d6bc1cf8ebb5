#pragma once

// The processes, ranks in the words of MPI, that work on one problem together.

#include <mpi.h>

#include <functional>
#include <string_view>
#include <vector>

#include "locator/locator.hpp"

namespace mythbench::locator {

// What ends all ranks at once, in each of them. One of them has said why.
struct AllEnd {
  int status;
};

// MPI ends every rank by itself where a call of its own fails or a rank dies.
class Ranks {
 public:
  Ranks(std::string_view program, int& argc, char**& argv);
  ~Ranks();
  Ranks(Ranks const&) = delete;
  Ranks& operator=(Ranks const&) = delete;

  bool first() const { return rank_ == 0; }
  std::size_t rank() const { return static_cast<std::size_t>(rank_); }
  std::size_t count() const { return static_cast<std::size_t>(count_); }

  // The cores that this rank may use, divided by the ranks that may use the same.
  int usual_threads() const;
  // The least that any rank can have if all take as much. 0 if some system does not say.
  double available_memory_bytes() const;
  int sum(int mine) const;

  // Every rank calls these with the same things to do, of which some may be nothing to it.
  //
  // Goes on when all have done theirs. Where actions have thrown, the first rank among those says
  // why, and all throw AllEnd.
  void together(std::function<void()> const& action) const;
  // All have what the first one has. Says and throws as above if one has no room for it.
  void broadcast(Input& input) const;
  // The best answers to each event reach the first rank.
  void merge(Output& found) const;

 private:
  std::string_view program_;
  int rank_ = 0;
  int count_ = 1;
  MPI_Comm host_ = MPI_COMM_NULL;  // the ranks on this machine
};

}  // namespace mythbench::locator
