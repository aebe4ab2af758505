// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/ascii.h>
#include <signpost/search.h>
#include <signpost/why_not.h>

#include "find_by_url.h"
#include "engine/query/plan_private.h"
#include "search_private.h"
#include "engine/index/xapian.h"

#include <signpost/clock.h>

#include <stdlib.h>

struct asking {
    struct sp_search_state
        sp_search_state; /* its answer is only an arena, and what was corrected */
    sp_request request;  /* the caller's, to be explained */
    sp_bytes url;
    sp_url_match located;
    xc_record *document; /* with its terms, in byte order */
    sp_why_not *out;
};

static enum sp_status
matches(struct sp_search_state *sp_search_state, const sp_url_match *located, const xc_query *tree,
        bool *found)
{
    return sp_search_tree_matches(sp_search_state, tree, located->unique, located->docid, found);
}

static void
add_left_out(struct asking *at, bool excluded, const char *field, sp_bytes value)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena *arena = &at->sp_search_state.answer->arena;
    sp_str_append_text(&text, excluded ? "-" : "");
    sp_str_append_text(&text, field);
    sp_str_append(&text, value);
    at->out->left_out_by[at->out->left_out_count++] = sp_arena_copy_str(arena, &text);
}

static void
add_left_out_field(struct asking *at, bool excluded, const char *field, sp_bytes value)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_char(&text, ':');
    sp_str_append(&text, value);
    at->sp_search_state.answer->arena.failed |= text.failed;
    add_left_out(at, excluded, field, sp_str_bytes(&text));
}

static const char *
scope_of(const struct asking *at, const sp_node *part)
{
    static const char *const scopes[] = {"", "title:", "under:"};
    const sp_clause *clauses = at->sp_search_state.query.clauses;
    return part->kind == SP_NODE_CLAUSE ? scopes[clauses[part->clause].scope] : "";
}

/* What is typed of a part is without its field, quotes and parentheses. */
static void
add_left_out_part(struct asking *at, const sp_node *part)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_clause *clauses = at->sp_search_state.query.clauses;
    const char *open = "", *close = "";
    if (part->kind == SP_NODE_CLAUSE && clauses[part->clause].phrase)
        open = close = "\"";
    if (part->kind == SP_NODE_ALL || part->kind == SP_NODE_ANY) {
        open = "(";
        close = ")";
    }
    sp_str_append_text(&text, open);
    sp_str_append(&text, part->typed);
    sp_str_append_text(&text, close);
    at->sp_search_state.answer->arena.failed |= text.failed;
    add_left_out(at, part->excluded, scope_of(at, part), sp_str_bytes(&text));
}

/* Whether the document is among those that a smaller query and dates leave. */
static enum sp_status
passes(struct asking *at, const sp_query *query, sp_bytes after, sp_bytes before, bool *found)
{
    sp_request request = at->request;
    struct sp_search_state smaller = at->sp_search_state;
    request.after = after;
    request.before = before;
    smaller.request = &request;
    smaller.query = *query;
    smaller.plan = (sp_plan){0};
    enum sp_status status = sp_search_plan_query(&smaller);
    if (status == SP_OK)
        status = matches(&smaller, &at->located, smaller.plan.all, found);
    sp_plan_done(&smaller.plan);
    return status;
}

/* Parts of the query that only narrow the answer, one by one. */
static enum sp_status
check_parts(struct asking *at)
{
    const sp_query *query = &at->sp_search_state.query;
    enum sp_status status = SP_OK;
    for (size_t i = 0; status == SP_OK && i < query->part_count; i++) {
        bool found = true;
        sp_query smaller = *query;
        sp_node *part = &query->parts[i];
        if (!part->excluded && !sp_node_only_filters(part))
            continue;
        smaller.parts = part;
        smaller.part_count = 1;
        smaller.filter_count = 0;
        status = passes(at, &smaller, (sp_bytes){0}, (sp_bytes){0}, &found);
        if (!found)
            add_left_out_part(at, part);
    }
    return status;
}

/* Filters of one field, which mean any of them; each that is excluded. */
static enum sp_status
check_field(struct asking *at, enum sp_field field, bool excluded)
{
    const sp_query *query = &at->sp_search_state.query;
    sp_arena *arena = &at->sp_search_state.answer->arena;
    sp_query smaller = *query;
    bool found = true;
    smaller.part_count = smaller.filter_count = 0;
    smaller.filters = sp_arena_array(arena, query->filter_count, sizeof *smaller.filters);
    for (size_t i = 0; smaller.filters && i < query->filter_count; i++) {
        if (query->filters[i].field == field && query->filters[i].excluded == excluded)
            smaller.filters[smaller.filter_count++] = query->filters[i];
    }
    if (smaller.filter_count == 0)
        return SP_OK;
    enum sp_status status = passes(at, &smaller, (sp_bytes){0}, (sp_bytes){0}, &found);
    for (size_t i = 0; status == SP_OK && !found && i < smaller.filter_count; i++)
        add_left_out_field(at, excluded, sp_field_names[field], smaller.filters[i].value);
    return status;
}

