// SPDX-License-Identifier: GPL-2.0-or-later
#include "elsewhere.h"

#include "engine/base/characters.h"
#include "engine/index/token_table.h"

#include <signpost/ascii.h>
#include <signpost/url.h>

/* Longer addresses are cut, in bytes. */
#define ADDRESS_MAX 200

/* The title of the page that mentions a resource is shown without marks. */
#define FIELD_PAGE SP_ELSEWHERE_COUNT

/* A text of the hit. */
struct place {
    int field;           /* enum sp_elsewhere_field or FIELD_PAGE */
    uint32_t start, end; /* in places.text */
};

/* The texts of a hit, one on each line, so that the analyzer runs once. */
struct places {
    sp_str text;
    struct place *items;
    size_t count, capacity;
    sp_arena *arena;
    uint64_t shown;              /* the clauses in the text or the page's title, as bits */
    uint32_t top_start, top_end; /* the top-level domain, which is not searched */
};

/* The clauses that are not in the hit's text, as bits; 0 if the hit does not have them at all. */
static uint64_t
wanted_clauses(const sp_plan *plan, const sp_hit *hit)
{
    uint64_t every = plan->clause_count < 64 ? (UINT64_C(1) << plan->clause_count) - 1 : UINT64_MAX;
    uint64_t wanted = every & ~hit->in_text;
    uint32_t count = 0;
    for (uint64_t rest = wanted; rest; rest &= rest - 1)
        count++;
    return count > hit->missing_count ? wanted : 0;
}

/* Appends a path with its escapes of characters outside ASCII decoded, or as it is if these are not
   UTF-8. */
static void
append_path(sp_str *out, sp_bytes path)
{
    SP_AUTO(sp_str_done) sp_str decoded = {0};
    for (size_t i = 0; i < path.len; i++) {
        bool escape = path.data[i] == '%' && i + 2 < path.len;
        int high = escape ? sp_ascii_hex_value(path.data[i + 1]) : -1;
        int low = high >= 8 ? sp_ascii_hex_value(path.data[i + 2]) : -1;
        sp_str_append_char(&decoded, low >= 0 ? (char)(high * 16 + low) : path.data[i]);
        i += low >= 0 ? 2 : 0;
    }
    out->failed |= decoded.failed;
    bool good = sp_utf8_invalid(sp_str_bytes(&decoded)) == SIZE_MAX;
    sp_str_append(out, good ? sp_str_bytes(&decoded) : path);
}

/* Appends host and path of a resource, as it is named if it has no other name. */
static void
append_address(struct places *places, sp_bytes url, sp_str *out)
{
    sp_bytes path = sp_url_path(url);
    sp_host_append_unicode(out, sp_host_without_www(sp_url_authority(url)));
    size_t top = out->len;
    while (top > 0 && out->data[top - 1] != '.')
        top--;
    places->top_start = (uint32_t)(places->text.len + top);
    places->top_end = (uint32_t)(places->text.len + out->len);
    if (path.len > 1)
        append_path(out, path);
}

static void
add_text(struct places *places, int field, sp_bytes text)
{
    uint32_t start = (uint32_t)places->text.len;
    places->items = sp_arena_grow(places->arena, places->items, &places->capacity,
                                  places->count + 1, sizeof *places->items);
    if (!places->items)
        return;
    for (size_t i = 0; i < text.len; i++)
        sp_str_append_char(&places->text, text.data[i] == '\n' ? ' ' : text.data[i]);
    places->items[places->count++] = (struct place){field, start, (uint32_t)places->text.len};
    sp_str_append_char(&places->text, '\n');
}

static void
add_address(struct places *places, const sp_hit *hit, sp_bytes base_url)
{
    SP_AUTO(sp_str_done) sp_str address = {0};
    if (hit->kind == SP_KIND_POST)
        append_path(&address, sp_bytes_slice(hit->url, base_url.len, hit->url.len));
    else
        append_address(places, hit->url, &address);
    SP_AUTO(sp_str_done) sp_str shown = {0};
    bool cut = address.len > ADDRESS_MAX;
    size_t end = cut ? sp_cluster_floor(sp_str_bytes(&address), ADDRESS_MAX) : address.len;
    sp_str_append(&shown, sp_bytes_slice(sp_str_bytes(&address), 0, end));
    sp_str_append_text(&shown, cut ? "\xE2\x80\xA6" : "");
    add_text(places, SP_ELSEWHERE_URL, sp_str_bytes(&shown));
    places->text.failed |= address.failed || shown.failed;
}

static void
add_values(struct places *places, int field, const sp_bytes *values, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        add_text(places, field, values[i]);
}

