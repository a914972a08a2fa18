#ifndef EVALH_WORKER_INTERNAL_H
#define EVALH_WORKER_INTERNAL_H

#include "evalh_worker.h"

#include <stdatomic.h>

struct evalh_mailbox {
    /// Whose turn it is; a futex.
    _Atomic uint32_t turn;
    /// Whether a side waits in the kernel.
    _Atomic uint32_t sleeps[2];
    uint32_t size;
    uint32_t more;
    evalh_worker_crash crash;
    _Alignas(64) unsigned char data[EVALH_MAILBOX_BYTES];
};

#endif