static enum sp_status
check_dates(struct asking *at)
{
    const sp_request *request = at->sp_search_state.request;
    sp_query smaller = at->sp_search_state.query;
    bool found = true;
    enum sp_status status = SP_OK;
    smaller.part_count = smaller.filter_count = 0;
    if (request->after.len > 0)
        status = passes(at, &smaller, request->after, (sp_bytes){0}, &found);
    if (!found)
        add_left_out_field(at, false, "after", request->after);
    found = true;
    if (status == SP_OK && request->before.len > 0)
        status = passes(at, &smaller, (sp_bytes){0}, request->before, &found);
    if (!found)
        add_left_out_field(at, false, "before", request->before);
    return status;
}

static enum sp_status
list_left_out(struct asking *at)
{
    const sp_query *query = &at->sp_search_state.query;
    sp_arena *arena = &at->sp_search_state.answer->arena;
    size_t most = query->part_count + query->filter_count + 2;
    at->out->left_out_by = sp_arena_array(arena, most, sizeof *at->out->left_out_by);
    enum sp_status status = sp_arena_check(arena, at->sp_search_state.err);
    if (status == SP_OK)
        status = check_parts(at);
    for (int field = 0; status == SP_OK && field < SP_FIELD_COUNT; field++) {
        status = check_field(at, (enum sp_field)field, false);
        if (status == SP_OK)
            status = check_field(at, (enum sp_field)field, true);
    }
    return status == SP_OK ? check_dates(at) : status;
}

/* The text of a term that is a word, or of one that is a word's stem; empty for others. Words are
   folded, so capitals are prefixes. */
static sp_bytes
word_of(sp_bytes term, bool stems)
{
    if (stems && (term.len < 2 || term.data[0] != 'Z'))
        return (sp_bytes){0};
    if (stems)
        term = sp_bytes_slice(term, 1, term.len);
    bool prefixed = term.len == 0 || sp_ascii_is_upper(term.data[0]);
    if (prefixed)
        term.len = 0;
    return term;
}

static sp_bytes
most_alike(const struct asking *at, sp_bytes wanted, bool stems)
{
    double likeness = LIKENESS_MIN;
    sp_bytes best = SP_LITERAL("");
    for (size_t i = 0; i < at->document->term_count; i++) {
        sp_bytes word = word_of(from_xc(at->document->terms[i].term), stems);
        double alike = word.len > 0 ? sp_likeness(wanted, word) : 0;
        if (alike < likeness || (alike == likeness && best.len > 0))
            continue;
        likeness = alike;
        best = word;
    }
    return best;
}

/* Of the prose that a resource inherits there are stems alone. */
static sp_bytes
nearest_word(const struct asking *at, const sp_query_word *wanted)
{
    sp_bytes best = most_alike(at, wanted->word, false);
    if (best.len == 0)
        best = most_alike(at, wanted->stem, true);
    return sp_arena_copy(&at->sp_search_state.answer->arena, best);
}

static bool
has_word(const struct asking *at, sp_bytes word)
{
    for (size_t i = 0; i < at->document->term_count; i++) {
        if (sp_bytes_equal(from_xc(at->document->terms[i].term), word))
            return true;
    }
    return false;
}

static void
add_lacking(struct asking *at, const sp_plan_clause *part)
{
    SP_AUTO(sp_str_done) sp_str typed = {0};
    const sp_clause *words = part->words;
    sp_lacking *lacking = &at->out->lacking[at->out->lacking_count++];
    sp_str_append_text(&typed, scope_of(at, part->part));
    sp_str_append(&typed, part->typed);
    *lacking = (sp_lacking){.typed = sp_arena_copy_str(&at->sp_search_state.answer->arena, &typed),
                            .stem = SP_LITERAL(""),
                            .nearest = SP_LITERAL("")};
    if (words && sp_clause_is_plain_word(words)) {
        lacking->stem = words->words[0].stem;
        lacking->nearest = nearest_word(at, &words->words[0]);
    }
    lacking->scattered = words && words->word_count > 1;
    for (uint32_t i = 0; lacking->scattered && i < words->word_count; i++)
        lacking->scattered = has_word(at, words->words[i].word);
}

static enum sp_status
list_lacking(struct asking *at)
{
    const sp_plan *plan = &at->sp_search_state.plan;
    sp_arena *arena = &at->sp_search_state.answer->arena;
    enum sp_status status = SP_OK;
    at->out->lacking = sp_arena_array(arena, plan->clause_count, sizeof *at->out->lacking);
    for (uint32_t i = 0; at->out->lacking && status == SP_OK && i < plan->clause_count; i++) {
        bool found;
        status = matches(&at->sp_search_state, &at->located, plan->trees[i], &found);
        if (status == SP_OK && !found)
            add_lacking(at, &plan->clauses[i]);
    }
    at->out->lacks_all = plan->clause_count > 0 && at->out->lacking_count == plan->clause_count;
    return status;
}

