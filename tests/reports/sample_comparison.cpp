#include "tests/reports/sample_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tests/reports/sample_study.hpp"

namespace stratbench {
namespace {

constexpr int rounds = 15;

/// A metric of 15 pairs; `spread` is the part by which the rounds differ from the ratio.
compared_metric measured(metric what, double base_value, double ratio, double spread,
                         verdict result) {
    compared_metric m;
    m.figure = what;
    m.base_trials = m.new_trials = rounds;
    m.base_value = base_value;
    m.new_value = base_value * ratio;
    m.ratio = ratio;
    m.ci95 = {ratio * (1 - spread / 2), ratio * (1 + spread / 2)};
    m.result = result;
    m.p = result == verdict::regressed || result == verdict::improved ? 0.000061 : 0.42;
    m.detectable = spread * 1.6;
    for (int i = 0; i < rounds; ++i) {
        m.pairs.push_back({i, ratio * (1 + spread * std::sin(i * 2.4))});
    }
    return m;
}

compared_metric gated(compared_metric m) {
    m.gated = true;
    m.p_adjusted = std::min(1.0, *m.p * 6);
    return m;
}

compared_cell cell_of(const std::string& strategy, const std::string& load,
                      std::vector<compared_metric> metrics) {
    compared_cell c;
    c.name = strategy + "/sqrt_log:n=300000/" + load + "/workers:2/real_time";
    c.primary = metrics.front().figure;
    c.metrics = std::move(metrics);
    return c;
}

compared_metric cpu(double ratio, verdict result) {
    return measured(metric::cpu, 1.04e6, ratio, 0.012, result);
}

}  // namespace

comparison sample_comparison() {
    comparison found;
    found.base = {"base.json", "3f6c2a91b07d", "2024-05-14T09:26:53Z", "0123abc", rounds};
    found.candidate = {"new.json", "3f6c2a91b07d", "2024-05-14T09:26:53Z", "4567def", rounds};
    found.paired = true;
    found.gated = 6;
    found.rounds_needed = 11;

    compared_metric slower =
        gated(measured(metric::throughput, 960.4, 1 / 1.051, 0.017, verdict::regressed));
    slower.confirmed = confirmation{15, 1 / 1.049, 0.000061, true};
    found.confirmation_from_round = rounds;
    for (int i = 0; i < 15; ++i) {
        slower.pairs.push_back({rounds + i, (1 + 0.017 * std::sin(i * 1.9)) / 1.049});
    }
    found.cells.push_back(cell_of("sync", "batch:100", {slower, cpu(1.05, verdict::regressed)}));

    found.cells.push_back(
        cell_of("pool_map", "batch:100",
                {gated(measured(metric::throughput, 1843.2, 1.124, 0.02, verdict::improved)),
                 cpu(0.98, verdict::same)}));

    compared_metric open = gated(measured(metric::p50, 2.31e6, 1.021, 0.09, verdict::inconclusive));
    open.reason = "the interval reaches from 2.5 % better to 6.7 % worse";
    open.detectable = 0.082;
    open.more_rounds = 34;
    compared_metric tail = measured(metric::p99, 9.7e6, 1.31, 0.1, verdict::regressed);
    found.cells.push_back(cell_of("async_process_pool", "poisson:500%2Fs", {open, tail}));

    found.cells.push_back(
        cell_of("apply_async", "batch:100",
                {gated(measured(metric::throughput, 1790, 1.003, 0.011, verdict::same)),
                 cpu(0.999, verdict::same)}));
    found.cells.push_back(
        cell_of("async_thread_pool", "batch:100",
                {gated(measured(metric::throughput, 1812, 0.996, 0.012, verdict::same))}));

    compared_cell failed = cell_of("process_per_task", "batch:100",
                                   {measured(metric::throughput, 1, 1, 0, verdict::inconclusive)});
    failed.metrics.clear();
    failed.lost = true;
    failed.not_compared = "failed in new.json: 3 tasks missing after 2.5 s";
    found.cells.push_back(failed);

    compared_cell ignored =
        cell_of("async_inline", "batch:100",
                {measured(metric::throughput, 912, 0.91, 0.02, verdict::regressed)});
    ignored.ignored = true;
    found.cells.push_back(ignored);

    found.only_base = {"pool_per_task/sqrt_log:n=300000/batch:100/workers:2/real_time"};
    found.only_candidate = {"pool_map:chunk=4/sqrt_log:n=300000/batch:100/workers:2/real_time"};
    return found;
}

comparison sample_unpaired_comparison() {
    comparison found = sample_comparison();
    found.paired = false;
    found.confirmation_from_round.reset();
    found.base.study_id = "91b07d3f6c2a";
    found.base.started_utc = "2024-05-01T22:10:04Z";
    found.candidate.rounds = 12;
    for (compared_cell& cell : found.cells) {
        for (compared_metric& m : cell.metrics) {
            m.pairs.clear();
            m.confirmed.reset();
            m.unconfirmed = true;
            m.new_trials = 12;
            if (m.result == verdict::regressed && m.times_worse() < 1.1) {
                m.result = verdict::inconclusive;
                m.reason = "below 10 %, by which this machine may differ from day to day";
            }
        }
    }
    found.differences = {{"", "cpu model", "Example CPU @ 2.50GHz", "Example CPU @ 3.10GHz"},
                         {found.cells[0].name, "tasks", "100", "120"}};
    return found;
}

comparison sample_same_comparison() {
    comparison found = sample_comparison();
    std::vector<compared_cell> same;
    for (compared_cell& cell : found.cells) {
        if (!cell.metrics.empty() && cell.metrics.front().result == verdict::same) {
            same.push_back(std::move(cell));
        }
    }
    found.cells = std::move(same);
    found.gated = 2;
    found.only_base.clear();
    found.only_candidate.clear();
    return found;
}

comparison sample_comparison_of(std::size_t cells) {
    comparison found = sample_comparison();
    const std::vector<compared_cell> few = std::move(found.cells);
    found.cells.clear();
    for (std::size_t i = 0; i < cells; ++i) {
        found.cells.push_back(i < 3 ? few[i] : few[3 + i % 2]);
        found.cells.back().name.replace(found.cells.back().name.find("n=300000"), 8,
                                        "n=" + std::to_string(1000 * (i + 1)));
    }
    found.gated = static_cast<int>(cells);
    return found;
}

std::pair<study_results, study_results> studies_of(comparison& found) {
    std::pair<study_results, study_results> sides{sample_study(), sample_study()};
    auto& [base, candidate] = sides;
    candidate.machine.git_revision = found.candidate.git_revision;
    compared_cell& open = found.cells[2];
    for (std::size_t i = 0; i + 1 < base.cells.size(); ++i) {
        if (base.cells[i].planned.load.open() &&
            base.cells[i].planned.strategy == "async_process_pool") {
            open.name = base.cells[i].planned.name();
            candidate.cells[i].summary.latency_ns = base.cells[i - 3].summary.latency_ns;
            break;
        }
    }
    return sides;
}

comparison hostile_comparison() {
    const std::string hostile =
        "</script>|`a`<img src=x onerror=alert(1)> @all #1 [x](y) ]]> *b* \"'&\r\n"
        "# head\x1b[31m\x01\xff\xef\xbf\xbf\xc2\x9b";
    comparison found = sample_unpaired_comparison();
    found.paired = true;
    for (compared_side* side : {&found.base, &found.candidate}) {
        side->file = side->study_id = side->started_utc = side->git_revision = hostile;
    }
    for (compared_cell& cell : found.cells) {
        cell.name = hostile + cell.name;
        if (!cell.not_compared.empty()) {
            cell.not_compared = hostile;
        }
        for (compared_metric& m : cell.metrics) {
            if (!m.reason.empty()) {
                m.reason = hostile;
            }
        }
    }
    found.only_base = found.only_candidate = {hostile};
    found.differences = {{hostile, hostile, hostile, hostile}, {"", hostile, hostile, hostile}};
    return found;
}

}  // namespace stratbench
