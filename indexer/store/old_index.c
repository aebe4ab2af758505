// SPDX-License-Identifier: GPL-2.0-or-later
#include "old_index.h"

#include <signpost/index_directory.h>
#include <signpost/schema.h>
#include <signpost/stored_mentions.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <xapian-c.h>
#include <xxhash.h>

#define TERMS_A_PAGE 10000
#define POSTINGS_A_PAGE 1000
#define WORD_POSTINGS 16 /* only this many postings of a word are examined */

struct sp_old_index {
    pthread_mutex_t mutex; /* guards reader, unpacker, term and fault */
    xc_reader *reader;     /* NULL: there is no index */
    sp_unpacker *unpacker;
    sp_str term;
    sp_error fault; /* the first error */
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
note_fault(sp_old_index *old, enum sp_status status, const char *cause)
{
    if (old->fault.status == SP_OK && status == SP_DAMAGED)
        sp_fail(&old->fault, status, "the index is damaged (%s); --full rebuilds it", cause);
    else if (old->fault.status == SP_OK)
        sp_fail(&old->fault, status, "cannot read the index: %s", cause);
    return old->fault.status;
}

static enum sp_status
note_cause(sp_old_index *old, xc_status status, const xc_error *cause)
{
    enum sp_status meaning = status == XC_NO_MEMORY ? SP_NO_MEMORY
                             : status == XC_STALE   ? SP_STALE
                                                    : SP_DAMAGED;
    return note_fault(old, meaning, cause->text);
}

static sp_bytes
metadata(sp_old_index *old, const char *key)
{
    xc_error cause;
    xc_bytes value;
    xc_bytes name = {key, strlen(key)};
    xc_status status = xc_reader_metadata(old->reader, name, &value, &cause);
    if (status == XC_OK)
        return from_xc(value);
    note_cause(old, status, &cause);
    return SP_LITERAL("");
}

static void
read_settings(sp_old_index *old)
{
    sp_str_append(&old->revision, metadata(old, SP_META_REVISION));
    sp_str_append(&old->generator, metadata(old, SP_META_GENERATOR));
    sp_str_append(&old->language, metadata(old, SP_META_LANGUAGE));
    sp_str_append(&old->ranking, metadata(old, SP_META_RANKING));
    sp_bytes documents = metadata(old, SP_META_DOCUMENTS);
    if (documents.len > 0)
        old->documents = strtoull(documents.data, NULL, 16);
    sp_bytes vectors = metadata(old, SP_META_VECTORS);
    if (vectors.len > 0 && !sp_vectors_header_read(vectors, &old->vectors))
        note_fault(old, SP_DAMAGED, "its vectors cannot be read");
}

static void
drop_reader(sp_old_index *old)
{
    xc_reader_close(old->reader);
    old->reader = NULL;
}

/* Whether the folder contains an index, damaged or not. */
static bool
has_stub(const char *path)
{
    SP_AUTO(sp_str_done) sp_str stub = {0};
    sp_str_append_format(&stub, "%s/" SP_STUB_FILE, path);
    return stub.failed || access(stub.data, F_OK) == 0;
}

static enum sp_status
open_index(sp_old_index *old, const char *path, sp_error *err)
{
    xc_error cause;
    xc_status opened = xc_reader_open(path, &old->reader, &cause);
    if (opened == XC_NOT_FOUND && !has_stub(path))
        return SP_OK;
    if (opened != XC_OK)
        note_cause(old, opened, &cause);
    else if (sp_bytes_equal(metadata(old, SP_META_SCHEMA), SP_LITERAL(SP_SCHEMA_VERSION)))
        read_settings(old);
    else
        drop_reader(old);
    return sp_old_index_check(old, err);
}

enum sp_status
sp_old_index_open(const char *path, sp_old_index **out, sp_error *err)
{
    sp_old_index *old = calloc(1, sizeof *old);
    if (!old)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    pthread_mutex_init(&old->mutex, NULL);
    sp_str_append_text(&old->path, path ? path : "");
    enum sp_status status = sp_unpacker_new(&old->unpacker, err);
    if (status == SP_OK && path)
        status = open_index(old, path, err);
    if (status != SP_OK) {
        sp_old_index_close(old);
        return status;
    }
    *out = old;
    return SP_OK;
}

void
sp_old_index_close(sp_old_index *old)
{
    if (!old)
        return;
    xc_reader_close(old->reader);
    sp_unpacker_free(old->unpacker);
    sp_str_done(&old->path);
    sp_str_done(&old->revision);
    sp_str_done(&old->generator);
    sp_str_done(&old->language);
    sp_str_done(&old->ranking);
    sp_str_done(&old->term);
    pthread_mutex_destroy(&old->mutex);
    free(old);
}

enum sp_status
sp_old_index_check(sp_old_index *old, sp_error *err)
{
    pthread_mutex_lock(&old->mutex);
    sp_error fault = old->fault;
    pthread_mutex_unlock(&old->mutex);
    if (fault.status == SP_OK)
        return SP_OK;
    return sp_fail_at(err, fault.status, old->path.data, 0, 0, "%s", fault.text);
}

bool
sp_old_index_exists(const sp_old_index *old)
{
    return old->reader != NULL;
}

sp_bytes
sp_old_index_revision(const sp_old_index *old)
{
    return sp_str_bytes(&old->revision);
}

sp_bytes
sp_old_index_generator(const sp_old_index *old)
{
    return sp_str_bytes(&old->generator);
}

sp_bytes
sp_old_index_language(const sp_old_index *old)
{
    return sp_str_bytes(&old->language);
}

sp_bytes
sp_old_index_ranking(const sp_old_index *old)
{
    return sp_str_bytes(&old->ranking);
}

uint64_t
sp_old_index_documents(const sp_old_index *old)
{
    return old->documents;
}

const sp_vectors_header *
sp_old_index_vectors(const sp_old_index *old)
{
    return &old->vectors;
}

size_t
sp_old_index_count(sp_old_index *old, const char *prefix)
{
    bool posts = strcmp(prefix, SP_PREFIX_POST) == 0;
    xc_bytes kind =
        posts ? XC_BYTES(SP_PREFIX_KIND SP_POST_NAME) : XC_BYTES(SP_PREFIX_KIND SP_RESOURCE_NAME);
    xc_error cause;
    xc_term_stats stats = {0};
    pthread_mutex_lock(&old->mutex);
    xc_status status = old->reader ? xc_reader_term(old->reader, kind, &stats, &cause) : XC_OK;
    if (status != XC_OK)
        note_cause(old, status, &cause);
    pthread_mutex_unlock(&old->mutex);
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

/* The mutex is held. Returns the document with the value of one slot, or NULL if the index does not
   contain the document. */
static xc_record *
find(sp_old_index *old, const char *prefix, sp_bytes id, uint32_t slot)
{
    xc_error cause;
    xc_record *record = NULL;
    sp_term_make(&old->term, prefix, id);
    xc_bytes term = {old->term.data, old->term.len};
    if (old->term.failed)
        note_fault(old, SP_NO_MEMORY, "out of memory");
    if (!old->reader || old->term.failed || term.len == 0)
        return NULL;
    xc_status status = xc_reader_find(old->reader, term, XC_FETCH_VALUE(slot), &record, &cause);
    if (status != XC_OK && status != XC_NOT_FOUND)
        note_cause(old, status, &cause);
    return status == XC_OK ? record : NULL;
}

bool
sp_old_index_digest(sp_old_index *old, const char *prefix, sp_bytes id, uint64_t *digest)
{
    pthread_mutex_lock(&old->mutex);
    xc_record *record = find(old, prefix, id, SP_SLOT_DIGEST);
    bool found = record && digest_in(record, digest);
    if (record && !found)
        note_fault(old, SP_DAMAGED, "a document has no digest");
    xc_record_free(record);
    pthread_mutex_unlock(&old->mutex);
    return found;
}

/* The mutex is held. */
static enum sp_status
fail_here(sp_old_index *old, xc_status status, const xc_error *cause, sp_error *err)
{
    note_cause(old, status, cause);
    return sp_fail_at(err, old->fault.status, old->path.data, 0, 0, "%s", old->fault.text);
}

bool
sp_old_index_url(sp_old_index *old, const char *prefix, sp_bytes id, sp_str *out)
{
    sp_record *unpacked = NULL;
    pthread_mutex_lock(&old->mutex);
    xc_record *record = find(old, prefix, id, SP_SLOT_RECORD);
    bool found =
        record && sp_record_unpack(old->unpacker, from_xc(xc_record_value(record, SP_SLOT_RECORD)),
                                   &unpacked, NULL) == SP_OK;
    if (found)
        sp_str_append(out, unpacked->url);
    sp_record_free(unpacked);
    xc_record_free(record);
    pthread_mutex_unlock(&old->mutex);
    return found;
}

uint32_t
sp_old_index_word_count(sp_old_index *old, sp_bytes word)
{
    xc_term_stats stats = {0};
    pthread_mutex_lock(&old->mutex);
    if (!old->reader ||
        xc_reader_term(old->reader, (xc_bytes){word.data, word.len}, &stats, NULL) != XC_OK)
        stats.term_freq = 0;
    pthread_mutex_unlock(&old->mutex);
    return stats.term_freq;
}

/* Words, which have no prefix, sort after all terms with a prefix, so the list starts after 'Z'. */
void
sp_old_index_each_word(sp_old_index *old, sp_old_index_word visit, void *context)
{
    SP_AUTO(sp_str_done) sp_str after = {0};
    bool more = old->reader != NULL;
    sp_str_append_char(&after, 'Z' + 1);
    for (size_t seen = 0; more && seen < SP_OLD_INDEX_WORDS_MAX; seen += TERMS_A_PAGE) {
        xc_terms *terms;
        pthread_mutex_lock(&old->mutex);
        xc_status listed =
            xc_reader_vocabulary(old->reader, (xc_bytes){0}, (xc_bytes){after.data, after.len},
                                 TERMS_A_PAGE, &terms, NULL);
        pthread_mutex_unlock(&old->mutex);
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

/* The mutex is held. Lists the first documents after `after` that have the term, at most `most`;
   returns how many. */
static size_t
list_having(sp_old_index *old, xc_bytes term, uint32_t after, size_t most, uint32_t *docids)
{
    size_t count;
    if (!old->reader || term.len == 0 ||
        xc_reader_postings(old->reader, term, after, most, docids, &count, NULL) != XC_OK)
        return 0;
    return count;
}

bool
sp_old_index_has_word_elsewhere(sp_old_index *old, sp_bytes word, sp_bytes id)
{
    uint32_t docids[WORD_POSTINGS], own = 0, post;
    bool found = false;
    pthread_mutex_lock(&old->mutex);
    sp_term_make(&old->term, SP_PREFIX_POST, id);
    list_having(old, (xc_bytes){old->term.data, old->term.len}, 0, 1, &own);
    size_t count = list_having(old, (xc_bytes){word.data, word.len}, 0, WORD_POSTINGS, docids);
    for (size_t i = 0; i < count && !found; i++) {
        bool is_post =
            list_having(old, XC_BYTES(SP_PREFIX_KIND SP_POST_NAME), docids[i] - 1, 1, &post) == 1 &&
            post == docids[i];
        found = is_post && docids[i] != own;
    }
    pthread_mutex_unlock(&old->mutex);
    return found;
}

enum sp_status
sp_old_index_mentioning(sp_old_index *old, sp_bytes canonical, sp_arena *arena, uint32_t **docids,
                        size_t *count, sp_error *err)
{
    size_t capacity = 0, got = POSTINGS_A_PAGE;
    enum sp_status status = SP_OK;
    *docids = NULL;
    *count = 0;
    pthread_mutex_lock(&old->mutex);
    sp_term_make(&old->term, SP_PREFIX_MENTION, canonical);
    bool asks = old->reader && !old->term.failed && old->term.len > 0;
    while (asks && got == POSTINGS_A_PAGE && status == SP_OK) {
        xc_error cause;
        xc_status listed = XC_OK;
        xc_bytes term = {old->term.data, old->term.len};
        uint32_t last = *count > 0 ? (*docids)[*count - 1] : 0;
        *docids =
            sp_arena_grow(arena, *docids, &capacity, *count + POSTINGS_A_PAGE, sizeof **docids);
        status = sp_arena_check(arena, err);
        if (status == SP_OK)
            listed = xc_reader_postings(old->reader, term, last, POSTINGS_A_PAGE, *docids + *count,
                                        &got, &cause);
        if (listed != XC_OK)
            status = fail_here(old, listed, &cause, err);
        *count += status == SP_OK ? got : 0;
    }
    pthread_mutex_unlock(&old->mutex);
    return status;
}

enum sp_status
sp_old_index_each(sp_old_index *old, const char *prefix, sp_old_index_visit visit, void *context,
                  sp_error *err)
{
    const xc_bytes prefixed = {prefix, strlen(prefix)};
    SP_AUTO(sp_str_done) sp_str after = {0};
    enum sp_status status = SP_OK;
    bool more = old->reader != NULL;
    while (more && status == SP_OK) {
        xc_terms *terms;
        xc_error cause;
        pthread_mutex_lock(&old->mutex);
        xc_status listed = xc_reader_vocabulary(
            old->reader, prefixed, (xc_bytes){after.data, after.len}, TERMS_A_PAGE, &terms, &cause);
        status = listed == XC_OK ? SP_OK : fail_here(old, listed, &cause, err);
        pthread_mutex_unlock(&old->mutex);
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

/* The mutex is held. */
static enum sp_status
read_old_post(sp_old_index *old, xc_bytes data, sp_old_post *old_post, sp_error *err)
{
    sp_record *record = NULL;
    enum sp_status status = sp_record_unpack(old->unpacker, from_xc(data), &record, err);
    old_post->record = record;
    if (status == SP_OK)
        status = sp_record_mentions(old->unpacker, from_xc(data), &old_post->mentions, err);
    return status == SP_OK ? sp_stored_mentions_restore(record, sp_str_bytes(&old_post->mentions),
                                                        &old_post->arena, &old_post->post, err)
                           : status;
}

static enum sp_status
make_old_post(sp_old_index *old, xc_bytes data, sp_old_post **out, sp_error *err)
{
    sp_old_post *old_post = calloc(1, sizeof *old_post);
    if (!old_post)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = read_old_post(old, data, old_post, err);
    if (status == SP_OK) {
        *out = old_post;
        return SP_OK;
    }
    sp_old_post_free(old_post);
    if (status == SP_DAMAGED)
        note_fault(old, status, err ? err->text : "a record cannot be read");
    return status;
}

enum sp_status
sp_old_index_post(sp_old_index *old, sp_bytes id, sp_old_post **out, sp_error *err)
{
    pthread_mutex_lock(&old->mutex);
    xc_record *record = find(old, SP_PREFIX_POST, id, SP_SLOT_RECORD);
    enum sp_status status =
        record ? make_old_post(old, xc_record_value(record, SP_SLOT_RECORD), out, err)
               : sp_fail(err, SP_NOT_FOUND, "not in the index");
    xc_record_free(record);
    pthread_mutex_unlock(&old->mutex);
    return status;
}

struct each_post {
    sp_old_index *old;
    sp_old_index_visit visit;
    void *context;
};

/* A term that is as long as terms may be can be the beginning of a longer id and a hash. The term
   itself finds the document, too. If the document is damaged, the run has noted the fault. */
static enum sp_status
visit_post(void *context, sp_bytes id, sp_error *err)
{
    const struct each_post *each = context;
    sp_old_post *post = NULL;
    sp_error cause;
    if (strlen(SP_PREFIX_POST) + id.len < SP_TERM_MAX)
        return each->visit(each->context, id, err);
    enum sp_status status = sp_old_index_post(each->old, id, &post, &cause);
    if (!post)
        return status == SP_NO_MEMORY ? sp_fail(err, status, "out of memory")
                                      : each->visit(each->context, id, err);
    status = each->visit(each->context, post->post.path, err);
    sp_old_post_free(post);
    return status;
}

enum sp_status
sp_old_index_each_post(sp_old_index *old, sp_old_index_visit visit, void *context, sp_error *err)
{
    struct each_post each = {.old = old, .visit = visit, .context = context};
    return sp_old_index_each(old, SP_PREFIX_POST, visit_post, &each, err);
}

enum sp_status
sp_old_index_post_at(sp_old_index *old, uint32_t docid, sp_old_post **out, sp_error *err)
{
    xc_record *record = NULL;
    xc_error cause;
    pthread_mutex_lock(&old->mutex);
    xc_status got =
        xc_reader_get(old->reader, docid, XC_FETCH_VALUE(SP_SLOT_RECORD), &record, &cause);
    enum sp_status status =
        got == XC_OK ? make_old_post(old, xc_record_value(record, SP_SLOT_RECORD), out, err)
                     : fail_here(old, got, &cause, err);
    xc_record_free(record);
    pthread_mutex_unlock(&old->mutex);
    return status;
}

void
sp_old_post_free(sp_old_post *old_post)
{
    if (!old_post)
        return;
    sp_record_free(old_post->record);
    sp_str_done(&old_post->mentions);
    sp_arena_done(&old_post->arena);
    free(old_post);
}
