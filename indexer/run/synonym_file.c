// SPDX-License-Identifier: GPL-2.0-or-later
#include "synonym_file.h"

#include "embedded.h"
#include "engine/base/lines.h"

#include <signpost/analyzer.h>
#include <signpost/schema.h>

/* The line that is being read. */
struct line_state {
    sp_bytes text;
    unsigned number;
    sp_str entry; /* the current entry, without its backslashes */
    sp_str rule;  /* the line in the form that is stored */
    unsigned left, right;
    bool arrow; /* => has been read */
    sp_synonym_faults *faults;
};

/* Adds a mistake. Always returns false, so that callers can return its result. */
static bool
fault(struct line_state *line, size_t where, const char *text)
{
    sp_synonym_faults *faults = line->faults;
    if (faults->count < SP_SYNONYM_FAULTS_MAX)
        faults->items[faults->count++] =
            (sp_synonym_fault){line->number, (unsigned)where + 1, text};
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

/* Adds the current entry to the rule. start, end: the entry's place in the line. */
static bool
end_entry(struct line_state *line, size_t start, size_t end)
{
    size_t before = line->rule.len;
    while (start < end && is_blank(line->text.data[start]))
        start++;
    if (start == end)
        return fault(line, start, "an entry is missing here");
    if (line->left + line->right == SP_SYNONYMS_ENTRIES_MAX)
        return fault(line, start, "more than 32 entries in one line");
    sp_str_append_text(&line->rule, before > 0 ? "\t" : "");
    size_t from = line->rule.len;
    sp_fold_append(&line->rule, sp_str_bytes(&line->entry));
    sp_str_clear(&line->entry);
    unsigned words = word_count(sp_bytes_slice(sp_str_bytes(&line->rule), from, line->rule.len));
    if (words == 0)
        return fault(line, start, "this entry has no word");
    if (words > SP_SYNONYM_WORDS_MAX)
        return fault(line, start, "more than 8 words in one entry");
    *(line->arrow ? &line->right : &line->left) += 1;
    return true;
}

/* Reads the entries of the line into line->rule. */
static bool
read_entries(struct line_state *line)
{
    sp_bytes text = line->text;
    size_t start = 0, i = 0;
    while (i < text.len) {
        bool arrow = text.data[i] == '=' && i + 1 < text.len && text.data[i + 1] == '>';
        if (text.data[i] == '\\' && i + 1 == text.len)
            return fault(line, i, "nothing follows the backslash");
        if (text.data[i] != ',' && !arrow) {
            i += text.data[i] == '\\';
            sp_str_append_char(&line->entry, text.data[i++]);
            continue;
        }
        if (arrow && line->arrow)
            return fault(line, i, "only one => is allowed in a line");
        if (!end_entry(line, start, i))
            return false;
        if (arrow)
            sp_str_append_text(&line->rule, "\t" SP_SYNONYMS_ARROW);
        line->arrow |= arrow;
        start = i += arrow ? 2 : 1;
    }
    return end_entry(line, start, i);
}

static bool
read_line(struct line_state *line)
{
    size_t bad = sp_utf8_invalid(line->text);
    if (bad != SIZE_MAX)
        return fault(line, bad, "not UTF-8");
    if (!read_entries(line))
        return false;
    if (!line->arrow && line->left < 2)
        return fault(line, 0, "a line needs at least two entries");
    return true;
}

static bool
has_content(sp_bytes line)
{
    line = sp_bytes_trim(line);
    return line.len > 0 && line.data[0] != '#';
}

/* Reads the line and appends its rule to *out. */
static void
add_line(struct line_state *line, sp_str *out)
{
    if (!has_content(line->text))
        return;
    sp_str_restart(&line->entry);
    sp_str_restart(&line->rule);
    line->left = line->right = 0;
    line->arrow = false;
    if (read_line(line)) {
        sp_str_append(out, sp_str_bytes(&line->rule));
        sp_str_append_char(out, '\n');
    }
    out->failed |= line->entry.failed || line->rule.failed;
}

/* Adds a mistake that says why the rest of the file is not read. */
static void
add_last_fault(struct line_state *line, const char *text)
{
    line->faults->items[line->faults->count++] = (sp_synonym_fault){line->number, 1, text};
}

void
sp_synonym_file_read(sp_bytes content, sp_str *out, sp_synonym_faults *faults)
{
    struct line_state line = {.faults = faults};
    unsigned lines = 0;
    faults->count = 0;
    content = sp_without_bom(content);
    while (sp_line_next(&content, &line.text)) {
        line.number++;
        lines += has_content(line.text);
        if (lines > SP_SYNONYMS_LINES_MAX || faults->count == SP_SYNONYM_FAULTS_MAX) {
            add_last_fault(&line,
                           lines > SP_SYNONYMS_LINES_MAX
                               ? "more than 5000 lines of synonyms: further lines are ignored"
                               : "too many mistakes: further lines are ignored");
            break;
        }
        add_line(&line, out);
    }
    sp_str_done(&line.entry);
    sp_str_done(&line.rule);
}

sp_bytes
sp_synonym_file_default(void)
{
    return (sp_bytes){(const char *)sp_default_synonyms, sp_default_synonyms_len};
}
