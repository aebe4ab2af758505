// SPDX-License-Identifier: GPL-2.0-or-later
#include "old_index.h"

#include <signpost/schema.h>
#include <signpost/stored_post.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <xapian-c.h>
#include <xxhash.h>

#define TERMS_A_PAGE 10000
#define POSTINGS_A_PAGE 1000
#define WORD_POSTINGS 16 /* of a rare word that are looked at */

struct sp_old_index {
    pthread_mutex_t mutex; /* guards reader, unpacker, term and fault */
    xc_reader *reader;     /* NULL: nothing was there */
    sp_unpacker *unpacker;
    sp_str term;
    sp_error fault; /* the first thing that could not be read */
    sp_str path, revision, generator, language, ranking;
    uint64_t documents;
    sp_vectors_header vectors;
};

static sp_bytes
from_xc(xc_bytes bytes)
{
    return (sp_bytes){bytes.data, bytes.len};
}

/* The mutex is held. */
static enum sp_status
note_fault(sp_old_index *previous, enum sp_status status, const char *cause)
{
    if (previous->fault.status == SP_OK && status == SP_DAMAGED)
        sp_fail(&previous->fault, status, "the index is damaged (%s); --full builds it anew",
                cause);
    else if (previous->fault.status == SP_OK)
        sp_fail(&previous->fault, status, "cannot read the index: %s", cause);
    return previous->fault.status;
}

static enum sp_status
note_cause(sp_old_index *previous, xc_status status, const xc_error *cause)
{
    enum sp_status meaning = status == XC_NO_MEMORY ? SP_NO_MEMORY
                             : status == XC_STALE   ? SP_STALE
                                                    : SP_DAMAGED;
    return note_fault(previous, meaning, cause->text);
}

static sp_bytes
metadata(sp_old_index *previous, const char *key)
{
    xc_error cause;
    xc_bytes value;
    xc_bytes name = {key, strlen(key)};
    xc_status status = xc_reader_metadata(previous->reader, name, &value, &cause);
    if (status == XC_OK)
        return from_xc(value);
    note_cause(previous, status, &cause);
    return SP_LITERAL("");
}

static void
read_settings(sp_old_index *previous)
{
    sp_str_append(&previous->revision, metadata(previous, SP_META_REVISION));
    sp_str_append(&previous->generator, metadata(previous, SP_META_GENERATOR));
    sp_str_append(&previous->language, metadata(previous, SP_META_LANGUAGE));
    sp_str_append(&previous->ranking, metadata(previous, SP_META_RANKING));
    sp_bytes documents = metadata(previous, SP_META_DOCUMENTS);
    if (documents.len > 0)
        previous->documents = strtoull(documents.data, NULL, 16);
    sp_bytes vectors = metadata(previous, SP_META_VECTORS);
    if (vectors.len > 0 && !sp_vectors_header_read(vectors, &previous->vectors))
        note_fault(previous, SP_DAMAGED, "its vectors cannot be read");
}

static void
drop_reader(sp_old_index *previous)
{
    xc_reader_close(previous->reader);
    previous->reader = NULL;
}

/* Whether an index was ever made here. */
static bool
has_stub(const char *path)
{
    SP_AUTO(sp_str_done) sp_str stub = {0};
    sp_str_append_format(&stub, "%s/" SP_STUB_FILE, path);
    return stub.failed || access(stub.data, F_OK) == 0;
}

static enum sp_status
open_index(sp_old_index *previous, const char *path, sp_error *err)
{
    xc_error cause;
    xc_status opened = xc_reader_open(path, &previous->reader, &cause);
    if (opened == XC_NOT_FOUND && !has_stub(path))
        return SP_OK;
    if (opened != XC_OK)
        note_cause(previous, opened, &cause);
    else if (sp_bytes_equal(metadata(previous, SP_META_SCHEMA), SP_LITERAL(SP_SCHEMA_VERSION)))
        read_settings(previous);
    else
        drop_reader(previous);
    return sp_old_index_check(previous, err);
}

enum sp_status
sp_old_index_open(const char *path, sp_old_index **out, sp_error *err)
{
    sp_old_index *previous = calloc(1, sizeof *previous);
    if (!previous)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    pthread_mutex_init(&previous->mutex, NULL);
    sp_str_append_text(&previous->path, path ? path : "");
    enum sp_status status = sp_unpacker_new(&previous->unpacker, err);
    if (status == SP_OK && path)
        status = open_index(previous, path, err);
    if (status != SP_OK) {
        sp_old_index_close(previous);
        return status;
    }
    *out = previous;
    return SP_OK;
}

