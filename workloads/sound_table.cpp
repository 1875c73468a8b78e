#include "workloads/sound_table.hpp"

#include <string>
#include <tuple>

namespace stratbench {
namespace {

[[noreturn]] void refuse(const workload& w, const std::string& why) {
    throw usage_error("workload " + in_quotes(w.name) + " " + why);
}

void require_sound(const workload& w) {
    constexpr std::size_t most_parameters = std::tuple_size_v<decltype(task::args)>;
    if (w.api != STRATBENCH_API) {
        throw usage_error("a workload was compiled for API " + std::to_string(w.api) +
                          "; this stratbench has API " + std::to_string(STRATBENCH_API));
    }
    if (w.name.empty() || w.name.find_first_of(":,= \t\n()") != std::string_view::npos) {
        refuse(w, "needs a name without spaces and :,=()");
    }
    if (w.execute == nullptr) {
        refuse(w, "has no work: .execute is missing");
    }
    if (w.reference == nullptr) {
        refuse(w, "has no reference: .reference has to compute the same result serially");
    }
    if (w.parameters.size() > most_parameters) {
        refuse(w, "has " + std::to_string(w.parameters.size()) + " parameters; a task holds " +
                      std::to_string(most_parameters));
    }
    if (w.has_size && w.parameters.empty()) {
        refuse(w, "has a size and no parameter for it; the first is n, or .has_size = false");
    }
    if (w.payload_bytes != nullptr && w.generate == nullptr) {
        refuse(w, "has a payload that nothing writes: .generate is missing");
    }
}

}  // namespace

void require_sound_workloads(std::span<const workload* const> all) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        require_sound(*all[i]);
        for (std::size_t j = 0; j < i; ++j) {
            if (all[j]->name == all[i]->name) {
                refuse(*all[i], "is there twice; each needs a name of its own");
            }
        }
    }
}

}  // namespace stratbench
