// SPDX-License-Identifier: GPL-2.0-or-later
/* Inside of a reader, for reader.c and search.c. */
#ifndef SIGNPOST_ENGINE_SEARCH_READER_H
#define SIGNPOST_ENGINE_SEARCH_READER_H

#include "cache.h"
#include "passages.h"
#include "engine/query/synonyms.h"
#include "vocabulary.h"

#include <signpost/ranking.h>
#include <signpost/reader.h>
#include <signpost/search.h>

#define READER_ANALYZERS_MAX 8

struct sp_reader {
    xc_reader *xapian;
    char **paths;
    size_t path_count;
    uint64_t moves; /* xc_reader_moves when what follows was read */
    uint32_t doc_count;
    uint32_t newest; /* date of the newest document, YYYYMMDD, where age counts; else 0 */
    sp_str revision, language, base_url, title;
    sp_str synonyms; /* as the index has them */
    sp_str pins;     /* as SP_META_PINS has them */
    sp_ranking ranking;
    struct {
        sp_str lang;
        sp_analyzer *analyzer;
        sp_synonyms *synonyms; /* by it; NULL: not asked for yet */
    } analyzers[READER_ANALYZERS_MAX];
    sp_unpacker *unpacker;
    sp_match_finder finder;
    sp_record_cache cache;
    sp_vocabulary vocabulary;   /* read when it is asked for */
    struct sp_vectors *vectors; /* held; NULL: there are none, or it is not known yet */
    bool vectors_known;
};

/* Reads what the reader keeps of the index again, when the index moved under it. */
enum sp_status sp_reader_catch_up(sp_reader *reader, sp_error *err) SP_MUST_CHECK;

/* Runs attempt(context) on the reader brought up to date, anew where the index moved under it: what
   it made is of one revision then. SP_STALE when that keeps happening. */
enum sp_status sp_reader_attempt(sp_reader *reader, enum sp_status (*attempt)(void *context),
                                 void *context, sp_error *err) SP_MUST_CHECK;

/* The analyzer for a language (empty: the index's), borrowed from the reader. */
enum sp_status sp_reader_analyzer(sp_reader *reader, sp_bytes lang, sp_analyzer **out,
                                  sp_error *err) SP_MUST_CHECK;

/* The index's synonyms by an analyzer of the reader's, borrowed until the index moves. */
enum sp_status sp_reader_synonyms(sp_reader *reader, sp_analyzer *analyzer, const sp_synonyms **out,
                                  sp_error *err) SP_MUST_CHECK;

/* The one language that the request's filters name, which its text is read as; else empty. */
sp_bytes sp_request_language(const sp_request *request);

/* A document's record, borrowed until the next call. */
enum sp_status sp_reader_record(sp_reader *reader, uint32_t docid, const sp_record **out,
                                sp_error *err) SP_MUST_CHECK;

#endif
