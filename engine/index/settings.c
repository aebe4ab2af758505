// SPDX-License-Identifier: GPL-2.0-or-later
#include "settings.h"

#include "xapian.h"

#include <signpost/schema.h>

xc_status
sp_settings_write(xc_writer *writer, const sp_index_settings *settings, xc_error *cause)
{
    SP_AUTO(sp_str_done) sp_str ranking = {0};
    SP_AUTO(sp_str_done) sp_str documents = {0};
    sp_ranking_format(&settings->ranking, &ranking);
    sp_str_append_format(&documents, "%016llx", (unsigned long long)settings->documents);
    if (ranking.failed || documents.failed) {
        *cause = (xc_error){XC_NO_MEMORY, "out of memory"};
        return XC_NO_MEMORY;
    }
    const struct {
        const char *key;
        sp_bytes value;
    } entries[] = {
        {SP_META_SCHEMA, SP_LITERAL(SP_SCHEMA_VERSION)},
        {SP_META_GENERATOR, settings->generator},
        {SP_META_REVISION, settings->revision},
        {SP_META_DOCUMENTS, sp_str_bytes(&documents)},
        {SP_META_LANGUAGE, settings->language},
        {SP_META_BASE_URL, settings->base_url},
        {SP_META_TITLE, settings->title},
        {SP_META_RANKING, sp_str_bytes(&ranking)},
        {SP_META_SYNONYMS, settings->synonyms},
        {SP_META_ACRONYMS, settings->acronyms},
        {SP_META_PINS, settings->pins},
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        xc_status status = xc_writer_set_metadata(writer, to_xc(sp_bytes_of(entries[i].key)),
                                                  to_xc(entries[i].value), cause);
        if (status != XC_OK)
            return status;
    }
    return XC_OK;
}
