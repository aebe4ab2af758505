// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/trec.h>
#include <signpost/url.h>

#include "evaluate_private.h"
#include "engine/base/lines.h"

#include <stdlib.h>

/* Reading judgments */

static bool
is_comment(sp_bytes text)
{
    sp_bytes rest = sp_bytes_trim(text);
    return rest.len == 0 || rest.data[0] == '#';
}

static bool
is_url(sp_bytes id)
{
    return sp_bytes_starts_with(id, SP_LITERAL("/")) || sp_url_is_absolute(id);
}

sp_bytes
sp_trec_document(sp_bytes id)
{
    sp_bytes target = is_url(id) ? sp_target_of(id) : id;
    return target.len > 0 ? target : id;
}

struct format_state {
    bool done, found;
};

/* Decides by the first judgment. If it has three fields separated by tabs, the second field
   decides, because the number of words does not: a query of several words contains spaces too. */
static enum sp_status
find_format(void *context, const sp_file_line *line, sp_error *err)
{
    struct format_state *state = context;
    sp_bytes rest = line->text, query, target, words[4];
    (void)err;
    if (state->done || is_comment(line->text))
        return SP_OK;
    state->done = true;
    bool fields = sp_line_field(&rest, &query) && sp_line_field(&rest, &target);
    if (fields && sp_bytes_find(rest, SP_LITERAL("\t"), 0) == SIZE_MAX)
        state->found = !is_url(target);
    else
        state->found = sp_line_words(line->text, words, 4) == 4;
    return SP_OK;
}

enum sp_status
sp_qrels_are_in(const char *path, bool *out, sp_error *err)
{
    sp_arena arena = {0};
    struct format_state state = {0};
    enum sp_status status =
        sp_lines_read(&arena, path, "the judged queries", find_format, &state, err);
    sp_arena_done(&arena);
    *out = state.found;
    return status;
}

struct read_state {
    sp_judgment_lines lines;
    bool by_name;
};

/* Splits a line of qrels into query, document and grade. */
static bool
split_judgment(sp_bytes text, sp_bytes *fields)
{
    sp_bytes words[4];
    size_t count = sp_line_words(text, words, 4);
    if (count != 3 && count != 4)
        return false;
    fields[0] = words[0];
    fields[1] = words[count - 2];
    fields[2] = words[count - 1];
    return true;
}

static enum sp_status
take_judgment(void *context, const sp_file_line *line, sp_error *err)
{
    struct read_state *state = context;
    sp_bytes fields[3];
    int grade;
    enum sp_status status = sp_line_check(line, err);
    if (status != SP_OK || is_comment(line->text))
        return status;
    if (!split_judgment(line->text, fields))
        return sp_line_fail(
            line, line->text, err,
            "a line of qrels must have four fields: query, iteration, document, grade; or "
            "three, without the iteration");
    if (!sp_line_number(fields[2], SP_QRELS_GRADE_MAX, &grade))
        return sp_line_fail(line, fields[2], err,
                            "the grade must be an integer of at most %d (got '%.*s')",
                            SP_QRELS_GRADE_MAX, (int)fields[2].len, fields[2].data);
    state->by_name &= !sp_bytes_starts_with(fields[1], SP_LITERAL("/"));
    const sp_judgment_line judged = {.query = fields[0],
                                     .target = sp_trec_document(fields[1]),
                                     .grade = grade > 0 ? (unsigned)grade : 0,
                                     .path = line->path,
                                     .number = line->number};
    return sp_judgment_lines_add(&state->lines, &judged, err);
}

static bool
is_repeated(const sp_judgment_line *line)
{
    return sp_judgment_lines_agree(&line[-1], line) &&
           sp_bytes_equal(line[-1].target, line->target);
}

/* Fails if a document is judged twice for a query, as trec_eval does: only a person can say which
   of two grades is right. */
