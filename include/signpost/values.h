// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sets of values that users see: kinds of documents, sort orders, facets, and fields of
 * queries.
 *
 * A value has the same name in the query language, options of the command line, parameters of the
 * HTTP API, JSON and the index; all of them take it from here. The arrays are constant and indexed
 * by their enum. Those of kinds and sort orders end with NULL, as command_line.h requires. For any
 * thread.
 */
#ifndef SIGNPOST_VALUES_H
#define SIGNPOST_VALUES_H

#include <signpost/text.h>

/* The names as literals, for terms of the index (schema.h). */
#define SP_POST_NAME "post"
#define SP_RESOURCE_NAME "resource"

enum sp_kind { SP_KIND_POST, SP_KIND_RESOURCE };
#define SP_KIND_COUNT 2
extern const char *const sp_kind_names[SP_KIND_COUNT + 1];

/* False if the text is not the name of a kind. */
bool sp_kind_read(sp_bytes name, enum sp_kind *out);

enum sp_sort { SP_SORT_RELEVANCE, SP_SORT_NEWEST, SP_SORT_OLDEST };
#define SP_SORT_COUNT 3
extern const char *const sp_sort_names[SP_SORT_COUNT + 1];

enum sp_facet_kind {
    SP_FACET_KIND,
    SP_FACET_TAG,
    SP_FACET_CATEGORY,
    SP_FACET_LANG,
    SP_FACET_YEAR,
    SP_FACET_COUNT
};
extern const char *const sp_facet_names[SP_FACET_COUNT];

/* Fields that filter an answer. The first SP_FIELD_PARAMS can also be parameters of a request. */
enum sp_field {
    SP_FIELD_TAG,
    SP_FIELD_CATEGORY,
    SP_FIELD_KIND,
    SP_FIELD_LANG,
    SP_FIELD_YEAR,
    SP_FIELD_SITE, /* a resource's host, or a parent domain */
    SP_FIELD_AFTER,
    SP_FIELD_BEFORE
};
#define SP_FIELD_PARAMS 5
#define SP_FIELD_COUNT 8
extern const char *const sp_field_names[SP_FIELD_COUNT];

#endif
