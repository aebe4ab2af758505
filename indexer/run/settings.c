// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

/* Whether a setting that is on by default is on. */
static bool
is_on(const sp_site *site, const char *path)
{
    const sp_yaml *node = sp_site_config(site, path);
    return sp_yaml_is_null(node) || sp_yaml_is_true(node);
}

bool
sp_run_wants_vectors(const struct sp_run_inputs *inputs, size_t count)
{
    return count >= SP_VECTORS_DOCUMENTS_MIN && is_on(inputs->files.sites[0], "signpost.semantic");
}

/* The digest of the documents that the vectors of the new index are learnt from; 0: the new index
   has no vectors. */
static uint64_t
trained_of(const struct sp_run_inputs *inputs, uint64_t documents, size_t count, bool relearns)
{
    uint64_t before = sp_old_index_vectors(inputs->old)->trained;
    if (!sp_run_wants_vectors(inputs, count))
        return 0;
    return before == 0 || relearns ? documents : before;
}

bool
sp_run_wants_acronyms(const sp_site *site)
{
    return is_on(site, "signpost.acronyms");
}

sp_index_settings
sp_run_settings(const struct sp_run_inputs *inputs, uint64_t documents, size_t count, bool relearns)
{
    const sp_site *site = inputs->files.sites[0];
    return (sp_index_settings){.language = sp_files_language(&inputs->files),
                               .base_url = sp_site_url(site),
                               .title = sp_site_title(site),
                               .generator = sp_bytes_of(SIGNPOST_VERSION),
                               .documents = documents,
                               .trained = trained_of(inputs, documents, count, relearns),
                               .synonyms = sp_str_bytes(&inputs->synonyms),
                               .acronyms =
                                   sp_run_wants_acronyms(site) ? SP_LITERAL("1") : (sp_bytes){0},
                               .ranking = *sp_files_ranking(&inputs->files),
                               .pins = sp_str_bytes(&inputs->pins.packed)};
}

bool
sp_run_has_old_revision(const struct sp_run_inputs *inputs, const sp_index_settings *settings)
{
    SP_AUTO(sp_str_done) sp_str revision = {0};
    sp_revision_make(settings, &revision);
    return !revision.failed &&
           sp_bytes_equal(sp_str_bytes(&revision), sp_old_index_revision(inputs->old));
}
