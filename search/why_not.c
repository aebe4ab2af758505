// SPDX-License-Identifier: GPL-2.0-or-later
#include "why_not.h"

#include <signpost/printable.h>

static void
put_quoted(sp_str *out, const char *before, sp_bytes text)
{
    sp_str_append_text(out, before);
    sp_str_append_char(out, '"');
    sp_printable_append(out, text);
    sp_str_append_char(out, '"');
}

static void
put_place(const sp_why_not *answer, sp_str *out)
{
    if (answer->rank == 0) {
        sp_str_append_format(out, " is in the answer, after the first %d hits\n", SP_LIMIT_MAX);
        return;
    }
    sp_str_append_format(out, " is in the answer: number %u", answer->rank);
    if (answer->page > 0)
        sp_str_append_format(out, ", on page %u", answer->page);
    if (answer->verdict == SP_WHY_PINNED)
        sp_str_append_text(out, "; the site pins it for this query\n");
    else if (answer->verdict == SP_WHY_RANKED)
        sp_str_append_text(out, "; it has every word\n");
    else if (answer->mixed)
        sp_str_append_text(out, "; a word is missing, which lowers its score\n");
    else if (answer->complete > 0)
        sp_str_append_format(out, "; a word is missing, so it comes after the %u %s%s\n",
                             answer->complete,
                             answer->complete == 1 ? "document that has every word"
                                                   : "documents that have every word",
                             !answer->pins           ? ""
                             : answer->complete == 1 ? " or is pinned"
                                                     : " or are pinned");
    else
        sp_str_append_text(out, "; no document has every word\n");
}

static void
put_left_out(const sp_why_not *answer, sp_str *out)
{
    sp_str_append_text(out, " is left out by ");
    for (uint32_t i = 0; i < answer->left_out_count; i++) {
        sp_str_append_text(out, i > 0 ? ", " : "");
        sp_printable_append(out, answer->left_out_by[i]);
    }
    sp_str_append_char(out, '\n');
}

static void
put_verdict(const sp_why_not *answer, sp_str *out)
{
    sp_printable_append(out, answer->url);
    switch (answer->verdict) {
    case SP_WHY_NOT_INDEXED:
        sp_str_append_text(out,
                           " is not in the index: a draft, a page left out, or a mistyped URL\n");
        break;
    case SP_WHY_RANKED:
    case SP_WHY_BEHIND:
    case SP_WHY_PINNED:
        put_place(answer, out);
        break;
    case SP_WHY_LEFT_OUT:
        put_left_out(answer, out);
        break;
    case SP_WHY_LACKING:
        sp_str_append_text(
            out, answer->lacks_all
                     ? " is not in the answer: it has none of the words\n"
                     : " is not in the answer: a required part of the query is missing\n");
        break;
    case SP_WHY_EMPTY:
        sp_str_append_text(out,
                           " is not in the answer: the query contains nothing to search for\n");
        break;
    case SP_WHY_OTHER:
        sp_str_append_text(out, " is not in the answer, although it has every part of the query\n");
        break;
    }
}

static void
put_lacking(const sp_lacking *lacking, sp_str *out)
{
    sp_str_append_text(out, "  without ");
    sp_printable_append(out, lacking->typed);
    if (lacking->stem.len > 0)
        put_quoted(out, ": no word with the stem ", lacking->stem);
    if (lacking->nearest.len > 0)
        put_quoted(out, "; it has ", lacking->nearest);
    if (lacking->scattered)
        sp_str_append_text(out, ": it has the words, but not in this order");
    sp_str_append_char(out, '\n');
}

void
sp_why_not_print(const sp_why_not *answer, sp_str *out)
{
    put_verdict(answer, out);
    for (uint32_t i = 0; i < answer->lacking_count; i++)
        put_lacking(&answer->lacking[i], out);
    if (answer->corrected.len > 0)
        put_quoted(out, "  the query was read as ", answer->corrected);
    sp_str_append_text(out, answer->corrected.len > 0 ? "\n" : "");
    if (answer->nearest.len == 0)
        return;
    sp_str_append_text(out, "  the nearest URL in the index: ");
    sp_printable_append(out, answer->nearest);
    sp_str_append_char(out, '\n');
}
