// SPDX-License-Identifier: GPL-2.0-or-later
#include "command.h"

#include "eval.h"
#include "open.h"
#include "terminal.h"
#include "why_not.h"

#include <signpost/answer_json.h>
#include <signpost/clock.h>
#include <signpost/memory.h>
#include <signpost/printable.h>
#include <signpost/similar.h>
#include <signpost/suggest.h>
#include <signpost/verify.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>

#define FOUND 0
#define NOTHING_FOUND 1
#define FAILED 2
#define DAMAGED 3

static void
print_urls(const sp_answer *answer, sp_str *out)
{
    for (uint32_t i = 0; i < answer->hit_count; i++) {
        sp_printable_append(out, answer->hits[i].url);
        sp_str_append_char(out, '\n');
    }
}

static void
print_answer(const sp_search_options *options, const sp_reader *reader, const sp_answer *answer,
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
    char line[SP_ERROR_LINE_MAX];
    fprintf(stderr, "search: %s\n", sp_error_line(err, line));
    return FAILED;
}

/* What SIGPIPE did when the program started. libxapian ignores the signal once it has opened a
   remote database; but `search ... | head` must end silently. */
static struct sigaction pipe_action;

static bool
write_out(const sp_str *out)
{
    sigaction(SIGPIPE, &pipe_action, NULL);
    if (out->failed || sp_memory_failures() > 0) {
        fputs("search: out of memory\n", stderr);
        return false;
    }
    if (fwrite(sp_str_bytes(out).data, 1, out->len, stdout) == out->len && fflush(stdout) == 0)
        return true;
    fprintf(stderr, "search: cannot write the answer: %s\n", strerror(errno));
    return false;
}

static int
show(const sp_search_options *options, const sp_reader *reader, const sp_answer *answer)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    SP_AUTO(sp_str_done) sp_str notes = {0};
    print_answer(options, reader, answer, &out);
    if (options->output != SP_OUTPUT_JSON)
        sp_terminal_print_notes(answer, &notes);
    fwrite(sp_str_bytes(&notes).data, 1, notes.len, stderr);
    if (notes.failed || !write_out(&out))
        return FAILED;
    bool found =
        answer->hit_count > 0 || (options->request.limit == 0 && sp_answer_found(answer) > 0);
    return found ? FOUND : NOTHING_FOUND;
}

static void
print_suggestions(const sp_search_options *options, const sp_suggestions *suggestions, sp_str *out)
{
    if (options->output == SP_OUTPUT_JSON) {
        sp_suggestions_print_json(suggestions, out);
        sp_str_append_char(out, '\n');
        return;
    }
    for (uint32_t i = 0; i < suggestions->count; i++) {
        const sp_suggestion *suggestion = &suggestions->items[i];
        sp_bytes line = options->output == SP_OUTPUT_URLS ? suggestion->url : suggestion->text;
        sp_printable_append(out, line);
        sp_str_append_text(out, line.len > 0 ? "\n" : "");
    }
}

static int
suggest(const sp_search_options *options, sp_reader *reader)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_error err;
    sp_suggestions *suggestions;
    const sp_request *request = &options->request;
    if (sp_suggest(reader, request->text, request->limit, request->base_url, &suggestions, &err) !=
        SP_OK)
        return report(&err);
    print_suggestions(options, suggestions, &out);
    int code = suggestions->count > 0 ? FOUND : NOTHING_FOUND;
    sp_suggestions_free(suggestions);
    return write_out(&out) ? code : FAILED;
}

static int
show_eval(const sp_search_options *options, const sp_eval *eval)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    SP_AUTO(sp_str_done) sp_str notes = {0};
    sp_eval_print_notes(eval, &notes);
    fwrite(sp_str_bytes(&notes).data, 1, notes.len, stderr);
    if (notes.failed)
        return FAILED;
    if (eval->evaluated == 0)
        return NOTHING_FOUND;
    if (options->output == SP_OUTPUT_JSON)
        sp_eval_print_json(eval, &out);
    else
        sp_eval_print(eval, &out);
    return write_out(&out) ? FOUND : FAILED;
}

