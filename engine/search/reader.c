// SPDX-License-Identifier: GPL-2.0-or-later
#include "reader.h"

#include "semantic.h"
#include "engine/base/language.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>
#include <signpost/memory.h>

#include <stdlib.h>
#include <xapian-c-remote.h>

_Static_assert(SP_CHOICE_MAX == XC_CHOICE_MAX, "`choose` writes a name of this size");

/* The most attempts of one search, which is repeated if the index changed meanwhile. Runs in quick
   succession change the index every few milliseconds; a search's timeout covers all attempts. */
#define ATTEMPTS 25
/* The members of a reader are read at most this often before SP_STALE is returned. */
#define SETTLE_ATTEMPTS 5
#define REPLY_MS_MAX 10000

enum sp_status
sp_reader_fail(const sp_reader *reader, xc_status status, const xc_error *cause, sp_error *err)
{
    return sp_fail_xapian(err, status, cause, reader->path_count == 1 ? reader->paths[0] : NULL);
}

/* Reads the metadata of one of the reader's databases. */
static enum sp_status
read_metadata(sp_reader *reader, size_t database, const char *key, sp_bytes *out, sp_error *err)
{
    xc_error cause;
    xc_bytes value;
    xc_status status = xc_reader_database_metadata(reader->xapian, database,
                                                   to_xc(sp_bytes_of(key)), &value, &cause);
    if (status != XC_OK)
        return sp_fail_xapian(err, status, &cause, reader->paths[database]);
    *out = from_xc(value);
    return SP_OK;
}

static enum sp_status
check_schema(sp_reader *reader, size_t database, sp_error *err)
{
    sp_bytes version;
    const char *path = reader->paths[database];
    enum sp_status status = read_metadata(reader, database, SP_META_SCHEMA, &version, err);
    if (status != SP_OK || sp_bytes_equal(version, SP_LITERAL(SP_SCHEMA_VERSION)))
        return status;
    if (version.len == 0)
        return sp_fail_at(err, SP_DAMAGED, path, 0, 0, "not an index made by indexer");
    return sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                      "the index has schema version %.*s, but this program reads " SP_SCHEMA_VERSION
                      ": run indexer --full",
                      (int)(version.len < 20 ? version.len : 20), version.data);
}

/* The revision of several databases is that of each, joined by '+'. */
static enum sp_status
read_revision(sp_reader *reader, sp_error *err)
{
    enum sp_status status = SP_OK;
    sp_str_restart(&reader->revision);
    for (size_t i = 0; status == SP_OK && i < reader->path_count; i++) {
        sp_bytes revision = {0};
        status = check_schema(reader, i, err);
        if (status == SP_OK)
            status = read_metadata(reader, i, SP_META_REVISION, &revision, err);
        sp_str_append_text(&reader->revision, i > 0 ? "+" : "");
        sp_str_append(&reader->revision, revision);
    }
    return status != SP_OK ? status : sp_str_check(&reader->revision, err);
}

static enum sp_status
copy_metadata(sp_reader *reader, const char *key, sp_str *out, sp_error *err)
{
    sp_bytes value = {0};
    enum sp_status status = read_metadata(reader, 0, key, &value, err);
    sp_str_restart(out);
    sp_str_append(out, value);
    return status != SP_OK ? status : sp_str_check(out, err);
}

static enum sp_status
read_ranking(sp_reader *reader, sp_error *err)
{
    sp_bytes ranking;
    const char *path = reader->paths[0];
    enum sp_status status = read_metadata(reader, 0, SP_META_RANKING, &ranking, err);
    if (status == SP_OK && !sp_ranking_parse(ranking, &reader->ranking))
        status = sp_fail_at(err, SP_DAMAGED, path, 0, 0,
                            "the ranking settings of the index are invalid");
    return status;
}

static enum sp_status
read_settings(sp_reader *reader, sp_error *err)
{
    enum sp_status status = read_revision(reader, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_LANGUAGE, &reader->language, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_BASE_URL, &reader->base_url, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_TITLE, &reader->title, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_SYNONYMS, &reader->synonyms, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_ACRONYMS, &reader->acronyms, err);
    if (status == SP_OK)
        status = copy_metadata(reader, SP_META_PINS, &reader->pins, err);
    return status == SP_OK ? read_ranking(reader, err) : status;
}

/* Sets reader->newest if the ranking uses recency, because age is counted from the newest date.
   Finding this date means looking at all documents. */
