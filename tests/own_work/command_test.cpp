// Work that is a program: command:./resize {id}. The real binary is run, with real programs.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"
#include "tests/sanitized.hpp"
#include "workloads/command_line.hpp"

namespace stratbench {
namespace {

/// Who starts a program: the caller, threads, workers, and a process for each task.
constexpr const char* all_kinds =
    "--strategy sync --strategy async_thread_pool --strategy pool_map --strategy process_per_task ";

/// In double quotes for a shell.
std::string command(const std::string& line) {
    return "--workload \"command:" + line + "\" ";
}

std::vector<std::string> words_of(const std::string& text) {
    task t;
    t.id = 7;
    t.seed = 9;
    const command_line line(text);
    std::vector<std::byte> packed(line.packed_bytes());
    line.pack(t, packed);
    std::vector<std::string> words;
    for (const char* word : unpacked(packed, line.words())) {
        if (word != nullptr) {
            words.emplace_back(word);
        }
    }
    return words;
}

TEST(command_lines, are_words_as_a_shell_reads_them_without_a_shell) {
    using words = std::vector<std::string>;
    EXPECT_EQ(words_of("true"), words{"true"});
    EXPECT_EQ(words_of("  echo  a   b "), (words{"echo", "a", "b"}));
    EXPECT_EQ(words_of(R"(echo 'a  b' "c 'd'" e\ f '')"),
              (words{"echo", "a  b", "c 'd'", "e f", ""}));
    EXPECT_EQ(words_of("echo {id} x{id}y{seed} {other} {"),
              (words{"echo", "7", "x7y9", "{other}", "{"}));
    EXPECT_EQ(words_of("echo a,b=c:d $HOME *"), (words{"echo", "a,b=c:d", "$HOME", "*"}));
}

struct bad_command {
    const char* line;
    const char* says;
};

TEST(bad_command_lines, are_refused_in_one_line_before_measuring) {
    constexpr bad_command all[] = {
        {"", "is empty; accepted is a program and its arguments"},
        {"''", "is empty; accepted is a program and its arguments"},
        {"./none {id}", "there is no program './none'"},
        {"none-such", "there is no program 'none-such'"},
        {".", "there is no program '.'"},
        {"./plain", "there is no program './plain'"},
        {"./none|sort", "a shell is asked for as in command:sh -c '...'"},
        {"echo 'open", "a quote is not closed: '"},
        {"./script", "task 0: cannot start './script'"},
        {"yes", "task 0: 'yes' prints more than 1MiB"},
        {"sh -c 'yes >&2'", "task 0: 'sh' prints more than 1MiB"},
        {"date +%N", "a result has to follow from the task alone"},
        {"sh -c 'kill -9 \\$\\$'", "task 0: 'sh' was ended by a signal: Killed"},
        {"sleep 1000", "task 0: 'sleep' did not end within 10s"},
    };
    for (const auto& [line, says] : all) {
        if (test::thread_sanitized && std::string_view(line) == "./script") {
            continue;  // a child that shares no memory cannot say why it started nothing
        }
        const workplace place;
        place.write("plain", "");
        place.write("script", "#!/no/interpreter\n");
        static_cast<void>(place.shell("chmod +x script"));
        const std::vector<std::string> before = place.files();
        const outcome_of_run got = place.run("run --strategy sync " + command(line));
        EXPECT_EQ(got.exit_code, 2) << line;
        EXPECT_NE(got.err.find(says), std::string::npos) << line << ": " << got.err;
        EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
        EXPECT_EQ(got.out, "") << line;
        EXPECT_EQ(place.files(), before) << line;
        EXPECT_EQ(place.processes_inside(), 0) << line;
    }
}

TEST(commands, give_the_same_exit_code_and_output_in_every_strategy) {
    const workplace place;
    const outcome_of_run got =
        place.run("check " + command("sh -c 'echo {id} {seed}; echo heard >&2; exit {id}'"));
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    for (const char* name : {"sync", "async_thread_pool", "pool_map", "process_per_task"}) {
        EXPECT_NE(got.out.find(std::string("  ") + name), std::string::npos) << name;
    }
    EXPECT_EQ(got.out.find("WRONG"), std::string::npos) << got.out;
}

/// The outcomes of all cells of a study with every kind, which has to end with this exit code.
std::vector<json> outcomes_of(const workplace& place, const std::string& arguments, int exit_code) {
    const outcome_of_run got =
        place.run(std::string("run --load batch:8 --workers 2 ") + all_kinds +
                  "--generations 1 --rounds 1 --report none --quiet "
                  "--out r.json " +
                  arguments);
    EXPECT_EQ(got.exit_code, exit_code) << got.out << got.err;
    std::vector<json> all;
    const json results = results_in(place, "r.json");
    for (const json& cell : results["cells"]) {
        for (const json& trial : cell["trials"]) {
            all.push_back(trial);
        }
    }
    EXPECT_EQ(all.size(), 4U);
    return all;
}

TEST(commands, whose_output_differs_from_that_of_the_serial_run_fail_their_trial) {
    const workplace place;
    // The first three tasks are looked at before anything is measured.
    for (const json& trial :
         outcomes_of(place, command("sh -c 'test {id} -lt 4 || date +%N'"), 1)) {
        const std::string why = trial["reason"];
        EXPECT_TRUE(why.starts_with("task 4")) << why;
        EXPECT_NE(why.find("returned exit code 0 with output #"), std::string::npos) << why;
    }
}

TEST(commands, beyond_their_deadline_end_with_all_that_they_have_started) {
    const workplace place;
    for (const json& trial : outcomes_of(
             place,
             "--task-timeout 400ms " + command("sh -c 'test {id} -ne 5 || { sleep 1000 & wait; }'"),
             0)) {
        EXPECT_EQ(trial["outcomes"]["timed_out"], 1) << trial["outcomes"];
        EXPECT_EQ(trial["outcomes"]["ok"], 7) << trial["outcomes"];
    }
    EXPECT_EQ(place.processes_inside(), 0);
}

TEST(commands, that_leave_a_process_behind_do_not_keep_it) {
    const workplace place;
    for (const json& trial : outcomes_of(place, command("sh -c 'sleep 1000 & echo {id}'"), 0)) {
        EXPECT_EQ(trial["outcomes"]["ok"], 8) << trial["outcomes"];
    }
    EXPECT_EQ(place.processes_inside(), 0);
}

TEST(commands, from_which_a_process_escapes_are_refused_and_it_is_ended) {
    const workplace place;
    place.write("away",
                "setsid sh -c 'echo > up; exec sleep 1000' >/dev/null 2>&1 &\n"
                "while ! test -s up; do :; done\n");
    for (const char* command : {"check --strategy sync ", "run --strategy sync --report none "}) {
        const outcome_of_run got = place.run(command + std::string("--workload 'command:sh away'"));
        EXPECT_EQ(got.exit_code, 2) << command << got.out << got.err;
        EXPECT_NE(got.err.find("leaves a process behind"), std::string::npos) << got.err;
        EXPECT_EQ(place.processes_inside(), 0) << command;
        std::filesystem::remove(place.inside() / "up");
    }
}

}  // namespace
}  // namespace stratbench
