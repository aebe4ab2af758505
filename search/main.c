/* search: a query from the command line, answered on standard output. */

#include "options.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>

#define FOUND 0
#define NOTHING_FOUND 1
#define FAILED 2

static void
print_urls(const sp_answer *answer, sp_str *out)
{
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        sp_str_append(out, answer->hits[i].url);
        sp_str_append_char(out, '\n');
    }
}

static void
print_answer(const sp_options *options, const sp_reader *reader, const sp_answer *answer,
             sp_str *out)
{
    if (options->output == SP_OUTPUT_JSON) {
        sp_answer_print_json(answer, out);
        sp_str_append_char(out, '\n');
    } else if (options->output == SP_OUTPUT_URLS) {
        print_urls(answer, out);
    } else {
        sp_terminal terminal = sp_terminal_detect(options->color);
        terminal.base_url = sp_reader_base_url(reader);
        sp_terminal_print(&terminal, answer, out);
    }
}

static int
report(const sp_error *err)
{
    if (err->path[0] != '\0')
        fprintf(stderr, "search: %s: %s\n", err->path, err->text);
    else
        fprintf(stderr, "search: %s\n", err->text);
    return FAILED;
}

static int
show(const sp_options *options, const sp_reader *reader, const sp_answer *answer)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    SP_AUTO(sp_str_done) sp_str notes = {0};
    print_answer(options, reader, answer, &out);
    if (options->output != SP_OUTPUT_JSON)
        sp_terminal_print_notes(answer, &notes);
    if (out.failed || notes.failed) {
        fputs("search: out of memory\n", stderr);
        return FAILED;
    }
    fwrite(sp_str_bytes(&notes).data, 1, notes.len, stderr);
    if (fwrite(sp_str_bytes(&out).data, 1, out.len, stdout) != out.len || fflush(stdout) != 0) {
        fprintf(stderr, "search: cannot write the answer: %s\n", strerror(errno));
        return FAILED;
    }
    bool found = answer->hit_count > 0 || (options->request.limit == 0 && answer->total > 0);
    return found ? FOUND : NOTHING_FOUND;
}

static int
run(const sp_options *options)
{
    sp_error err = {0};
    sp_reader *reader = NULL;
    sp_answer *answer = NULL;
    int code = FAILED;
    enum sp_status status = sp_reader_open(options->indexes, options->index_count, &reader, &err);
    if (status == SP_OK)
        status = sp_search(reader, &options->request, &answer, &err);
    code = status == SP_OK ? show(options, reader, answer) : report(&err);
    sp_answer_free(answer);
    sp_reader_close(reader);
    return code;
}

int
main(int argc, char **argv)
{
    sp_options options;
    int code;
    if (!sp_options_read(argc, argv, &options, &code)) {
        sp_options_done(&options);
        return code;
    }
    code = run(&options);
    sp_options_done(&options);
    return code;
}
