// SPDX-License-Identifier: GPL-2.0-or-later
/* Stop words in capitals that count as ordinary stop words after all. */
#include "capitals.h"
#include "query_private.h"

#include "engine/analysis/capitals.h"
#include "engine/index/xapian.h"

void
sp_query_word_put_in_capitals(sp_query_word *word, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str marked = {0};
    sp_str_append_text(&marked, SP_CAPITALS_MARK);
    sp_str_append(&marked, word->word);
    word->small = word->stem;
    word->word = word->stem = sp_arena_copy_str(arena, &marked);
}

static void
put_in_small_letters(sp_clause *clause, sp_query_word *word)
{
    word->word = sp_without_capitals(word->word);
    word->stem = word->small;
    word->small = (sp_bytes){0};
    clause->stop = clause->word_count == 1 && !clause->phrase && !clause->prefix;
}

/* Acronyms that are stop words stand next to others: `HR & IT`, `WHO IT`. Longer words are seldom
   acronyms. */
#define ACRONYM_MAX 3

static bool
is_longer_than_acronyms(sp_bytes word)
{
    size_t letters = 0;
    for (size_t i = 0; i < word.len; i++)
        letters += !sp_utf8_is_continuation(word.data[i]);
    return letters > ACRONYM_MAX;
}

void
sp_query_ignore_capitals_throughout(sp_query *query)
{
    bool headline = false;
    for (size_t i = 0; i < query->clause_count; i++) {
        const sp_clause *clause = &query->clauses[i];
        for (uint32_t k = 0; k < clause->word_count; k++) {
            const sp_query_word *word = &clause->words[k];
            enum sp_letters_case here =
                sp_letters_case_of(sp_bytes_slice(query->text, word->start, word->end));
            if (here == SP_CASE_OTHER)
                return;
            headline |= here == SP_CASE_CAPITALS &&
                        is_longer_than_acronyms(sp_without_capitals(word->word));
        }
    }
    for (size_t i = 0; headline && i < query->clause_count; i++) {
        sp_clause *clause = &query->clauses[i];
        for (uint32_t k = 0; k < clause->word_count; k++) {
            if (sp_is_in_capitals(clause->words[k].word))
                put_in_small_letters(clause, &clause->words[k]);
        }
    }
}

enum sp_status
sp_query_settle_capitals(sp_query *query, xc_reader *reader, sp_arena *arena, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    bool changed = false;
    for (size_t i = 0; i < query->clause_count; i++) {
        sp_clause *clause = &query->clauses[i];
        for (uint32_t k = 0; k < clause->word_count; k++) {
            sp_query_word *word = &clause->words[k];
            xc_term_stats stats;
            xc_error cause;
            if (!sp_is_in_capitals(word->word))
                continue;
            sp_term_make(&text, SP_PREFIX_STEM, word->stem);
            if (text.failed)
                return sp_str_check(&text, err);
            xc_status status = xc_reader_term(reader, str_to_xc(&text), &stats, &cause);
            if (status != XC_OK)
                return sp_fail_xapian(err, status, &cause, NULL);
            if (stats.term_freq == 0)
                put_in_small_letters(clause, word);
            changed |= stats.term_freq == 0;
        }
    }
    if (!changed)
        return SP_OK;
    sp_str_clear(&text);
    sp_query_append(&text, query);
    query->parsed = sp_arena_copy_str(arena, &text);
    return sp_arena_check(arena, err);
}
