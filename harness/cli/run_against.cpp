#include "harness/cli/run_against.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/counted.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/comparison_options.hpp"
#include "harness/cli/path_options.hpp"
#include "harness/cli/progress_view.hpp"
#include "harness/cli/study_setup.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/usage.hpp"
#include "harness/judge/comparison/gate_scope.hpp"
#include "harness/judge/comparison/self_test.hpp"
#include "harness/plan/request.hpp"
#include "harness/results/measured_figures.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/gate.hpp"
#include "harness/study/interruption.hpp"
#include "harness/study/other_build.hpp"
#include "reports/comparison/page.hpp"
#include "reports/comparison/self_test.hpp"
#include "reports/study/sentences.hpp"

namespace stratbench {
namespace {

constexpr const char* self = "self";

/// "results.base.json" beside "results.json".
std::string beside(const std::string& out) {
    if (!wanted(out)) {
        return out;
    }
    const std::filesystem::path path = out;
    return path.parent_path() / (path.stem().string() + ".base" + path.extension().string());
}

void refuse_what_two_builds_cannot(const run_options& o) {
    if (!o.events.empty()) {
        throw usage_error("--events is for one build: it cannot be given with --against");
    }
    if (o.json) {
        throw usage_error(
            "--json is for one build; with --against, --out and --base-out are the two files");
    }
}

/// How many generations it takes to say anything of so many comparisons; fewer that were asked for
/// are refused. A budget or a precision ends when it ends.
void settle_generations(study_plan& plan, const run_request& request, int comparisons,
                        double alpha) {
    const int needed = rounds_that_can_decide(comparisons, alpha);
    const int usual = std::max(default_generations_against, needed);
    const auto require = [&](int given, std::string_view of_what) {
        if (given >= needed) {
            return;
        }
        throw usage_error(fmt::format("{} cannot decide {} at {}: use {}", counted(given, of_what),
                                      counted(comparisons, "comparison"), alpha, needed));
    };
    const stopping_request& stopping = request.stopping;
    if (stopping.rounds) {
        require(plan.rounds, "round");
    }
    if (stopping.generations) {
        require(plan.generations, "generation");
    }
    if (!stopping.rounds && stopping.budget_ns == 0) {
        plan.budget_ns = 0;
        if (plan.rounds == unlimited_rounds) {
            plan.rounds = 0;
        }
        const int in_each = request.quick ? 1 : default_rounds_of_generation_against;
        plan.rounds = std::min(most_rounds,
                               std::max(plan.rounds, in_each * std::max(usual, plan.generations)));
    }
    if (!stopping.generations) {
        plan.generations = std::min(plan.rounds, std::max(usual, plan.generations));
    }
}

/// Two sides of one study: the base and this build.
class both_sides {
  public:
    both_sides(const other_build& base, const study_plan& plan, const run_options& options,
               const trial_launchers& launchers, const arguments& typed, command_files& files)
        : o_(options), files_(files) {
        study_side& candidate = sides_[1];
        candidate.study = prepare_study(plan, examine_environment(typed.front()), o_, typed);
        candidate.study.cells = unmeasured(plan);
        candidate.start = launchers.of(this_program(), "new build");
        candidate.save = saver("--out", files);

        study_side& old = sides_[0];
        environment machine = base.is.machine;
        // What processor it is, and how late it wakes up, are facts of one machine, whatever the
        // other build makes of them; and what follows from them is the same for both.
        machine.cpu_model = candidate.study.machine.cpu_model;
        machine.wake_up_error_ns = candidate.study.machine.wake_up_error_ns;
        old.study = prepare_study(planned_for(base, plan), std::move(machine), o_, typed);
        old.study.cells = unmeasured(old.study.plan);
        old.study.info = candidate.study.info;
        old.start = launchers.of(base.program, "base");
        old.save = saver("--base-out", files);
        old.study.info.arm = study_arm::base;
        candidate.study.info.arm = study_arm::candidate;
    }

    [[nodiscard]] measurement base() const {
        return measured(sides_[0], base_out_of(o_), "the base");
    }
    [[nodiscard]] measurement candidate() const {
        return measured(sides_[1], o_.out, "this build");
    }
    [[nodiscard]] comparison compare() const {
        return stratbench::compare(base(), candidate(), make_comparison_options(o_.compared),
                                   o_.compared.ignore);
    }

