#include "harness/results/context.hpp"

#include <benchmark/benchmark.h>
#include <fmt/chrono.h>

#include <cmath>
#include <ctime>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"

namespace stratbench {

namespace {

/// ISO 8601 with the offset from UTC, as Google Benchmark writes it.
std::string local_date() {
    const std::time_t now = std::time(nullptr);
    const std::tm local = fmt::localtime(now);
    const std::string offset = fmt::format("{:%z}", local);
    return fmt::format("{:%FT%T}{}:{}", local, offset.substr(0, 3), offset.substr(3));
}

}  // namespace

const char* own_build_type() {
#ifdef NDEBUG
    return "release";
#else
    return "debug";
#endif
}

std::string benchmark_context(const std::string& executable) {
    const auto& cpu = benchmark::CPUInfo::Get();
    json context{
        {"date", local_date()},
        {"host_name", benchmark::SystemInfo::Get().name},
        {"executable", executable},
        {"num_cpus", cpu.num_cpus},
        {"mhz_per_cpu", std::lround(cpu.cycles_per_second / 1e6)},
        {"cpu_scaling_enabled", cpu.scaling == benchmark::CPUInfo::ENABLED},
        {"caches", json::array()},
        {"load_avg", cpu.load_avg},
        {"library_build_type", own_build_type()},
    };
    for (const auto& cache : cpu.caches) {
        context["caches"].push_back({{"type", cache.type},
                                     {"level", cache.level},
                                     {"size", cache.size},
                                     {"num_sharing", cache.num_sharing}});
    }
    return json_text(context, 2);
}

}  // namespace stratbench