static enum sp_status
find_newest(sp_reader *reader, sp_error *err)
{
    static const uint32_t slot = SP_SLOT_DATE;
    xc_error cause;
    xc_page *page = NULL;
    xc_query *all = xc_query_all();
    const xc_request request = {.query = all,
                                .limit = 1,
                                .sort = XC_SORT_VALUE,
                                .sort_slot = SP_SLOT_DATE,
                                .value_slots = &slot,
                                .value_slot_count = 1};
    reader->newest = 0;
    xc_status searched =
        reader->ranking.recency > 0 ? xc_search(reader->xapian, &request, &page, &cause) : XC_OK;
    xc_query_free(all);
    if (searched != XC_OK)
        return sp_reader_fail(reader, searched, &cause, err);
    if (!page)
        return SP_OK;
    for (size_t i = 0; page->hit_count > 0 && i < page->hits[0].values[0].len; i++)
        reader->newest = reader->newest * 10 + (uint32_t)(page->hits[0].values[0].data[i] - '0');
    xc_page_free(page);
    return SP_OK;
}

/* A read may move the reader to a later commit. Then what was read before is read again. */
static enum sp_status
read_settled(sp_reader *reader, uint64_t *moves, sp_error *err)
{
    for (int i = 0; i < SETTLE_ATTEMPTS; i++) {
        xc_error cause;
        xc_info info;
        *moves = xc_reader_moves(reader->xapian);
        enum sp_status status = read_settings(reader, err);
        if (status == SP_OK)
            status = find_newest(reader, err);
        xc_status informed = xc_reader_info(reader->xapian, &info, &cause);
        if (status == SP_OK && informed != XC_OK)
            status = sp_reader_fail(reader, informed, &cause, err);
        if (status == SP_OK)
            reader->doc_count = info.doc_count;
        if (status != SP_OK || xc_reader_moves(reader->xapian) == *moves)
            return status;
    }
    return sp_fail(err, SP_STALE, "the index kept changing");
}

static void
forget_synonyms(sp_reader *reader)
{
    for (size_t i = 0; i < SP_READER_ANALYZERS_MAX; i++) {
        sp_synonyms_free(reader->analyzers[i].synonyms);
        reader->analyzers[i].synonyms = NULL;
    }
}

/* Reads the members of the reader again if the index changed. */
static enum sp_status
catch_up(sp_reader *reader, sp_error *err)
{
    uint64_t moves;
    if (reader->moves == xc_reader_moves(reader->xapian) + 1)
        return SP_OK;
    sp_vocabulary_done(&reader->vocabulary);
    sp_record_cache_clear(&reader->cache);
    sp_semantic_release(reader);
    forget_synonyms(reader);
    reader->moves = 0;
    enum sp_status status = read_settled(reader, &moves, err);
    reader->moves = status == SP_OK ? moves + 1 : 0;
    return status;
}

enum sp_status
sp_reader_attempt(sp_reader *reader, enum sp_status (*attempt)(void *context), void *context,
                  sp_error *err)
{
    size_t failures = sp_memory_failures();
    for (int i = 0; i < ATTEMPTS; i++) {
        uint64_t before = xc_reader_moves(reader->xapian);
        enum sp_status status = catch_up(reader, err);
        if (status == SP_OK)
            status = attempt(context);
        if (status == SP_OK)
            status = sp_memory_check(failures, err);
        if (xc_reader_moves(reader->xapian) == before)
            return status;
    }
    return sp_fail(err, SP_STALE, "the index kept changing");
}

sp_bytes
sp_request_language(const sp_request *request)
{
    sp_bytes lang = {0};
    for (size_t i = 0; i < request->filter_count; i++) {
        if (request->filters[i].field != SP_FIELD_LANG)
            continue;
        sp_bytes primary = sp_language_primary(request->filters[i].value);
        if (lang.len > 0 && !sp_language_equal(lang, primary))
            return (sp_bytes){0};
        lang = primary;
    }
    return lang;
}

static enum sp_status
replace_analyzer(sp_reader *reader, size_t place, sp_bytes lang, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    sp_analyzer *analyzer = NULL;
    sp_str_append(&name, lang);
    enum sp_status status = sp_str_check(&name, err);
    if (status == SP_OK)
        status = sp_analyzer_new(lang, &analyzer, err);
    if (status != SP_OK)
        return status;
    sp_analyzer_free(reader->analyzers[place].analyzer);
    sp_synonyms_free(reader->analyzers[place].synonyms);
    sp_str_done(&reader->analyzers[place].lang);
    reader->analyzers[place].synonyms = NULL;
    reader->analyzers[place].analyzer = analyzer;
    reader->analyzers[place].lang = name;
    name = (sp_str){0};
    return SP_OK;
}

