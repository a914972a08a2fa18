/// Where a checked plugin is at this moment, in memory that outlives it.
///
/// The checking process writes a line before every call into the plugin; the process that waits for it reads the last
/// one after a crash, a hang or a kill.
#ifndef EVALH_PLUGIN_CHECK_H
#define EVALH_PLUGIN_CHECK_H

#include <stdint.h>

enum {
    EVALH_CHECK_TRACE_BYTES = 4096,
    /// Of `evalh_check_trace_flags`: a fault at an address within the guarded range.
    EVALH_CHECK_STALE = 1,
    /// The plugin ended the process by `exit`.
    EVALH_CHECK_EXITED = 2,
    /// The stack was at its end when the signal came.
    EVALH_CHECK_STACK = 4,
};

/// Maps the file at `path`, which is made EVALH_CHECK_TRACE_BYTES long. Once a process. 0, or an errno.
int evalh_check_trace_open(const char *path);

/// The line from now on; cut at the file's end. Any thread, not at once.
void evalh_check_trace_set(const char *text, uint64_t length);

/// Notes faults at addresses in [start, start + length) as EVALH_CHECK_STALE, and an exit as EVALH_CHECK_EXITED; then
/// the process ends as it would have. Once a process, after `evalh_check_trace_open`.
void evalh_check_watch(uint64_t start, uint64_t length);

/// An exit from now on is our own.
void evalh_check_done(void);

/// Resident memory of this process in bytes; 0: unknown.
uint64_t evalh_check_resident_bytes(void);

/// Threads of this process; 0: unknown.
int evalh_check_threads(void);

/// Hands memory that is free back to the system, so that resident memory tells what is in use.
void evalh_check_trim(void);

#endif
