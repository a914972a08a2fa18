/* Keeps a pointer to the first answer's text, and reads it at the second. */
#include "bad.h"

STEP_OF(bad_step, if (event->type == EVALH_EVENT_DONE) {
    const evalh_event_done *done = (const evalh_event_done *)event;
    if (self->pointer != NULL && self->number > 0) note(self, out, "first", (evalh_str){self->pointer, self->number});
    self->pointer = done->text.ptr;
    self->number = done->text.len;
})
STRATEGY(create, bad_step, destroy, estimate)
