// SPDX-License-Identifier: GPL-2.0-or-later
#include "resource_name.h"

#include "engine/analysis/stop_words.h"
#include "engine/base/characters.h"
#include "engine/base/language.h"

#include <signpost/analyzer.h>
#include <signpost/ascii.h>
#include <signpost/url.h>

/* Mentions beyond these are not searched for an address that an author wrote. */
#define MENTIONS_MAX 1000
/* The most posts whose names are candidates; counting the votes for one reads all votes. */
#define VOTERS_MAX 50
/* The length of a name that is taken from a description, in bytes. */
#define BORROWED_MAX 80
/* A word of this many bytes counts as several: Japanese, for example, has no blanks. */
#define LONG_WORD 24
/* A sentence with fewer words around the link than this ("Read more here") is not a name. */
#define WORDS_MIN 2

bool
sp_mention_has_name(const sp_resource_mention *mention)
{
    return !mention->vague && mention->name.len > 0;
}

/* What a post calls the resource. */
struct vote {
    sp_bytes name; /* empty: nothing */
    uint32_t weight;
};

/* The vote of the post whose first mention is at *next, which is moved to the next post. A post has
   one vote, however often it repeats a link: that of its first mention in a list, or else of its
   first mention, that has a name. */
static struct vote
take_vote(const sp_resource *resource, uint32_t *next)
{
    struct vote vote = {0};
    sp_bytes page = sp_context_page(resource->mentions[*next].context);
    for (; *next < resource->mention_count; ++*next) {
        const sp_resource_mention *mention = &resource->mentions[*next];
        uint32_t weight = mention->form == SP_MENTION_LISTED ? 3 : 1;
        if (!sp_bytes_equal(sp_context_page(mention->context), page))
            break;
        if (sp_mention_has_name(mention) && weight > vote.weight)
            vote = (struct vote){mention->name, weight};
    }
    return vote;
}

uint32_t
sp_resource_posts(const sp_resource *resource)
{
    uint32_t posts = 0;
    for (uint32_t next = 0; next < resource->mention_count; posts++)
        take_vote(resource, &next);
    return posts;
}

/* "levels.fyi" for "https://www.levels.fyi/". */
static sp_bytes
bare_address(sp_bytes url)
{
    sp_bytes address = sp_url_without_www(sp_url_without_scheme(url));
    address.len -= sp_bytes_ends_with(address, SP_LITERAL("/"));
    return address;
}

static bool
begins_alike(sp_bytes text, sp_bytes start)
{
    size_t same = 0;
    while (same < text.len && same < start.len &&
           sp_ascii_lower(text.data[same]) == sp_ascii_lower(start.data[same]))
        same++;
    return same == start.len;
}

/* Whether the text of a link is the resource's address or its beginning, as its host is. */
static bool
is_address_of(const sp_resource *resource, sp_bytes text)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    return sp_bytes_until(text, ".") < text.len && sp_bytes_until(text, "?") == text.len &&
           sp_link_text_append_canonical(&canonical, text) &&
           begins_alike(resource->canonical, sp_str_bytes(&canonical));
}

/* The first link text that is the address or its beginning, as its author wrote it ("Levels.fyi"),
   or empty. Addresses with a query are not taken: they can contain what tracks readers. */
static sp_bytes
written_address(const sp_resource *resource)
{
    uint32_t count =
        resource->mention_count < MENTIONS_MAX ? resource->mention_count : MENTIONS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        sp_bytes name = sp_link_text_trim(resource->mentions[i].name);
        if (is_address_of(resource, name))
            return sp_url_without_scheme(name);
    }
    return SP_LITERAL("");
}

/* The name that most posts use; a mention in a list counts more than one in running text, and of
   names with equally many votes the first wins. Empty if all link texts are vague. */
