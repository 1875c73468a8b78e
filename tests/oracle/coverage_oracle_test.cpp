// How often the reported 95 % intervals hold the truth, over thousands of simulated studies of a
// queue at 80 % load, whose latencies are correlated; with a fixed number of rounds, when the study
// stops as soon as it finds itself precise enough, and when two builds side by side stop as soon as
// their ratio is.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "harness/judge/precision.hpp"
#include "harness/judge/summarise.hpp"
#include "harness/stats/histogram/histogram.hpp"
#include "harness/stats/median.hpp"
#include "harness/stats/ranks/hodges_lehmann.hpp"
#include "tests/oracle/simulation.hpp"

namespace stratbench::oracle {
namespace {

constexpr double load_share = 0.8;
constexpr std::int64_t mean_service_ns = 100 * us;
/// About 1,600 tasks a trial. The queue forgets where it was within 1 / (1 - sqrt(0.8))^2 = 90
/// services, so a trial holds no more than 22 looks at it that know nothing of each other.
constexpr std::int64_t window_ns = 2000 * mean_service_ns;
constexpr std::size_t trials_simulated = 45'000;

/// Coverage that a hostile reader accepts of a 95 % interval.
constexpr double least = 0.93, most = 0.97;

cell open_cell() {
    const double rate = load_share * 1e9 / static_cast<double>(mean_service_ns);
    return simulated_cell(open_load(load_plan::shape::poisson, rate), window_ns);
}

/// The figures of one trial: an M/M/1 queue that begins empty, by Lindley's recursion.
trial_record queue_trial(std::mt19937_64& random) {
    const auto service_ns = static_cast<double>(mean_service_ns);
    histogram latencies;
    double due = 0, free_at = 0, in_window = 0;
    for (;;) {
        due += exponential_draw(random, service_ns / load_share);
        if (due >= static_cast<double>(window_ns)) {
            break;
        }
        free_at = std::max(free_at, due) + exponential_draw(random, service_ns);
        latencies.record(std::llround(free_at - due));
        if (free_at <= static_cast<double>(window_ns)) {
            ++in_window;
        }
    }
    trial_record record;
    record.outcomes.ok = latencies.count();
    record.throughput_per_s = in_window * 1e9 / static_cast<double>(window_ns);
    distribution& d = record.latency.emplace();
    d.count = latencies.count();
    d.p50 = static_cast<double>(latencies.value_at_percentile(50));
    d.p99 = static_cast<double>(latencies.value_at_percentile(99));
    return record;
}

/// Trials enough for thousands of studies, simulated once.
const std::vector<trial_record>& trials() {
    static const std::vector<trial_record> all = [] {
        std::mt19937_64 random(20);
        std::vector<trial_record> made;
        for (std::size_t i = 0; i < trials_simulated; ++i) {
            made.push_back(queue_trial(random));
        }
        return made;
    }();
    return all;
}

using figure = double (*)(const trial_record&);
struct named_figure {
    const char* name;
    figure of;
    std::optional<estimate> (*in)(const cell_summary&);
};

constexpr named_figure figures[] = {
    {"p50", [](const trial_record& t) { return t.latency->p50; },
     [](const cell_summary& s) { return s.latency_ns->p50.figure(); }},
    {"p99", [](const trial_record& t) { return t.latency->p99; },
     [](const cell_summary& s) { return s.latency_ns->p99.figure(); }},
    {"throughput", [](const trial_record& t) { return t.throughput_per_s; },
     [](const cell_summary& s) { return s.throughput_per_s; }},
};

/// What a study of endless rounds would report, and how far single trials scatter around it
/// (standard deviation of the logarithms).
struct truth {
    double value;
    double scatter;
};
truth truth_of(const named_figure& which) {
    std::vector<double> values;
    double sum = 0, squares = 0;
    for (const trial_record& t : trials()) {
        values.push_back(which.of(t));
        sum += std::log(values.back());
        squares += std::log(values.back()) * std::log(values.back());
    }
    const auto n = static_cast<double>(values.size());
    return {median(values), std::sqrt(squares / n - sum * sum / n / n)};
}

const std::map<std::string, double>& truths() {
    static const std::map<std::string, double> all = [] {
        std::map<std::string, double> known;
        for (const named_figure& f : figures) {
            known[f.name] = truth_of(f).value;
        }
        return known;
    }();
    return all;
}

/// Cuts the trials into studies, each of as many as `rounds` asks for from those that are left, and
/// expects that of each figure the intervals hold the truth as often as they say.
void expect_coverage(const std::string& study,
                     const std::function<std::size_t(std::span<const trial_record>)>& rounds) {
    const cell what = open_cell();
    std::map<std::string, double> held;
    double studies = 0;
    std::span<const trial_record> left = trials();
    for (std::size_t used = rounds(left); used != 0; used = rounds(left)) {
        const cell_summary summary = summarise(what, left.first(used));
        left = left.subspan(used);
        ++studies;
        for (const named_figure& f : figures) {
            const std::optional<estimate> reported = f.in(summary);
            ASSERT_TRUE(reported && reported->ci95) << f.name;
            const double value = truths().at(f.name);
            if (reported->ci95->lo <= value && value <= reported->ci95->hi) {
                ++held[f.name];
            }
        }
    }
    EXPECT_GE(studies, 800) << study;
    fmt::print("{}: {:.1f} rounds on average; coverage", study,
               static_cast<double>(trials().size() - left.size()) / studies);
    for (const named_figure& f : figures) {
        const double coverage = held[f.name] / studies;
        fmt::print("  {} {:.3f}", f.name, coverage);
        EXPECT_GE(coverage, least) << study << ": " << f.name;
        EXPECT_LE(coverage, most) << study << ": " << f.name;
    }
    fmt::print("\n");
}

TEST(coverage, after_a_fixed_number_of_rounds_is_what_the_intervals_say) {
    for (const std::size_t rounds : {5U, 6U, 7U, 10U, 20U, 50U}) {
        expect_coverage(fmt::format("{} rounds", rounds),
                        [=](std::span<const trial_record> left) -> std::size_t {
                            return left.size() < rounds ? 0 : rounds;
                        });
    }
}

TEST(coverage, of_a_study_that_stops_when_it_is_precise_is_what_the_intervals_say) {
    const cell what = open_cell();
    const double scatter = truth_of(figures[0]).scatter;
    // The finer the precision beside the scatter of single trials, the more rounds it takes.
    for (const double part : {0.35, 0.5, 0.75, 1.0}) {
        expect_coverage(fmt::format("stopped at {} of the scatter", part),
                        [&](std::span<const trial_record> left) -> std::size_t {
                            for (std::size_t n = generations_before_stopping; n <= left.size();
                                 ++n) {
                                if (precise_enough(what, left.first(n), part * scatter)) {
                                    return n;
                                }
                            }
                            return 0;
                        });
    }
}

/// Two equal builds in interleaved rounds; what is expected of a study holds for their ratio.
TEST(coverage, of_two_builds_that_stop_when_their_ratio_is_precise_is_what_the_intervals_say) {
    const cell what = open_cell();
    const double scatter = std::sqrt(2.0) * truth_of(figures[0]).scatter;
    const std::size_t each = trials().size() / 2;
    std::vector<trial_record> base(trials().begin(), trials().begin() + std::ptrdiff_t(each));
    std::vector<trial_record> candidate(trials().end() - std::ptrdiff_t(each), trials().end());
    for (std::size_t i = 0; i < each; ++i) {
        base[i].round = candidate[i].round = static_cast<int>(i);
    }
    for (const double part : {0.35, 0.5, 0.75, 1.0}) {
        double studies = 0, held = 0;
        std::size_t begin = 0;
        for (std::size_t n = generations_before_stopping; begin + n <= each; ++n) {
            const auto seen = [&](const std::vector<trial_record>& side) {
                return std::span(side).subspan(begin, n);
            };
            if (!ratio_precise_enough(what, seen(base), seen(candidate), part * scatter)) {
                continue;
            }
            std::vector<double> differences;
            for (std::size_t i = begin; i < begin + n; ++i) {
                differences.push_back(std::log(candidate[i].latency->p50 / base[i].latency->p50));
            }
            const interval ci = centre_of(differences).ci95;
            ++studies;
            if (ci.lo <= 0 && 0 <= ci.hi) {
                ++held;
            }
            begin += n;
            n = generations_before_stopping - 1;
        }
        fmt::print(
            "ratio, stopped at {} of its scatter: {:.1f} rounds on average; coverage {:.3f}\n",
            part, static_cast<double>(begin) / studies, held / studies);
        EXPECT_GE(studies, 400) << part;
        EXPECT_GE(held / studies, least) << part;
        EXPECT_LE(held / studies, most) << part;
    }
}

}  // namespace
}  // namespace stratbench::oracle
