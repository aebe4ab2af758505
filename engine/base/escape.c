// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/escape.h>

void
sp_html_escape(sp_str *out, sp_bytes text)
{
    size_t from = 0;
    for (size_t at = 0; at < text.len; at++) {
        const char *entity = NULL;
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
            continue;
        }
        sp_str_append(out, sp_bytes_slice(text, from, at));
        sp_str_append_text(out, entity);
        from = at + 1;
    }
    sp_str_append(out, sp_bytes_slice(text, from, text.len));
}