/* Looks for the document among the hits of one group; *rank is 0 where it is not. */
static enum sp_status
rank_in(struct asking *at, const xc_query *tree, uint32_t *rank, uint32_t *total)
{
    struct group group = {0};
    const struct stretch wanted = {.limit = SP_LIMIT_MAX, .count_to = UINT32_MAX};
    enum sp_status status = sp_search_run(&at->sp_search_state, tree, &wanted, &group);
    *rank = 0;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count && *rank == 0; i++) {
        if (group.page->hits[i].docid == at->located.docid)
            *rank = (uint32_t)i + 1;
    }
    *total = group.total;
    xc_page_free(group.page);
    return status;
}

/* As a search has it: documents with every word, then those that lack some; what is pinned is among
   those that come first. */
static enum sp_status
find_rank(struct asking *at, bool *in_answer)
{
    const sp_plan *plan = &at->sp_search_state.plan;
    sp_why_not *out = at->out;
    uint32_t complete, others;
    bool has_all = false, pinned = false;
    enum sp_status status = SP_OK;
    out->pins = plan->pinned != NULL;
    if (out->pins)
        status = matches(&at->sp_search_state, &at->located, plan->pinned, &pinned);
    if (status == SP_OK)
        status = sp_search_place_pinned(&at->sp_search_state);
    if (status == SP_OK)
        status = matches(&at->sp_search_state, &at->located, plan->all, &has_all);
    *in_answer = has_all;
    if (status == SP_OK && !has_all && plan->any)
        status = matches(&at->sp_search_state, &at->located, plan->any, in_answer);
    if (status != SP_OK || !*in_answer)
        return status;
    status = rank_in(at, plan->all, &out->rank, &complete);
    if (status != SP_OK)
        return status;
    out->complete = complete;
    out->verdict = pinned ? SP_WHY_PINNED : has_all ? SP_WHY_RANKED : SP_WHY_BEHIND;
    if (!has_all)
        status = rank_in(at, complete == 0 ? plan->any : plan->rest, &out->rank, &others);
    if (!has_all && out->rank > 0)
        out->rank += complete;
    if (out->rank > 0 && at->request.limit > 0)
        out->page = (out->rank - 1) / at->request.limit + 1;
    return status;
}

static enum sp_status
judge(struct asking *at)
{
    xc_error cause;
    bool in_answer = false;
    sp_why_not *out = at->out;
    xc_status got = xc_reader_get(at->sp_search_state.reader->xapian, at->located.docid,
                                  XC_FETCH_TERMS, &at->document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(at->sp_search_state.err, got, &cause, NULL);
    enum sp_status status = find_rank(at, &in_answer);
    if (status == SP_OK)
        status = list_lacking(at);
    if (status == SP_OK && !in_answer)
        status = list_left_out(at);
    if (status == SP_OK && !in_answer)
        out->verdict = out->left_out_count > 0            ? SP_WHY_LEFT_OUT
                       : out->lacking_count > 0           ? SP_WHY_LACKING
                       : !at->sp_search_state.plan.scored ? SP_WHY_EMPTY
                                                          : SP_WHY_OTHER;
    xc_record_free(at->document);
    at->document = NULL;
    return status;
}

static enum sp_status
attempt(void *context)
{
    struct asking *at = context;
    struct sp_search_state *sp_search_state = &at->sp_search_state;
    sp_arena *arena = &sp_search_state->answer->arena;
    sp_answer_begin(sp_search_state->answer, sp_search_state->request);
    *at->out = (sp_why_not){.verdict = SP_WHY_NOT_INDEXED};
    enum sp_status status = sp_search_read_query(sp_search_state);
    if (status == SP_OK)
        status = sp_search_plan_query(sp_search_state);
    if (status == SP_OK)
        status =
            sp_find_by_url(sp_search_state->reader, at->url, sp_search_state->request->base_url,
                           arena, &at->located, sp_search_state->err);
    if (status == SP_OK && at->located.docid > 0)
        status = judge(at);
    sp_plan_done(&sp_search_state->plan);
    at->out->url = sp_arena_copy(arena, at->url);
    at->out->nearest = at->located.nearest;
    at->out->text = sp_search_state->query.text;
    at->out->corrected = sp_search_state->answer->corrected;
    return status;
}

enum sp_status
sp_why_not_ask(sp_reader *reader, const sp_request *request, sp_bytes url, sp_why_not **out,
               sp_error *err)
{
    sp_answer answer = {0};
    sp_why_not *told = calloc(1, sizeof *told);
    if (!told)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct asking at = {.request = *request, .url = url, .out = told};
    at.request.explain = true;
    at.sp_search_state = (struct sp_search_state){
        .reader = reader, .request = &at.request, .answer = &answer, .err = err};
    if (request->timeout_us > 0)
        at.sp_search_state.deadline = sp_now_us() + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &at, err);
    told->revision = sp_arena_copy(&answer.arena, sp_reader_revision(reader));
    if (status == SP_OK)
        status = sp_arena_check(&answer.arena, err);
    told->arena = answer.arena;
    if (status == SP_OK)
        *out = told;
    else
        sp_why_not_free(told);
    return status;
}

void
sp_why_not_free(sp_why_not *told)
{
    if (!told)
        return;
    sp_arena_done(&told->arena);
    free(told);
}
