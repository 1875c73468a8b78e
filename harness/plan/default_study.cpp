#include "harness/plan/default_study.hpp"

#include "strategies/registry.hpp"

namespace stratbench {

std::vector<combination> default_study() {
    std::vector<combination> study(1);
    for (const std::string& w : default_workloads()) {
        const std::string vectorised = "sqrt_log_simd" + w.substr(w.find(':'));
        study.push_back({{"sync"}, {vectorised}, {"batch"}, {}, w});
    }
    return study;
}

std::vector<std::string> default_strategies() {
    std::vector<std::string> names;
    for (const strategy_info* s : strategies()) {
        if (s->in_default_study()) {
            names.emplace_back(s->name);
        }
    }
    return names;
}

std::vector<std::string> default_workloads() {
    return {"sqrt_log:n=100000", "sqrt_log:n=6000"};
}

std::vector<std::string> default_loads() {
    return {"batch", "poisson:80%sync"};
}

}  // namespace stratbench
