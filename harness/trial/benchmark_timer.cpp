#include "harness/trial/benchmark_timer.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace stratbench {

double time_with_google_benchmark(const std::string& name, const std::function<void()>& body) {
    class silent_reporter final : public benchmark::BenchmarkReporter {
      public:
        bool ReportContext(const Context& /*context*/) override { return true; }
        void ReportRuns(const std::vector<Run>& runs) override {
            for (const Run& run : runs) {
                real_s = run.real_accumulated_time;
            }
        }
        double real_s = 0;
    };
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&body](benchmark::State& state) {
                                     for (auto unused : state) {
                                         static_cast<void>(unused);
                                         body();
                                     }
                                 })
        ->Iterations(1)
        ->UseRealTime();
    silent_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    benchmark::ClearRegisteredBenchmarks();
    return reporter.real_s;
}

}  // namespace stratbench
