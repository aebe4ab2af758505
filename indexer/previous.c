#include "previous.h"

#include <signpost/schema.h>

#include <stdlib.h>
#include <xapian-c.h>
#include <xxhash.h>

#define TERMS_A_PAGE 10000

struct sp_previous {
    xc_reader *reader; /* NULL: nothing was there */
    sp_str revision, term;
};

static bool
metadata_is(xc_reader *reader, const char *key, const char *expected)
{
    xc_bytes value;
    sp_bytes name = sp_bytes_of(key);
    if (xc_reader_metadata(reader, (xc_bytes){name.data, name.len}, &value, NULL) != XC_OK)
        return false;
    return sp_bytes_equal((sp_bytes){value.data, value.len}, sp_bytes_of(expected));
}

static void
read_revision(sp_previous *previous)
{
    xc_bytes value;
    if (xc_reader_metadata(previous->reader, XC_BYTES(SP_META_REVISION), &value, NULL) == XC_OK)
        sp_str_append(&previous->revision, (sp_bytes){value.data, value.len});
}

enum sp_status
sp_previous_open(const char *path, sp_previous **out, sp_error *err)
{
    sp_previous *previous = calloc(1, sizeof *previous);
    if (!previous)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (path && xc_reader_open(path, &previous->reader, NULL) == XC_OK) {
        if (metadata_is(previous->reader, SP_META_SCHEMA, SP_SCHEMA_VERSION)) {
            read_revision(previous);
        } else {
            xc_reader_close(previous->reader);
            previous->reader = NULL;
        }
    }
    *out = previous;
    return SP_OK;
}

void
sp_previous_close(sp_previous *previous)
{
    if (!previous)
        return;
    xc_reader_close(previous->reader);
    sp_str_done(&previous->revision);
    sp_str_done(&previous->term);
    free(previous);
}

sp_bytes
sp_previous_revision(const sp_previous *previous)
{
    return sp_str_bytes(&previous->revision);
}

size_t
sp_previous_count(const sp_previous *previous, const char *prefix)
{
    SP_AUTO(sp_str_done) sp_str after = {0};
    size_t count = 0;
    bool more = previous->reader != NULL;
    while (more) {
        xc_terms *terms;
        xc_bytes start = {prefix, strlen(prefix)};
        if (xc_reader_vocabulary(previous->reader, start, (xc_bytes){after.data, after.len},
                                 TERMS_A_PAGE, &terms, NULL) != XC_OK)
            return count;
        count += terms->count;
        more = terms->more && terms->count > 0;
        if (more) {
            xc_bytes last = terms->items[terms->count - 1].term;
            sp_str_clear(&after);
            sp_str_append(&after, (sp_bytes){last.data, last.len});
        }
        xc_terms_free(terms);
    }
    return count;
}

static bool
digest_in(const xc_record *record, uint64_t *digest)
{
    for (size_t i = 0; i < record->value_count; i++) {
        XXH64_canonical_t bytes;
        if (record->values[i].slot != SP_SLOT_DIGEST ||
            record->values[i].value.len != sizeof bytes.digest)
            continue;
        memcpy(bytes.digest, record->values[i].value.data, sizeof bytes.digest);
        *digest = XXH64_hashFromCanonical(&bytes);
        return true;
    }
    return false;
}

enum sp_change
sp_previous_compare(sp_previous *previous, const char *prefix, sp_bytes id, uint64_t digest)
{
    xc_record *record;
    uint64_t before = 0;
    sp_term_make(&previous->term, prefix, id);
    xc_bytes term = {previous->term.data, previous->term.len};
    if (!previous->reader || term.len == 0 ||
        xc_reader_find(previous->reader, term, XC_FETCH_VALUES, &record, NULL) != XC_OK)
        return SP_CHANGE_ADDED;
    bool same = digest_in(record, &before) && before == digest;
    xc_record_free(record);
    return same ? SP_CHANGE_NONE : SP_CHANGE_UPDATED;
}
