#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static evalh_mailbox *told;
static const char *plugin;
static unsigned char stack[256 << 10];

static void copy(char *target, const char *text, size_t room) {
    size_t at = 0;
    while (text != NULL && text[at] != 0 && at + 1 < room) {
        target[at] = text[at];
        at++;
    }
    target[at] = 0;
}

/// Notes the function that `address` lies in. Returns whether it is the plugin's.
static int note(const void *address) {
    Dl_info found;
    if (address == NULL || dladdr(address, &found) == 0) return 0;
    int is_plugin = found.dli_fname != NULL && strcmp(found.dli_fname, plugin) == 0;
    // The first one is better than none, the plugin's is better than any.
    if (is_plugin || told->crash.file[0] == 0) {
        copy(told->crash.symbol, found.dli_sname, sizeof told->crash.symbol);
        copy(told->crash.file, found.dli_fname, sizeof told->crash.file);
    }
    return is_plugin;
}

/// What is called here may hang or crash once more: then the host learns less, no more.
static void tell(int number, siginfo_t *info, void *context) {
    if (told->crash.signal == 0) {
        told->crash.signal = number;
        const void *at = NULL;
#if defined(__x86_64__)
        at = (const void *)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
        at = (const void *)((ucontext_t *)context)->uc_mcontext.pc;
#else
        (void)context;
#endif
        if (!note(at)) {
            void *frames[64];
            int count = backtrace(frames, 64);
            for (int frame = 0; frame < count; frame++)
                if (note((const char *)frames[frame] - 1)) break;
        }
    }
    // The default is back: on return the instruction fails again. A signal that was sent, and a trap, which is behind
    // us, are sent again.
    if (info->si_code <= 0 || number == SIGTRAP) raise(number);
}

void evalh_worker_tell_crashes(evalh_mailbox *box, const char *library) {
    told = box;
    plugin = library;
    // The first call loads a library, which no signal handler should.
    void *frames[4];
    backtrace(frames, 4);
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = tell;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t at = 0; at < sizeof fatal / sizeof *fatal; at++) sigaction(fatal[at], &action, NULL);
}
