#pragma once

#include <cstddef>

namespace stratbench {

/// Memory that is resident, as a large program's is: what a fork has to pay for.
class ballast {
  public:
    /// Throws std::bad_alloc.
    explicit ballast(std::size_t bytes);
    ballast(const ballast&) = delete;
    ballast& operator=(const ballast&) = delete;
    ~ballast();

  private:
    std::size_t bytes_;
    void* memory_ = nullptr;
};

/// While it lives, processes made by this one find in their environment how much ballast they shall
/// hold: a trial's request has no place for it, because it is nothing that a study could ask for.
///
/// Thread safety: none, as the environment has none.
class ballast_of_children {
  public:
    explicit ballast_of_children(std::size_t bytes);
    ballast_of_children(const ballast_of_children&) = delete;
    ballast_of_children& operator=(const ballast_of_children&) = delete;
    ~ballast_of_children();

    /// In such a process: how much; its own children are told nothing.
    static std::size_t asked_of_this_process();
};

}  // namespace stratbench
