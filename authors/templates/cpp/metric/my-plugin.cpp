// org.example.my-plugin: generated tokens for each right answer, of each arm at each of its levels.
//
// A metric sees every finished session once. Its memory may grow with arms and items, not with sessions.
#include <evalh_plugin.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr evalh_str text(std::string_view view) { return {view.data(), view.size()}; }
std::string_view view(evalh_str text) { return {text.ptr, static_cast<size_t>(text.len)}; }

// Runs what may throw: no exception may cross the line to the host. What was thrown goes into `error`.
template <typename Body>
int32_t guarded(const evalh_text_sink *error, Body body) {
    try {
        return body();
    } catch (const std::exception &thrown) {
        error->set(error, text(thrown.what()));
    } catch (...) {
        error->set(error, text("an exception that is no std::exception"));
    }
    return EVALH_FAILED;
}

// Of one arm at one of its levels.
struct Sums {
    double score = 0;
    int64_t tokens = 0;
    uint64_t lastItem = UINT64_MAX;  // rows come item by item, so this counts items
    int64_t items = 0;
};

// By arm and level, in the order of their names: the same whenever a report is made.
using Metric = std::map<std::pair<std::string, int64_t>, Sums>;

void *create(evalh_str, uint64_t, const evalh_text_sink *error) {
    Metric *metric = nullptr;
    guarded(error, [&] {
        metric = new Metric;
        return EVALH_OK;
    });
    return metric;
}

void destroy(void *metric) { delete static_cast<Metric *>(metric); }

int32_t add(void *metric, const evalh_session_row *row, const evalh_text_sink *error) {
    return guarded(error, [&] {
        Sums &sums = (*static_cast<Metric *>(metric))[{std::string(view(row->arm)), row->level_index}];
        if (row->is_error) return EVALH_OK;
        sums.score += row->score;
        sums.tokens += row->usage.completion_tokens;
        sums.items += row->item != sums.lastItem;
        sums.lastItem = row->item;
        return EVALH_OK;
    });
}

int32_t result(void *metric, const evalh_metric_sink *out, const evalh_text_sink *) {
    for (const auto &[key, sums] : *static_cast<Metric *>(metric)) {
        evalh_metric_value value{};
        value.struct_size = sizeof value;
        value.name = text("tokens-per-right-answer");
        value.arm = text(key.first);
        value.level_index = key.second;
        value.value = sums.score > 0 ? static_cast<double>(sums.tokens) / sums.score : std::nan("");
        // A ratio of sums has no simple interval: resample items for one.
        value.ci_low = value.ci_high = value.stderr_ = std::nan("");
        value.n = sums.items;
        out->push(out, &value);
    }
    return EVALH_OK;
}

const evalh_metric metric = {sizeof(evalh_metric), 0, create, destroy, add, result};

const evalh_descriptor descriptor = [] {
    evalh_descriptor it{};
    it.struct_size = sizeof it;
    it.kind = text(EVALH_KIND_METRIC);
    it.id = text("org.example.my-plugin");
    it.version = text("1.0.0");
    it.title = text("Tokens for each right answer");
    it.description = text(
        "Generated tokens of an arm's sessions, divided by the sum of their scores. Failed sessions do not count; "
        "without a right answer there is no number.");
    it.source = text("an example");
    it.table = &metric;
    it.outputs = text("tokens-per-right-answer");
    return it;
}();

const evalh_descriptor *const plugins[] = {&descriptor};

const evalh_library library = [] {
    evalh_library it{};
    it.struct_size = sizeof it;
    it.abi_major = EVALH_ABI_MAJOR;
    it.abi_minor_built = EVALH_ABI_MINOR;
    it.abi_minor_required = 0;
    it.name = text("my-plugin");
    it.version = text("1.0.0");
    it.plugins = plugins;
    it.plugin_count = sizeof plugins / sizeof *plugins;
    return it;
}();

}  // namespace

extern "C" EVALH_EXPORT const evalh_library *evalh_plugin_v1(const evalh_host_info *) { return &library; }
