// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/values.h>

const char *const sp_kind_names[SP_KIND_COUNT + 1] = {
    [SP_KIND_POST] = SP_POST_NAME, [SP_KIND_RESOURCE] = SP_RESOURCE_NAME};

const char *const sp_sort_names[SP_SORT_COUNT + 1] = {
    [SP_SORT_RELEVANCE] = "relevance", [SP_SORT_NEWEST] = "newest", [SP_SORT_OLDEST] = "oldest"};

const char *const sp_facet_names[SP_FACET_COUNT] = {[SP_FACET_KIND] = "kind",
                                                    [SP_FACET_TAG] = "tag",
                                                    [SP_FACET_CATEGORY] = "category",
                                                    [SP_FACET_LANG] = "lang",
                                                    [SP_FACET_YEAR] = "year"};

const char *const sp_field_names[SP_FIELD_COUNT] = {
    [SP_FIELD_TAG] = "tag",     [SP_FIELD_CATEGORY] = "category", [SP_FIELD_KIND] = "kind",
    [SP_FIELD_LANG] = "lang",   [SP_FIELD_YEAR] = "year",         [SP_FIELD_SITE] = "site",
    [SP_FIELD_AFTER] = "after", [SP_FIELD_BEFORE] = "before"};

bool
sp_kind_read(sp_bytes name, enum sp_kind *out)
{
    for (int kind = 0; kind < SP_KIND_COUNT; kind++) {
        if (sp_bytes_equal(name, sp_bytes_of(sp_kind_names[kind]))) {
            *out = (enum sp_kind)kind;
            return true;
        }
    }
    return false;
}
