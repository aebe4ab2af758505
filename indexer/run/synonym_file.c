// SPDX-License-Identifier: GPL-2.0-or-later
#include "synonym_file.h"

#include "embedded.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>

/* A line being read. */
struct reading {
    sp_bytes text;
    unsigned line;
    sp_str entry; /* one entry, without its backslashes */
    sp_str rule;  /* the line, as it will be stored */
    unsigned left, right;
    bool arrow; /* has been read */
    sp_synonym_faults *faults;
};

/* False, for the caller to return. */
static bool
fault(struct reading *at, size_t where, const char *text)
{
    sp_synonym_faults *faults = at->faults;
    if (faults->count < SP_SYNONYM_FAULTS_MAX)
        faults->items[faults->count++] = (sp_synonym_fault){at->line, (unsigned)where + 1, text};
    return false;
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static unsigned
word_count(sp_bytes folded)
{
    unsigned words = folded.len > 0;
    for (size_t i = 0; i < folded.len; i++)
        words += folded.data[i] == ' ';
    return words;
}

/* Takes the entry that was gathered, which stands in the line from `start` on. */
static bool
end_entry(struct reading *at, size_t start, size_t end)
{
    size_t before = at->rule.len;
    while (start < end && is_blank(at->text.data[start]))
        start++;
    if (start == end)
        return fault(at, start, "nothing stands here: an entry is missing");
    if (at->left + at->right == SP_SYNONYMS_ENTRIES_MAX)
        return fault(at, start, "more than 32 entries in one line");
    sp_str_append_text(&at->rule, before > 0 ? "\t" : "");
    size_t from = at->rule.len;
    sp_fold_append(&at->rule, sp_str_bytes(&at->entry));
    sp_str_clear(&at->entry);
    unsigned words = word_count(sp_bytes_slice(sp_str_bytes(&at->rule), from, at->rule.len));
    if (words == 0)
        return fault(at, start, "no word is in this entry");
    if (words > SP_SYNONYM_WORDS_MAX)
        return fault(at, start, "more than 8 words in one entry");
    *(at->arrow ? &at->right : &at->left) += 1;
    return true;
}

/* Reads the line's entries into at->rule. */
static bool
read_entries(struct reading *at)
{
    sp_bytes text = at->text;
    size_t start = 0, i = 0;
    while (i < text.len) {
        bool arrow = text.data[i] == '=' && i + 1 < text.len && text.data[i + 1] == '>';
        if (text.data[i] == '\\' && i + 1 == text.len)
            return fault(at, i, "a backslash with nothing behind it");
        if (text.data[i] != ',' && !arrow) {
            i += text.data[i] == '\\';
            sp_str_append_char(&at->entry, text.data[i++]);
            continue;
        }
        if (arrow && at->arrow)
            return fault(at, i, "a second => in one line");
        if (!end_entry(at, start, i))
            return false;
        if (arrow)
            sp_str_append_text(&at->rule, "\t" SP_SYNONYMS_ARROW);
        at->arrow |= arrow;
        start = i += arrow ? 2 : 1;
    }
    return end_entry(at, start, i);
}

static bool
read_line(struct reading *at)
{
    size_t bad = sp_utf8_invalid(at->text);
    if (bad != SIZE_MAX)
        return fault(at, bad, "not UTF-8");
    if (!read_entries(at))
        return false;
    if (!at->arrow && at->left < 2)
        return fault(at, 0, "one entry alone has no synonym");
    return true;
}

static bool
says_something(sp_bytes line)
{
    line = sp_bytes_trim(line);
    return line.len > 0 && line.data[0] != '#';
}

/* Reads the next line, if it says something. */
static void
take_line(struct reading *at, sp_str *out)
{
    if (!says_something(at->text))
        return;
    sp_str_clear(&at->entry);
    sp_str_clear(&at->rule);
    at->left = at->right = 0;
    at->arrow = false;
    if (read_line(at)) {
        sp_str_append(out, sp_str_bytes(&at->rule));
        sp_str_append_char(out, '\n');
    }
    out->failed |= at->entry.failed || at->rule.failed;
}

/* The rest is not read. */
static void
give_up(struct reading *at, const char *text)
{
    at->faults->items[at->faults->count++] = (sp_synonym_fault){at->line, 1, text};
}

void
sp_synonym_file_read(sp_bytes content, sp_str *out, sp_synonym_faults *faults)
{
    struct reading at = {.faults = faults};
    unsigned lines = 0;
    size_t next = sp_bytes_starts_with(content, SP_LITERAL("\xEF\xBB\xBF")) ? 3 : 0;
    faults->count = 0;
    while (next < content.len) {
        size_t newline = sp_bytes_find(content, SP_LITERAL("\n"), next);
        size_t end = newline == SIZE_MAX ? content.len : newline;
        at.line++;
        at.text = sp_bytes_slice(content, next, end);
        if (sp_bytes_ends_with(at.text, SP_LITERAL("\r")))
            at.text.len--;
        next = end + 1;
        lines += says_something(at.text);
        if (lines > SP_SYNONYMS_LINES_MAX || faults->count == SP_SYNONYM_FAULTS_MAX) {
            give_up(&at, lines > SP_SYNONYMS_LINES_MAX
                             ? "more than 5000 lines of synonyms: from here on none counts"
                             : "too many mistakes: from here on no line counts");
            break;
        }
        take_line(&at, out);
    }
    sp_str_done(&at.entry);
    sp_str_done(&at.rule);
}

sp_bytes
sp_synonym_file_default(void)
{
    return (sp_bytes){(const char *)sp_default_synonyms, sp_default_synonyms_len};
}
