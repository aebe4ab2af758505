#include "run_private.h"

#define KEEPS_POST "the index keeps its last good post"
#define KEEPS_POSTS "the index keeps its posts"
#define HAS_NONE "not in the index"

/* The path as the run was given the site. */
static sp_bytes
whole_path(const struct sp_run *run, uint32_t site, const char *path)
{
    SP_AUTO(sp_str_done) sp_str whole = {0};
    sp_files_append_shown(&run->files, site, sp_bytes_of(path), &whole);
    return sp_arena_copy_str(&run->report->arena, &whole);
}

/* keeps: what a reader of the message is to know of the index. */
static void
add(struct sp_run *run, const sp_run_problem *problem, const char *text, const char *keeps)
{
    SP_AUTO(sp_str_done) sp_str message = {0};
    sp_run_report *report = run->report;
    sp_str_append_format(&message, "%s (%s)", text, keeps);
    report->problems = sp_arena_grow(&report->arena, report->problems, &report->problem_capacity,
                                     report->problem_count + 1, sizeof *report->problems);
    if (!report->problems)
        return;
    sp_run_problem *added = &report->problems[report->problem_count++];
    *added = *problem;
    added->line = problem->line > 0 ? problem->line : 1;
    added->column = problem->column > 0 ? problem->column : 1;
    added->text = sp_arena_copy_str(&report->arena, &message);
}

static bool
has_post(const struct sp_run *run, sp_bytes id)
{
    uint64_t digest;
    return sp_previous_digest(run->previous, SP_PREFIX_POST, id, &digest);
}

static void
add_file(struct sp_run *run, const sp_file *file)
{
    const sp_error *fault = file->fault;
    bool kept = run->whole ? file->kept : has_post(run, file->id);
    sp_run_problem problem = {.path = whole_path(run, file->site, fault->path),
                              .line = fault->line,
                              .column = fault->column,
                              .kept = kept};
    add(run, &problem, fault->text, kept ? KEEPS_POST : HAS_NONE);
}

struct looking {
    sp_bytes folder; /* as an id begins */
    bool found;
};

static enum sp_status
look_in_folder(void *context, sp_bytes id, sp_error *err)
{
    struct looking *looking = context;
    (void)err;
    looking->found |= sp_bytes_starts_with(id, looking->folder) &&
                      (id.len == looking->folder.len || id.data[looking->folder.len] == '/');
    return SP_OK;
}

/* A run keeps what it cannot see; but of two files with one name the other is seen. */
static enum sp_status
add_unseen(struct sp_run *run, const sp_files_problem *unseen, sp_error *err)
{
    struct looking looking = {.folder = unseen->id};
    const char *keeps = has_post(run, unseen->id) ? KEEPS_POST : KEEPS_POSTS;
    enum sp_status status = SP_OK;
    if (!sp_files_has(&run->files, unseen->id))
        status = sp_previous_each_post(run->previous, look_in_folder, &looking, err);
    sp_run_problem problem = {.path = whole_path(run, unseen->site, unseen->path.data),
                              .kept = looking.found};
    add(run, &problem, unseen->text.data, looking.found ? keeps : HAS_NONE);
    return status;
}

enum sp_status
sp_run_list_problems(struct sp_run *run, sp_error *err)
{
    const sp_files *files = &run->files;
    enum sp_status status = SP_OK;
    for (uint32_t site = 0; site < files->site_count; site++) {
        for (size_t i = 0; status == SP_OK && i < files->problem_count; i++) {
            if (files->problems[i].site == site)
                status = add_unseen(run, &files->problems[i], err);
        }
        for (size_t i = 0; i < files->count; i++) {
            const sp_file *file = &files->items[i];
            if (file->site == site && file->outcome == SP_FAILED && file->fault)
                add_file(run, file);
        }
    }
    run->report->posts.failed = run->report->problem_count;
    return status;
}
