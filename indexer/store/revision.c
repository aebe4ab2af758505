// SPDX-License-Identifier: GPL-2.0-or-later
#include "revision.h"

#include <xxhash.h>

uint64_t
sp_document_share(const char *prefix, sp_bytes id, uint64_t digest)
{
    return XXH64(id.data, id.len, XXH64(prefix, strlen(prefix), digest));
}

void
sp_revision_make(const sp_index_settings *settings, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    const sp_bytes texts[] = {settings->language, settings->base_url, settings->title,
                              settings->synonyms, settings->acronyms, settings->pins};
    sp_str_append_text(&text, SP_SCHEMA_VERSION "\n");
    sp_ranking_format(&settings->ranking, &text);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sp_str_append_char(&text, '\n');
        sp_str_append(&text, texts[i]);
    }
    sp_str_append_format(&text, "\n%016llx", (unsigned long long)settings->documents);
    if (settings->trained != 0)
        sp_str_append_format(&text, "\n%016llx", (unsigned long long)settings->trained);
    sp_str_append_format(out, "%016llx", (unsigned long long)XXH64(text.data, text.len, 0));
    out->failed |= text.failed;
}