void
sp_old_index_close(sp_old_index *previous)
{
    if (!previous)
        return;
    xc_reader_close(previous->reader);
    sp_unpacker_free(previous->unpacker);
    sp_str_done(&previous->path);
    sp_str_done(&previous->revision);
    sp_str_done(&previous->generator);
    sp_str_done(&previous->language);
    sp_str_done(&previous->ranking);
    sp_str_done(&previous->term);
    pthread_mutex_destroy(&previous->mutex);
    free(previous);
}

enum sp_status
sp_old_index_check(sp_old_index *previous, sp_error *err)
{
    pthread_mutex_lock(&previous->mutex);
    sp_error fault = previous->fault;
    pthread_mutex_unlock(&previous->mutex);
    if (fault.status == SP_OK)
        return SP_OK;
    return sp_fail_at(err, fault.status, previous->path.data, 0, 0, "%s", fault.text);
}

bool
sp_old_index_exists(const sp_old_index *previous)
{
    return previous->reader != NULL;
}

sp_bytes
sp_old_index_revision(const sp_old_index *previous)
{
    return sp_str_bytes(&previous->revision);
}

sp_bytes
sp_old_index_generator(const sp_old_index *previous)
{
    return sp_str_bytes(&previous->generator);
}

sp_bytes
sp_old_index_language(const sp_old_index *previous)
{
    return sp_str_bytes(&previous->language);
}

sp_bytes
sp_old_index_ranking(const sp_old_index *previous)
{
    return sp_str_bytes(&previous->ranking);
}

uint64_t
sp_old_index_documents(const sp_old_index *previous)
{
    return previous->documents;
}

const sp_vectors_header *
sp_old_index_vectors(const sp_old_index *previous)
{
    return &previous->vectors;
}

size_t
sp_old_index_count(sp_old_index *previous, const char *prefix)
{
    bool posts = strcmp(prefix, SP_PREFIX_POST) == 0;
    xc_bytes kind =
        posts ? XC_BYTES(SP_PREFIX_KIND SP_POST_NAME) : XC_BYTES(SP_PREFIX_KIND SP_RESOURCE_NAME);
    xc_error cause;
    xc_term_stats stats = {0};
    pthread_mutex_lock(&previous->mutex);
    xc_status status =
        previous->reader ? xc_reader_term(previous->reader, kind, &stats, &cause) : XC_OK;
    if (status != XC_OK)
        note_cause(previous, status, &cause);
    pthread_mutex_unlock(&previous->mutex);
    return stats.term_freq;
}

static bool
digest_in(const xc_record *record, uint64_t *digest)
{
    XXH64_canonical_t bytes;
    xc_bytes value = xc_record_value(record, SP_SLOT_DIGEST);
    if (value.len != sizeof bytes.digest)
        return false;
    memcpy(bytes.digest, value.data, sizeof bytes.digest);
    *digest = XXH64_hashFromCanonical(&bytes);
    return true;
}

/* A document with what a slot of it holds. The mutex is held. NULL when there is none. */
static xc_record *
find(sp_old_index *previous, const char *prefix, sp_bytes id, uint32_t slot)
{
    xc_error cause;
    xc_record *record = NULL;
    sp_term_make(&previous->term, prefix, id);
    xc_bytes term = {previous->term.data, previous->term.len};
    if (previous->term.failed)
        note_fault(previous, SP_NO_MEMORY, "out of memory");
    if (!previous->reader || previous->term.failed || term.len == 0)
        return NULL;
    xc_status status =
        xc_reader_find(previous->reader, term, XC_FETCH_VALUE(slot), &record, &cause);
    if (status != XC_OK && status != XC_NOT_FOUND)
        note_cause(previous, status, &cause);
    return status == XC_OK ? record : NULL;
}

bool
sp_old_index_digest(sp_old_index *previous, const char *prefix, sp_bytes id, uint64_t *digest)
{
    pthread_mutex_lock(&previous->mutex);
    xc_record *record = find(previous, prefix, id, SP_SLOT_DIGEST);
    bool found = record && digest_in(record, digest);
    if (record && !found)
        note_fault(previous, SP_DAMAGED, "a document has no digest");
    xc_record_free(record);
    pthread_mutex_unlock(&previous->mutex);
    return found;
}

/* The mutex is held. */
static enum sp_status
fail_here(sp_old_index *previous, xc_status status, const xc_error *cause, sp_error *err)
{
    note_cause(previous, status, cause);
    return sp_fail_at(err, previous->fault.status, previous->path.data, 0, 0, "%s",
                      previous->fault.text);
}

