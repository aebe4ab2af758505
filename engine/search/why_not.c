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

struct why_not_state {
    struct sp_search_state search; /* its answer is used only for its arena and `corrected` */
    sp_request request;            /* the caller's, with `explain` set */
    sp_bytes url;
    sp_url_match match;
    xc_record *document; /* with its terms, in byte order */
    sp_why_not *out;
};

static enum sp_status
matches(struct sp_search_state *search, const sp_url_match *match, const xc_query *tree,
        bool *found)
{
    return sp_search_tree_matches(search, tree, match->unique, match->docid, found);
}

static void
add_left_out(struct why_not_state *state, bool excluded, const char *field, sp_bytes value)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_arena *arena = &state->search.answer->arena;
    sp_str_append_text(&text, excluded ? "-" : "");
    sp_str_append_text(&text, field);
    sp_str_append(&text, value);
    state->out->left_out_by[state->out->left_out_count++] = sp_arena_copy_str(arena, &text);
}

static void
add_left_out_field(struct why_not_state *state, bool excluded, const char *field, sp_bytes value)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_str_append_char(&text, ':');
    sp_str_append(&text, value);
    state->search.answer->arena.failed |= text.failed;
    add_left_out(state, excluded, field, sp_str_bytes(&text));
}

static const char *
scope_of(const struct why_not_state *state, const sp_node *part)
{
    static const char *const scopes[] = {"", "title:", "under:"};
    const sp_clause *clauses = state->search.query.clauses;
    return part->kind == SP_NODE_CLAUSE ? scopes[clauses[part->clause].scope] : "";
}

/* Restores the field, quotes or parentheses, which node->typed does not include. */
static void
add_left_out_part(struct why_not_state *state, const sp_node *part)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_clause *clauses = state->search.query.clauses;
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
    state->search.answer->arena.failed |= text.failed;
    add_left_out(state, part->excluded, scope_of(state, part), sp_str_bytes(&text));
}

/* Whether the document matches `query`, a part of the request's query, with these dates. */
static enum sp_status
passes(struct why_not_state *state, const sp_query *query, sp_bytes after, sp_bytes before,
       bool *found)
{
    sp_request request = state->request;
    struct sp_search_state smaller = state->search;
    request.after = after;
    request.before = before;
    smaller.request = &request;
    smaller.query = *query;
    smaller.plan = (sp_plan){0};
    enum sp_status status = sp_search_plan_query(&smaller);
    if (status == SP_OK)
        status = matches(&smaller, &state->match, smaller.plan.all, found);
    sp_plan_done(&smaller.plan);
    return status;
}

/* Checks each part of the query that only narrows the answer. */
static enum sp_status
check_parts(struct why_not_state *state)
{
    const sp_query *query = &state->search.query;
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
        status = passes(state, &smaller, (sp_bytes){0}, (sp_bytes){0}, &found);
        if (!found)
            add_left_out_part(state, part);
    }
    return status;
}

/* Checks the filters of one field together, because a document need pass only one of them. Excluded
   filters are also checked together. */
static enum sp_status
check_field(struct why_not_state *state, enum sp_field field, bool excluded)
{
    const sp_query *query = &state->search.query;
    sp_arena *arena = &state->search.answer->arena;
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
    enum sp_status status = passes(state, &smaller, (sp_bytes){0}, (sp_bytes){0}, &found);
    for (size_t i = 0; status == SP_OK && !found && i < smaller.filter_count; i++)
        add_left_out_field(state, excluded, sp_field_names[field], smaller.filters[i].value);
    return status;
}

static enum sp_status
check_dates(struct why_not_state *state)
{
    const sp_request *request = state->search.request;
    sp_query smaller = state->search.query;
    bool found = true;
    enum sp_status status = SP_OK;
    smaller.part_count = smaller.filter_count = 0;
    if (request->after.len > 0)
        status = passes(state, &smaller, request->after, (sp_bytes){0}, &found);
    if (!found)
        add_left_out_field(state, false, "after", request->after);
    found = true;
    if (status == SP_OK && request->before.len > 0)
        status = passes(state, &smaller, (sp_bytes){0}, request->before, &found);
    if (!found)
        add_left_out_field(state, false, "before", request->before);
    return status;
}

