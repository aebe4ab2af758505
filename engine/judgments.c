#include <signpost/evaluate.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One judgment as the file has it. */
struct line {
    sp_bytes query, target;
    unsigned grade;
    bool held_out;
    size_t order; /* over all files */
};

struct lines {
    sp_arena *arena; /* of the judgments */
    struct line *items;
    size_t count, capacity;
};

/* A line being read. */
struct place {
    const char *path;
    unsigned line;
    sp_bytes text;
};

/* Lines */

static enum sp_status
fail_at(const struct place *at, sp_bytes where, const char *text, sp_error *err)
{
    unsigned column = (unsigned)(where.data - at->text.data) + 1;
    return sp_fail_at(err, SP_BAD_INPUT, at->path, at->line, column, "%s", text);
}

/* The piece before the first tab, which *rest goes on after; false without a tab. */
static bool
take_field(sp_bytes *rest, sp_bytes *field)
{
    size_t tab = sp_bytes_find(*rest, SP_LITERAL("\t"), 0);
    if (tab == SIZE_MAX)
        return false;
    *field = sp_bytes_trim(sp_bytes_slice(*rest, 0, tab));
    *rest = sp_bytes_slice(*rest, tab + 1, rest->len);
    return true;
}

static enum sp_status
read_judgment(const struct place *at, struct line *out, sp_error *err)
{
    sp_bytes grade = at->text;
    size_t bad = sp_utf8_invalid(at->text);
    if (bad != SIZE_MAX)
        return fail_at(at, sp_bytes_slice(at->text, bad, at->text.len), "not UTF-8", err);
    if (!take_field(&grade, &out->query) || !take_field(&grade, &out->target))
        return fail_at(at, at->text,
                       "a judged query is three fields apart by tabs: query, target, grade", err);
    if (out->query.len == 0)
        return fail_at(at, at->text, "the query is empty", err);
    sp_bytes target = out->target;
    out->target = sp_target_of(target);
    if (out->target.len == 0)
        return fail_at(at, target, "the target is neither a page nor a URL", err);
    grade = sp_bytes_trim(grade);
    if (grade.len != 1 || grade.data[0] < '0' || grade.data[0] > '0' + SP_GRADE_MAX)
        return fail_at(at, grade, "the grade is not a whole number from 0 to 9", err);
    out->grade = (unsigned)(grade.data[0] - '0');
    return SP_OK;
}

static enum sp_status
add_line(struct lines *lines, const struct place *at, bool *held_out, sp_error *err)
{
    struct line line = {.order = lines->count};
    if (at->text.len > 0 && at->text.data[0] == '#') {
        sp_bytes comment = sp_bytes_trim(sp_bytes_slice(at->text, 1, at->text.len));
        *held_out |= sp_bytes_equal(comment, SP_LITERAL("held out"));
        return SP_OK;
    }
    if (sp_bytes_trim(at->text).len == 0)
        return SP_OK;
    enum sp_status status = read_judgment(at, &line, err);
    if (status != SP_OK)
        return status;
    line.held_out = *held_out;
    lines->items = sp_arena_grow(lines->arena, lines->items, &lines->capacity, lines->count + 1,
                                 sizeof *lines->items);
    if (lines->items)
        lines->items[lines->count++] = line;
    return sp_arena_check(lines->arena, err);
}

static enum sp_status
add_lines(struct lines *lines, const char *path, sp_bytes content, sp_error *err)
{
    struct place at = {.path = path};
    bool held_out = false;
    enum sp_status status = SP_OK;
    size_t next = sp_bytes_starts_with(content, SP_LITERAL("\xEF\xBB\xBF")) ? 3 : 0;
    while (status == SP_OK && next < content.len) {
        size_t end = sp_bytes_find(content, SP_LITERAL("\n"), next);
        end = end == SIZE_MAX ? content.len : end;
        at.line++;
        at.text = sp_bytes_slice(content, next, end);
        if (sp_bytes_ends_with(at.text, SP_LITERAL("\r")))
            at.text.len--;
        status = add_line(lines, &at, &held_out, err);
        next = end + 1;
    }
    return status;
}