/* Finds the matches in the texts as if they were a record in the language of the query. */
static enum sp_status
find_matches(struct sp_search_state *state, sp_bytes text, sp_matches *out)
{
    SP_AUTO(sp_str_done) sp_str hashes = {0};
    SP_AUTO(sp_str_done) sp_str spans = {0};
    sp_tokens tokens;
    enum sp_status status = sp_analyze(state->analyzer, text, &tokens, state->err);
    if (status != SP_OK)
        return status;
    sp_token_table_append(&hashes, &spans, &tokens);
    if (hashes.failed || spans.failed)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    const sp_record record = {.lang = state->plan.lang,
                              .text = text,
                              .token_count = (uint32_t)tokens.count,
                              .hashes = sp_str_bytes(&hashes),
                              .spans = sp_str_bytes(&spans)};
    return sp_matches_find(&state->reader->finder, &state->plan, &record, out, state->err);
}

static bool
lies_in(const struct places *places, const struct place *place, const sp_match *match)
{
    bool top = match->start >= places->top_start && match->end <= places->top_end;
    return match->start >= place->start && match->end <= place->end && !top;
}

/* The clauses that match in the place, as bits. */
static uint64_t
clauses_in(const struct places *places, const struct place *place, const sp_matches *matches)
{
    uint64_t clauses = 0;
    for (uint32_t i = 0; i < matches->count; i++) {
        if (lies_in(places, place, &matches->items[i]))
            clauses |= UINT64_C(1) << (matches->items[i].clause % 64);
    }
    return clauses;
}

static void
set_marks(const struct places *places, const struct place *place, const sp_matches *matches,
          sp_marked *text)
{
    for (uint32_t i = 0; i < matches->count; i++) {
        const sp_match *match = &matches->items[i];
        sp_range *last = text->mark_count > 0 ? &text->marks[text->mark_count - 1] : NULL;
        const sp_range mark = {match->start - place->start, match->end - place->start};
        if (!lies_in(places, place, match))
            continue;
        if (!last || mark.start > last->end)
            text->marks[text->mark_count++] = mark;
        else if (mark.end > last->end)
            last->end = mark.end;
    }
}

/* Copies to the hit the texts that show a clause which nothing else shows. */
static void
keep_marked(struct places *places, const sp_matches *matches, sp_arena *arena, sp_hit *hit)
{
    for (size_t i = 0; i < places->count; i++) {
        const struct place *place = &places->items[i];
        uint64_t clauses = clauses_in(places, place, matches);
        if (place->field == FIELD_PAGE)
            places->shown |= clauses;
        if (place->field == FIELD_PAGE || (clauses & ~places->shown) == 0)
            continue;
        sp_elsewhere *found = &hit->elsewhere[hit->elsewhere_count];
        *found = (sp_elsewhere){.field = (enum sp_elsewhere_field)place->field};
        found->text.marks = sp_arena_array(arena, matches->count, sizeof *found->text.marks);
        if (!found->text.marks)
            return;
        set_marks(places, place, matches, &found->text);
        found->text.text = sp_arena_copy(
            arena, sp_bytes_slice(sp_str_bytes(&places->text), place->start, place->end));
        hit->elsewhere_count++;
    }
}

static enum sp_status
find_in_hit(struct sp_search_state *state, uint64_t wanted, sp_hit *hit)
{
    SP_AUTO(sp_arena_done) sp_arena scratch = {0};
    sp_arena *arena = &state->answer->arena;
    struct places places = {.arena = &scratch, .shown = ~wanted};
    sp_matches matches;
    uint32_t most = 1 + hit->tag_count + hit->category_count;
    hit->elsewhere = sp_arena_array(arena, most, sizeof *hit->elsewhere);
    if (hit->mention_count > 0)
        add_text(&places, FIELD_PAGE, hit->mentions[0].title);
    add_address(&places, hit, state->request->base_url);
    add_values(&places, SP_ELSEWHERE_TAG, hit->tags, hit->tag_count);
    add_values(&places, SP_ELSEWHERE_CATEGORY, hit->categories, hit->category_count);
    enum sp_status status = sp_str_check(&places.text, state->err);
    if (status == SP_OK)
        status = sp_arena_check(scratch.failed ? &scratch : arena, state->err);
    if (status == SP_OK)
        status = find_matches(state, sp_str_bytes(&places.text), &matches);
    if (status == SP_OK && matches.count > 0)
        keep_marked(&places, &matches, arena, hit);
    sp_str_done(&places.text);
    return status == SP_OK ? sp_arena_check(arena, state->err) : status;
}

enum sp_status
sp_elsewhere_find(struct sp_search_state *state)
{
    enum sp_status status = SP_OK;
    for (uint32_t i = 0; status == SP_OK && i < state->answer->hit_count; i++) {
        sp_hit *hit = &state->answer->hits[i];
        uint64_t wanted = state->plan.pattern_count > 0 ? wanted_clauses(&state->plan, hit) : 0;
        if (wanted)
            status = find_in_hit(state, wanted, hit);
    }
    return status;
}
