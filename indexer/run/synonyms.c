// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_private.h"

#include "indexer/site/beneath.h"
#include "synonym_file.h"
#include "synonyms.h"

#define SYNONYMS_FILE "synonyms.txt"
#define LEFT_OUT "the other lines are used"
#define NONE_COUNT "none of its synonyms are used"

struct synonyms_context {
    const sp_files *files;
    struct sp_run_errors *errors;
    sp_str *out;
};

static void
add_error(struct synonyms_context *context, uint32_t site, const char *path,
          const sp_synonym_fault *fault, const char *consequence)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    sp_files_append_shown(context->files, site, sp_bytes_of(path), &shown);
    const sp_run_error error = {.path = sp_arena_copy_str(context->errors->arena, &shown),
                                .line = fault->line,
                                .column = fault->column};
    sp_run_errors_add(context->errors, &error, fault->text, consequence);
    context->errors->synonym_count++;
}

sp_bytes
sp_synonyms_path(const sp_site *site)
{
    const sp_yaml *node = sp_site_config(site, "signpost.synonyms");
    if (sp_yaml_is_null(node))
        return SP_LITERAL(SYNONYMS_FILE);
    sp_bytes path = sp_yaml_text(node);
    return path.len > 0 && sp_is_beneath_path(path) ? path : (sp_bytes){0};
}

static enum sp_status
read_content(struct synonyms_context *context, uint32_t index, sp_bytes path, sp_str *content,
             sp_error *err)
{
    const sp_site *site = context->files->sites[index];
    sp_error cause;
    enum sp_status status = sp_site_read(site, path, SP_SYNONYMS_BYTES_MAX, content, &cause);
    bool asked_for = !sp_yaml_is_null(sp_site_config(site, "signpost.synonyms"));
    if (status == SP_OK || (status == SP_NOT_FOUND && !asked_for))
        return SP_OK;
    sp_str_clear(content);
    if (status != SP_BAD_INPUT && status != SP_NOT_FOUND && status != SP_IO) {
        if (err)
            *err = cause;
        return status;
    }
    const sp_synonym_fault fault = {.text = cause.text};
    add_error(context, index, path.data, &fault, NONE_COUNT);
    return SP_OK;
}

/* path: NUL-terminated, like all texts from settings. */
static enum sp_status
read_file(struct synonyms_context *context, uint32_t index, sp_bytes path, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str content = {0};
    sp_synonym_faults faults;
    enum sp_status status = read_content(context, index, path, &content, err);
    if (status != SP_OK)
        return status;
    sp_synonym_file_read(sp_str_bytes(&content), context->out, &faults);
    for (size_t i = 0; i < faults.count; i++)
        add_error(context, index, path.data, &faults.items[i], LEFT_OUT);
    return sp_arena_check(context->errors->arena, err);
}

static enum sp_status
read_site(struct synonyms_context *context, uint32_t index, sp_error *err)
{
    const sp_site *site = context->files->sites[index];
    const sp_yaml *node = sp_site_config(site, "signpost.synonyms");
    sp_bytes path = sp_synonyms_path(site);
    if (path.len > 0)
        return read_file(context, index, path, err);
    const sp_synonym_fault fault = {node->line, node->column,
                                    "signpost.synonyms must name a file inside the site's folder"};
    add_error(context, index, "_config.yml", &fault, "the site has no synonyms of its own");
    return sp_arena_check(context->errors->arena, err);
}

static bool
wants_default(const sp_site *site)
{
    const sp_yaml *node = sp_site_config(site, "signpost.default_synonyms");
    return sp_bytes_equal(sp_site_lang(site), SP_LITERAL("en")) &&
           (sp_yaml_is_null(node) || sp_yaml_is_truthy(node));
}

enum sp_status
sp_run_read_synonyms(const sp_files *files, sp_str *out, struct sp_run_errors *errors,
                     sp_error *err)
{
    struct synonyms_context context = {.files = files, .errors = errors, .out = out};
    enum sp_status status = SP_OK;
    if (wants_default(files->sites[0])) {
        sp_synonym_faults none;
        sp_synonym_file_read(sp_synonym_file_default(), out, &none);
    }
    for (uint32_t i = 0; status == SP_OK && i < files->site_count; i++)
        status = read_site(&context, i, err);
    return status == SP_OK ? sp_str_check(out, err) : status;
}