enum sp_status
sp_reader_analyzer(sp_reader *reader, sp_bytes lang, sp_analyzer **out, sp_error *err)
{
    if (lang.len == 0)
        lang = sp_str_bytes(&reader->language);
    for (size_t i = 0; i < SP_READER_ANALYZERS_MAX; i++) {
        sp_analyzer *known = reader->analyzers[i].analyzer;
        sp_str *name = &reader->analyzers[i].lang;
        if (known && !sp_bytes_equal(sp_str_bytes(name), lang) && i + 1 < SP_READER_ANALYZERS_MAX)
            continue;
        if (!known || !sp_bytes_equal(sp_str_bytes(name), lang)) {
            enum sp_status status = replace_analyzer(reader, i, lang, err);
            if (status != SP_OK)
                return status;
        }
        *out = reader->analyzers[i].analyzer;
        return SP_OK;
    }
    return SP_INTERNAL;
}

enum sp_status
sp_reader_synonyms(sp_reader *reader, sp_analyzer *analyzer, const sp_synonyms **out, sp_error *err)
{
    *out = NULL;
    for (size_t i = 0; i < SP_READER_ANALYZERS_MAX; i++) {
        sp_synonyms **kept = &reader->analyzers[i].synonyms;
        if (reader->analyzers[i].analyzer != analyzer)
            continue;
        if (!*kept) {
            sp_bytes text = sp_str_bytes(&reader->synonyms);
            enum sp_status status = sp_synonyms_new(analyzer, text, kept, err);
            if (status != SP_OK)
                return status;
        }
        *out = *kept;
        return SP_OK;
    }
    return SP_OK;
}

enum sp_status
sp_reader_record(sp_reader *reader, uint32_t docid, const sp_record **out, sp_error *err)
{
    *out = sp_record_cache_get(&reader->cache, docid);
    if (*out)
        return SP_OK;
    xc_error cause;
    xc_record *stored;
    xc_status got =
        xc_reader_get(reader->xapian, docid, XC_FETCH_VALUE(SP_SLOT_RECORD), &stored, &cause);
    if (got != XC_OK)
        return sp_reader_fail(reader, got, &cause, err);
    sp_record *record;
    enum sp_status status = sp_record_unpack(
        reader->unpacker, from_xc(xc_record_value(stored, SP_SLOT_RECORD)), &record, err);
    xc_record_free(stored);
    if (status != SP_OK)
        return status;
    sp_record_cache_put_take(&reader->cache, docid, record);
    *out = record;
    return SP_OK;
}

static enum sp_status
copy_names(sp_reader *reader, const sp_databases *databases, sp_error *err)
{
    size_t count = databases->count + databases->remote_count;
    reader->paths = calloc(count, sizeof *reader->paths);
    reader->local_count = databases->count;
    for (size_t i = 0; reader->paths && i < count; i++) {
        bool local = i < databases->count;
        reader->paths[i] =
            strdup(local ? databases->paths[i] : databases->remotes[i - databases->count].name);
        if (!reader->paths[i])
            break;
        reader->path_count++;
    }
    return reader->path_count == count ? SP_OK : sp_fail(err, SP_NO_MEMORY, "out of memory");
}

/* Milliseconds for each reply of a remote database. A query waits for several replies. */
static uint32_t
reply_ms(const sp_databases *databases)
{
    uint64_t ms = databases->timeout_us / 1000 / 4;
    return databases->timeout_us == 0 || ms > REPLY_MS_MAX ? REPLY_MS_MAX
           : ms == 0                                       ? 1
                                                           : (uint32_t)ms;
}

static enum sp_status
open_index(sp_reader *reader, const sp_databases *databases, sp_error *err)
{
    xc_error cause;
    uint64_t began = sp_now_us();
    size_t count = databases->remote_count;
    xc_remote *remotes = calloc(count + 1, sizeof *remotes);
    if (!remotes)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < count; i++)
        remotes[i] = (xc_remote){databases->remotes[i].host, databases->remotes[i].port};
    const xc_reader_options options = {.allow = count > 0 ? XC_ALLOW_REMOTE : 0,
                                       .remotes = remotes,
                                       .remote_count = count,
                                       .timeout_ms = reply_ms(databases),
                                       .revision_key = SP_META_REVISION,
                                       .choose = databases->choose,
                                       .choose_context = databases->choose_context};
    xc_status opened = xc_reader_open_with((const char *const *)reader->paths, reader->local_count,
                                           &options, &reader->xapian, &cause);
    free(remotes);
    if (opened == XC_NOT_FOUND)
        return sp_fail(err, SP_NOT_FOUND, "%s", cause.text);
    if (opened != XC_OK)
        return sp_reader_fail(reader, opened, &cause, err);
    sp_reader_set_timeout(reader, sp_time_left(databases->timeout_us, began));
    return catch_up(reader, err);
}