static sp_bytes
best_name(const sp_resource *resource, sp_arena *arena)
{
    sp_bytes best = {0};
    uint32_t best_weight = 0, count = 0, next = 0;
    struct vote *votes = sp_arena_array(arena, resource->mention_count, sizeof *votes);
    while (votes && next < resource->mention_count) {
        votes[count] = take_vote(resource, &next);
        count += votes[count].weight > 0;
    }
    for (uint32_t i = 0; i < count && i < VOTERS_MAX; i++) {
        uint32_t weight = 0;
        for (uint32_t k = 0; k < count; k++)
            weight += sp_bytes_equal(votes[i].name, votes[k].name) ? votes[k].weight : 0;
        if (weight > best_weight) {
            best_weight = weight;
            best = votes[i].name;
        }
    }
    return best;
}

/* The number of words in [start, end) that are not stop words. */
static size_t
count_words(sp_bytes text, size_t start, size_t end, sp_bytes language)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    size_t count = 0;
    sp_fold_append(&folded, sp_bytes_slice(text, start, end));
    sp_bytes rest = sp_str_bytes(&folded);
    for (size_t from = 0, to; from < rest.len; from = to + 1) {
        to = sp_bytes_find(rest, SP_LITERAL(" "), from);
        to = to == SIZE_MAX ? rest.len : to;
        sp_bytes word = sp_bytes_slice(rest, from, to);
        count += word.len > 0 && !sp_is_stop_word(language, word);
        count += word.len > LONG_WORD;
    }
    return count;
}

/* The last place in (start, most] where the text can be cut, or `most`. */
static size_t
cut_before(sp_bytes text, size_t start, size_t most)
{
    for (size_t at = most; at > start; at--) {
        if (text.data[at] == ' ' || sp_can_divide_at(text, at))
            return at;
    }
    return sp_cluster_floor(text, most) > start ? sp_cluster_floor(text, most) : most;
}

/* The part of a description that is short enough for a name and contains the link. */
static sp_range
part_around(sp_bytes text, size_t link, size_t link_end)
{
    size_t start = 0, end = text.len;
    if (link_end > BORROWED_MAX && text.len > BORROWED_MAX) {
        size_t room = link_end - link < BORROWED_MAX ? BORROWED_MAX - (link_end - link) : 0;
        start = cut_before(text, 0, link - room * 2 / 3);
        start += text.data[start] == ' ';
    }
    if (end - start > BORROWED_MAX)
        end = cut_before(text, start, start + BORROWED_MAX);
    return (sp_range){(uint32_t)start, (uint32_t)end};
}

/* Whether the description says enough to be a name. The rest of a list item often is one ("14:54 –
   HSTS"); a sentence needs a few words around the link. */
static bool
says_something(const sp_resource_mention *mention, sp_range link)
{
    sp_bytes text = mention->description, language = sp_language_primary(mention->context->lang);
    size_t words = count_words(text, 0, link.start, language) +
                   count_words(text, link.end, text.len, language);
    return sp_bytes_find(text, SP_LITERAL("://"), 0) == SIZE_MAX &&
           words >= (mention->form == SP_MENTION_LISTED ? 1 : WORDS_MIN);
}

sp_range
sp_name_in_description(const sp_resource_mention *mention)
{
    sp_bytes text = mention->description;
    sp_range link = {0}, part;
    size_t at = sp_bytes_find(text, mention->name, 0);
    if (mention->form == SP_MENTION_INLINE && at != SIZE_MAX)
        link = (sp_range){(uint32_t)at, (uint32_t)(at + mention->name.len)};
    if (!says_something(mention, link))
        return (sp_range){0};
    part = part_around(text, link.start, link.end);
    while (part.end > part.start && strchr(".,;: ", text.data[part.end - 1]))
        part.end--;
    return part;
}

sp_bytes
sp_resource_address(const sp_resource *resource)
{
    return bare_address(resource->url);
}

sp_bytes
sp_resource_name(const sp_resource *resource, uint32_t own, sp_arena *arena)
{
    sp_resource part = *resource;
    part.mention_count = own;
    sp_bytes name = best_name(&part, arena);
    if (name.len == 0 && own < resource->mention_count)
        name = best_name(resource, arena);
    return name.len > 0 ? name : written_address(resource);
}
