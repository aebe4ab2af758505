// SPDX-License-Identifier: GPL-2.0-or-later
/* The links of a post: decides which links are mentions, whether a mention is listed or inline, and
   which text describes it. */
#include "compose.h"

#include "engine/base/sentence.h"
#include "liquid.h"
#include <signpost/url.h>

static size_t
unit_led_by_link(const sp_compose *c)
{
    size_t depth = c->units;
    size_t known = depth < SP_UNITS_MAX ? depth : SP_UNITS_MAX;
    if (c->block_has_words)
        return depth;
    while (known > 1 && c->unit_start[known - 2] == c->block)
        known--;
    return depth < SP_UNITS_MAX ? known : depth;
}

static void
list_mention(sp_compose *c, size_t index, size_t depth)
{
    c->mentions[index].form = SP_MENTION_LISTED;
    c->described = index;
    c->described_unit = depth;
    c->list_like = true;
}

static void
open_entry(sp_compose *c, size_t index)
{
    c->link_leads = false;
    if (!c->block_has_words) {
        size_t unit = unit_led_by_link(c);
        c->link_leads = c->in_heading || unit < c->units; /* a paragraph is a unit in the item */
        sp_compose_describe_open(c, c->block);
        list_mention(c, index, unit);
    } else if (!c->line_has_words && c->list_like) {
        c->pending = index;
        c->pending_line = c->line_words;
    }
}

void
sp_compose_confirm(sp_compose *c)
{
    if (c->pending == SP_NONE)
        return;
    sp_compose_describe_open(c, c->pending_line);
    list_mention(c, c->pending, c->units);
    c->pending = SP_NONE;
}

static bool
read_url(sp_compose *c, sp_bytes url, sp_mention *mention)
{
    sp_url parsed;
    if (sp_bytes_find(url, SP_LITERAL(SP_LIQUID_MARK), 0) != SIZE_MAX ||
        !sp_url_parse(url, &parsed) || sp_url_is_host(&parsed, c->site_host))
        return false;
    SP_AUTO(sp_str_done) sp_str shown = {0};
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    sp_url_append_shown(&shown, &parsed);
    sp_url_append_canonical(&canonical, &parsed);
    mention->url = sp_arena_copy_str(c->arena, &shown);
    mention->canonical = sp_arena_copy_str(c->arena, &canonical);
    return !c->arena->failed;
}

static void
add_link(sp_compose *c, sp_bytes url)
{
    sp_notes *notes = c->notes;
    sp_link *links = sp_arena_grow(c->arena, notes->links, &notes->link_capacity,
                                   notes->link_count + 1, sizeof *links);
    if (!links)
        return;
    notes->links = links;
    links[notes->link_count++] =
        (sp_link){.url = sp_arena_copy(c->arena, url), .line = c->line, .mention = SP_NO_MENTION};
}

/* Whether the post has as many mentions as it can have. If it has, the notes count one more. */
static bool
is_full(sp_compose *c)
{
    if (c->mention_count < SP_MENTIONS_MAX)
        return false;
    if (c->notes && c->notes->excess_mentions++ == 0)
        c->notes->excess_line = c->line;
    return true;
}

void
sp_compose_link_open(sp_compose *c, sp_bytes url)
{
    if (c->in_link || c->skip > 0)
        return;
    c->in_link = true;
    c->link_filled = false;
    sp_mention mention = {.section = (uint32_t)c->section_count - 1, .line = c->line};
    if (c->notes && !c->code)
        add_link(c, url);
    if (c->code || !read_url(c, url, &mention) || is_full(c))
        return;
    sp_mention *mentions = sp_arena_grow(c->arena, c->mentions, &c->mention_capacity,
                                         c->mention_count + 1, sizeof *mentions);
    if (!mentions)
        return;
    c->mentions = mentions;
    c->link = c->mention_count++;
    if (c->notes && c->notes->link_count > 0)
        c->notes->links[c->notes->link_count - 1].mention = (uint32_t)c->link;
    mention.form = SP_MENTION_INLINE;
    mentions[c->link] = mention;
    open_entry(c, c->link);
}

void
sp_compose_link_close(sp_compose *c)
{
    if (!c->in_link)
        return;
    c->in_link = false;
    if (c->link == SP_NONE)
        return;
    sp_mention *mention = &c->mentions[c->link];
    if (!c->link_filled)
        mention->name.start = (uint32_t)c->text.len;
    mention->name.end = (uint32_t)c->text.len;
    sp_bytes name = sp_bytes_slice(sp_str_bytes(&c->text), mention->name.start, mention->name.end);
    sp_link_text text = {
        .name = name, .canonical = mention->canonical, .lang = c->lang, .leads = c->link_leads};
    mention->vague = sp_is_vague_name(&text);
    c->link = SP_NONE;
}

