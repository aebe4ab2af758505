/* Files of this folder that are compiled into the daemon (cmake/embed.cmake). */
#ifndef SEARCHD_EMBEDDED_H
#define SEARCHD_EMBEDDED_H

#include <stddef.h>

extern const unsigned char sp_openapi_json[];
extern const size_t sp_openapi_json_len;

#endif