    void run(int generations_needed) {
        const auto view = o_.quiet ? nullptr : make_progress_view();
        run_study(sides_, {.listener = view.get(),
                           .generations_before_precision =
                               std::max(generations_needed, generations_before_stopping),
                           .select_for_confirmation =
                               [this](std::span<const study_side>) {
                                   return regressed_cells(compare(), sides_[1].study.plan);
                               },
                           .stop = catch_interruptions()});
        save_to_stream("--base-out", of_base(), files_);
        save_to_stream("--out", of_new(), files_);
    }

    [[nodiscard]] const study_results& of_base() const { return sides_[0].study; }
    [[nodiscard]] const study_results& of_new() const { return sides_[1].study; }
    [[nodiscard]] std::span<const study_side> all() const { return sides_; }

  private:
    static measurement measured(const study_side& side, const std::string& path,
                                const char* otherwise) {
        return measurement_of(side.study, wanted(path) ? path : otherwise);
    }

    const run_options& o_;
    command_files& files_;
    std::array<study_side, 2> sides_;
};

/// Says which cells have failed; whether any has.
bool tell_failures(std::span<const study_side> sides) {
    bool any = false;
    for (const study_side& side : sides) {
        for (const cell_result& c : side.study.cells) {
            if (c.state != status::failed) {
                continue;
            }
            any = true;
            const bool base = side.study.info.arm == study_arm::base;
            tell_line(fmt::format("failed in the {}: {}: {}", base ? "base" : "new build",
                                  c.planned.name(), c.reason));
        }
    }
    return any;
}

/// What the comparison does not know: how the rounds ended, and of a build against itself how far
/// to trust the machine.
void print_notes(const both_sides& sides, const run_options& o) {
    if (const auto note = ending_note(sides.of_new())) {
        say(one_line(*note) + "\n");
    }
    if (o.against == self) {
        const self_test_report report =
            self_test(sides.base(), sides.candidate(), make_comparison_options(o.compared));
        say("\n" +
            terminal_self_test(report, wants_color(STDOUT_FILENO), terminal_width(STDOUT_FILENO)));
    }
}

}  // namespace

std::string base_program_of(const run_options& o) {
    return o.against == self ? this_program() : o.against;
}

std::string base_out_of(const run_options& o) {
    return o.base_out.empty() ? beside(o.out) : o.base_out;
}

int run_against(const run_options& o, const arguments& typed, command_files& files) {
    refuse_what_two_builds_cannot(o);
    const comparison_options options = make_comparison_options(o.compared);
    const other_build base = examine_build(base_program_of(o), catch_interruptions());
    const trial_launchers launchers(files);
    study_plan plan = plan_of(o, launchers.of(), files);
    const int comparisons = comparisons_of_gate(gateable_cells(plan), options, o.compared.ignore);
    if (comparisons == 0) {
        throw usage_error("there is nothing to compare: every cell of the plan is skipped");
    }
    settle_generations(plan, request_alone(o.study), comparisons, options.alpha);

    both_sides sides(base, plan, o, launchers, typed, files);
    check_choices(o.compared, sides.base(), sides.candidate());
    std::vector<difference> differences =
        accepted_differences(o.compared, sides.base(), sides.candidate());
    sides.run(rounds_that_can_decide(comparisons, options.alpha));

    const study_results& study = sides.of_new();
    if (study.info.interrupted()) {
        return tell_interruption(study);
    }
    comparison found = sides.compare();
    found.differences = std::move(differences);
    if (files.to("--report") != nullptr) {
        files.keep("--report", html_comparison(found, &sides.of_base(), &study));
    }
    report_comparison(found, o.compared, files, !o.quiet);
    if (!o.quiet && files.table_wanted()) {
        print_notes(sides, o);
    }
    const bool lost_lines = launchers.tell_lost_lines();
    if (tell_failures(sides.all()) || lost_lines) {
        return 1;
    }
    for (const study_side& side : sides.all()) {
        check_environment_after(side.study, o);
    }
    return files.exit_code(exit_code_of(found, o.compared));
}

}  // namespace stratbench
