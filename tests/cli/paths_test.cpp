// Every option of every command that takes a path, with every kind of path. The options are found
// in the help, by what stands for their value: one that is added later is tried as well.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/built.hpp"
#include "tests/cli/path_commands.hpp"
#include "tests/cli/refused.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

using namespace test;

TEST(paths, of_every_command_are_found_in_its_help) {
    const workplace place;
    EXPECT_GE(outputs_of(place, "run").size(), 7U);
    EXPECT_GE(outputs_of(place, "compare").size(), 3U);
    EXPECT_GE(outputs_of(place, "report").size(), 6U);
}

TEST(paths, no_output_is_an_input_whatever_it_is_called) {
    const workplace place;
    write_inputs(place);
    // Every output with every input, and each with every way to write it; not all three together.
    std::size_t turn = 0;
    for (const path_option& o : all_outputs(place)) {
        ++turn;
        std::vector<std::pair<std::string, std::string>> inputs = {{"r.json", ""}};
        if (o.command == "compare") {
            inputs.emplace_back("s.json", "");
        } else if (o.command == "run") {
            inputs = {
                {"w.sh", "--workload 'command:./w.sh {id}' "},
                {"w.sh", "--workload 'command:sh w.sh' "},
                {"w.sh", "--strategy 'exec:cmd=sh w.sh' "},
                {"work.json", "--scenario work.json "},
                {"w.sh", "--scenario work.json "},
                {"t.csv", "--load trace:t.csv "},
                {"t.csv", "--scenario scenario.json "},
                {"sizes.csv", "--workload 'noop' --workload 'sqrt_log:n=trace(file=sizes.csv)' "},
                {"sizes.csv", "--scenario sizes.json "},
                {"scenario.json", "--scenario ./scenario.json "}};
        }
        for (const auto& [input, given] : inputs) {
            const std::string before = place.content_of(input);
            fs::create_symlink(input, place.inside() / "link");
            fs::create_hard_link(place.inside() / input, place.inside() / "hard");
            const std::string ways[] = {input, "./" + input, "link", "hard"};
            for (int i = 0; i < (inputs.size() < 4 ? 4 : 1); ++i) {
                const std::string arguments =
                    command_line(o, given + o.name + " " + ways[turn++ % 4]);
                expect_one_line(place.run(arguments), "are the same file", arguments);
                EXPECT_EQ(place.content_of(input), before) << arguments;
            }
            fs::remove(place.inside() / "link");
            fs::remove(place.inside() / "hard");
        }
    }
    ASSERT_EQ(place
                  .run("run --strategy sync --workload noop --load trace:t.csv --rounds 1 --quick "
                       "--out p.json --report none --quiet")
                  .exit_code,
              0);
    for (const auto& [given, input] :
         {std::pair("--plan r.json", "r.json"), std::pair("--against ./r.json", "r.json"),
          std::pair("--plan p.json", "t.csv")}) {
        const std::string before = place.content_of(input);
        const std::string arguments =
            fmt::format("run {} --out ./{} --report none --quiet", given, input);
        expect_one_line(place.run(arguments), "are the same file", arguments);
        EXPECT_EQ(place.content_of(input), before) << given;
    }
}

TEST(paths, no_output_is_a_program_of_the_run) {
    const workplace place;
    write_inputs(place);
    for (const char* part : {"stratbench", "stratbench_worker"}) {
        fs::copy(test::built(part), place.inside() / part);
    }
    for (const path_option& o : all_outputs(place)) {
        for (const char* program : {"./stratbench", "stratbench_worker"}) {
            const std::string arguments = command_line(o, o.name + " " + program);
            const outcome_of_run got =
                place.run_program((place.inside() / "stratbench").string(), arguments);
            expect_one_line(got, "are the same file", arguments);
        }
    }
}

TEST(paths, no_two_outputs_are_one_file_even_before_it_is_there) {
    const workplace place;
    write_inputs(place);
    fs::create_symlink("new", place.inside() / "link");
    const std::vector<std::string> before = place.files();
    for (const char* command : {"run", "compare", "report"}) {
        const std::vector<path_option> outputs = outputs_of(place, command);
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                const path_option& which = of_comparison(outputs[k]) ? outputs[k] : outputs[i];
                for (const char* other : {"./new", "link"}) {
                    const std::string arguments = command_line(
                        which, outputs[i].name + " new " + outputs[k].name + " " + other);
                    expect_one_line(place.run(arguments),
                                    arguments.find("--events") != std::string::npos &&
                                            arguments.find("--against") != std::string::npos
                                        ? ""
                                        : "are the same file",
                                    arguments);
                }
            }
        }
    }
    EXPECT_EQ(place.files(), before);
}