/* Files */

/* Without waiting for a writer, should the name be a pipe's. */
static int
open_file(const char *path, size_t *size, sp_error *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) {
        sp_fail_errno(err, errno, path, "cannot read the judged queries");
    } else if (!S_ISREG(about.st_mode)) {
        sp_fail_at(err, SP_IO, path, 0, 0, "cannot read the judged queries: not a file");
    } else if ((uint64_t)about.st_size > SP_JUDGMENTS_BYTES_MAX) {
        sp_fail_at(err, SP_BAD_INPUT, path, 0, 0, "more than %zu MB of judged queries",
                   SP_JUDGMENTS_BYTES_MAX >> 20);
    } else {
        *size = (size_t)about.st_size;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static enum sp_status
read_file(struct lines *lines, const char *path, sp_error *err)
{
    sp_error fault = {0};
    size_t size = 0, len = 0;
    ssize_t got = 1;
    int fd = open_file(path, &size, &fault);
    if (fd < 0) {
        if (err)
            *err = fault;
        return fault.status;
    }
    char *content = sp_arena_alloc(lines->arena, size + 1);
    while (content && len < size && (got = read(fd, content + len, size - len)) > 0)
        len += (size_t)got;
    enum sp_status status = sp_arena_check(lines->arena, err);
    if (status == SP_OK && got < 0)
        status = sp_fail_errno(err, errno, path, "cannot read the judged queries");
    close(fd);
    return status == SP_OK ? add_lines(lines, path, (sp_bytes){content, len}, err) : status;
}

/* Queries */

static int
compare_queries(const struct line *a, const struct line *b)
{
    if (a->held_out != b->held_out)
        return a->held_out ? 1 : -1;
    return sp_bytes_compare(a->query, b->query);
}

static int
compare_lines(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
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

/* Lines of one query, ascending by target and order. */
static void
make_query(sp_arena *arena, const struct line *lines, size_t count, sp_judged_query *out)
{
    *out =
        (sp_judged_query){.text = lines->query, .held_out = lines->held_out, .order = lines->order};
    out->targets = sp_arena_array(arena, count, sizeof *out->targets);
    out->grades = sp_arena_array(arena, count, sizeof *out->grades);
    if (!out->targets || !out->grades)
        return;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !sp_bytes_equal(lines[i].target, lines[i - 1].target))
            out->targets[out->target_count++].target = lines[i].target;
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

static enum sp_status
make_queries(struct lines *lines, sp_judgments *out, sp_error *err)
{
    if (lines->count == 0)
        return SP_OK;
    qsort(lines->items, lines->count, sizeof *lines->items, compare_lines);
    out->queries = sp_arena_array(&out->arena, lines->count, sizeof *out->queries);
    for (size_t first = 0, last; out->queries && first < lines->count; first = last) {
        for (last = first + 1; last < lines->count; last++) {
            if (compare_queries(&lines->items[first], &lines->items[last]) != 0)
                break;
        }
        make_query(&out->arena, &lines->items[first], last - first, &out->queries[out->count]);
        out->count += out->queries[out->count].relevant > 0;
    }
    if (out->count > 0)
        qsort(out->queries, out->count, sizeof *out->queries, compare_order);
    return sp_arena_check(&out->arena, err);
}

enum sp_status
sp_judgments_read(const char *const *paths, size_t count, sp_judgments *out, sp_error *err)
{
    struct lines lines = {.arena = &out->arena};
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < count; i++)
        status = read_file(&lines, paths[i], err);
    return status == SP_OK ? make_queries(&lines, out, err) : status;
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
sp_judged_grade(const sp_judged_query *query, sp_bytes url)
{
    const sp_judgment key = {.target = sp_target_of(url)};
    const sp_judgment *found =
        bsearch(&key, query->targets, query->target_count, sizeof key, compare_targets);
    return found ? found->grade : 0;
}
