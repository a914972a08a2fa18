#ifndef EVALH_CCRYPTO_SHIM_H
#define EVALH_CCRYPTO_SHIM_H

#include <openssl/evp.h>

#endif
