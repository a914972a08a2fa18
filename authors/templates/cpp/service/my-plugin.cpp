// org.example.my-plugin: counts the words of a text: {"text": "one two"} gives {"words": 2}.
//
// A service may use files, the network and time. Each instance answers one call at a time; the host makes as many as
// run at once.
#include <evalh_plugin.h>

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

class WordCount {
public:
    // The answer to a payload, both JSON objects. What is thrown is an error of the call, which is recorded.
    std::string answer(std::string_view payload) const {
        const auto words = countWords(textMember(payload));
        return "{\"words\": " + std::to_string(words) + "}";
    }

private:
    // The member `text` of an object, as it is written between its quotes. Enough for counting words: a service that
    // needs more of its payload should use a JSON library.
    static std::string_view textMember(std::string_view json) {
        const auto key = json.find("\"text\"");
        const auto colon = key == json.npos ? key : json.find(':', key);
        const auto quote = colon == json.npos ? colon : json.find('"', colon);
        if (quote == json.npos) throw std::runtime_error("the payload needs a text under \"text\"");
        auto end = quote + 1;
        while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
        if (end >= json.size()) throw std::runtime_error("the payload's text has no end");
        return json.substr(quote + 1, end - quote - 1);
    }

    // Spaces, and the escapes \n and \t, are between words.
    static int countWords(std::string_view text) {
        int words = 0;
        bool within = false;
        for (size_t i = 0; i < text.size(); i++) {
            bool isSpace = text[i] == ' ';
            if (text[i] == '\\' && i + 1 < text.size()) {
                i++;
                isSpace = text[i] == 'n' || text[i] == 't';
            }
            words += !isSpace && !within;
            within = !isSpace;
        }
        return words;
    }
};

void *create(evalh_str, const evalh_text_sink *error) {
    WordCount *made = nullptr;
    guarded(error, [&] {
        made = new WordCount;
        return EVALH_OK;
    });
    return made;
}

void destroy(void *service) { delete static_cast<WordCount *>(service); }

int32_t call(void *service, evalh_str payload, const evalh_text_sink *result, const evalh_text_sink *error) {
    return guarded(error, [&] {
        const std::string answer = static_cast<WordCount *>(service)->answer(view(payload));
        result->set(result, text(answer));
        return EVALH_OK;
    });
}

const evalh_service service = [] {
    evalh_service it{};
    it.struct_size = sizeof it;
    it.create = create;
    it.destroy = destroy;
    it.call = call;
    return it;
}();

const evalh_descriptor descriptor = [] {
    evalh_descriptor it{};
    it.struct_size = sizeof it;
    it.kind = text(EVALH_KIND_SERVICE);
    it.id = text("org.example.my-plugin");
    it.version = text("1.0.0");
    it.title = text("Counts words");
    it.description = text(
        "Payload: `{\"text\": \"one two\"}`. Result: `{\"words\": 2}`. A payload without a text is an error of "
        "the call.");
    it.source = text("an example");
    it.table = &service;
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