TEST(paths, that_cannot_be_written_are_named_as_they_were_asked_for) {
    const workplace place;
    write_inputs(place);
    const std::vector<std::string> before = place.files();
    for (const path_option& o : all_outputs(place)) {
        for (const std::string& path :
             {std::string("/nowhere/file"), std::string("r.json/file"), std::string("."),
              std::string(256, 'n'), std::string("-")}) {
            const std::string arguments = command_line(o, o.name + " " + path);
            expect_one_line(place.run(arguments), path, arguments);
        }
        const std::string nothing = command_line(o, o.name + " ''");
        expect_one_line(place.run(nothing), "its value is empty", nothing);
    }
    EXPECT_EQ(place.files(), before);
}

TEST(paths, as_long_as_a_name_may_be_are_written) {
    const workplace place;
    write_inputs(place);
    for (const path_option& o : all_outputs(place)) {
        const std::string name(255, 'n');
        const outcome_of_run got = place.run(command_line(o, o.name + " " + name, true));
        EXPECT_TRUE(has_written(got)) << o.name << got.err;
        EXPECT_TRUE(fs::exists(place.inside() / name)) << o.name;
        fs::remove(place.inside() / name);
    }
}

TEST(paths, to_a_descriptor_are_appended_where_the_caller_appends) {
    const workplace place;
    write_inputs(place);
    for (const path_option& o : all_outputs(place)) {
        for (const char* path : {"/dev/fd/7", "/proc/self/fd/7"}) {
            place.write("log", "before\n");
            const outcome_of_run got =
                place.run(command_line(o, o.name + " " + path, true) + " 7>>log");
            EXPECT_TRUE(has_written(got)) << o.name << got.err;
            const std::string text = place.content_of("log");
            EXPECT_TRUE(text.starts_with("before\n")) << o.command << o.name;
            EXPECT_GT(text.size(), 20U) << o.command << o.name;
        }
    }
}

TEST(paths, to_a_descriptor_are_written_from_where_the_caller_has_come_to) {
    const workplace place;
    write_inputs(place);
    const outcome_of_run got = place.shell(
        "{ echo before >&7; " + place.program() +
        " report r.json --csv /dev/fd/7; ended=$?; echo after >&7; (exit $ended); } 7>log");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    const std::string text = place.content_of("log");
    EXPECT_TRUE(text.starts_with("before\n")) << text;
    EXPECT_TRUE(text.ends_with("\nafter\n")) << text;
    EXPECT_GT(text.size(), 100U) << text;
}

TEST(paths, to_a_descriptor_of_another_process_are_appended) {
    const workplace place;
    write_inputs(place);
    const outcome_of_run got = place.shell("{ echo before >&7; " + place.program() +
                                           " report r.json --csv /proc/$$/fd/7; } 7>log");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_TRUE(place.content_of("log").starts_with("before\n")) << place.content_of("log");
}

TEST(paths, to_standard_output_take_the_place_of_the_table) {
    const workplace place;
    write_inputs(place);
    const outcome_of_run results = place.run(
        "run --strategy sync --workload sum_range:n=1000 "
        "--load batch:20 --rounds 2 --generations 2 --quick "
        "--report none --out /dev/stdout");
    EXPECT_EQ(results.exit_code, 0) << results.err;
    EXPECT_TRUE(nlohmann::json::accept(results.out)) << results.out.substr(0, 200);
    const outcome_of_run xml = place.run("compare r.json s.json --junit /dev/stdout");
    EXPECT_TRUE(xml.out.starts_with("<?xml")) << xml.out;
    EXPECT_EQ(xml.out.find("</testsuites>\n") + 14, xml.out.size()) << xml.out;
    const std::string both = "report r.json --csv /dev/stdout --bmf /dev/fd/1";
    expect_one_line(place.run(both), "are the same file", both);
    const std::string json = "run --json --out /dev/stdout";
    expect_one_line(place.run(json), "are both standard output", json);
}

TEST(paths, to_the_null_device_may_be_several) {
    const workplace place;
    write_inputs(place);
    const outcome_of_run got = place.run("report r.json --csv /dev/null --bmf /dev/null");
    EXPECT_EQ(got.exit_code, 0) << got.err;
}