static enum sp_status
check_judged_once(const sp_judgment_lines *lines, sp_error *err)
{
    const sp_judgment_line *first = NULL;
    for (size_t i = 1; i < lines->count; i++) {
        const sp_judgment_line *line = &lines->items[i];
        if (is_repeated(line) && (!first || line->order < first->order))
            first = line;
    }
    if (!first)
        return SP_OK;
    bool elsewhere = strcmp(first[-1].path, first->path) != 0;
    return sp_fail_at(err, SP_BAD_INPUT, first->path, first->number, 1,
                      "the document '%.*s' is judged a second time for the query '%.*s'; the first "
                      "is in line %u%s%s",
                      (int)first->target.len, first->target.data, (int)first->query.len,
                      first->query.data, first[-1].number, elsewhere ? " of " : "",
                      elsewhere ? first[-1].path : "");
}

/* Topics */

struct topic {
    sp_bytes id, text;
    unsigned number;
};

struct topics {
    sp_arena *arena;
    struct topic *items;
    size_t count, capacity;
};

static enum sp_status
take_topic(void *context, const sp_file_line *line, sp_error *err)
{
    struct topics *topics = context;
    sp_bytes rest = line->text, id;
    enum sp_status status = sp_line_check(line, err);
    if (status != SP_OK || is_comment(line->text))
        return status;
    if (!sp_line_field(&rest, &id) || id.len == 0)
        return sp_line_fail(line, line->text, err, "a topic must be an id, a tab and the query");
    sp_bytes text = sp_bytes_trim(rest);
    if (text.len == 0)
        return sp_line_fail(line, rest, err, "the query of the topic '%.*s' is empty", (int)id.len,
                            id.data);
    topics->items = sp_arena_grow(topics->arena, topics->items, &topics->capacity,
                                  topics->count + 1, sizeof *topics->items);
    if (topics->items)
        topics->items[topics->count++] = (struct topic){id, text, line->number};
    return sp_arena_check(topics->arena, err);
}

static int
compare_topics(const void *left, const void *right)
{
    const struct topic *a = left, *b = right;
    return sp_bytes_compare(a->id, b->id);
}

static int
compare_topics_in_order(const void *left, const void *right)
{
    const struct topic *a = left, *b = right;
    int order = compare_topics(left, right);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static enum sp_status
check_topics(const struct topics *topics, const char *path, sp_error *err)
{
    for (size_t i = 1; i < topics->count; i++) {
        const struct topic *topic = &topics->items[i];
        if (compare_topics(topic, &topic[-1]) == 0)
            return sp_fail_at(err, SP_BAD_INPUT, path, topic->number, 1,
                              "the topic '%.*s' occurs a second time; the first is in line %u",
                              (int)topic->id.len, topic->id.data, topic[-1].number);
    }
    return SP_OK;
}

/* Moves the id of each query, which is in `text` until then, to `id`, and sets `text` from the
   topics in the file at `path`. Without topics `text` becomes empty. */
static enum sp_status
name_queries(sp_judgments *out, const char *path, sp_error *err)
{
    struct topics topics = {.arena = &out->arena};
    enum sp_status status = SP_OK;
    if (path)
        status = sp_lines_read(&out->arena, path, "the topics", take_topic, &topics, err);
    if (status == SP_OK && topics.count > 0) {
        qsort(topics.items, topics.count, sizeof *topics.items, compare_topics_in_order);
        status = check_topics(&topics, path, err);
    }
    for (size_t i = 0; status == SP_OK && i < out->count; i++) {
        sp_judged_query *query = &out->queries[i];
        const struct topic key = {.id = query->text};
        const struct topic *found =
            topics.count > 0 ? bsearch(&key, topics.items, topics.count, sizeof key, compare_topics)
                             : NULL;
        query->id = query->text;
        query->text = found ? found->text : SP_LITERAL("");
    }
    return status;
}

enum sp_status
sp_qrels_read(const char *const *paths, size_t count, const char *topics, sp_judgments *out,
              sp_error *err)
{
    struct read_state state = {.lines.arena = &out->arena, .by_name = true};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < count; i++)
        status =
            sp_lines_read(&out->arena, paths[i], "the judged queries", take_judgment, &state, err);
    sp_judgment_lines_sort(&state.lines);
    if (status == SP_OK)
        status = check_judged_once(&state.lines, err);
    if (status == SP_OK)
        status = sp_judgment_lines_make(&state.lines, out, err);
    out->by_name = state.by_name;
    return status == SP_OK ? name_queries(out, topics, err) : status;
}

