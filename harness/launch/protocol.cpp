#include "harness/launch/protocol.hpp"

#include "harness/json/json_text.hpp"
#include "harness/results/plan_fields.hpp"
#include "harness/results/record_fields.hpp"
#include "harness/results/study_fields.hpp"

namespace stratbench {

void fields(auto& archive, like<trial_request> auto& request) {
    archive("cell", request.planned);
    archive("detail", request.detail);
    archive("round", request.round);
    archive("study_seed", request.study_seed);
    archive("study_id", request.study_id);
    archive("events_fd", request.events_fd);
    archive("pacing_spin_ns", request.pacing_spin_ns);
    archive("warm_up_ns", request.warm_up_ns);
}

void fields(auto& archive, like<described_workload> auto& workload) {
    archive("name", workload.name);
    archive("version", workload.version);
}

void fields(auto& archive, like<build_description> auto& description) {
    archive("environment", description.machine);
    archive("context", description.machine.benchmark_context);
    archive("workloads", description.workloads);
    archive("strategies", description.strategies);
}

namespace {

constexpr const char* version_key = "protocol_version";

template <class T>
std::string message(const char* key, const T& value) {
    const json document{{version_key, trial_protocol_version}, {key, json_writer::written(value)}};
    return json_text(document);
}

template <class T>
T parse_message(std::string_view text, const char* key) {
    const json document = parse_if_json(text);
    if (document.is_discarded()) {
        throw json_error(key, "is not JSON");
    }
    json_reader archive(document);
    int version = 0;
    archive(version_key, version);
    if (version != trial_protocol_version) {
        throw json_error(version_key, fmt::format("is {}, this build speaks {}", version,
                                                  trial_protocol_version));
    }
    T value;
    archive(key, value);
    return value;
}

}  // namespace

std::string request_text(const trial_request& request) {
    return message("request", request);
}
trial_request parse_request(std::string_view text) {
    return parse_message<trial_request>(text, "request");
}

std::string record_text(const trial_record& record) {
    return message("record", record);
}
trial_record parse_record(std::string_view text) {
    return parse_message<trial_record>(text, "record");
}

std::string description_text(const build_description& description) {
    return message("description", description);
}
build_description parse_description(std::string_view text) {
    return parse_message<build_description>(text, "description");
}

}  // namespace stratbench
