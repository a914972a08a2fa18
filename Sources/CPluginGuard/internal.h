#ifndef EVALH_GUARD_INTERNAL_H
#define EVALH_GUARD_INTERNAL_H

#include "evalh_guard.h"

#include <stdatomic.h>

/// All that the child tells its parent.
typedef struct evalh_guard_region {
    evalh_guard_slot slots[EVALH_GUARD_SLOTS];
    evalh_guard_plugin plugins[EVALH_GUARD_PLUGINS];
    _Atomic uint32_t plugin_count;
    /// Written by the first handler alone.
    _Atomic uint32_t crashes;
    evalh_guard_crash crash;
    /// The slot plus two; see EVALH_GUARD_NO_EXIT.
    _Atomic int32_t exit_slot;
    /// The code plus one; 0: no leave was taken.
    _Atomic int32_t goodbye;
    char run_folder[EVALH_GUARD_PATH];
    char run_shown[EVALH_GUARD_PATH];
} evalh_guard_region;

/// The process's own until it is shared.
extern evalh_guard_region *evalh_guard_memory;

/// The calling thread's slot; NULL: it was never inside of a plugin.
extern _Thread_local evalh_guard_slot *evalh_guard_thread_slot;

/// The calling thread's slot; -1: it is not in a plugin's own code.
int32_t evalh_guard_guilty_slot(void);

/// Notes fatal signals, then lets them take their usual course.
void evalh_guard_install_handlers(void);

/// A stack for signal handlers, so that a plugin's endless recursion can be told from other crashes.
void evalh_guard_give_stack(void);

#endif
