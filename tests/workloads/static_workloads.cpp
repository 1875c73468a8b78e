#include <cstddef>
#include <cstdio>
#include <vector>

#include "workloads/workload.hpp"

// Executes and checks one task of every workload; exits 1 at the first wrong result.
int main() {
    using namespace stratbench;
    for (const workload* w : workloads()) {
        const task_template t = resolve_workload({.name = std::string(w->name)});
        const task one = t.make(0, 1);
        std::vector<std::byte> payload(one.payload_bytes);
        generate_payload(one, payload);
        const std::uint64_t value = execute(one, payload);
        if (!w->matches(one, value, w->reference(one, payload))) {
            std::fprintf(stderr, "%s is wrong: %s\n", t.text().c_str(),
                         value_text(one, value).c_str());
            return 1;
        }
    }
}
