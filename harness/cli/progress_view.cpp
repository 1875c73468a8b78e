#include "harness/cli/progress_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/plan/request.hpp"
#include "harness/results/counted.hpp"
#include "workloads/clock.hpp"

namespace stratbench {
namespace {

/// How far a study is, in the time that its trials were expected to take.
class pace {
  public:
    void begin(const study_plan& plan_, const stage& rounds) {
        plan = &plan_;
        budget_ns = rounds.budget_ns;
        started_ns = now_ns();
        total = done = 0;
        for (const std::size_t i : rounds.cells) total += expected(plan->cells[i]);
        total *= rounds.at_most * static_cast<double>(rounds.sides);
    }
    void trial_ends(const cell& c) { done += expected(c); }

    /// Of the rounds, or of the budget where that is nearer to its end.
    [[nodiscard]] double part() const {
        const double of_rounds = total > 0 ? done / total : 1;
        const double of_budget =
            budget_ns > 0 ? elapsed_s() * 1e9 / static_cast<double>(budget_ns) : 0;
        return std::min(1.0, std::max(of_rounds, of_budget));
    }
    [[nodiscard]] double elapsed_s() const {
        return static_cast<double>(now_ns() - started_ns) / 1e9;
    }
    /// "23 s left"; empty until enough is known, and at the end.
    [[nodiscard]] std::string left() const {
        if (part() < 0.02 || part() > 0.9999) return "";
        return fmt::format("{:.0f} s left", std::ceil(elapsed_s() * (1 - part()) / part()));
    }

  private:
    [[nodiscard]] double expected(const cell& c) const {
        return expected_trial_ns(c) + static_cast<double>(plan->warm_up_ns);
    }

    const study_plan* plan = nullptr;
    std::int64_t budget_ns = 0, started_ns = 0;
    double total = 0, done = 0;
};

/// "3/5", or "3" where the last round is not known.
std::string round_text(int round, const stage& rounds) {
    const int number = round - rounds.first_round + 1;
    return rounds.at_most < most_rounds ? fmt::format("{}/{}", number, rounds.at_most)
                                        : fmt::format("{}", number);
}

std::string failure(const cell& what, const trial_record& record) {
    return one_line(fmt::format("failed: {}: {}", what.name(), record.reason));
}

class bar : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        rounds = these;
        ahead.begin(plan, rounds);
    }
    void trial_begins(const cell& what, int round) override {
        constexpr int length = 24;
        const auto full = static_cast<std::size_t>(std::lround(ahead.part() * length));
        std::string line = fmt::format(
            "[{}{}] {:3.0f} %  {} {}  {:<11}  {}", std::string(full, '#'),
            std::string(length - full, '.'), 100 * ahead.part(),
            rounds.confirms ? "confirming" : "round", round_text(round, rounds), ahead.left(),
            one_line(fmt::format("{} {} {}", what.strategy, what.workload, what.load.text)));
        const auto width = static_cast<std::size_t>(std::max(20, terminal_width(STDERR_FILENO)));
        line.resize(std::min(line.size(), width - 1));
        fmt::print(stderr, "\r\033[K{}", line);
        std::fflush(stderr);
    }
    void trial_ends(const cell& what, const trial_record& record) override {
        ahead.trial_ends(what);
        if (record.what == status::failed) {
            fmt::print(stderr, "\r\033[K{}\n", failure(what, record));
        }
    }
    void end() override {
        fmt::print(stderr, "\r\033[K");
        std::fflush(stderr);
    }

  private:
    pace ahead;
    stage rounds;
};

class lines : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        report();
        rounds = these;
        current = rounds.first_round;
        ahead.begin(plan, rounds);
        fmt::print(stderr, "{}{}{}, {}\n", rounds.confirms ? "to be confirmed: " : "",
                   counted(rounds.confirms ? rounds.cells.size() : plan.cells.size(), "cell"),
                   rounds.sides == 1 ? "" : " of both builds",
                   rounds.at_most == most_rounds ? "rounds until they are enough"
                                                 : counted(rounds.at_most, "round"));
    }
    void trial_begins(const cell&, int round) override {
        if (round != current) report();
        current = round;
    }
    void trial_ends(const cell& what, const trial_record& record) override {
        ahead.trial_ends(what);
        ++trials;
        if (record.what == status::failed) fmt::print(stderr, "{}\n", failure(what, record));
    }
    void end() override { report(); }

  private:
    void report() {
        if (trials == 0) return;
        const std::string left = ahead.left();
        fmt::print(stderr, "round {}: {}, {:.1f} s so far{}{}\n", round_text(current, rounds),
                   counted(trials, "trial"), ahead.elapsed_s(), left.empty() ? "" : ", ", left);
        trials = 0;
    }

    pace ahead;
    stage rounds;
    int current = 0;
    std::size_t trials = 0;
};

}  // namespace

std::unique_ptr<progress> make_progress_view() {
    if (is_terminal(STDERR_FILENO)) return std::make_unique<bar>();
    return std::make_unique<lines>();
}

}  // namespace stratbench
