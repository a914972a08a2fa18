#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#define pause_processor() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define pause_processor() __asm__ volatile("yield")
#else
#define pause_processor() ((void)0)
#endif

int evalh_mailbox_make(evalh_mailbox **box, int *descriptor) {
    int memory = memfd_create("evalh-worker", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0) return errno;
    if (ftruncate(memory, sizeof(evalh_mailbox)) != 0
        || fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        int error = errno;
        close(memory);
        return error;
    }
    void *pages = mmap(NULL, sizeof(evalh_mailbox), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (pages == MAP_FAILED) {
        int error = errno;
        close(memory);
        return error;
    }
    *box = pages;
    atomic_store(&(*box)->turn, EVALH_MAILBOX_WORKER);
    *descriptor = memory;
    return 0;
}

evalh_mailbox *evalh_mailbox_join(int descriptor) {
    struct stat status;
    if (fstat(descriptor, &status) != 0) return NULL;
    if (status.st_size != (off_t)sizeof(evalh_mailbox)) {
        errno = EINVAL;
        return NULL;
    }
    void *pages = mmap(NULL, sizeof(evalh_mailbox), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void evalh_mailbox_leave(evalh_mailbox *box) { munmap(box, sizeof *box); }

void evalh_mailbox_put(evalh_mailbox *box, int side, const void *bytes, size_t size, int more) {
    if (size > EVALH_MAILBOX_BYTES) size = EVALH_MAILBOX_BYTES;
    if (size > 0) memcpy(box->data, bytes, size);
    box->size = (uint32_t)size;
    box->more = more != 0;
    int other = 1 - side;
    // Sequentially consistent, as the store and the load in `evalh_mailbox_wait`: one of both sides sees the other's.
    atomic_store(&box->turn, (uint32_t)other);
    if (atomic_load(&box->sleeps[other]) != 0) syscall(SYS_futex, &box->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

int evalh_mailbox_wait(evalh_mailbox *box, int side, unsigned spins, uint64_t nanoseconds) {
    for (unsigned turn = 0; turn < spins; turn++) {
        if (atomic_load_explicit(&box->turn, memory_order_acquire) == (uint32_t)side) return 2;
        pause_processor();
    }
    atomic_store(&box->sleeps[side], 1);
    uint32_t seen = atomic_load(&box->turn);
    if (seen != (uint32_t)side) {
        struct timespec time = {(time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u)};
        // Whatever wakes us, the caller looks again, and keeps the time.
        syscall(SYS_futex, &box->turn, FUTEX_WAIT, seen, &time, NULL, 0);
    }
    atomic_store(&box->sleeps[side], 0);
    return atomic_load(&box->turn) == (uint32_t)side;
}

unsigned evalh_mailbox_spins(unsigned nanoseconds) {
    // The shortest of some times, for others may run in between.
    double shortest = 1e9;
    for (int attempt = 0; attempt < 5; attempt++) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int turn = 0; turn < 100; turn++) pause_processor();
        clock_gettime(CLOCK_MONOTONIC, &end);
        double time = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
        if (time < shortest) shortest = time;
    }
    double spins = nanoseconds * 100.0 / (shortest < 100 ? 100 : shortest);
    return spins > 100000 ? 100000 : (unsigned)spins;
}

size_t evalh_mailbox_take(evalh_mailbox *box, void *bytes, int *more) {
    uint32_t size = *(volatile uint32_t *)&box->size;
    *more = *(volatile uint32_t *)&box->more != 0;
    if (size > EVALH_MAILBOX_BYTES) return SIZE_MAX;
    memcpy(bytes, box->data, size);
    return size;
}

void evalh_mailbox_set_place(evalh_mailbox *box, uint32_t function, uint64_t instance) {
    box->crash.function = function;
    box->crash.instance = instance;
}

void evalh_mailbox_read_crash(const evalh_mailbox *box, evalh_worker_crash *crash) {
    memcpy(crash, &box->crash, sizeof *crash);
    crash->symbol[sizeof crash->symbol - 1] = 0;
    crash->file[sizeof crash->file - 1] = 0;
}
