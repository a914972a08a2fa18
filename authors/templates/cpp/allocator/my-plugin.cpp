// org.example.my-plugin: every cell once, then again where the answer was not right, up to the suite's `repeats`.
//
// A cell is an arm, at one of its levels, on an item. An allocator sees nothing but results, so that a resumed run
// decides the same.
#include <evalh_plugin.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

struct Cell {
    int64_t sessions = 0;
    bool isRight = false;
};

struct Allocator {
    std::vector<std::pair<std::string, int64_t>> rows;  // arms and their levels
    std::vector<Cell> cells;                            // item by item, a cell for each row
    uint64_t itemCount = 0;
    int64_t repeats = 1;
};

void *create(evalh_str, const evalh_allocation *allocation, uint64_t, const evalh_text_sink *error) {
    Allocator *self = nullptr;
    guarded(error, [&] {
        Allocator made;
        made.itemCount = allocation->item_count;
        made.repeats = allocation->repeats;
        for (uint64_t i = 0; i < allocation->row_count; i++) {
            const evalh_allocation_row *row = allocation->rows[i];
            made.rows.emplace_back(view(row->arm), row->level_index);
        }
        made.cells.resize(made.itemCount * made.rows.size());
        self = new Allocator(std::move(made));
        return EVALH_OK;
    });
    return self;
}

void destroy(void *allocator) { delete static_cast<Allocator *>(allocator); }

int32_t add(void *allocator, const evalh_session_row *session, const evalh_text_sink *error) {
    auto &self = *static_cast<Allocator *>(allocator);
    return guarded(error, [&] {
        const auto row = std::find_if(self.rows.begin(), self.rows.end(), [&](const auto &row) {
            return row.first == view(session->arm) && row.second == session->level_index;
        });
        if (row == self.rows.end() || session->item >= self.itemCount)
            throw std::runtime_error("a session of no cell that the run has");
        const auto place = static_cast<uint64_t>(row - self.rows.begin());
        Cell &cell = self.cells[session->item * self.rows.size() + place];
        cell.sessions++;
        // A failed session counts as run: its score is NaN, which is not 1.
        cell.isRight = session->score == 1;
        return EVALH_OK;
    });
}

int32_t next(void *allocator, const evalh_allocation_sink *out, const evalh_text_sink *) {
    const auto &self = *static_cast<Allocator *>(allocator);
    bool wants = false;
    for (uint64_t index = 0; index < self.cells.size(); index++) {
        const Cell &cell = self.cells[index];
        if (cell.sessions > 0 && (cell.isRight || cell.sessions >= self.repeats)) continue;
        out->want(out, index / self.rows.size(), index % self.rows.size(), 1);
        wants = true;
    }
    out->reason(out, text(wants ? "cells without a right answer once more"
                                : "every cell is right or has had all its repeats"));
    return EVALH_OK;
}

const evalh_allocator allocator = [] {
    evalh_allocator it{};
    it.struct_size = sizeof it;
    it.create = create;
    it.destroy = destroy;
    it.add = add;
    it.next = next;
    return it;
}();

const evalh_descriptor descriptor = [] {
    evalh_descriptor it{};
    it.struct_size = sizeof it;
    it.kind = text(EVALH_KIND_ALLOCATOR);
    it.id = text("org.example.my-plugin");
    it.version = text("1.0.0");
    it.title = text("Again where it was wrong");
    it.description = text(
        "Runs every arm on every item once, then again where the last answer was not right, at most the suite's "
        "`repeats` times. Means over such repeats are biased: it is an example, not a design.");
    it.source = text("an example");
    it.table = &allocator;
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
