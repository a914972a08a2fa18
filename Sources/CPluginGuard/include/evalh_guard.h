/// Which plugin's code runs right now, in which thread, for which session; and a small parent process that knows it
/// when the process is gone.
///
/// Each thread has a slot with a frame for each call into a plugin that it is inside of. Entering and leaving costs
/// some ten nanoseconds: stores, and copies of two short texts; no lock, no allocation, no system call. The slots lie
/// in memory that a parent process shares (`evalh_guard_fork`), so that it can tell afterwards who was running, however
/// the process ended: by a signal, by `exit`, `_exit`, `execve`, or killed because it did not come back.
#ifndef EVALH_GUARD_H
#define EVALH_GUARD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    EVALH_GUARD_SLOTS = 256,
    EVALH_GUARD_PLUGINS = 1024,
    /// A strategy's step, in it the host, in that the suite's grader; deeper calls are counted but not noted.
    EVALH_GUARD_DEPTH = 4,
    EVALH_GUARD_TEXT = 192,
    EVALH_GUARD_PATH = 1024,
    /// In a frame in place of a plugin: the host works for the plugin that called it.
    EVALH_GUARD_HOST = 0x7fffffff,
};

/// A call into a plugin.
typedef struct evalh_guard_frame {
    /// Numbers the slot's calls: another number is another call.
    uint64_t call;
    /// Place among the plugins, or EVALH_GUARD_HOST.
    uint32_t plugin;
    /// What the host calls the function that was called; the host's own numbers.
    uint16_t function;
    /// Type of the last event handed over (EVALH_EVENT_*), or 0.
    uint16_t event;
    /// The session; empty: none, or not known here. End with NUL; long ones are cut.
    char arm[EVALH_GUARD_TEXT];
    char item[EVALH_GUARD_TEXT];
} evalh_guard_frame;

/// What a thread is doing.
typedef struct evalh_guard_slot {
    /// Calls that the thread is inside of; only the first EVALH_GUARD_DEPTH have frames. 0: no plugin's code runs.
    uint32_t depth;
    uint32_t is_taken;
    uint64_t calls;
    evalh_guard_frame frames[EVALH_GUARD_DEPTH];
} evalh_guard_slot;

/// A plugin that calls may name.
typedef struct evalh_guard_plugin {
    char kind[EVALH_GUARD_TEXT];
    /// Empty: the library as a whole.
    char plugin[EVALH_GUARD_TEXT];
    char version[EVALH_GUARD_TEXT];
    char library[EVALH_GUARD_PATH];
    /// Where the library lies in memory: what its file's addresses are relative to; 0: not known.
    uint64_t base;
} evalh_guard_plugin;

/// A fatal signal, as its handler noted it.
typedef struct evalh_guard_crash {
    /// 0: there was none.
    int32_t signal;
    /// The slot of the thread that got it; -1: it was not inside of a plugin.
    int32_t slot;
    /// Where it was, and what it touched.
    uint64_t instruction;
    uint64_t address;
} evalh_guard_crash;

/// Names a plugin for calls. Any thread; texts are copied. What finds no room any more has the last place.
uint32_t evalh_guard_register(
    const char *kind, const char *plugin, const char *version, const char *library, uint64_t base);

/// Where a library that `dlopen` gave lies in memory; 0: not known.
uint64_t evalh_guard_base_of(void *library);

/// Notes where a plugin's library lies, which is known only once it is loaded.
void evalh_guard_set_base(uint32_t plugin, uint64_t base);

/// Before a call into `plugin`. Texts need not end with NUL. Any thread; calls nest.
void evalh_guard_enter(
    uint32_t plugin, uint16_t function, uint16_t event, const char *arm, size_t arm_length, const char *item,
    size_t item_length);

/// After it. A copy of the process that the plugin forked off, and that comes back, ends here.
void evalh_guard_leave(void);

/// The same for the host, which works for the plugin that called it: its time and its crashes are not the plugin's.
void evalh_guard_enter_host(void);

/// What slots and plugins hold; of this process or of the one that was forked. NULL beyond the last.
const evalh_guard_slot *evalh_guard_slot_at(uint32_t index);
const evalh_guard_plugin *evalh_guard_plugin_at(uint32_t index);
uint32_t evalh_guard_plugin_count(void);
evalh_guard_crash evalh_guard_crash_now(void);

enum {
    /// Nobody called `exit`.
    EVALH_GUARD_NO_EXIT = -2,
    /// A thread that is not inside of a plugin did.
    EVALH_GUARD_OTHER_EXIT = -1,
};

/// The slot of the thread that called `exit` without goodbye, or one of the above. `_exit` leaves no trace.
int32_t evalh_guard_exit_slot(void);

/// The calling thread's slot; -1: it was never inside of a plugin.
int32_t evalh_guard_own_slot(void);

/// The run that goes on: its folder, absolute, and as people know it. Empty: none.
void evalh_guard_set_run(const char *folder, const char *shown);
const char *evalh_guard_run_folder(void);
const char *evalh_guard_run_shown(void);

// MARK: The parent process

/// Splits the process in two, before it has a second thread: 0 in the child, which does all the work and cannot outlive
/// its parent; the child's id in the parent, which keeps its descriptors open. -1: it stays one process.
///
/// In the child, fatal signals are noted and then take their usual course.
pid_t evalh_guard_fork(void);

/// In the child: does `body` on a thread of its own and waits for ever; `body` ends the process. Swift's runtime keeps
/// the number of a thread that has once taken a lock, and the child's first thread has inherited its parent's: two
/// threads that meet at a lazy global would then turn for ever in FUTEX_LOCK_PI.
void evalh_guard_run_apart(void (*body)(void));

/// In the child: the process is about to end by its own will, with this code. What comes after it changes nothing.
void evalh_guard_say_goodbye(int code);

/// In the parent: the code that the child took leave with; -1: it did not.
int evalh_guard_goodbye(void);

/// In the parent: waits for the child's end, at most so long, and hands signals on to it meanwhile.
/// Returns 1 with its wait status, or 0.
int evalh_guard_wait(pid_t child, int milliseconds, int *status);

/// In the parent: ends as the child did, by the same signal.
void evalh_guard_die_by(int signal) __attribute__((noreturn));

/// "SEGV"; NULL: there is no such signal.
const char *evalh_guard_signal_name(int signal);

// MARK: What plugins may not take away

/// Keeps standard output for ourselves: from now on descriptor 1 is standard error. Returns our descriptor.
int evalh_guard_take_output(void);

/// Notes the current folder, to come back to.
void evalh_guard_note_folder(void);

/// Comes back to it; nothing if it was not noted.
void evalh_guard_restore_folder(void);

#endif