static enum sp_status
list_left_out(struct why_not_state *state)
{
    const sp_query *query = &state->search.query;
    sp_arena *arena = &state->search.answer->arena;
    size_t most = query->part_count + query->filter_count + 2;
    state->out->left_out_by = sp_arena_array(arena, most, sizeof *state->out->left_out_by);
    enum sp_status status = sp_arena_check(arena, state->search.err);
    if (status == SP_OK)
        status = check_parts(state);
    for (int field = 0; status == SP_OK && field < SP_FIELD_COUNT; field++) {
        status = check_field(state, (enum sp_field)field, false);
        if (status == SP_OK)
            status = check_field(state, (enum sp_field)field, true);
    }
    return status == SP_OK ? check_dates(state) : status;
}

/* The word of a term without prefix, or with `stems` the stem of a word; empty for other terms.
   Words are folded, so capitals belong to prefixes. */
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
most_alike(const struct why_not_state *state, sp_bytes wanted, bool stems)
{
    double likeness = SP_LIKENESS_MIN;
    sp_bytes best = SP_LITERAL("");
    for (size_t i = 0; i < state->document->term_count; i++) {
        sp_bytes word = word_of(from_xc(state->document->terms[i].term), stems);
        double alike = word.len > 0 ? sp_likeness(wanted, word) : 0;
        if (alike < likeness || (alike == likeness && best.len > 0))
            continue;
        likeness = alike;
        best = word;
    }
    return best;
}

static sp_bytes
copy_shown(const struct why_not_state *state, sp_bytes word)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    sp_word_append_shown(&shown, word);
    return sp_arena_copy_str(&state->search.answer->arena, &shown);
}

/* The most similar word of the document, or else the most similar stem: the words that a resource
   inherits are indexed only as stems. */
static sp_bytes
nearest_word(const struct why_not_state *state, const sp_query_word *wanted)
{
    sp_bytes best = most_alike(state, wanted->word, false);
    if (best.len == 0)
        best = most_alike(state, wanted->stem, true);
    return copy_shown(state, best);
}

static bool
has_word(const struct why_not_state *state, sp_bytes word)
{
    for (size_t i = 0; i < state->document->term_count; i++) {
        if (sp_bytes_equal(from_xc(state->document->terms[i].term), word))
            return true;
    }
    return false;
}

static void
add_lacking(struct why_not_state *state, const sp_plan_clause *part)
{
    SP_AUTO(sp_str_done) sp_str typed = {0};
    const sp_clause *words = part->words;
    sp_lacking *lacking = &state->out->lacking[state->out->lacking_count++];
    sp_str_append_text(&typed, scope_of(state, part->part));
    sp_str_append(&typed, part->typed);
    *lacking = (sp_lacking){.typed = sp_arena_copy_str(&state->search.answer->arena, &typed),
                            .stem = SP_LITERAL(""),
                            .nearest = SP_LITERAL("")};
    if (words && sp_clause_is_plain_word(words)) {
        lacking->stem = copy_shown(state, words->words[0].stem);
        lacking->nearest = nearest_word(state, &words->words[0]);
    }
    lacking->scattered = words && words->word_count > 1;
    for (uint32_t i = 0; lacking->scattered && i < words->word_count; i++)
        lacking->scattered = has_word(state, words->words[i].word);
}

static enum sp_status
list_lacking(struct why_not_state *state)
{
    const sp_plan *plan = &state->search.plan;
    sp_arena *arena = &state->search.answer->arena;
    enum sp_status status = SP_OK;
    state->out->lacking = sp_arena_array(arena, plan->clause_count, sizeof *state->out->lacking);
    for (uint32_t i = 0; state->out->lacking && status == SP_OK && i < plan->clause_count; i++) {
        bool found;
        status = matches(&state->search, &state->match, plan->trees[i], &found);
        if (status == SP_OK && !found)
            add_lacking(state, &plan->clauses[i]);
    }
    state->out->lacks_all =
        plan->clause_count > 0 && state->out->lacking_count == plan->clause_count;
    return status;
}

/* Looks for the document among the hits of one group; sets *rank to 0 if it is not there. */
static enum sp_status
rank_in(struct why_not_state *state, const xc_query *tree, uint32_t *rank, uint32_t *total)
{
    struct sp_group group = {0};
    const struct sp_group_request wanted = {.limit = SP_LIMIT_MAX, .count_to = UINT32_MAX};
    enum sp_status status = sp_search_run(&state->search, tree, &wanted, &group);
    *rank = 0;
    for (size_t i = 0; status == SP_OK && i < group.page->hit_count && *rank == 0; i++) {
        if (group.page->hits[i].docid == state->match.docid)
            *rank = (uint32_t)i + 1;
    }
    *total = group.total;
    xc_page_free(group.page);
    return status;
}

/* Ranks as in an answer: documents with every word, then those with some; pinned documents are in
   the group that comes first. */
