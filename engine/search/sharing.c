// SPDX-License-Identifier: GPL-2.0-or-later
#include "sharing.h"

#include "engine/base/bound.h"
#include "engine/base/table.h"

#include <xxhash.h>

/* A passage is looked for in this many bytes of earlier ones and in this many texts with its URL,
   those of the first hits, so that the time for an answer of thousands of hits stays proportional
   to their number. */
#define PASSAGES_MAX ((size_t)64 * 1024)
#define SAME_URL_MAX 32
/* The start of a text, by which its place among the earlier ones is found. */
#define START_MAX 64

/* A text that is shown: a passage, or the description of a resource. */
struct shown {
    sp_bytes url;
    const sp_passage *passage; /* NULL: a description */
    const sp_marked *text;
    size_t end;        /* of the passage in sharing_state.passages */
    uint32_t rank;     /* of the hit that shows it, from 0 */
    uint32_t next;     /* the number, plus 1, of the one before it with the same URL; 0: none */
    uint32_t with_url; /* the number of those with the same URL, up to this one */
};

struct sharing_state {
    struct shown *items;
    uint32_t count;
    sp_table by_url; /* the last item of each URL */
    sp_str passages; /* their texts, each followed by '\n' */
};

static uint32_t
hash_of(sp_bytes bytes)
{
    return (uint32_t)XXH3_64bits(bytes.data, bytes.len);
}

static bool
has_url(const void *items, uint32_t item, const void *key)
{
    const struct shown *shown = items;
    return sp_bytes_equal(shown[item].url, *(const sp_bytes *)key);
}

/* The last item with this URL; NULL if there is none. */
static const struct shown *
find_url(const struct sharing_state *state, sp_bytes url)
{
    sp_table_slot *slot = sp_table_find(&state->by_url, hash_of(url), has_url, state->items, &url);
    return sp_table_has_item(slot) ? &state->items[sp_table_item(slot)] : NULL;
}

static const struct shown *
next_of(const struct sharing_state *state, const struct shown *shown)
{
    return shown->next > 0 ? &state->items[shown->next - 1] : NULL;
}

static void
add_shown(struct sharing_state *state, struct shown shown)
{
    uint32_t hash = hash_of(shown.url);
    sp_table_slot *slot = sp_table_find(&state->by_url, hash, has_url, state->items, &shown.url);
    if (!sp_table_has_item(slot)) {
        shown.with_url = 1;
        sp_table_fill(&state->by_url, slot, hash, state->count);
    } else if (state->items[sp_table_item(slot)].with_url < SAME_URL_MAX) {
        shown.next = slot->item_plus_1;
        shown.with_url = state->items[sp_table_item(slot)].with_url + 1;
        slot->item_plus_1 = state->count + 1;
    }
    if (shown.passage && state->passages.len < PASSAGES_MAX) {
        sp_str_append(&state->passages, shown.text->text);
        sp_str_append_char(&state->passages, '\n');
    }
    shown.end = state->passages.len;
    state->items[state->count++] = shown;
}

static bool
same_headings(const sp_passage *a, const sp_passage *b)
{
    bool same = a->heading_count == b->heading_count;
    for (uint32_t i = 0; same && i < a->heading_count; i++)
        same = sp_bytes_equal(a->heading[i], b->heading[i]);
    return same;
}

/* Labels have no anchors of their own, so sections with the same URL can have other headings. */
static bool
same_section(const sp_passage *a, const sp_passage *b)
{
    return !a->described && !b->described && same_headings(a, b);
}

/* Whether `later` adds nothing to `earlier`. */
static bool
repeats(const sp_marked *later, const sp_marked *earlier)
{
    return sp_bytes_find(earlier->text, later->text, 0) != SIZE_MAX ||
           (later->mark_count <= earlier->mark_count && earlier->text.len > 0 &&
            sp_bytes_find(later->text, earlier->text, 0) != SIZE_MAX);
}

static bool
ends_before(const void *items, size_t index, const void *key)
{
    return ((const struct shown *)items)[index].end <= *(const size_t *)key;
}

/* The item whose passage contains the text; NULL if there is none. */
static const struct shown *
find_text(const struct sharing_state *state, sp_bytes text)
{
    sp_bytes passages = sp_str_bytes(&state->passages);
    sp_bytes start = sp_bytes_slice(text, 0, text.len < START_MAX ? text.len : START_MAX);
    size_t at = text.len > 0 ? sp_bytes_find(passages, start, 0) : SIZE_MAX;
    while (at != SIZE_MAX &&
           (passages.len - at < text.len || memcmp(passages.data + at, text.data, text.len) != 0))
        at = sp_bytes_find(passages, start, at + 1);
    size_t found = sp_lower_bound(state->items, state->count, ends_before, &at);
    return at != SIZE_MAX && found < state->count ? &state->items[found] : NULL;
}

/* The URL of the section that shows the passage already; data NULL if none does. */
static sp_bytes
shown_in(const struct sharing_state *state, const sp_passage *passage)
{
    const struct shown *shown = find_url(state, passage->url);
    while (shown && !(shown->passage && (same_section(passage, shown->passage) ||
                                         repeats(&passage->text, shown->text))))
        shown = next_of(state, shown);
    if (!shown)
        shown = find_text(state, passage->text.text);
    return shown ? shown->url : (sp_bytes){0};
}