enum sp_status
sp_reader_open_databases(const sp_databases *databases, sp_reader **out, sp_error *err)
{
    if (databases->count + databases->remote_count == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "no index given");
    sp_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = copy_names(reader, databases, err);
    reader->cache.bytes_max = SP_READER_CACHE;
    if (status == SP_OK)
        status = sp_unpacker_new(&reader->unpacker, err);
    if (status == SP_OK)
        status = open_index(reader, databases, err);
    if (status != SP_OK) {
        sp_reader_close(reader);
        return status;
    }
    sp_reader_set_timeout(reader, 0);
    *out = reader;
    return SP_OK;
}

enum sp_status
sp_reader_open(const char *const *paths, size_t count, sp_reader **out, sp_error *err)
{
    const sp_databases databases = {.paths = paths, .count = count};
    return sp_reader_open_databases(&databases, out, err);
}

void
sp_reader_set_timeout(sp_reader *reader, uint64_t timeout_us)
{
    xc_reader_set_timeout(reader->xapian, timeout_us);
}

void
sp_reader_close(sp_reader *reader)
{
    if (!reader)
        return;
    sp_semantic_release(reader);
    xc_reader_close(reader->xapian);
    for (size_t i = 0; i < reader->path_count; i++)
        free(reader->paths[i]);
    free(reader->paths);
    for (size_t i = 0; i < SP_READER_ANALYZERS_MAX; i++) {
        sp_analyzer_free(reader->analyzers[i].analyzer);
        sp_synonyms_free(reader->analyzers[i].synonyms);
        sp_str_done(&reader->analyzers[i].lang);
    }
    sp_str_done(&reader->revision);
    sp_str_done(&reader->language);
    sp_str_done(&reader->base_url);
    sp_str_done(&reader->title);
    sp_str_done(&reader->acronyms);
    sp_str_done(&reader->synonyms);
    sp_str_done(&reader->pins);
    sp_unpacker_free(reader->unpacker);
    sp_match_finder_done(&reader->finder);
    sp_vocabulary_done(&reader->vocabulary);
    sp_record_cache_clear(&reader->cache);
    free(reader);
}

void
sp_reader_doubt(sp_reader *reader)
{
    xc_reader_doubt(reader->xapian);
}

enum sp_status
sp_reader_refresh(sp_reader *reader, bool *changed, sp_error *err)
{
    xc_error cause;
    SP_AUTO(sp_str_done) sp_str before = {0};
    sp_str_append(&before, sp_str_bytes(&reader->revision));
    if (before.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    xc_status refreshed = xc_reader_refresh(reader->xapian, NULL, &cause);
    if (refreshed != XC_OK)
        return sp_reader_fail(reader, refreshed, &cause, err);
    enum sp_status status = catch_up(reader, err);
    *changed = !sp_bytes_equal(sp_str_bytes(&before), sp_str_bytes(&reader->revision));
    return status;
}

sp_bytes
sp_reader_revision(const sp_reader *reader)
{
    return sp_str_bytes(&reader->revision);
}

sp_bytes
sp_reader_base_url(const sp_reader *reader)
{
    return sp_str_bytes(&reader->base_url);
}

sp_bytes
sp_reader_title(const sp_reader *reader)
{
    return sp_str_bytes(&reader->title);
}

sp_bytes
sp_reader_language(const sp_reader *reader)
{
    return sp_str_bytes(&reader->language);
}

bool
sp_reader_has_language(sp_reader *reader, sp_bytes tag)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    SP_AUTO(sp_str_done) sp_str folded = {0};
    xc_term_stats stats = {0};
    sp_fold_append(&folded, sp_language_primary(tag));
    sp_term_make(&term, SP_PREFIX_LANG, sp_str_bytes(&folded));
    return xc_reader_term(reader->xapian, (xc_bytes){term.data, term.len}, &stats, NULL) == XC_OK &&
           stats.term_freq > 0;
}

static enum sp_status
count_kind(sp_reader *reader, xc_bytes term, uint32_t *out, sp_error *err)
{
    xc_error cause;
    xc_term_stats stats;
    xc_status status = xc_reader_term(reader->xapian, term, &stats, &cause);
    if (status != XC_OK)
        return sp_reader_fail(reader, status, &cause, err);
    *out = stats.term_freq;
    return SP_OK;
}

enum sp_status
sp_reader_counts(sp_reader *reader, uint32_t *posts, uint32_t *resources, sp_error *err)
{
    enum sp_status status = count_kind(reader, XC_BYTES(SP_PREFIX_KIND SP_POST_NAME), posts, err);
    return status == SP_OK
               ? count_kind(reader, XC_BYTES(SP_PREFIX_KIND SP_RESOURCE_NAME), resources, err)
               : status;
}

void
sp_reader_set_cache(sp_reader *reader, size_t bytes)
{
    sp_record_cache_clear(&reader->cache);
    reader->cache.bytes_max = bytes;
}