static int
evaluate(const sp_search_options *options)
{
    sp_error err;
    sp_eval eval = {.options = options};
    int code = sp_eval_run(&eval, &err) == SP_OK ? show_eval(options, &eval) : report(&err);
    sp_eval_done(&eval);
    return code;
}

/* Reports that the index does not contain the URL. */
static int
report_unknown(const char *url, const sp_str *nearest)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_str_append_text(&out, "search: not in the index: ");
    sp_printable_append(&out, sp_bytes_of(url));
    sp_str_append_text(&out, " (a draft, a page left out, or a mistyped URL)\n");
    if (nearest->len > 0) {
        sp_str_append_text(&out, "search: the nearest URL in the index: ");
        sp_printable_append(&out, sp_str_bytes(nearest));
        sp_str_append_char(&out, '\n');
    }
    fwrite(sp_str_bytes(&out).data, 1, out.len, stderr);
    return out.failed ? FAILED : NOTHING_FOUND;
}

/* Answers a query, or finds documents that are similar to a given document. */
static int
find(const sp_search_options *options, sp_reader *reader)
{
    SP_AUTO(sp_str_done) sp_str nearest = {0};
    sp_error err;
    sp_answer *answer = NULL;
    enum sp_status status = options->similar
                                ? sp_similar(reader, &options->request, &answer, &nearest, &err)
                                : sp_search(reader, &options->request, &answer, &err);
    if (status != SP_OK)
        return report(&err);
    if (!answer)
        return report_unknown(options->similar, &nearest);
    int code = show(options, reader, answer);
    sp_answer_free(answer);
    return code;
}

static int
explain_absence(const sp_search_options *options, sp_reader *reader)
{
    SP_AUTO(sp_str_done) sp_str out = {0};
    sp_error err;
    sp_why_not *answer = NULL;
    if (sp_why_not_ask(reader, &options->request, sp_bytes_of(options->why_not), &answer, &err) !=
        SP_OK)
        return report(&err);
    if (options->output == SP_OUTPUT_JSON) {
        sp_why_not_print_json(answer, &out);
        sp_str_append_char(&out, '\n');
    } else {
        sp_why_not_print(answer, &out);
    }
    int code = answer->verdict == SP_WHY_NOT_INDEXED ? NOTHING_FOUND : FOUND;
    sp_why_not_free(answer);
    return write_out(&out) ? code : FAILED;
}

static int
query_index(const sp_search_options *options)
{
    sp_error err;
    sp_reader *reader = NULL;
    uint64_t began = sp_now_us();
    if (sp_search_open(options, &reader, &err) != SP_OK)
        return report(&err);
    sp_reader_set_timeout(reader, sp_time_left(SP_REMOTE_TIMEOUT_US, began));
    int code = options->why_not   ? explain_absence(options, reader)
               : options->suggest ? suggest(options, reader)
                                  : find(options, reader);
    sp_reader_close(reader);
    return code;
}

static void
print_fault(void *context, const sp_error *fault)
{
    (void)context;
    report(fault);
}

/* Verifies all indexes, also after one that is damaged. */
static int
verify(const sp_search_options *options)
{
    int code = FOUND;
    SP_AUTO(sp_str_done) sp_str out = {0};
    for (size_t i = 0; i < options->sources.indexes.count; i++) {
        sp_error err;
        const char *path = options->sources.indexes.items[i];
        enum sp_status status = sp_verify_index(path, print_fault, NULL, &err);
        if (status == SP_OK) {
            sp_printable_append(&out, sp_bytes_of(path));
            sp_str_append_text(&out, ": whole\n");
        } else if (status != SP_DAMAGED) {
            report(&err);
        }
        if (status == SP_DAMAGED)
            code = DAMAGED;
        else if (status != SP_OK && code != DAMAGED)
            code = FAILED;
    }
    return write_out(&out) ? code : FAILED;
}

int
sp_command_run(const sp_search_options *options)
{
    sigaction(SIGPIPE, NULL, &pipe_action);
    if (options->verify)
        return verify(options);
    return options->eval.judgments.count > 0 ? evaluate(options) : query_index(options);
}