static enum sp_status
find_rank(struct why_not_state *state, bool *in_answer)
{
    const sp_plan *plan = &state->search.plan;
    sp_why_not *out = state->out;
    uint32_t complete, others;
    bool has_all = false, pinned = false;
    enum sp_status status = SP_OK;
    out->pins = plan->pinned != NULL;
    if (out->pins)
        status = matches(&state->search, &state->match, plan->pinned, &pinned);
    if (status == SP_OK)
        status = sp_search_place_pinned(&state->search);
    if (status == SP_OK)
        status = sp_titles_place(&state->search);
    if (status == SP_OK)
        status = matches(&state->search, &state->match, plan->all, &has_all);
    *in_answer = has_all;
    if (status == SP_OK && !has_all && plan->any)
        status = matches(&state->search, &state->match, plan->any, in_answer);
    if (status != SP_OK || !*in_answer)
        return status;
    status = rank_in(state, plan->all, &out->rank, &complete);
    if (status != SP_OK)
        return status;
    out->complete = complete;
    out->mixed = plan->mixed;
    out->verdict = pinned ? SP_WHY_PINNED : has_all ? SP_WHY_RANKED : SP_WHY_BEHIND;
    if (plan->mixed)
        status = rank_in(state, plan->any, &out->rank, &others);
    else if (!has_all)
        status = rank_in(state, complete == 0 ? plan->any : plan->rest, &out->rank, &others);
    if (!has_all && !plan->mixed && out->rank > 0)
        out->rank += complete;
    if (out->rank > 0 && state->request.limit > 0)
        out->page = (out->rank - 1) / state->request.limit + 1;
    return status;
}

static enum sp_status
find_verdict(struct why_not_state *state)
{
    xc_error cause;
    bool in_answer = false;
    sp_why_not *out = state->out;
    xc_status got = xc_reader_get(state->search.reader->xapian, state->match.docid, XC_FETCH_TERMS,
                                  &state->document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(state->search.err, got, &cause, NULL);
    enum sp_status status = find_rank(state, &in_answer);
    if (status == SP_OK)
        status = list_lacking(state);
    if (status == SP_OK && !in_answer)
        status = list_left_out(state);
    if (status == SP_OK && !in_answer)
        out->verdict = out->left_out_count > 0      ? SP_WHY_LEFT_OUT
                       : out->lacking_count > 0     ? SP_WHY_LACKING
                       : !state->search.plan.scored ? SP_WHY_EMPTY
                                                    : SP_WHY_OTHER;
    xc_record_free(state->document);
    state->document = NULL;
    return status;
}

static enum sp_status
attempt(void *context)
{
    struct why_not_state *state = context;
    struct sp_search_state *search = &state->search;
    sp_arena *arena = &search->answer->arena;
    sp_answer_begin(search->answer, search->request);
    *state->out = (sp_why_not){.verdict = SP_WHY_NOT_INDEXED};
    enum sp_status status = sp_search_read_query(search);
    if (status == SP_OK)
        status = sp_search_plan_query(search);
    if (status == SP_OK)
        status = sp_find_by_url(search->reader, state->url, search->request->base_url, arena,
                                &state->match, search->err);
    if (status == SP_OK && state->match.docid > 0)
        status = find_verdict(state);
    sp_plan_done(&search->plan);
    state->out->url = sp_arena_copy(arena, state->url);
    state->out->nearest = state->match.nearest;
    state->out->text = search->query.text;
    state->out->corrected = search->answer->corrected;
    return status;
}

enum sp_status
sp_why_not_ask(sp_reader *reader, const sp_request *request, sp_bytes url, sp_why_not **out,
               sp_error *err)
{
    sp_answer answer = {0};
    sp_why_not *why_not = calloc(1, sizeof *why_not);
    if (!why_not)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    struct why_not_state state = {.request = *request, .url = url, .out = why_not};
    state.request.explain = true;
    state.search = (struct sp_search_state){
        .reader = reader, .request = &state.request, .answer = &answer, .err = err};
    if (request->timeout_us > 0)
        state.search.deadline = sp_now_us() + request->timeout_us;
    enum sp_status status = sp_reader_attempt(reader, attempt, &state, err);
    why_not->revision = sp_arena_copy(&answer.arena, sp_reader_revision(reader));
    if (status == SP_OK)
        status = sp_arena_check(&answer.arena, err);
    why_not->arena = answer.arena;
    if (status == SP_OK)
        *out = why_not;
    else
        sp_why_not_free(why_not);
    return status;
}

void
sp_why_not_free(sp_why_not *why_not)
{
    if (!why_not)
        return;
    sp_arena_done(&why_not->arena);
    free(why_not);
}
