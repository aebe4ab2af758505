// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of judged queries. The first byte of the input chooses the format: judgments, qrels with
   topics, or a run. Text after a line of `=` is the topics. */
#include "fuzz.h"

#include <signpost/trec.h>
#include <signpost/trec_run.h>
#include <signpost/url.h>

static void
check_error(const sp_error *err)
{
    PROMISE(err->status == SP_BAD_INPUT && err->line >= 1 && err->column >= 1);
    PROMISE(err->path[0] && err->text[0]);
}

static void
check_queries(const sp_judgments *judgments, unsigned grade_max)
{
    for (size_t i = 0; i < judgments->count; i++) {
        const sp_judged_query *query = &judgments->queries[i];
        PROMISE(query->id.len > 0 && sp_utf8_invalid(query->text) == SIZE_MAX);
        PROMISE(query->relevant >= 1 && query->relevant <= query->target_count);
        for (size_t j = 0; j < query->target_count; j++) {
            PROMISE(query->targets[j].grade <= grade_max);
            PROMISE(sp_judged_grade(query, query->targets[j].target) == query->targets[j].grade);
            PROMISE(j == 0 ||
                    sp_bytes_compare(query->targets[j - 1].target, query->targets[j].target) < 0);
        }
    }
}

static void
check_judgments(sp_bytes content)
{
    SP_AUTO(sp_judgments_done) sp_judgments judgments = {0};
    sp_error err = {0};
    const char *path = fuzz_file("judgments.tsv", content);
    if (sp_judgments_read(&path, 1, &judgments, &err) == SP_OK)
        check_queries(&judgments, SP_GRADE_MAX);
    else
        check_error(&err);
}

static bool
has_percent(sp_bytes text)
{
    return sp_bytes_find(text, SP_LITERAL("%"), 0) != SIZE_MAX;
}

/* Whether the printed judgments can mean others. "%20" also stands for a blank, and the target
   "a://b" of "https://a://b" would be read as a URL. */
static bool
is_ambiguous(const sp_judgments *judgments)
{
    for (size_t i = 0; i < judgments->count; i++) {
        const sp_judged_query *query = &judgments->queries[i];
        if (has_percent(query->id))
            return true;
        for (size_t j = 0; j < query->target_count; j++) {
            sp_bytes target = query->targets[j].target;
            if (has_percent(target) || sp_url_is_absolute(target))
                return true;
        }
    }
    return false;
}

/* The qrels that are printed for judgments give the same judgments. */
static void
check_printed(const sp_judgments *judgments)
{
    if (is_ambiguous(judgments))
        return;
    SP_AUTO(sp_str_done) sp_str printed = {0}, twice = {0};
    SP_AUTO(sp_judgments_done) sp_judgments again = {0};
    sp_qrels_append(judgments, &printed);
    if (sp_bytes_starts_with(sp_str_bytes(&printed), SP_LITERAL("\xEF\xBB\xBF")))
        return; /* an id begins with a byte order mark, which is not part of a text */
    const char *path = fuzz_file("printed", sp_str_bytes(&printed));
    MUST(sp_qrels_read(&path, 1, NULL, &again, NULL));
    sp_qrels_append(&again, &twice);
    PROMISE(again.count == judgments->count && twice.len == printed.len);
    /* escaped characters come in another order */
    PROMISE(sp_bytes_equal(sp_str_bytes(&printed), sp_str_bytes(&twice)) ||
            has_percent(sp_str_bytes(&printed)));
}

static void
check_qrels(sp_bytes content)
{
    SP_AUTO(sp_judgments_done) sp_judgments judgments = {0};
    sp_error err = {0};
    bool qrels = false;
    size_t cut = sp_bytes_find(content, SP_LITERAL("\n=\n"), 0);
    bool has_topics = cut != SIZE_MAX;
    sp_bytes first = sp_bytes_slice(content, 0, has_topics ? cut + 1 : content.len);
    const char *topics =
        has_topics ? fuzz_file("topics", sp_bytes_slice(content, cut + 3, content.len)) : NULL;
    const char *path = fuzz_file("qrels", first);
    if (sp_qrels_are_in(path, &qrels, &err) != SP_OK)
        check_error(&err);
    if (sp_qrels_read(&path, 1, topics, &judgments, &err) != SP_OK) {
        check_error(&err);
        return;
    }
    check_queries(&judgments, SP_QRELS_GRADE_MAX);
    check_printed(&judgments);
}

static void
check_run(sp_bytes content)
{
    SP_AUTO(sp_trec_run_done) sp_trec_run run = {0};
    sp_error err = {0};
    if (sp_trec_run_read(fuzz_file("run", content), &run, &err) != SP_OK) {
        check_error(&err);
        return;
    }
    for (size_t i = 0; i < run.count; i++) {
        size_t count;
        const sp_trec_hit *hits = sp_trec_run_find(&run, run.hits[i].query, &count);
        PROMISE(hits && hits <= &run.hits[i] && &run.hits[i] < hits + count);
        PROMISE(i == 0 || !sp_bytes_equal(run.hits[i - 1].query, run.hits[i].query) ||
                run.hits[i - 1].score >= run.hits[i].score);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sp_bytes rest = {(const char *)data, size};
    unsigned kind = fuzz_byte(&rest);
    if (kind == 'q')
        check_qrels(rest);
    else if (kind == 'r')
        check_run(rest);
    else
        check_judgments(rest);
    return 0;
}
