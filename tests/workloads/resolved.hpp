#pragma once

#include <gtest/gtest.h>

#include <string>

#include "workloads/task_template.hpp"

namespace stratbench::test {

inline task_template resolved(const std::string& text) {
    return resolve_workload(parse_spec(text, "workload"));
}

/// What is said of a workload that is refused.
inline std::string error_of(const std::string& text) {
    try {
        resolved(text);
    } catch (const usage_error& error) {
        return error.what();
    }
    ADD_FAILURE() << text << " was accepted";
    return {};
}

}  // namespace stratbench::test
