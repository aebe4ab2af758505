// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/trec_run.h>

#include "engine/base/bound.h"
#include "evaluate_private.h"
#include "engine/base/lines.h"

#include <math.h>
#include <stdlib.h>

#define FIELDS 6
#define SCORE_MAX 64 /* bytes */

struct read_state {
    sp_trec_run *run;
    size_t capacity;
};

/* Reads a decimal number in the syntax that every C library reads: no hexadecimal, no "inf". */
static bool
read_score(sp_bytes text, float *out)
{
    char copy[SCORE_MAX], *end;
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr("0123456789.+-eE", text.data[i]) || text.data[i] == '\0')
            return false;
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    double score = strtod(copy, &end);
    *out = (float)score;
    return *end == '\0' && isfinite(score);
}

static enum sp_status
take_hit(void *context, const sp_file_line *line, sp_error *err)
{
    struct read_state *state = context;
    sp_trec_run *run = state->run;
    sp_bytes words[FIELDS];
    int rank;
    sp_trec_hit hit = {.order = line->number};
    enum sp_status status = sp_line_check(line, err);
    if (status != SP_OK || sp_bytes_trim(line->text).len == 0)
        return status;
    size_t count = sp_line_words(line->text, words, FIELDS);
    if (count != FIELDS)
        return sp_line_fail(
            line, line->text, err,
            "a line of a run must have six fields: query, Q0, document, rank, score, name "
            "(got %zu)",
            count);
    if (!sp_line_number(words[3], 100000000, &rank))
        return sp_line_fail(line, words[3], err, "the rank must be an integer (got '%.*s')",
                            (int)words[3].len, words[3].data);
    if (!read_score(words[4], &hit.score))
        return sp_line_fail(line, words[4], err, "the score must be a number (got '%.*s')",
                            (int)words[4].len, words[4].data);
    hit.query = words[0];
    hit.document = words[2];
    run->hits =
        sp_arena_grow(&run->arena, run->hits, &state->capacity, run->count + 1, sizeof *run->hits);
    if (run->hits)
        run->hits[run->count++] = hit;
    return sp_arena_check(&run->arena, err);
}

static int
compare_documents(const void *left, const void *right)
{
    const sp_trec_hit *a = left, *b = right;
    int order = sp_bytes_compare(a->query, b->query);
    if (order == 0)
        order = sp_bytes_compare(a->document, b->document);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int
compare_ranks(const void *left, const void *right)
{
    const sp_trec_hit *a = left, *b = right;
    int order = sp_bytes_compare(a->query, b->query);
    if (order == 0)
        order = (a->score < b->score) - (a->score > b->score);
    return order != 0 ? order : sp_bytes_compare(b->document, a->document);
}

static enum sp_status
check_once(sp_trec_run *run, const char *path, sp_error *err)
{
    const sp_trec_hit *first = NULL;
    qsort(run->hits, run->count, sizeof *run->hits, compare_documents);
    for (size_t i = 1; i < run->count; i++) {
        const sp_trec_hit *hit = &run->hits[i];
        if (sp_bytes_equal(hit[-1].query, hit->query) &&
            sp_bytes_equal(hit[-1].document, hit->document) &&
            (!first || hit->order < first->order))
            first = hit;
    }
    if (!first)
        return SP_OK;
    return sp_fail_at(err, SP_BAD_INPUT, path, (unsigned)first->order, 1,
                      "the document '%.*s' occurs a second time for the query '%.*s'; the first "
                      "is in line %zu",
                      (int)first->document.len, first->document.data, (int)first->query.len,
                      first->query.data, first[-1].order);
}

enum sp_status
sp_trec_run_read(const char *path, sp_trec_run *out, sp_error *err)
{
    struct read_state state = {.run = out};
    enum sp_status status = sp_lines_read(&out->arena, path, "the run", take_hit, &state, err);
    if (status != SP_OK || out->count == 0)
        return status;
    status = check_once(out, path, err);
    qsort(out->hits, out->count, sizeof *out->hits, compare_ranks);
    return status;
}

void
sp_trec_run_done(sp_trec_run *run)
{
    sp_arena_done(&run->arena);
    *run = (sp_trec_run){0};
}

static bool
is_query_before(const void *items, size_t index, const void *key)
{
    return sp_bytes_compare(((const sp_trec_hit *)items)[index].query, *(const sp_bytes *)key) < 0;
}

const sp_trec_hit *
sp_trec_run_find(const sp_trec_run *run, sp_bytes query, size_t *count)
{
    size_t first = sp_lower_bound(run->hits, run->count, is_query_before, &query);
    for (*count = 0; first + *count < run->count; ++*count) {
        if (!sp_bytes_equal(run->hits[first + *count].query, query))
            break;
    }
    return &run->hits[first];
}

static enum sp_status
rank(void *source, sp_ranked *ranking, sp_error *err)
{
    size_t count;
    const sp_trec_hit *hits = sp_trec_run_find(source, ranking->evaluated->query->id, &count);
    if (!sp_ranked_reserve(ranking, count))
        return sp_arena_check(ranking->arena, err);
    for (size_t i = 0; i < count; i++)
        sp_ranked_add(ranking, hits[i].document, sp_trec_document(hits[i].document));
    return SP_OK;
}

enum sp_status
sp_evaluate_run(const sp_trec_run *run, const sp_judgments *judgments,
                const sp_evaluation_options *options, sp_evaluation *out, sp_error *err)
{
    sp_trec_run source = *run;
    return sp_evaluate_rankings(rank, &source, judgments, options, out, err);
}
