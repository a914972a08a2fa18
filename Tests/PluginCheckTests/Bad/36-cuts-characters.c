/* Cuts a text at a byte in the middle of a character. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    const evalh_event_done *done = (const evalh_event_done *)event;
    for (uint64_t i = 0; i < done->text.len; i++)
        if ((unsigned char)done->text.ptr[i] >= 0xC0) {
            note(self, out, "cut", (evalh_str){done->text.ptr, i + 1});
            break;
        }
})
STRATEGY(create, bad_step, destroy, estimate)
