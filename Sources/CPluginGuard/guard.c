#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static evalh_guard_region own;
evalh_guard_region *evalh_guard_memory = &own;
_Thread_local evalh_guard_slot *evalh_guard_thread_slot;

/// Set in a copy of the process that was forked off inside of a plugin.
static volatile int is_stray_copy;
static pthread_key_t thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void give_back(void *slot) {
    evalh_guard_slot *own_slot = slot;
    __atomic_store_n(&own_slot->depth, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&own_slot->is_taken, 0, __ATOMIC_RELEASE);
}

int32_t evalh_guard_guilty_slot(void) {
    const evalh_guard_slot *slot = evalh_guard_thread_slot;
    if (!slot || slot->depth == 0) return -1;
    // The host's own code, which a plugin called.
    if (slot->depth <= EVALH_GUARD_DEPTH && slot->frames[slot->depth - 1].plugin == EVALH_GUARD_HOST) return -1;
    return (int32_t)(slot - evalh_guard_memory->slots);
}

/// Whether this thread forks inside of a plugin. Looked at before the fork: slots are shared, and after it the original
/// may have left the call before its copy looks.
static _Thread_local int forks_inside;

static void before_fork(void) { forks_inside = evalh_guard_guilty_slot() >= 0; }

static void after_fork(void) {
    if (forks_inside) is_stray_copy = 1;
}

static void begin(void) {
    pthread_key_create(&thread_end, give_back);
    pthread_atfork(before_fork, NULL, after_fork);
}

/// A free slot for the calling thread. With all of them taken, threads share the last: better a wrong name than none.
static evalh_guard_slot *take_slot(void) {
    pthread_once(&once, begin);
    evalh_guard_slot *slots = evalh_guard_memory->slots;
    evalh_guard_slot *slot = &slots[EVALH_GUARD_SLOTS - 1];
    for (uint32_t index = 0; index < EVALH_GUARD_SLOTS - 1; index++) {
        uint32_t is_free = 0;
        if (!__atomic_compare_exchange_n(&slots[index].is_taken, &is_free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            continue;
        slot = &slots[index];
        pthread_setspecific(thread_end, slot);
        break;
    }
    evalh_guard_thread_slot = slot;
    evalh_guard_give_stack();
    return slot;
}

static void copy(char *target, const char *source, size_t length) {
    if (length >= EVALH_GUARD_TEXT) length = EVALH_GUARD_TEXT - 1;
    if (length > 0) memcpy(target, source, length);
    target[length] = 0;
}

static void enter(
    uint32_t plugin, uint16_t function, uint16_t event, const char *arm, size_t arm_length, const char *item,
    size_t item_length) {
    evalh_guard_slot *slot = evalh_guard_thread_slot;
    if (!slot) slot = take_slot();
    uint32_t depth = slot->depth;
    if (depth < EVALH_GUARD_DEPTH) {
        evalh_guard_frame *frame = &slot->frames[depth];
        frame->plugin = plugin;
        frame->function = function;
        frame->event = event;
        copy(frame->arm, arm, arm_length);
        copy(frame->item, item, item_length);
        __atomic_store_n(&frame->call, ++slot->calls, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&slot->depth, depth + 1, __ATOMIC_RELEASE);
}

void evalh_guard_enter(
    uint32_t plugin, uint16_t function, uint16_t event, const char *arm, size_t arm_length, const char *item,
    size_t item_length) {
    enter(plugin, function, event, arm, arm_length, item, item_length);
}

void evalh_guard_enter_host(void) { enter(EVALH_GUARD_HOST, 0, 0, NULL, 0, NULL, 0); }

void evalh_guard_leave(void) {
    // Two processes in one run would write one journal: what the plugin forked off must not go on with it.
    if (is_stray_copy) syscall(SYS_exit_group, 7);
    evalh_guard_slot *slot = evalh_guard_thread_slot;
    if (!slot) return;
    uint32_t depth = slot->depth;
    if (depth > 0) __atomic_store_n(&slot->depth, depth - 1, __ATOMIC_RELEASE);
}

int32_t evalh_guard_own_slot(void) {
    return evalh_guard_thread_slot ? (int32_t)(evalh_guard_thread_slot - evalh_guard_memory->slots) : -1;
}

uint32_t evalh_guard_register(
    const char *kind, const char *plugin, const char *version, const char *library, uint64_t base) {
    uint32_t place = atomic_fetch_add(&evalh_guard_memory->plugin_count, 1);
    if (place >= EVALH_GUARD_PLUGINS) {
        atomic_store(&evalh_guard_memory->plugin_count, EVALH_GUARD_PLUGINS);
        place = EVALH_GUARD_PLUGINS - 1;
    }
    evalh_guard_plugin *entry = &evalh_guard_memory->plugins[place];
    copy(entry->kind, kind, strlen(kind));
    copy(entry->plugin, plugin, strlen(plugin));
    copy(entry->version, version, strlen(version));
    strncpy(entry->library, library, EVALH_GUARD_PATH - 1);
    entry->base = base;
    return place;
}

uint64_t evalh_guard_base_of(void *library) {
    struct link_map *map = NULL;
    return dlinfo(library, RTLD_DI_LINKMAP, &map) == 0 && map ? (uint64_t)map->l_addr : 0;
}

void evalh_guard_set_base(uint32_t plugin, uint64_t base) {
    if (plugin < EVALH_GUARD_PLUGINS) evalh_guard_memory->plugins[plugin].base = base;
}

const evalh_guard_slot *evalh_guard_slot_at(uint32_t index) {
    return index < EVALH_GUARD_SLOTS ? &evalh_guard_memory->slots[index] : NULL;
}

uint32_t evalh_guard_plugin_count(void) {
    uint32_t count = atomic_load(&evalh_guard_memory->plugin_count);
    return count < EVALH_GUARD_PLUGINS ? count : EVALH_GUARD_PLUGINS;
}

const evalh_guard_plugin *evalh_guard_plugin_at(uint32_t index) {
    return index < evalh_guard_plugin_count() ? &evalh_guard_memory->plugins[index] : NULL;
}

evalh_guard_crash evalh_guard_crash_now(void) {
    evalh_guard_crash none = {0, -1, 0, 0};
    return atomic_load(&evalh_guard_memory->crashes) > 0 ? evalh_guard_memory->crash : none;
}

int32_t evalh_guard_exit_slot(void) { return atomic_load(&evalh_guard_memory->exit_slot) - 2; }

void evalh_guard_set_run(const char *folder, const char *shown) {
    strncpy(evalh_guard_memory->run_folder, folder, EVALH_GUARD_PATH - 1);
    strncpy(evalh_guard_memory->run_shown, shown, EVALH_GUARD_PATH - 1);
}

const char *evalh_guard_run_folder(void) { return evalh_guard_memory->run_folder; }
const char *evalh_guard_run_shown(void) { return evalh_guard_memory->run_shown; }

int evalh_guard_take_output(void) {
    // Whoever starts us with a standard descriptor closed must not get a journal there.
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0) continue;
        int null = open("/dev/null", O_RDWR);
        if (null >= 0 && null != fd) {
            dup2(null, fd);
            close(null);
        }
    }
    int output = fcntl(1, F_DUPFD_CLOEXEC, 3);
    if (output < 0) return 1;
    if (dup2(2, 1) < 0) {
        close(output);
        return 1;
    }
    return output;
}

static int folder = -1;

void evalh_guard_note_folder(void) { folder = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC); }

void evalh_guard_restore_folder(void) {
    if (folder >= 0 && fchdir(folder) != 0) return;
}
