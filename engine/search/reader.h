// SPDX-License-Identifier: GPL-2.0-or-later
/* The members of a reader, for the files of engine/search. */
#ifndef SIGNPOST_ENGINE_SEARCH_READER_H
#define SIGNPOST_ENGINE_SEARCH_READER_H

#include "cache.h"
#include "passages.h"
#include "engine/query/synonyms.h"
#include "vocabulary.h"

#include <signpost/ranking.h>
#include <signpost/reader.h>
#include <signpost/search.h>

#define SP_READER_ANALYZERS_MAX 8

struct sp_reader {
    xc_reader *xapian;
    char **paths; /* of the local indexes, then HOST:PORT of the remote ones */
    size_t path_count, local_count;
    uint64_t moves; /* xc_reader_moves, plus 1, when the members below were read; 0: not read */
    uint32_t doc_count;
    uint32_t newest; /* date of the newest document, YYYYMMDD, if the ranking uses it; else 0 */
    sp_str revision, language, base_url, title;
    sp_str acronyms; /* SP_META_ACRONYMS */
    sp_str synonyms; /* SP_META_SYNONYMS */
    sp_str pins;     /* SP_META_PINS */
    sp_ranking ranking;
    struct {
        sp_str lang;
        sp_analyzer *analyzer;
        sp_synonyms *synonyms; /* made with the analyzer; NULL until needed */
    } analyzers[SP_READER_ANALYZERS_MAX];
    sp_unpacker *unpacker;
    sp_match_finder finder;
    sp_record_cache cache;
    sp_vocabulary vocabulary;   /* read when needed */
    struct sp_vectors *vectors; /* shared (semantic.h); NULL: none, or not yet known */
    bool vectors_known;
};

/* Updates the members of the reader, then calls attempt(context). Repeats both if the index
   changed during the call, so that the result is from one revision. SP_STALE if the index keeps
   changing. */
enum sp_status sp_reader_attempt(sp_reader *reader, enum sp_status (*attempt)(void *context),
                                 void *context, sp_error *err) SP_MUST_CHECK;

/* Sets *out to the analyzer of a language (empty: the index's), borrowed from the reader. */
enum sp_status sp_reader_analyzer(sp_reader *reader, sp_bytes lang, sp_analyzer **out,
                                  sp_error *err) SP_MUST_CHECK;

/* Sets *out to the index's synonyms for an analyzer of this reader, borrowed until the index
   changes. */
enum sp_status sp_reader_synonyms(sp_reader *reader, sp_analyzer *analyzer, const sp_synonyms **out,
                                  sp_error *err) SP_MUST_CHECK;

/* Returns the language to read the request's text in: the one that its filters name, or empty if
   the filters name none or several. */
sp_bytes sp_request_language(const sp_request *request);

/* Fails like sp_fail_xapian. Names the index only if it is the only one: of several, the text names
   one that cannot be opened, and nothing says which one cannot be read. */
enum sp_status sp_reader_fail(const sp_reader *reader, xc_status status, const xc_error *cause,
                              sp_error *err);

/* Sets *out to a document's record, borrowed until the next call. */
enum sp_status sp_reader_record(sp_reader *reader, uint32_t docid, const sp_record **out,
                                sp_error *err) SP_MUST_CHECK;

#endif
