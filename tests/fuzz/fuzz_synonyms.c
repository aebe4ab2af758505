// SPDX-License-Identifier: GPL-2.0-or-later
/* The first byte of the input chooses: a file of synonyms, which becomes rules of the index; or the
   rules themselves, as a damaged index can have them. Both are matched with a query. */
#include "fuzz.h"

#include "engine/query/synonyms.h"
#include "indexer/run/synonym_file.h"

static void
match(sp_bytes rules)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_analyzer *analyzer;
    sp_synonyms *synonyms;
    sp_query query;
    sp_synonym_matches matches = {0};
    MUST(sp_analyzer_new(SP_LITERAL("en"), &analyzer, NULL));
    MUST(sp_synonyms_new(analyzer, rules, &synonyms, NULL));
    MUST(sp_query_read(analyzer, SP_LITERAL("cv for a principal investigator in ml phd c++ a b"),
                       &arena, &query, NULL));
    MUST(sp_synonyms_match(synonyms, &query, &arena, &matches, NULL));
    for (size_t i = 0; i < matches.count; i++) {
        const sp_synonym_match *found = &matches.items[i];
        PROMISE(found->other_count >= 1 && found->other_count <= SP_SYNONYMS_OTHERS_MAX);
        PROMISE(found->clauses != 0);
        for (uint32_t j = 0; j < found->other_count; j++)
            PROMISE(found->others[j]->count >= 1);
    }
    sp_synonyms_free(synonyms);
    sp_analyzer_free(analyzer);
}

static unsigned
count_lines(sp_bytes text)
{
    unsigned lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    return lines;
}

static void
check_file(sp_bytes content)
{
    static sp_synonym_faults faults;
    SP_AUTO(sp_str_done) sp_str rules = {0};
    if (content.len > SP_SYNONYMS_BYTES_MAX)
        return;
    faults.count = 0;
    sp_synonym_file_read(content, &rules, &faults);
    PROMISE(faults.count <= SP_SYNONYM_FAULTS_MAX + 1);
    for (size_t i = 0; i < faults.count; i++) {
        PROMISE(faults.items[i].line >= 1 && faults.items[i].line <= count_lines(content));
        PROMISE(faults.items[i].column >= 1 && faults.items[i].text);
    }
    PROMISE(sp_utf8_invalid(sp_str_bytes(&rules)) == SIZE_MAX);
    PROMISE(rules.len == 0 || rules.data[rules.len - 1] == '\n');
    match(sp_str_bytes(&rules));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_bytes rest = {(const char *)data, size};
    if (fuzz_byte(&rest) % 2)
        check_file(rest);
    else
        match(rest);
    return 0;
}