TEST(paths, that_are_standard_output_are_not_replaced) {
    const workplace place;
    write_inputs(place);
    const std::string before = place.content_of("r.json");
    const outcome_of_run got = place.shell("(" + place.program() + " report r.json >>r.json)");
    expect_one_line(got, "standard output are the same file", "report r.json >>r.json");
    EXPECT_EQ(place.content_of("r.json"), before);
    const outcome_of_run csv = place.shell("(" + place.program() + " report r.json --csv t >>t)");
    expect_one_line(csv, "standard output are the same file", "report r.json --csv t >>t");
}

TEST(paths, to_a_named_pipe_are_written_to_it_and_it_stays) {
    const workplace place;
    write_inputs(place);
    for (const path_option& o : all_outputs(place)) {
        const outcome_of_run got =
            place.shell("rm -f p && mkfifo p && { cat p >got & } && " + place.program() + " " +
                        command_line(o, o.name + " p", true) + "; ended=$?; wait; (exit $ended)");
        EXPECT_TRUE(has_written(got)) << o.name << got.err;
        EXPECT_TRUE(fs::is_fifo(place.inside() / "p")) << o.name;
        EXPECT_FALSE(place.content_of("got").empty()) << o.command << o.name;
    }
}

TEST(paths, to_a_pipe_that_nobody_reads_are_refused) {
    const workplace place;
    write_inputs(place);
    ASSERT_EQ(place.shell("mkfifo p").exit_code, 0);
    for (const char* command : {"run", "compare", "report"}) {
        const path_option o = outputs_of(place, command).front();
        const std::string arguments = command_line(o, o.name + " p");
        expect_one_line(place.run(arguments), "p: cannot be written: nobody reads", arguments);
    }
}

TEST(paths, that_are_mount_points_are_written_in_place) {
    const workplace place;
    write_inputs(place);
    if (place.shell("unshare -rm true").exit_code != 0) {
        GTEST_SKIP() << "no namespaces of one's own here";
    }
    for (const path_option& o : all_outputs(place)) {
        const outcome_of_run got =
            place.shell("touch m && unshare -rm sh -c \"mount --bind m m && " + place.program() +
                        " " + command_line(o, o.name + " m", true) + "\"");
        EXPECT_TRUE(has_written(got)) << o.name << got.err;
        EXPECT_FALSE(place.content_of("m").empty()) << o.name;
        fs::remove(place.inside() / "m");
    }
}

TEST(paths, to_a_file_that_may_not_be_written_are_refused_before_anything_is_measured) {
    const workplace place;
    write_inputs(place);
    if (place.shell("unshare -rm true").exit_code != 0) {
        GTEST_SKIP() << "no namespaces of one's own here";
    }
    place.write("m", "before");
    const std::vector<std::string> before = place.files();
    for (const path_option& o : all_outputs(place)) {
        const std::string arguments = command_line(o, o.name + " m");
        const outcome_of_run got =
            place.shell("unshare -rm sh -c \"mount --bind m m && mount -o remount,bind,ro m && " +
                        place.program() + " " + arguments + "\"");
        expect_one_line(got, "m: cannot be written: Read-only file system", arguments);
    }
    EXPECT_EQ(place.files(), before);
}

TEST(paths, of_results_that_cannot_be_saved_are_replaced_by_a_place_that_works) {
    const workplace place;
    const outcome_of_run got =
        place.run("run" + std::string(quick_study) + " --rounds 1 --report none --out /dev/full");
    EXPECT_EQ(got.exit_code, 2);
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    const std::string says = "/dev/full: cannot be written: No space left on device; it is in ./";
    const std::size_t at = got.err.find(says);
    ASSERT_NE(at, std::string::npos) << got.err;
    std::string file = got.err.substr(at + says.size());
    file.pop_back();
    EXPECT_TRUE(nlohmann::json::accept(place.content_of(file))) << file;
}

TEST(paths, that_are_read_are_regular_files_or_end) {
    const workplace place;
    write_inputs(place);
    std::vector<std::string> commands = {"report @", "compare @ r.json", "compare r.json @",
                                         "run --load trace:@"};
    for (const char* command : {"run", "compare", "report"}) {
        for (const path_option& o : path_options(place, command)) {
            if (!o.written()) {
                commands.push_back(o.command + " " + o.name + " @");
            }
        }
    }
    EXPECT_GE(commands.size(), 6U);
    ASSERT_EQ(place.shell("mkfifo p.json").exit_code, 0);
    for (const std::string& command : commands) {
        for (const char* path : {"/dev/zero", "/dev/tty", ".", "./p.json"}) {
            std::string arguments = command;
            arguments.replace(arguments.find('@'), 1, path);
            expect_one_line(place.run(arguments), "", arguments);
        }
    }
}

}  // namespace
}  // namespace stratbench
