/* Its default is not legal, and it requires what it does not describe. */
#define SCHEMA                                                                                                         \
    "{\"type\":\"object\",\"properties\":{\"samples\":{\"type\":\"integer\",\"minimum\":1,\"default\":0,"              \
    "\"description\":\"How many.\"}},\"required\":[\"nothing\"]}"
#include "bad.h"

STRATEGY(create, step, destroy, estimate)
