// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/judgments.h>

#include "evaluate_private.h"
#include "engine/base/lines.h"

#include <stdlib.h>

/* Queries */

static int
compare_queries(const sp_judgment_line *a, const sp_judgment_line *b)
{
    if (a->held_out != b->held_out)
        return a->held_out ? 1 : -1;
    return sp_bytes_compare(a->query, b->query);
}

static int
compare_lines(const void *left, const void *right)
{
    const sp_judgment_line *a = left, *b = right;
    int order = compare_queries(a, b);
    if (order == 0)
        order = sp_bytes_compare(a->target, b->target);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static int
compare_order(const void *left, const void *right)
{
    const sp_judged_query *a = left, *b = right;
    return (a->order > b->order) - (a->order < b->order);
}

static int
compare_grades(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return (a < b) - (a > b);
}

/* Makes a query of its lines, which are ascending by target and order. */
static void
make_query(sp_arena *arena, const sp_judgment_line *lines, size_t count, sp_judged_query *out)
{
    *out =
        (sp_judged_query){.text = lines->query, .held_out = lines->held_out, .order = lines->order};
    out->targets = sp_arena_array(arena, count, sizeof *out->targets);
    out->grades = sp_arena_array(arena, count, sizeof *out->grades);
    if (!out->targets || !out->grades)
        return;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !sp_bytes_equal(lines[i].target, lines[i - 1].target))
            out->targets[out->target_count++] = (sp_judgment){.target = lines[i].target,
                                                              .path = lines[i].path,
                                                              .line = lines[i].number,
                                                              .order = lines[i].order};
        out->targets[out->target_count - 1].grade = lines[i].grade;
        if (lines[i].order < out->order)
            out->order = lines[i].order;
    }
    for (size_t i = 0; i < out->target_count; i++) {
        if (out->targets[i].grade > 0)
            out->grades[out->relevant++] = out->targets[i].grade;
    }
    qsort(out->grades, out->relevant, sizeof *out->grades, compare_grades);
}

enum sp_status
sp_judgment_lines_add(sp_judgment_lines *lines, const sp_judgment_line *line, sp_error *err)
{
    lines->items = sp_arena_grow(lines->arena, lines->items, &lines->capacity, lines->count + 1,
                                 sizeof *lines->items);
    if (lines->items) {
        lines->items[lines->count] = *line;
        lines->items[lines->count].order = lines->count;
        lines->count++;
    }
    return sp_arena_check(lines->arena, err);
}

void
sp_judgment_lines_sort(sp_judgment_lines *lines)
{
    if (lines->count > 0)
        qsort(lines->items, lines->count, sizeof *lines->items, compare_lines);
}

bool
sp_judgment_lines_agree(const sp_judgment_line *a, const sp_judgment_line *b)
{
    return compare_queries(a, b) == 0;
}

enum sp_status
sp_judgment_lines_make(sp_judgment_lines *lines, sp_judgments *out, sp_error *err)
{
    if (lines->count == 0)
        return SP_OK;
    sp_judgment_lines_sort(lines);
    out->queries = sp_arena_array(&out->arena, lines->count, sizeof *out->queries);
    for (size_t first = 0, last; out->queries && first < lines->count; first = last) {
        for (last = first + 1; last < lines->count; last++) {
            if (compare_queries(&lines->items[first], &lines->items[last]) != 0)
                break;
        }
        make_query(&out->arena, &lines->items[first], last - first, &out->queries[out->count]);
        out->count += out->queries[out->count].relevant > 0;
    }
    if (out->queries && out->count > 0)
        qsort(out->queries, out->count, sizeof *out->queries, compare_order);
    return sp_arena_check(&out->arena, err);
}

/* Reading */

struct read_state {
    sp_judgment_lines lines;
    bool held_out;
};

