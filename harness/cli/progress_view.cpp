#include "harness/cli/progress_view.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "harness/base/clock.hpp"
#include "harness/base/counted.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/slices.hpp"

namespace stratbench {
namespace {

/// How far a study is, in the time that its trials were expected to take.
class pace {
  public:
    void begin(const study_plan& plan, const stage& generations) {
        plan_ = &plan;
        budget_ns_ = generations.budget_ns;
        started_ns_ = now_ns();
        total_ = done_ = 0;
        for (const std::size_t i : generations.cells) {
            total_ += expected(plan_->cells[i]);
        }
        total_ *= generations.at_most * static_cast<double>(generations.sides);
    }
    void trial_ends(const cell& c) { done_ += expected(c); }

    /// Of the generations, or of the budget where that is nearer to its end.
    [[nodiscard]] double part() const {
        const double of_generations = total_ > 0 ? done_ / total_ : 1;
        const double of_budget =
            budget_ns_ > 0 ? elapsed_s() * 1e9 / static_cast<double>(budget_ns_) : 0;
        return std::min(1.0, std::max(of_generations, of_budget));
    }
    [[nodiscard]] double elapsed_s() const {
        return static_cast<double>(now_ns() - started_ns_) / 1e9;
    }
    /// "23 s left"; empty until enough is known, and at the end.
    [[nodiscard]] std::string left() const {
        if (part() < 0.02 || part() > 0.9999) {
            return "";
        }
        return fmt::format("{:.0f} s left", std::ceil(elapsed_s() * (1 - part()) / part()));
    }

  private:
    [[nodiscard]] double expected(const cell& c) const {
        return expected_slice_ns(c) + static_cast<double>(plan_->warm_up_ns);
    }

    const study_plan* plan_ = nullptr;
    std::int64_t budget_ns_ = 0, started_ns_ = 0;
    double total_ = 0, done_ = 0;
};

/// "3/5", or "3" where the last one is not known.
std::string number_text(int generation, const stage& all) {
    const int number = generation - all.first_generation + 1;
    return all.at_most < unlimited_rounds ? fmt::format("{}/{}", number, all.at_most)
                                          : fmt::format("{}", number);
}

/// "3 of 4 groups decided"; empty where nobody asks.
std::string decided_text(std::size_t groups, std::size_t of) {
    return of == 0 ? "" : fmt::format("{} of {} decided", groups, counted(of, "group"));
}

/// What is said of trials that fail: each reason once, however many trials have it.
class failures {
  public:
    /// "failed: sync/...: 2 tasks missing"; empty where there is nothing new to say.
    std::string line_of(const cell& what, const trial_record& record) {
        if (record.state != status::failed || !told_.insert(record.reason).second) {
            return "";
        }
        return one_line(fmt::format("failed: {}: {}", what.name(), record.reason));
    }

  private:
    std::set<std::string> told_;
};

class bar : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        generations_ = these;
        ahead_.begin(plan, generations_);
        known_.clear();
    }
    void decided(std::size_t groups, std::size_t of) override { known_ = decided_text(groups, of); }
    void trial_begins(const cell& what, int generation) override {
        constexpr int length = 24;
        const auto full = static_cast<std::size_t>(std::lround(ahead_.part() * length));
        std::string line = fmt::format(
            "[{}{}] {:3.0f} %  {} {}  {}{}{:<11}  {}", std::string(full, '#'),
            std::string(length - full, '.'), 100 * ahead_.part(),
            generations_.confirms ? "confirming" : "generation",
            number_text(generation, generations_), known_, known_.empty() ? "" : ", ",
            ahead_.left(),
            one_line(fmt::format("{} {} {}", what.strategy, what.workload, what.load.text)));
        const auto width = static_cast<std::size_t>(std::max(20, terminal_width(STDERR_FILENO)));
        line.resize(std::min(line.size(), width - 1));
        tell(fmt::format("\r\033[K{}", line));
    }
    void trial_ends(const cell& what, const trial_record& record) override {
        ahead_.trial_ends(what);
        if (const std::string line = failed_.line_of(what, record); !line.empty()) {
            tell(fmt::format("\r\033[K{}\n", line));
        }
    }
    void end() override { tell("\r\033[K"); }

  private:
    pace ahead_;
    stage generations_;
    std::string known_;
    failures failed_;
};

class lines : public progress {
  public:
    void begin(const study_plan& plan, const stage& these) override {
        report();
        generations_ = these;
        current_ = generations_.first_generation;
        ahead_.begin(plan, generations_);
        known_.clear();
        tell(fmt::format(
            "{}{}{}, {}\n", generations_.confirms ? "to be confirmed: " : "",
            counted(generations_.confirms ? generations_.cells.size() : plan.cells.size(), "cell"),
            generations_.sides == 1 ? "" : " of both builds",
            generations_.at_most == unlimited_rounds
                ? "generations until they are enough"
                : counted(generations_.at_most, "generation")));
    }
    void trial_begins(const cell&, int generation) override {
        if (generation != current_) {
            report();
        }
        current_ = generation;
    }
    void decided(std::size_t groups, std::size_t of) override { known_ = decided_text(groups, of); }
    void trial_ends(const cell& what, const trial_record& record) override {
        ahead_.trial_ends(what);
        ++trials_;
        failures_ += record.state == status::failed ? 1 : 0;
        if (const std::string line = failed_.line_of(what, record); !line.empty()) {
            tell(fmt::format("{}\n", line));
        }
    }
    void end() override { report(); }

  private:
    void report() {
        if (trials_ == 0) {
            return;
        }
        const std::string left = ahead_.left();
        tell(fmt::format("generation {}: {}{}, {:.1f} s so far{}{}{}{}\n",
                         number_text(current_, generations_), counted(trials_, "trial"),
                         failures_ == 0 ? "" : fmt::format(" ({} failed)", failures_),
                         ahead_.elapsed_s(), known_.empty() ? "" : ", ", known_,
                         left.empty() ? "" : ", ", left));
        trials_ = failures_ = 0;
    }

    pace ahead_;
    stage generations_;
    std::string known_;
    int current_ = 0;
    std::size_t trials_ = 0, failures_ = 0;
    failures failed_;
};

}  // namespace

std::unique_ptr<progress> make_progress_view() {
    if (is_terminal(STDERR_FILENO)) {
        return std::make_unique<bar>();
    }
    return std::make_unique<lines>();
}

}  // namespace stratbench