bool
sp_old_index_url(sp_old_index *previous, const char *prefix, sp_bytes id, sp_str *out)
{
    sp_record *unpacked = NULL;
    pthread_mutex_lock(&previous->mutex);
    xc_record *record = find(previous, prefix, id, SP_SLOT_RECORD);
    bool found = record && sp_record_unpack(previous->unpacker,
                                            from_xc(xc_record_value(record, SP_SLOT_RECORD)),
                                            &unpacked, NULL) == SP_OK;
    if (found)
        sp_str_append(out, unpacked->url);
    sp_record_free(unpacked);
    xc_record_free(record);
    pthread_mutex_unlock(&previous->mutex);
    return found;
}

uint32_t
sp_old_index_word_count(sp_old_index *previous, sp_bytes word)
{
    xc_term_stats stats = {0};
    pthread_mutex_lock(&previous->mutex);
    if (!previous->reader ||
        xc_reader_term(previous->reader, (xc_bytes){word.data, word.len}, &stats, NULL) != XC_OK)
        stats.term_freq = 0;
    pthread_mutex_unlock(&previous->mutex);
    return stats.term_freq;
}

/* Plain words sort behind all terms with prefixes. */
void
sp_old_index_each_word(sp_old_index *previous, sp_old_index_word visit, void *context)
{
    SP_AUTO(sp_str_done) sp_str after = {0};
    bool more = previous->reader != NULL;
    sp_str_append_char(&after, 'Z' + 1);
    for (size_t seen = 0; more && seen < SP_PREVIOUS_WORDS_MAX; seen += TERMS_A_PAGE) {
        xc_terms *terms;
        pthread_mutex_lock(&previous->mutex);
        xc_status listed =
            xc_reader_vocabulary(previous->reader, (xc_bytes){0}, (xc_bytes){after.data, after.len},
                                 TERMS_A_PAGE, &terms, NULL);
        pthread_mutex_unlock(&previous->mutex);
        if (listed != XC_OK)
            return;
        for (size_t i = 0; i < terms->count; i++) {
            if (terms->items[i].freq > 1)
                visit(context, from_xc(terms->items[i].term));
        }
        more = terms->more && terms->count > 0;
        sp_str_clear(&after);
        if (more)
            sp_str_append(&after, from_xc(terms->items[terms->count - 1].term));
        xc_terms_free(terms);
        more = more && !after.failed;
    }
}

/* The mutex is held. The first documents behind `after` that have the term; how many. */
static size_t
list_having(sp_old_index *previous, xc_bytes term, uint32_t after, size_t most, uint32_t *docids)
{
    size_t count;
    if (!previous->reader || term.len == 0 ||
        xc_reader_postings(previous->reader, term, after, most, docids, &count, NULL) != XC_OK)
        return 0;
    return count;
}

bool
sp_old_index_has_word_elsewhere(sp_old_index *previous, sp_bytes word, sp_bytes id)
{
    uint32_t docids[WORD_POSTINGS], own = 0, post;
    bool found = false;
    pthread_mutex_lock(&previous->mutex);
    sp_term_make(&previous->term, SP_PREFIX_POST, id);
    list_having(previous, (xc_bytes){previous->term.data, previous->term.len}, 0, 1, &own);
    size_t count = list_having(previous, (xc_bytes){word.data, word.len}, 0, WORD_POSTINGS, docids);
    for (size_t i = 0; i < count && !found; i++) {
        bool is_post = list_having(previous, XC_BYTES(SP_PREFIX_KIND SP_POST_NAME), docids[i] - 1,
                                   1, &post) == 1 &&
                       post == docids[i];
        found = is_post && docids[i] != own;
    }
    pthread_mutex_unlock(&previous->mutex);
    return found;
}

enum sp_status
sp_old_index_mentioning(sp_old_index *previous, sp_bytes canonical, sp_arena *arena,
                        uint32_t **docids, size_t *count, sp_error *err)
{
    size_t capacity = 0, got = POSTINGS_A_PAGE;
    enum sp_status status = SP_OK;
    *docids = NULL;
    *count = 0;
    pthread_mutex_lock(&previous->mutex);
    sp_term_make(&previous->term, SP_PREFIX_MENTION, canonical);
    bool asks = previous->reader && !previous->term.failed && previous->term.len > 0;
    while (asks && got == POSTINGS_A_PAGE && status == SP_OK) {
        xc_error cause;
        xc_status listed = XC_OK;
        xc_bytes term = {previous->term.data, previous->term.len};
        uint32_t last = *count > 0 ? (*docids)[*count - 1] : 0;
        *docids =
            sp_arena_grow(arena, *docids, &capacity, *count + POSTINGS_A_PAGE, sizeof **docids);
        status = sp_arena_check(arena, err);
        if (status == SP_OK)
            listed = xc_reader_postings(previous->reader, term, last, POSTINGS_A_PAGE,
                                        *docids + *count, &got, &cause);
        if (listed != XC_OK)
            status = fail_here(previous, listed, &cause, err);
        *count += status == SP_OK ? got : 0;
    }
    pthread_mutex_unlock(&previous->mutex);
    return status;
}