/* Removes the passages that another hit shows. */
static void
remove_passages(struct sharing_state *state, sp_hit *hit)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < hit->passage_count; i++) {
        sp_bytes url = shown_in(state, &hit->passages[i]);
        if (url.data && !hit->section.data)
            hit->section = url;
        if (!url.data)
            hit->passages[kept++] = hit->passages[i];
    }
    if (kept > 0)
        hit->section = (sp_bytes){0};
    hit->passage_count = kept;
}

/* Sets the section of a resource without passages: only the headings around its links match. */
static void
find_section(struct sharing_state *state, sp_hit *hit)
{
    const struct shown *shown = find_url(state, hit->at);
    while (shown && !shown->passage)
        shown = next_of(state, shown);
    if (shown)
        hit->section = shown->url;
}

/* Whether an earlier hit shows the description of hit number `rank`. */
static bool
is_described_above(const struct sharing_state *state, const sp_hit *hit, uint32_t rank)
{
    for (const struct shown *shown = find_url(state, hit->at); shown;
         shown = next_of(state, shown)) {
        if (shown->rank < rank &&
            sp_bytes_find(shown->text->text, hit->description.text, 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static void
share_hit(struct sharing_state *state, sp_hit *hit, uint32_t rank)
{
    bool described = hit->kind == SP_KIND_RESOURCE && hit->description.text.len > 0;
    if (hit->passage_count > 0)
        remove_passages(state, hit);
    else if (hit->kind == SP_KIND_RESOURCE)
        find_section(state, hit);
    hit->described_above = described && is_described_above(state, hit, rank);
    for (uint32_t i = 0; i < hit->passage_count; i++) {
        const sp_passage *passage = &hit->passages[i];
        add_shown(state, (struct shown){.url = passage->url,
                                        .passage = passage,
                                        .text = &passage->text,
                                        .rank = rank});
    }
    if (described && !hit->described_above)
        add_shown(state, (struct shown){.url = hit->at, .text = &hit->description, .rank = rank});
}

/* Whether the first headings are also the first of the others. */
static bool
begins_with(const sp_hit *longer, const sp_hit *shorter)
{
    bool same = shorter->at_heading_count <= longer->at_heading_count;
    for (uint32_t i = 0; same && i < shorter->at_heading_count; i++)
        same = sp_bytes_equal(shorter->at_heading[i], longer->at_heading[i]);
    return same;
}

/* Whether the hit matches by the section of the first hit of a group, or by a label in it. A page
   belongs to the resources before it if they show none of its passages. */
static bool
belongs_to(const sp_hit *head, const sp_hit *hit)
{
    if (hit->at.len == 0 || !sp_bytes_equal(head->at, hit->at))
        return false;
    if (hit->kind == SP_KIND_RESOURCE)
        return hit->passage_count == 0 && begins_with(hit, head);
    return head->kind == SP_KIND_RESOURCE && head->passage_count == 0 && !head->opening &&
           hit->passage_count > 0 && begins_with(head, hit);
}

static void
group(sp_hit *hits, uint32_t count)
{
    uint32_t head = 0;
    for (uint32_t i = 1; i < count; i++) {
        bool complete = hits[i].missing_count == 0, before = hits[i - 1].missing_count == 0;
        hits[i].grouped = complete == before && belongs_to(&hits[head], &hits[i]);
        head = hits[i].grouped ? head : i;
        if (hits[i].grouped && hits[i].kind == SP_KIND_POST) {
            hits[head].opening = &hits[i].passages[0];
            hits[i].passages_from = 1;
        }
    }
}

/* A page shows its own passages, also if a resource that it links to precedes it. first: the rank
   of the first hit. */
static void
share(struct sharing_state *state, sp_hit *hits, uint32_t count, uint32_t first)
{
    for (uint32_t i = 0; i < count; i++) {
        if (hits[i].kind == SP_KIND_POST)
            share_hit(state, &hits[i], first + i);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (hits[i].kind == SP_KIND_RESOURCE)
            share_hit(state, &hits[i], first + i);
    }
    group(hits, count);
}

static size_t
count_texts(const sp_hit *hits, uint32_t count)
{
    size_t texts = 0;
    for (uint32_t i = 0; i < count; i++)
        texts += hits[i].passage_count + 1;
    return texts;
}

void
sp_sharing_apply(sp_answer *answer)
{
    struct sharing_state state = {0};
    size_t most = count_texts(answer->hits, answer->hit_count) +
                  count_texts(answer->related, answer->related_count);
    if (answer->hit_count + answer->related_count < 2)
        return;
    state.items = sp_arena_array(&answer->arena, most, sizeof *state.items);
    if (!state.items || !sp_table_reserve(&state.by_url, most)) {
        sp_arena_fail(&answer->arena);
    } else {
        share(&state, answer->hits, answer->hit_count, 0);
        share(&state, answer->related, answer->related_count, answer->hit_count);
        answer->arena.failed |= state.passages.failed;
    }
    sp_table_done(&state.by_url);
    sp_str_done(&state.passages);
}