static enum sp_status
read_judgment(const sp_file_line *line, sp_judgment_line *out, sp_error *err)
{
    sp_bytes grade = line->text;
    enum sp_status status = sp_line_check(line, err);
    if (status != SP_OK)
        return status;
    if (!sp_line_field(&grade, &out->query) || !sp_line_field(&grade, &out->target))
        return sp_line_fail(
            line, line->text, err,
            "a judged query must be three fields separated by tabs: query, target, grade");
    if (out->query.len == 0)
        return sp_line_fail(line, line->text, err, "the query is empty");
    sp_bytes target = out->target;
    out->target = sp_target_of(target);
    if (out->target.len == 0)
        return sp_line_fail(line, target, err, "the target is neither a page nor a URL: '%.*s'",
                            (int)target.len, target.data);
    grade = sp_bytes_trim(grade);
    if (grade.len != 1 || grade.data[0] < '0' || grade.data[0] > '0' + SP_GRADE_MAX)
        return sp_line_fail(line, grade, err,
                            "the grade must be an integer from 0 to %d (got '%.*s')", SP_GRADE_MAX,
                            (int)grade.len, grade.data);
    out->grade = (unsigned)(grade.data[0] - '0');
    return SP_OK;
}

static enum sp_status
take_judgment(void *context, const sp_file_line *line, sp_error *err)
{
    struct read_state *state = context;
    sp_judgment_line judged = {.path = line->path, .number = line->number};
    if (sp_bytes_starts_with(line->text, SP_LITERAL("#"))) {
        sp_bytes comment = sp_bytes_trim(sp_bytes_slice(line->text, 1, line->text.len));
        state->held_out |= sp_bytes_equal(comment, SP_LITERAL("held out"));
        return SP_OK;
    }
    if (sp_bytes_trim(line->text).len == 0)
        return SP_OK;
    enum sp_status status = read_judgment(line, &judged, err);
    judged.held_out = state->held_out;
    return status == SP_OK ? sp_judgment_lines_add(&state->lines, &judged, err) : status;
}

static enum sp_status
number_queries(sp_judgments *out, sp_error *err)
{
    for (size_t i = 0; i < out->count; i++) {
        SP_AUTO(sp_str_done) sp_str id = {0};
        sp_str_append_format(&id, "%zu", i + 1);
        out->queries[i].id = sp_arena_copy_str(&out->arena, &id);
    }
    return sp_arena_check(&out->arena, err);
}

static enum sp_status
finish(struct read_state *state, sp_judgments *out, sp_error *err)
{
    enum sp_status status = sp_judgment_lines_make(&state->lines, out, err);
    return status == SP_OK ? number_queries(out, err) : status;
}

enum sp_status
sp_judgments_read_texts(const sp_judgment_text *texts, size_t count, sp_judgments *out,
                        sp_error *err)
{
    struct read_state state = {.lines.arena = &out->arena};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < count; i++) {
        state.held_out = false;
        status = sp_lines_split(texts[i].content, texts[i].path, take_judgment, &state, err);
    }
    return status == SP_OK ? finish(&state, out, err) : status;
}

enum sp_status
sp_judgments_read(const char *const *paths, size_t count, sp_judgments *out, sp_error *err)
{
    struct read_state state = {.lines.arena = &out->arena};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < count; i++) {
        state.held_out = false;
        status =
            sp_lines_read(&out->arena, paths[i], "the judged queries", take_judgment, &state, err);
    }
    return status == SP_OK ? finish(&state, out, err) : status;
}

void
sp_judgments_done(sp_judgments *judgments)
{
    sp_arena_done(&judgments->arena);
    *judgments = (sp_judgments){0};
}

static int
compare_targets(const void *left, const void *right)
{
    const sp_judgment *a = left, *b = right;
    return sp_bytes_compare(a->target, b->target);
}

unsigned
sp_judged_grade(const sp_judged_query *query, sp_bytes target)
{
    const sp_judgment key = {.target = target};
    const sp_judgment *found =
        bsearch(&key, query->targets, query->target_count, sizeof key, compare_targets);
    return found ? found->grade : 0;
}

/* The last part of a page's URL, without ".html". */
static sp_bytes
page_name(sp_bytes page)
{
    while (sp_bytes_ends_with(page, SP_LITERAL("/")))
        page.len--;
    sp_bytes name = sp_bytes_after_last(page, '/');
    if (sp_bytes_ends_with(name, SP_LITERAL(".html")))
        name.len -= 5;
    return name;
}

sp_bytes
sp_judged_target(const sp_judgments *judgments, sp_bytes url)
{
    sp_bytes target = sp_target_of(url);
    if (!judgments->by_name || !sp_bytes_starts_with(target, SP_LITERAL("/")))
        return target;
    sp_bytes name = page_name(target);
    return name.len > 0 ? name : target;
}
