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
#include "workloads/clock.hpp"

namespace stratbench {
namespace {

/// How far a study is, in the time that its trials were expected to take.
class pace {
  public:
    void begin(const study_plan& plan_) {
        plan = &plan_;
        started_ns = now_ns();
        for (const cell& c : plan->cells) {
            if (c.skip_reason.empty()) total += expected(c) * plan->rounds;
        }
    }
    void trial_ends(const cell& c) { done += expected(c); }

    /// Of the rounds, or of the budget where that is nearer to its end.
    [[nodiscard]] double part() const {
        const double of_rounds = total > 0 ? done / total : 1;
        const double of_budget =
            plan->budget_ns > 0 ? elapsed_s() * 1e9 / static_cast<double>(plan->budget_ns) : 0;
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
    std::int64_t started_ns = 0;
    double total = 0, done = 0;
};

/// "3/5", or "3" where the last round is not known.
std::string round_text(int round, int rounds) {
    return rounds < most_rounds ? fmt::format("{}/{}", round + 1, rounds)
                                : fmt::format("{}", round + 1);
}

std::string failure(const cell& what, const trial_record& record) {
    return one_line(fmt::format("failed: {}: {}", what.name(), record.reason));
}

class bar : public progress {
  public:
    void begin(const study_plan& plan) override {
        rounds = plan.rounds;
        ahead.begin(plan);
    }
    void trial_begins(const cell& what, int round) override {
        constexpr int length = 24;
        const auto full = static_cast<std::size_t>(std::lround(ahead.part() * length));
        std::string line = fmt::format(
            "[{}{}] {:3.0f} %  round {}  {:<11}  {}", std::string(full, '#'),
            std::string(length - full, '.'), 100 * ahead.part(), round_text(round, rounds),
            ahead.left(),
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
    int rounds = 0;
};

class lines : public progress {
  public:
    void begin(const study_plan& plan) override {
        rounds = plan.rounds;
        ahead.begin(plan);
        fmt::print(stderr, "{} cell{}, {}\n", plan.cells.size(), plan.cells.size() == 1 ? "" : "s",
                   rounds == most_rounds
                       ? "rounds until they are enough"
                       : fmt::format("{} round{}", rounds, rounds == 1 ? "" : "s"));
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
        fmt::print(stderr, "round {}: {} trial{}, {:.1f} s so far{}{}\n",
                   round_text(current, rounds), trials, trials == 1 ? "" : "s", ahead.elapsed_s(),
                   left.empty() ? "" : ", ", left);
        trials = 0;
    }

    pace ahead;
    int rounds = 0;
    int current = 0;
    int trials = 0;
};

}  // namespace

std::unique_ptr<progress> make_progress_view() {
    if (is_terminal(STDERR_FILENO)) return std::make_unique<bar>();
    return std::make_unique<lines>();
}

}  // namespace stratbench
