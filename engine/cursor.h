/* Reads packed bytes: numbers as varints, strings length first. Once a cursor has failed it gives
   zeros and empty strings, so that the caller checks once at the end. */
#ifndef SIGNPOST_ENGINE_CURSOR_H
#define SIGNPOST_ENGINE_CURSOR_H

#include "varint.h"

struct cursor {
    sp_bytes bytes;
    size_t at;
    bool failed;
};

static inline uint32_t
get_number(struct cursor *from)
{
    uint32_t number;
    if (!from->failed && varint_read(from->bytes, &from->at, &number))
        return number;
    from->failed = true;
    from->at = from->bytes.len;
    return 0;
}

/* A count of things that take at least `least` bytes each: never more than can follow. */
static inline uint32_t
get_count(struct cursor *from, size_t least)
{
    uint32_t count = get_number(from);
    if (count <= (from->bytes.len - from->at) / least)
        return count;
    from->failed = true;
    return 0;
}

static inline sp_bytes
get_bytes(struct cursor *from)
{
    uint32_t len = get_count(from, 1);
    sp_bytes bytes = {from->bytes.data + from->at, len};
    from->at += len;
    return bytes;
}

static inline void
put_bytes(sp_str *out, sp_bytes bytes)
{
    varint_append(out, (uint32_t)bytes.len);
    sp_str_append(out, bytes);
}

#endif