/* Length of the white space or separator at the start of text, or 0. */
static size_t
separator_length(sp_bytes text)
{
    static const char *const wide[] = {"\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\xA2",
                                       "\xE2\x86\x92"};
    if (text.len == 0)
        return 0;
    if (text.data[0] != '\0' && strchr(" \n-:;.,|)]*~/>", text.data[0]))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        if (sp_bytes_starts_with(text, sp_bytes_of(wide[i])))
            return strlen(wide[i]);
    }
    return text.len > 1 && memcmp(text.data, "\xC2\xB7", 2) == 0 ? 2 : 0;
}

/* The end of the range. If the range has more than `max` bytes, it ends earlier, at the end of a
   word. */
static size_t
cut(sp_bytes text, size_t start, size_t end, size_t max)
{
    if (end - start <= max)
        return end;
    end = start + max;
    size_t word = end;
    while (word > end - max / 10 && text.data[word] != ' ' && text.data[word] != '\n')
        word--;
    if (text.data[word] == ' ' || text.data[word] == '\n')
        return word;
    while (sp_utf8_is_continuation(text.data[end]))
        end--;
    return end;
}

void
sp_compose_describe_open(sp_compose *c, size_t end)
{
    if (c->described == SP_NONE || c->text.failed || c->arena->failed)
        return;
    sp_bytes text = sp_str_bytes(&c->text);
    sp_mention *mention = &c->mentions[c->described];
    size_t start = mention->name.end;
    c->described = SP_NONE;
    size_t separator;
    while (start < end && (separator = separator_length(sp_bytes_slice(text, start, end))) > 0)
        start += separator;
    if (start < end)
        end = cut(text, start, end, SP_DESCRIPTION_MAX);
    while (end > start && (text.data[end - 1] == '\n' || text.data[end - 1] == ' '))
        end--;
    if (start < end)
        mention->description = (sp_range){(uint32_t)start, (uint32_t)end};
}

/* The end of the sentence that begins at `from`: after its final punctuation mark, before the
   space. */
static size_t
sentence_end(sp_bytes block, size_t from)
{
    size_t end = from + 1;
    while (end < block.len && !sp_sentence_ends_at(block, end))
        end++;
    return end < block.len ? end : block.len;
}

/* The part of a long sentence around the link, at most `max` bytes. */
static sp_range
window(sp_bytes text, sp_range sentence, sp_range name, size_t max)
{
    size_t half = max / 2;
    size_t start = sentence.start;
    if (sentence.end - sentence.start > max && name.start - start > half) {
        start = name.start - half;
        while (start < name.start && text.data[start] != ' ')
            start++;
        start += start < name.start;
    }
    return (sp_range){(uint32_t)start, (uint32_t)cut(text, start, sentence.end, max)};
}

void
sp_compose_describe_block(sp_compose *c)
{
    sp_bytes text = sp_str_bytes(&c->text);
    sp_bytes block = sp_bytes_slice(text, c->block, text.len);
    sp_range sentence = {0, 0};
    for (size_t i = c->block_mention; i < c->mention_count; i++) {
        sp_mention *mention = &c->mentions[i];
        if (mention->form != SP_MENTION_INLINE || c->in_heading || mention->name.start < c->block)
            continue;
        while (sentence.end == 0 ||
               (sentence.end < block.len && c->block + sentence.end <= mention->name.start)) {
            sentence.start = sentence.end + (sentence.end > 0 && block.data[sentence.end] == ' ');
            sentence.end = (uint32_t)sentence_end(block, sentence.start);
        }
        uint32_t base = (uint32_t)c->block;
        sp_range place = {base + sentence.start, base + sentence.end};
        if (mention->name.end > place.end)
            place.end = mention->name.end;
        mention->description = window(text, place, mention->name, SP_DESCRIPTION_MAX);
    }
}

void
sp_compose_limit_descriptions(sp_compose *c)
{
    size_t total = 0;
    for (size_t i = 0; i < c->mention_count; i++)
        total += c->mentions[i].description.end - c->mentions[i].description.start;
    if (total <= SP_DESCRIPTIONS_MAX || c->text.failed)
        return;
    size_t share = SP_DESCRIPTIONS_MAX / c->mention_count;
    for (size_t i = 0; i < c->mention_count; i++) {
        sp_mention *mention = &c->mentions[i];
        sp_range whole = mention->description;
        bool inside = whole.start <= mention->name.start && mention->name.end <= whole.end;
        sp_range focus = inside ? mention->name : (sp_range){whole.start, whole.start};
        mention->description = window(sp_str_bytes(&c->text), whole, focus, share);
    }
}
