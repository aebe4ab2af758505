/* Numbers in 7 bits a byte, low bits first, the high bit set on all bytes but the last. */
#ifndef SIGNPOST_ENGINE_VARINT_H
#define SIGNPOST_ENGINE_VARINT_H

#include <signpost/text.h>

static inline void
varint_append(sp_str *out, uint32_t number)
{
    char bytes[5];
    size_t len = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[len++] = (char)(number | 0x80);
    bytes[len++] = (char)number;
    sp_str_append(out, (sp_bytes){bytes, len});
}

/* Reads the number at *at and steps behind it; false where none stands. */
static inline bool
varint_read(sp_bytes from, size_t *at, uint32_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 35 && *at < from.len; shift += 7) {
        unsigned char byte = (unsigned char)from.data[(*at)++];
        *number |= (uint32_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

#endif
