#ifndef EVALH_CYAML_SHIM_H
#define EVALH_CYAML_SHIM_H

/* libyaml's event parser is all that evalh uses; see Sources/SuiteModel/YAML/. */
#include <yaml.h>

#endif
