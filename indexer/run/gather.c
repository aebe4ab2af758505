// SPDX-License-Identifier: GPL-2.0-or-later
#include "gather.h"
#include "near.h"

#include "engine/base/bound.h"

#include <stdlib.h>

static sp_bytes
text_of(const sp_post *post, sp_range range)
{
    return sp_bytes_slice(post->text, range.start, range.end);
}

/* The most bytes that a mention of the post may copy from it. Each mention of a post with thousands
   of links copies less. */
static size_t
share_of(const sp_post *post)
{
    size_t share = SP_INHERITED_MAX / (post->mention_count + 1);
    return share < SP_PROSE_MAX ? share : SP_PROSE_MAX;
}

/* The beginning of a text that is longer than max, up to the end of a word; all of other texts. */
static sp_bytes
shorten(sp_bytes text, size_t max)
{
    sp_bytes cut = sp_utf8_cut(text, max);
    size_t end = cut.len;
    while (cut.len < text.len && end > cut.len / 2 && !strchr(" \n", cut.data[end]))
        end--;
    if (cut.len < text.len && end > cut.len / 2)
        cut.len = end;
    return cut;
}

/* Headings together can be half as long as the prose. */
static void
copy_breadcrumb(sp_arena *arena, const sp_post *post, uint32_t index, sp_context *context)
{
    uint32_t depth = 0;
    size_t total = 0, max = share_of(post) / 2;
    for (uint32_t i = index; i != SP_NO_SECTION; i = post->sections[i].parent) {
        depth += post->sections[i].heading.end > post->sections[i].heading.start;
        total += post->sections[i].heading.end - post->sections[i].heading.start;
    }
    max = total > max && depth > 0 ? max / depth : total;
    context->breadcrumb = sp_arena_array(arena, depth, sizeof *context->breadcrumb);
    context->breadcrumb_count = context->breadcrumb ? depth : 0;
    for (uint32_t i = index; context->breadcrumb && i != SP_NO_SECTION;
         i = post->sections[i].parent) {
        sp_bytes heading = text_of(post, post->sections[i].heading);
        if (heading.len > 0)
            context->breadcrumb[--depth] = sp_arena_copy(arena, shorten(heading, max));
    }
}

static sp_bytes
page_link(sp_arena *arena, const sp_post *post, sp_bytes anchor)
{
    SP_AUTO(sp_str_done) sp_str link = {0};
    sp_str_append(&link, post->url);
    if (anchor.len > 0)
        sp_str_append_char(&link, '#');
    sp_str_append(&link, anchor);
    return sp_arena_copy_str(arena, &link);
}

/* Tags or categories of the post, as many as fit into max bytes, each ending in '\n'. */
static sp_bytes
join_topics(sp_arena *arena, const sp_bytes *topics, size_t count, size_t max)
{
    SP_AUTO(sp_str_done) sp_str joined = {0};
    for (size_t i = 0; i < count && joined.len + topics[i].len + 1 <= max; i++) {
        for (size_t k = 0; k < topics[i].len; k++)
            sp_str_append_char(&joined, topics[i].data[k] == '\n' ? ' ' : topics[i].data[k]);
        sp_str_append_char(&joined, '\n');
    }
    return sp_arena_copy_str(arena, &joined);
}

static sp_context *
make_context(sp_arena *arena, const sp_post *post, uint32_t index)
{
    sp_context *context = sp_arena_alloc(arena, sizeof *context);
    if (!context)
        return NULL;
    const sp_section *section = &post->sections[index];
    size_t share = share_of(post);
    sp_bytes title = shorten(text_of(post, post->title), share / 4);
    *context = (sp_context){
        .title = sp_arena_copy(arena, title),
        .tags = join_topics(arena, post->tags, post->tag_count, share / 4),
        .categories = join_topics(arena, post->categories, post->category_count, share / 4),
        .link = page_link(arena, post, section->anchor),
        .date = sp_arena_copy(arena, post->date),
        .lang = sp_arena_copy(arena, post->lang),
        .line = section->line};
    copy_breadcrumb(arena, post, index, context);
    return context;
}

/* While the mentions of a post are added, the context of the last section is reused. */
struct contexts_state {
    sp_arena *arena;
    const sp_post *post;
    uint32_t section;
    const sp_context *last;
};

static const sp_context *
context_of(struct contexts_state *contexts, uint32_t index)
{
    if (!contexts->last || contexts->section != index)
        contexts->last = make_context(contexts->arena, contexts->post, index);
    contexts->section = index;
    return contexts->last;
}

static sp_resource_mention
copy_mention(sp_arena *arena, const sp_post *post, const sp_mention *mention,
             const sp_context *context)
{
    return (sp_resource_mention){
        .context = context,
        .name = sp_arena_copy(arena, text_of(post, mention->name)),
        .description = sp_arena_copy(arena, text_of(post, mention->description)),
        .line = mention->line,
        .form = mention->form,
        .vague = mention->vague,
    };
}

