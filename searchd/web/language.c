// SPDX-License-Identifier: GPL-2.0-or-later
#include "language.h"

#include "../request.h"

#include <signpost/ascii.h>

/* A language range with its quality, in thousandths. */
struct range {
    const sp_words *words;
    uint32_t quality;
};

/* Reads a quality value, "0.75" as 750. Anything else means 0, as if the language was refused. */
static uint32_t
read_quality(sp_bytes text)
{
    uint32_t quality = 0, scale = 1000;
    if (text.len == 0 || text.len > 5 || (text.data[0] != '0' && text.data[0] != '1') ||
        (text.len > 1 && text.data[1] != '.'))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        if (i == 1)
            continue;
        if (!sp_ascii_is_digit(text.data[i]))
            return 0;
        quality += (uint32_t)(text.data[i] - '0') * scale;
        scale /= 10;
    }
    return quality;
}

static struct range
read_range(sp_bytes text)
{
    size_t end = sp_bytes_until(text, ";");
    sp_bytes tag = sp_bytes_trim(sp_bytes_slice(text, 0, end));
    sp_bytes weight =
        end < text.len ? sp_bytes_trim(sp_bytes_slice(text, end + 1, text.len)) : SP_LITERAL("q=1");
    struct range range = {sp_words_find(tag), 0};
    if (weight.len > 2 && sp_ascii_lower(weight.data[0]) == 'q' && weight.data[1] == '=')
        range.quality = read_quality(sp_bytes_slice(weight, 2, weight.len));
    return range;
}

/* Inserts a range before those that are wanted less; a language that is there already stays. */
static void
insert(struct range *ranges, size_t *count, struct range range)
{
    size_t at = 0;
    while (at < *count && ranges[at].quality >= range.quality && ranges[at].words != range.words)
        at++;
    if (!range.words || range.quality == 0 || at == SP_ACCEPTED_MAX)
        return;
    for (size_t i = at; i < *count; i++) {
        if (ranges[i].words != range.words)
            continue;
        if (i > at) /* the later range wants the language more */
            memmove(&ranges[at + 1], &ranges[at], (i - at) * sizeof *ranges);
        ranges[at] = i > at ? range : ranges[at];
        return;
    }
    *count += *count < SP_ACCEPTED_MAX;
    memmove(&ranges[at + 1], &ranges[at], (*count - 1 - at) * sizeof *ranges);
    ranges[at] = range;
}

void
sp_languages_accept(sp_bytes field, sp_languages *out)
{
    struct range ranges[SP_ACCEPTED_MAX];
    size_t count = 0;
    while (field.len > 0) {
        size_t end = sp_bytes_until(field, ",");
        insert(ranges, &count, read_range(sp_bytes_slice(field, 0, end)));
        field = sp_bytes_slice(field, end + (end < field.len), field.len);
    }
    for (size_t i = 0; i < count; i++)
        out->accepted[i] = ranges[i].words;
    out->accepted_count = count;
}

/* The words of the only language that the search asks for. */
static const sp_words *
find_asked(const sp_request *asked)
{
    const sp_words *found = NULL;
    size_t count = 0;
    for (size_t i = 0; asked && i < asked->filter_count; i++) {
        if (asked->filters[i].field != SP_FIELD_LANG)
            continue;
        found = sp_words_find(asked->filters[i].value);
        count++;
    }
    return count == 1 ? found : NULL;
}

void
sp_languages_read(const sp_exchange *exchange, const sp_request *asked, sp_languages *out)
{
    SP_AUTO(sp_str_done) sp_str field = {0};
    *out = (sp_languages){.asked = find_asked(asked)};
    sp_request_join(exchange, "Accept-Language", &field);
    sp_languages_accept(sp_str_bytes(&field), out);
}

void
sp_languages_canonical(const sp_languages *languages, sp_str *out)
{
    if (languages->asked) { /* the parameters of the search say which */
        sp_str_append_text(out, "words asked");
        return;
    }
    sp_str_append_text(out, "words");
    for (size_t i = 0; i < languages->accepted_count; i++)
        sp_str_append_format(out, " %s", languages->accepted[i]->tag);
}

const sp_words *
sp_languages_choose(const sp_languages *languages, sp_reader *reader)
{
    const sp_words *site = reader ? sp_words_find(sp_reader_language(reader)) : NULL;
    if (languages->asked)
        return languages->asked;
    for (size_t i = 0; reader && i < languages->accepted_count; i++) {
        const sp_words *accepted = languages->accepted[i];
        if (accepted == site || sp_reader_has_language(reader, sp_bytes_of(accepted->tag)))
            return accepted;
    }
    if (site)
        return site;
    return languages->accepted_count > 0 ? languages->accepted[0] : sp_words_english();
}
