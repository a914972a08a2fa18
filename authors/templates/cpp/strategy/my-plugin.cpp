// org.example.my-plugin: a majority vote that stops as soon as no answer can catch up.
//
// Asks for one completion after another, at most `samples`, and counts the canonical answers in them as the suite's
// grader finds them. Change `MajorityVote`, which is the whole rule; the rest is what every strategy needs.
#include <evalh_plugin.h>

#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr evalh_str text(std::string_view view) { return {view.data(), view.size()}; }
std::string_view view(evalh_str text) { return {text.ptr, static_cast<size_t>(text.len)}; }

// The host has checked the parameters against our schema and filled in the defaults, so that this finds {"samples":N}
// and needs no JSON library. A plugin with more parameters should use one.
uint64_t readSamples(evalh_str json) {
    const std::string object(view(json));
    const auto key = object.find("\"samples\"");
    const auto colon = key == std::string::npos ? key : object.find(':', key);
    const long value = colon == std::string::npos ? 5 : std::strtol(object.c_str() + colon + 1, nullptr, 10);
    return value < 1 ? 1 : value > 64 ? 64 : static_cast<uint64_t>(value);
}

// One session. Everything lives here: different sessions run on different threads at once.
class MajorityVote {
public:
    MajorityVote(const evalh_host *host, void *handle) : host(host), handle(handle) {}

    bool isFinished() const { return finished; }

    // The rule. What is thrown makes the session an error.
    void take(const evalh_event &event, const evalh_out &out) {
        switch (event.type) {
        case EVALH_EVENT_START:
            samples = readSamples(reinterpret_cast<const evalh_event_start &>(event).parameters_json);
            ask(out);
            break;
        case EVALH_EVENT_DONE:
            count(reinterpret_cast<const evalh_event_done &>(event));
            if (isDecided()) finish(out, "majority");
            else if (asked == samples) finish(out, "samples");
            else ask(out);
            break;
        case EVALH_EVENT_REQUEST_FAILED:
            throw std::runtime_error("a request failed");  // a failure is never an answer
        case EVALH_EVENT_REJECTED:
            if (reinterpret_cast<const evalh_event_rejected &>(event).reason != EVALH_REJECT_BUDGET)
                throw std::runtime_error("the host rejected a request");
            finish(out, "budget");
            break;
        case EVALH_EVENT_STOP:
            finish(out, "stop");
            break;
        default:
            break;  // unknown events must be skipped
        }
    }

private:
    // A canonical answer and the completion it was first found in: copies, for events are gone after step.
    struct Ballot {
        std::string answer, completion;
        uint64_t votes;
    };

    const evalh_host *host;
    void *handle;
    uint64_t seq = 0;    // of the last action
    uint64_t asked = 0;  // requests, numbered from 1
    uint64_t samples = 0;
    uint64_t votes = 0;
    bool finished = false;
    std::vector<Ballot> ballots;

    // messages NULL: the item's prompt. sampling NULL: the suite's.
    void ask(const evalh_out &out) {
        evalh_action_submit submit{};
        submit.header = {sizeof submit, EVALH_ACTION_SUBMIT, 0, ++seq};
        submit.request = ++asked;
        submit.n = 1;
        out.push(&out, &submit.header);
    }

    // The answer with the most votes, the earliest of equals; none: no answer.
    void finish(const evalh_out &out, std::string_view reason) {
        const Ballot *best = nullptr;
        for (const auto &ballot : ballots)
            if (best == nullptr || ballot.votes > best->votes) best = &ballot;
        evalh_action_finish action{};
        action.header = {sizeof action, EVALH_ACTION_FINISH,
                         static_cast<uint16_t>(best ? 0 : EVALH_ANSWER_NONE), ++seq};
        action.confidence = best ? static_cast<double>(best->votes) / static_cast<double>(votes) : std::nan("");
        action.reason = text(reason);
        if (best) action.answer = text(best->completion);
        out.push(&out, &action.header);
        finished = true;
    }

    // Counts a completion's vote. Cut-off texts and those without an answer do not vote.
    void count(const evalh_event_done &done) {
        evalh_extraction found{};
        found.struct_size = sizeof found;
        if (host->extract(handle, done.text, done.finish, &found) != EVALH_OK || !found.found) return;
        votes++;
        for (auto &ballot : ballots) {
            if (ballot.answer == view(found.answer)) {
                ballot.votes++;
                return;
            }
        }
        ballots.push_back({std::string(view(found.answer)), std::string(view(done.text)), 1});
    }

    // Whether the second answer could not win any more, if it got all votes that are left.
    bool isDecided() const {
        uint64_t first = 0, second = 0;
        for (const auto &ballot : ballots) {
            if (ballot.votes > first) {
                second = first;
                first = ballot.votes;
            } else if (ballot.votes > second) {
                second = ballot.votes;
            }
        }
        return first - second > samples - asked;
    }
};

// What the host holds: the session, and whom to tell what went wrong in it.
struct Instance {
    const evalh_host *host;
    void *handle;
    MajorityVote session;
};

// No exception may cross the line to the host.
void *create(const evalh_host *host, void *handle) {
    try {
        return new Instance{host, handle, MajorityVote(host, handle)};
    } catch (...) {
        host->set_error(handle, 1, text("out of memory"));
        return nullptr;
    }
}

int32_t step(void *instance, const evalh_event *const *events, uint64_t count, const evalh_out *out) {
    auto *self = static_cast<Instance *>(instance);
    try {
        // How events are grouped into calls must not change what we do: one by one, and none after FINISH.
        for (uint64_t i = 0; i < count && !self->session.isFinished(); i++) self->session.take(*events[i], *out);
        return EVALH_OK;
    } catch (const std::exception &error) {
        self->host->set_error(self->handle, 1, text(error.what()));
    } catch (...) {
        self->host->set_error(self->handle, 1, text("an exception that is no std::exception"));
    }
    return EVALH_FAILED;
}

void destroy(void *instance) { delete static_cast<Instance *>(instance); }

// For `evalh plan`: at best one answer has more than half of the votes at once.
int32_t estimate(evalh_str parameters, evalh_estimate *out) {
    try {
        const uint64_t samples = readSamples(parameters);
        out->completions_min = static_cast<int64_t>(samples / 2 + 1);
        out->completions_max = static_cast<int64_t>(samples);
        return EVALH_OK;
    } catch (...) {
        return EVALH_FAILED;
    }
}

const evalh_strategy strategy = [] {
    evalh_strategy it{};
    it.struct_size = sizeof it;
    it.create = create;
    it.step = step;
    it.destroy = destroy;
    it.estimate = estimate;
    return it;
}();

const evalh_descriptor descriptor = [] {
    evalh_descriptor it{};
    it.struct_size = sizeof it;
    it.kind = text(EVALH_KIND_STRATEGY);
    it.id = text("org.example.my-plugin");
    it.version = text("1.0.0");
    it.title = text("A majority vote that stops when it is decided");
    it.description = text(
        "Asks for samples one at a time and stops as soon as no other answer can catch up.\n\n"
        "Cost: up to `samples` completions in sequence. Ties: the earliest answer wins. Samples without an answer, "
        "cut-off ones among them, have no vote; a session without any vote has no answer.");
    it.source = text("self-consistency, Wang et al. 2022, with an early stop");
    it.parameters_schema = text(
        R"({"type": "object", "properties": {"samples": {"type": "integer", "minimum": 1, "maximum": 64,
            "default": 5, "description": "The most completions asked for"}}})");
    it.table = &strategy;
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
