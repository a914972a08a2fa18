// Compiling this file checks every size and offset that evalh_plugin.h promises.
#include "evalh_plugin.h"
#include "evalh_plugin_layout.h"
