/* Starts a thread when it is loaded, and says so. */
#include "bad.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *sleeper(void *nothing) {
    pause();
    return nothing;
}

__attribute__((constructor)) static void begin(void) {
    static pthread_t thread;
    pthread_create(&thread, NULL, sleeper, NULL);
    puts("loaded");
    fflush(stdout);
}

STRATEGY(create, step, destroy, estimate)
