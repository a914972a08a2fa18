// org.example.my-plugin: right if the answer's last word is the target's, upper and lower case alike.
//
// A grader has no state after create: it is called from several threads at once. Change `lastWord`, which says what an
// answer is; votes are counted by it too.
#include <evalh_plugin.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

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

// The canonical answer in a text: its last word in lower case, without a full stop; empty: there is none.
std::string lastWord(std::string_view text) {
    const auto end = text.find_last_not_of(" \n\t\r.");
    if (end == std::string_view::npos) return {};
    const auto before = text.find_last_of(" \n\t\r", end);
    const auto start = before == std::string_view::npos ? 0 : before + 1;
    std::string word(text.substr(start, end + 1 - start));
    for (char &c : word)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return word;
}

// Takes no parameters; the instance only has to be no null pointer.
void *create(evalh_str, const evalh_text_sink *) {
    static char instance;
    return &instance;
}

void destroy(void *) {}

int32_t grade(void *, const evalh_grade_input *input, evalh_grade_output *out) {
    return guarded(out->explanation, [&] {
        const std::string answer = lastWord(view(input->answer));
        // What was cut off is never right.
        const bool isWhole = input->finish == EVALH_FINISH_STOP;
        out->score = isWhole && !answer.empty() && answer == lastWord(view(input->target)) ? 1 : 0;
        out->strict_score = std::nan("");
        out->extracted->set(out->extracted, text(answer));
        out->stage->set(out->stage, text("last-word"));
        return EVALH_OK;
    });
}

int32_t extract(void *, evalh_str completion, const evalh_text_sink *answer, const evalh_text_sink *stage) {
    const int32_t status = guarded(answer, [&]() -> int32_t {
        const std::string word = lastWord(view(completion));
        if (word.empty()) return EVALH_UNSUPPORTED;
        answer->set(answer, text(word));
        stage->set(stage, text("last-word"));
        return EVALH_OK;
    });
    // What was thrown is an error, which is not the same as no answer.
    return status == EVALH_FAILED ? EVALH_ERROR : status == EVALH_UNSUPPORTED ? EVALH_FAILED : EVALH_OK;
}

const evalh_grader grader = [] {
    evalh_grader it{};
    it.struct_size = sizeof it;
    it.create = create;
    it.destroy = destroy;
    it.grade = grade;
    it.extract = extract;
    return it;
}();

const evalh_descriptor descriptor = [] {
    evalh_descriptor it{};
    it.struct_size = sizeof it;
    it.kind = text(EVALH_KIND_GRADER);
    it.id = text("org.example.my-plugin");
    it.version = text("1.0.0");
    it.title = text("The last word");
    it.description = text(
        "Right if the answer's last word is the target's, upper and lower case alike and without a full stop. A text "
        "without words has no answer.");
    it.source = text("an example");
    it.table = &grader;
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