enum sp_status
sp_old_index_each(sp_old_index *previous, const char *prefix, sp_old_index_visit visit,
                  void *context, sp_error *err)
{
    const xc_bytes prefixed = {prefix, strlen(prefix)};
    SP_AUTO(sp_str_done) sp_str after = {0};
    enum sp_status status = SP_OK;
    bool more = previous->reader != NULL;
    while (more && status == SP_OK) {
        xc_terms *terms;
        xc_error cause;
        pthread_mutex_lock(&previous->mutex);
        xc_status listed =
            xc_reader_vocabulary(previous->reader, prefixed, (xc_bytes){after.data, after.len},
                                 TERMS_A_PAGE, &terms, &cause);
        status = listed == XC_OK ? SP_OK : fail_here(previous, listed, &cause, err);
        pthread_mutex_unlock(&previous->mutex);
        if (status != SP_OK)
            return status;
        for (size_t i = 0; status == SP_OK && i < terms->count; i++) {
            sp_bytes term = from_xc(terms->items[i].term);
            status = visit(context, sp_bytes_slice(term, prefixed.len, term.len), err);
        }
        more = terms->more && terms->count > 0;
        if (more) {
            sp_str_clear(&after);
            sp_str_append(&after, from_xc(terms->items[terms->count - 1].term));
        }
        xc_terms_free(terms);
    }
    return status == SP_OK ? sp_str_check(&after, err) : status;
}

enum sp_status
sp_old_index_each_post(sp_old_index *previous, sp_old_index_visit visit, void *context,
                       sp_error *err)
{
    return sp_old_index_each(previous, SP_PREFIX_POST, visit, context, err);
}

/* The mutex is held. */
static enum sp_status
read_past_post(sp_old_index *previous, xc_bytes data, sp_past_post *past, sp_error *err)
{
    sp_record *record = NULL;
    enum sp_status status = sp_record_unpack(previous->unpacker, from_xc(data), &record, err);
    past->record = record;
    if (status == SP_OK)
        status = sp_record_mentions(previous->unpacker, from_xc(data), &past->mentions, err);
    return status == SP_OK ? sp_stored_post_read(record, sp_str_bytes(&past->mentions),
                                                 &past->arena, &past->post, err)
                           : status;
}

static enum sp_status
make_past_post(sp_old_index *previous, xc_bytes data, sp_past_post **out, sp_error *err)
{
    sp_past_post *past = calloc(1, sizeof *past);
    if (!past)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = read_past_post(previous, data, past, err);
    if (status == SP_OK) {
        *out = past;
        return SP_OK;
    }
    sp_past_post_free(past);
    if (status == SP_DAMAGED)
        note_fault(previous, status, err ? err->text : "a record cannot be read");
    return status;
}

enum sp_status
sp_old_index_post(sp_old_index *previous, sp_bytes id, sp_past_post **out, sp_error *err)
{
    pthread_mutex_lock(&previous->mutex);
    xc_record *record = find(previous, SP_PREFIX_POST, id, SP_SLOT_RECORD);
    enum sp_status status =
        record ? make_past_post(previous, xc_record_value(record, SP_SLOT_RECORD), out, err)
               : sp_fail(err, SP_NOT_FOUND, "not in the index");
    xc_record_free(record);
    pthread_mutex_unlock(&previous->mutex);
    return status;
}

enum sp_status
sp_old_index_post_at(sp_old_index *previous, uint32_t docid, sp_past_post **out, sp_error *err)
{
    xc_record *record = NULL;
    xc_error cause;
    pthread_mutex_lock(&previous->mutex);
    xc_status got =
        xc_reader_get(previous->reader, docid, XC_FETCH_VALUE(SP_SLOT_RECORD), &record, &cause);
    enum sp_status status =
        got == XC_OK ? make_past_post(previous, xc_record_value(record, SP_SLOT_RECORD), out, err)
                     : fail_here(previous, got, &cause, err);
    xc_record_free(record);
    pthread_mutex_unlock(&previous->mutex);
    return status;
}

void
sp_past_post_free(sp_past_post *past)
{
    if (!past)
        return;
    sp_record_free(past->record);
    sp_str_done(&past->mentions);
    sp_arena_done(&past->arena);
    free(past);
}
