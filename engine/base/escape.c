// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/escape.h>

/* Length of the control character at offset `at`, or 0. Tab and newline do not count. HTML forbids
   the others, and a terminal that shows the page obeys them. */
static size_t
control_length(sp_bytes text, size_t at)
{
    unsigned char c = (unsigned char)text.data[at];
    if (c >= 0x20 && c < 0x7F)
        return 0;
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
        return 1;
    bool c1 = c == 0xC2 && at + 1 < text.len && ((unsigned char)text.data[at + 1] & 0xE0) == 0x80;
    return c1 ? 2 : 0;
}

void
sp_html_escape(sp_str *out, sp_bytes text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len; at++) {
        const char *entity = NULL;
        size_t len = 1;
        switch (text.data[at]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        case '\'':
            entity = "&#39;";
            break;
        default:
            len = control_length(text, at);
            if (len == 0)
                continue;
            entity = "\xEF\xBF\xBD"; /* U+FFFD */
        }
        sp_str_append(out, sp_bytes_slice(text, from, at));
        sp_str_append_text(out, entity);
        from = at + len;
        at += len - 1;
    }
    sp_str_append(out, sp_bytes_slice(text, from, text.len));
}
