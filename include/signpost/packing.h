// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The byte format of records and of the indexer's own files. A number is written 7 bits per byte,
 * low bits first, with the high bit set on every byte except the last (LEB128); a string is
 * preceded by its length. For any thread.
 */
#ifndef SIGNPOST_PACKING_H
#define SIGNPOST_PACKING_H

#include <signpost/text.h>

static inline void
sp_pack_number(sp_str *out, uint32_t number)
{
    char bytes[5];
    size_t len = 0;
    for (; number >= 0x80; number >>= 7)
        bytes[len++] = (char)(number | 0x80);
    bytes[len++] = (char)number;
    sp_str_append(out, (sp_bytes){bytes, len});
}

static inline void
sp_pack_bytes(sp_str *out, sp_bytes bytes)
{
    sp_pack_number(out, (uint32_t)bytes.len);
    sp_str_append(out, bytes);
}

/* Reads the number at offset *at and moves *at past it. False if the bytes are not a number. */
static inline bool
sp_unpack_number_at(sp_bytes from, size_t *at, uint32_t *number)
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

/* Reads values in sequence. After a failure a cursor returns zeros and empty strings, so that the
   caller checks `failed` once at the end. Strings are borrowed from `bytes`. */
typedef struct sp_cursor {
    sp_bytes bytes;
    size_t at;
    bool failed;
} sp_cursor;

static inline uint32_t
sp_unpack_number(sp_cursor *from)
{
    uint32_t number;
    if (!from->failed && sp_unpack_number_at(from->bytes, &from->at, &number))
        return number;
    from->failed = true;
    from->at = from->bytes.len;
    return 0;
}

/* Reads the count of the items that follow, each of at least `least` bytes. A count of more items
   than the remaining bytes can hold is a failure. */
static inline uint32_t
sp_unpack_count(sp_cursor *from, size_t least)
{
    uint32_t count = sp_unpack_number(from);
    if (count <= (from->bytes.len - from->at) / least)
        return count;
    from->failed = true;
    return 0;
}

static inline sp_bytes
sp_unpack_bytes(sp_cursor *from)
{
    uint32_t len = sp_unpack_count(from, 1);
    sp_bytes bytes = {from->bytes.data + from->at, len};
    from->at += len;
    return bytes;
}

#endif
