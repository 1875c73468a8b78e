#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <vector>

#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench::test {

/// Runs what was submitted to its end, sleeping in between. Completions by the ids of their tasks,
/// each of which must end once.
inline std::map<std::uint64_t, completion> drain(worker_pool& pool) {
    std::map<std::uint64_t, completion> by_id;
    std::vector<pool_result> results;
    pool.dispatch();
    while (pool.outstanding() != 0) {
        results.clear();
        if (pool.collect(results) == 0) {
            pool.wait();
        }
        for (const pool_result& r : results) {
            EXPECT_TRUE(by_id.emplace(r.done.id, r.done).second) << "twice: " << r.done.id;
        }
    }
    return by_id;
}

}  // namespace stratbench::test