/* Writing */

/* Appends a field. Fields are separated by white space, so white space within a field is
   escaped. */
static void
append_field(sp_str *out, sp_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= ' ' || c == 0x7F)
            sp_str_append_format(out, "%%%02X", c);
        else
            sp_str_append_char(out, (char)c);
    }
}

void
sp_qrels_append(const sp_judgments *judgments, sp_str *out)
{
    for (size_t i = 0; i < judgments->count; i++) {
        const sp_judged_query *query = &judgments->queries[i];
        for (size_t k = 0; k < query->target_count; k++) {
            append_field(out, query->id);
            sp_str_append_text(out, " 0 ");
            append_field(out, query->targets[k].target);
            sp_str_append_format(out, " %u\n", query->targets[k].grade);
        }
    }
}

void
sp_topics_append(const sp_judgments *judgments, sp_str *out)
{
    for (size_t i = 0; i < judgments->count; i++) {
        const sp_judged_query *query = &judgments->queries[i];
        if (query->text.len == 0)
            continue;
        append_field(out, query->id);
        sp_str_append_char(out, '\t');
        sp_str_append(out, query->text);
        sp_str_append_char(out, '\n');
    }
}

struct ranked_target {
    sp_bytes target;
    size_t rank; /* from 0 */
};

static int
compare_ranked(const void *left, const void *right)
{
    const struct ranked_target *a = left, *b = right;
    int order = sp_bytes_compare(a->target, b->target);
    return order != 0 ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

/* Returns, for each hit by rank, whether its target also has a better rank. The caller frees the
   array; NULL: out of memory. */
static bool *
find_repeated(const sp_evaluated *evaluated)
{
    size_t count = evaluated->url_count;
    bool *repeated = calloc(count + 1, sizeof *repeated);
    struct ranked_target *sorted = calloc(count + 1, sizeof *sorted);
    for (size_t i = 0; sorted && i < count; i++)
        sorted[i] = (struct ranked_target){evaluated->targets[i], i};
    if (sorted)
        qsort(sorted, count, sizeof *sorted, compare_ranked);
    for (size_t i = 1; sorted && repeated && i < count; i++)
        repeated[sorted[i].rank] = sp_bytes_equal(sorted[i].target, sorted[i - 1].target);
    if (!sorted) {
        free(repeated);
        repeated = NULL;
    }
    free(sorted);
    return repeated;
}

static void
append_ranking(const sp_evaluated *evaluated, const char *name, sp_str *out)
{
    bool *repeated = find_repeated(evaluated);
    out->failed |= !repeated;
    for (size_t k = 0; repeated && k < evaluated->url_count; k++) {
        append_field(out, evaluated->query->id);
        sp_str_append_text(out, " Q0 ");
        append_field(out, evaluated->targets[k]);
        if (repeated[k])
            sp_str_append_format(out, "=%zu", k + 1);
        sp_str_append_format(out, " %zu %zu %s\n", k + 1, evaluated->url_count - k, name);
    }
    free(repeated);
}

void
sp_trec_run_append(const sp_evaluation *evaluation, const char *name, sp_str *out)
{
    for (size_t i = 0; i < evaluation->count; i++)
        append_ranking(&evaluation->queries[i], name, out);
}
