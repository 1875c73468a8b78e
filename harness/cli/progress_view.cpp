#include "harness/cli/progress_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "harness/base/clock.hpp"
#include "harness/base/counted.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"

namespace stratbench {
namespace {

/// How far a study is, in the time that its trials were expected to take.
class pace {
  public:
    void begin(const study_plan& plan_, const stage& generations) {
        plan = &plan_;
        budget_ns = generations.budget_ns;
        started_ns = now_ns();
        total = done = 0;
        for (const std::size_t i : generations.cells) total += expected(plan->cells[i]);
        total *= generations.at_most * static_cast<double>(generations.sides);
    }
    void trial_ends(const cell& c) { done += expected(c); }

    /// Of the generations, or of the budget where that is nearer to its end.
    [[nodiscard]] double part() const {
        const double of_generations = total > 0 ? done / total : 1;
        const double of_budget =
            budget_ns > 0 ? elapsed_s() * 1e9 / static_cast<double>(budget_ns) : 0;
        return std::min(1.0, std::max(of_generations, of_budget));
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
        return expected_slice_ns(c) + static_cast<double>(plan->warm_up_ns);
    }

    const study_plan* plan = nullptr;
    std::int64_t budget_ns = 0, started_ns = 0;
    double total = 0, done = 0;
};

/// "3/5", or "3" where the last one is not known.
std::string number_text(int generation, const stage& all) {
    const int number = generation - all.first_generation + 1;
    return all.at_most < most_rounds ? fmt::format("{}/{}", number, all.at_most)
                                     : fmt::format("{}", number);
}

/// "3 of 4 groups decided"; empty where nobody asks.
std::string decided_text(std::size_t groups, std::size_t of) {
    return of == 0 ? "" : fmt::format("{} of {} decided", groups, counted(of, "group"));
}

std::string failure(const cell& what, const trial_record& record) {
    return one_line(fmt::format("failed: {}: {}", what.name(), record.reason));
}

class bar : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        generations = these;
        ahead.begin(plan, generations);
        known.clear();
    }
    void decided(std::size_t groups, std::size_t of) override { known = decided_text(groups, of); }
    void trial_begins(const cell& what, int generation) override {
        constexpr int length = 24;
        const auto full = static_cast<std::size_t>(std::lround(ahead.part() * length));
        std::string line = fmt::format(
            "[{}{}] {:3.0f} %  {} {}  {}{}{:<11}  {}", std::string(full, '#'),
            std::string(length - full, '.'), 100 * ahead.part(),
            generations.confirms ? "confirming" : "generation",
            number_text(generation, generations), known, known.empty() ? "" : ", ", ahead.left(),
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
    stage generations;
    std::string known;
};

class lines : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        report();
        generations = these;
        current = generations.first_generation;
        ahead.begin(plan, generations);
        known.clear();
        fmt::print(
            stderr, "{}{}{}, {}\n", generations.confirms ? "to be confirmed: " : "",
            counted(generations.confirms ? generations.cells.size() : plan.cells.size(), "cell"),
            generations.sides == 1 ? "" : " of both builds",
            generations.at_most == most_rounds ? "generations until they are enough"
                                               : counted(generations.at_most, "generation"));
    }
    void trial_begins(const cell&, int generation) override {
        if (generation != current) report();
        current = generation;
    }
    void decided(std::size_t groups, std::size_t of) override { known = decided_text(groups, of); }
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
        fmt::print(stderr, "generation {}: {}, {:.1f} s so far{}{}{}{}\n",
                   number_text(current, generations), counted(trials, "trial"), ahead.elapsed_s(),
                   known.empty() ? "" : ", ", known, left.empty() ? "" : ", ", left);
        trials = 0;
    }

    pace ahead;
    stage generations;
    std::string known;
    int current = 0;
    std::size_t trials = 0;
};

}  // namespace

std::unique_ptr<progress> make_progress_view() {
    if (is_terminal(STDERR_FILENO)) return std::make_unique<bar>();
    return std::make_unique<lines>();
}

}  // namespace stratbench