static int
compare_urls(const void *left, const void *right)
{
    return sp_bytes_compare(*(const sp_bytes *)left, *(const sp_bytes *)right);
}

enum sp_status
sp_batch_add(sp_batch *batch, const sp_post *post, const sp_bytes *only, size_t only_count,
             sp_error *err)
{
    struct contexts_state contexts = {.arena = &batch->arena, .post = post};
    size_t share = share_of(post) < SP_NEAR_MAX ? share_of(post) : SP_NEAR_MAX;
    sp_near near;
    sp_near_begin(&near, post);
    for (size_t i = 0; i < post->mention_count; i++) {
        const sp_mention *mention = &post->mentions[i];
        bool wanted =
            !only || bsearch(&mention->canonical, only, only_count, sizeof *only, compare_urls);
        if (!wanted) {
            sp_near_visit(&near, mention, 0, NULL, NULL);
            continue;
        }
        const sp_context *context = context_of(&contexts, mention->section);
        batch->mentions = sp_arena_grow(&batch->arena, batch->mentions, &batch->capacity,
                                        batch->count + 1, sizeof *batch->mentions);
        if (!batch->mentions || !context)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
        sp_batch_mention *made = &batch->mentions[batch->count++];
        *made = (sp_batch_mention){
            .canonical = sp_arena_copy(&batch->arena, mention->canonical),
            .url = sp_arena_copy(&batch->arena, mention->url),
            .mention = copy_mention(&batch->arena, post, mention, context),
        };
        sp_near_visit(&near, mention, share, &batch->arena, &made->mention);
    }
    return sp_arena_check(&batch->arena, err);
}

void
sp_batch_done(sp_batch *batch)
{
    sp_arena_done(&batch->arena);
    *batch = (sp_batch){0};
}

struct numbered {
    const sp_batch_mention *mention;
    size_t number; /* keeps equal mentions in their order */
};

static int
by_resource(const void *a, const void *b)
{
    const struct numbered *left = a, *right = b;
    int order = sp_bytes_compare(left->mention->canonical, right->mention->canonical);
    if (order != 0)
        return order;
    return (left->number > right->number) - (left->number < right->number);
}

/* A resource's URL is spelled as most posts spell it; of equally frequent spellings, the first is
   used. A post has one vote, that of its first mention, however often it repeats the link. Only
   this many posts vote, which bounds the work for a link in the footer of every page. */
#define VOTERS_MAX 200

/* Sets the URLs that posts vote for, and returns their number. */
static size_t
list_votes(const struct numbered *mentions, size_t count, sp_bytes votes[VOTERS_MAX])
{
    size_t voters = 0;
    sp_bytes last = {0};
    for (size_t i = 0; i < count && voters < VOTERS_MAX; i++) {
        sp_bytes page = sp_context_page(mentions[i].mention->mention.context);
        if (i == 0 || !sp_bytes_equal(page, last))
            votes[voters++] = mentions[i].mention->url;
        last = page;
    }
    return voters;
}

static sp_bytes
most_written(const struct numbered *mentions, size_t count)
{
    sp_bytes urls[VOTERS_MAX], best = mentions[0].mention->url;
    size_t best_votes = 0, voters = list_votes(mentions, count, urls);
    for (size_t i = 0; i < voters; i++) {
        size_t votes = 0;
        for (size_t k = i; k < voters; k++)
            votes += sp_bytes_equal(urls[i], urls[k]);
        if (votes > best_votes) {
            best_votes = votes;
            best = urls[i];
        }
    }
    return best;
}

static void
add_resource(sp_resources *out, const struct numbered *mentions, size_t count)
{
    sp_resource_mention *copies = sp_arena_array(&out->arena, count, sizeof *copies);
    for (size_t i = 0; copies && i < count; i++)
        copies[i] = mentions[i].mention->mention;
    out->items[out->count++] = (sp_resource){
        .canonical = mentions[0].mention->canonical,
        .url = most_written(mentions, count),
        .mentions = copies,
        .mention_count = (uint32_t)count,
    };
}

enum sp_status
sp_gather(const sp_batch *batches, size_t count, sp_resources *out, sp_error *err)
{
    size_t total = 0, filled = 0;
    for (size_t i = 0; i < count; i++)
        total += batches[i].count;
    struct numbered *all = calloc(total ? total : 1, sizeof *all);
    *out = (sp_resources){0};
    out->items = sp_arena_array(&out->arena, total, sizeof *out->items);
    if (!all || !out->items) {
        free(all);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < batches[i].count; k++, filled++)
            all[filled] = (struct numbered){&batches[i].mentions[k], filled};
    }
    qsort(all, total, sizeof *all, by_resource);
    for (size_t first = 0, last; first < total; first = last) {
        last = first + 1;
        while (last < total &&
               sp_bytes_equal(all[first].mention->canonical, all[last].mention->canonical))
            last++;
        add_resource(out, &all[first], last - first);
    }
    free(all);
    return sp_arena_check(&out->arena, err);
}
