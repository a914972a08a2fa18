#define _GNU_SOURCE
#include "evalh_plugin_check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/// The file: flags in the first byte, then a text that ends with NUL.
static volatile char *trace;
static uint64_t guarded_start, guarded_length;
static volatile int is_done;
static char alternate_stack[64 << 10];

int evalh_check_trace_open(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    if (ftruncate(file, EVALH_CHECK_TRACE_BYTES) != 0) {
        int error = errno;
        close(file);
        return error;
    }
    void *memory = mmap(NULL, EVALH_CHECK_TRACE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED) return errno;
    trace = memory;
    return 0;
}

void evalh_check_trace_set(const char *text, uint64_t length) {
    if (trace == NULL) return;
    if (length > EVALH_CHECK_TRACE_BYTES - 2) length = EVALH_CHECK_TRACE_BYTES - 2;
    memcpy((char *)trace + 1, text, length);
    trace[1 + length] = 0;
}

static void on_fault(int number, siginfo_t *info, void *context) {
    uint64_t address = (uint64_t)(uintptr_t)info->si_addr;
    int is_from_kernel = info->si_code > 0;
    if (is_from_kernel && address - guarded_start < guarded_length) trace[0] |= EVALH_CHECK_STALE;
#ifdef __x86_64__
    // A fault close to the stack pointer: the stack is full.
    const ucontext_t *machine = context;
    uint64_t stack = (uint64_t)machine->uc_mcontext.gregs[REG_RSP];
    if (is_from_kernel && address + 65536 > stack && address < stack + 65536) trace[0] |= EVALH_CHECK_STACK;
#else
    (void)context;
#endif
    // Returning runs the instruction again, which now ends the process by its signal.
    signal(number, SIG_DFL);
    if (!is_from_kernel) raise(number);
}

static void on_exit_by_plugin(void) {
    if (!is_done && trace != NULL) trace[0] |= EVALH_CHECK_EXITED;
}

void evalh_check_watch(uint64_t start, uint64_t length) {
    if (trace == NULL) return;
    guarded_start = start;
    guarded_length = length;
    atexit(on_exit_by_plugin);
    stack_t stack = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
}

void evalh_check_done(void) { is_done = 1; }

uint64_t evalh_check_resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    unsigned long long size = 0, resident = 0;
    int read = fscanf(file, "%llu %llu", &size, &resident);
    fclose(file);
    return read == 2 ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

int evalh_check_threads(void) {
    DIR *folder = opendir("/proc/self/task");
    if (folder == NULL) return 0;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.') count++;
    closedir(folder);
    return count;
}

void evalh_check_trim(void) { malloc_trim(0); }
