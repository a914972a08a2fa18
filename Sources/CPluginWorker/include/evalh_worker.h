/// What a plugin's worker process and its host share: one page of turns, one message at a time, and how the worker
/// confines itself and tells where it crashed.
///
/// Host and worker never write at the same time: whose turn it is fills the box and hands it over. A worker may be
/// controlled by a hostile plugin, so the host copies a message out before it looks at it, believes no size, and never
/// waits without a limit.
#ifndef EVALH_WORKER_H
#define EVALH_WORKER_H

#include <stddef.h>
#include <stdint.h>

typedef struct evalh_mailbox evalh_mailbox;

enum {
    EVALH_MAILBOX_HOST = 0,
    EVALH_MAILBOX_WORKER = 1,
    /// The most bytes of one piece of a message.
    EVALH_MAILBOX_BYTES = 256 << 10,
};

/// A box in memory of its own, that `*descriptor` gives to another process. It is the worker's turn. The size of the
/// memory cannot be changed any more, so that no worker can take it from under its host. 0, or an `errno`.
int evalh_mailbox_make(evalh_mailbox **box, int *descriptor);

/// The same box in the worker; NULL with `errno` set if the descriptor is none.
evalh_mailbox *evalh_mailbox_join(int descriptor);

void evalh_mailbox_leave(evalh_mailbox *box);

/// Fills the box and hands it to the other side. At most `EVALH_MAILBOX_BYTES`.
/// - more: whether this is a piece and others follow.
void evalh_mailbox_put(evalh_mailbox *box, int side, const void *bytes, size_t size, int more);

/// Whether it is `side`'s turn: looked for `spins` times, then waited for, at most `nanoseconds`. 2: it came while
/// looking. It may return 0 early.
int evalh_mailbox_wait(evalh_mailbox *box, int side, unsigned spins, uint64_t nanoseconds);

/// How many looks take about so long on this machine.
unsigned evalh_mailbox_spins(unsigned nanoseconds);

/// Copies what is in the box to room for `EVALH_MAILBOX_BYTES`. Returns its size, or `SIZE_MAX` if that is nonsense.
size_t evalh_mailbox_take(evalh_mailbox *box, void *bytes, int *more);

/// What a worker is doing, for its host to read after its end.
void evalh_mailbox_set_place(evalh_mailbox *box, uint32_t function, uint64_t instance);

/// What a worker left behind.
typedef struct evalh_worker_crash {
    /// 0: it did not come to tell.
    int signal;
    uint32_t function;
    uint64_t instance;
    /// Both end with 0; empty if unknown.
    char symbol[256];
    char file[256];
} evalh_worker_crash;

void evalh_mailbox_read_crash(const evalh_mailbox *box, evalh_worker_crash *crash);

/// From here on a fatal signal leaves its number and the plugin's function in the box.
/// - library: the plugin's file as the linker knows it; kept.
void evalh_worker_tell_crashes(evalh_mailbox *box, const char *library);

enum {
    /// No network.
    EVALH_CONFINED_NETWORK = 1,
    /// No file can be written, made or taken away.
    EVALH_CONFINED_FILES = 2,
    /// No programs, processes, and calls that reach others or the kernel's rarer parts.
    EVALH_CONFINED_CALLS = 4,
    /// Few files open, none made, no core.
    EVALH_CONFINED_LIMITS = 8,
};

/// Confines this process for good, as far as the kernel lets it; called while it has one thread. Returns what it has.
uint32_t evalh_worker_confine(void);

#endif
