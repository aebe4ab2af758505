// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Failing allocations: memory ask STEP SEED INDEX... <QUESTIONS, or memory run STEP SEED FOLDER.
 *
 * Each story is played once without a failure. It is then played again and again, each time in a
 * child process, in which one allocation fails (`once`) or all from one on (`on`). STEP 1: each
 * allocation in turn; N: about one of N, chosen by SEED. Within the child, the story is played a
 * second time with working memory. The story must give the right answer or SP_NO_MEMORY the first
 * time, and the right answer the second time; it must free all memory.
 *
 * ask: a line of standard input is a story: KIND|TEXT|OPTION=VALUE..., asked of the index.
 * run: FOLDER holds `site`, and `old`, an index of an older state of the site or an empty folder.
 *
 * Prints a line per story, with the number of points, and a line for each point that failed:
 * `wrong`, `leak`, `crash` or `stuck`, with the call stacks as MODULE+OFFSET(NAME).
 */
#include "memory_stories.h"
#include "tests/support/failing_memory.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define INDEXES_MAX 4
#define SECONDS_MAX 30
#define TEXT_MAX ((size_t)4 << 20)
#define LEAKS_MAX 20000

enum { CRASH_CODE = 9, STUCK_CODE = 10 };

enum outcome { SAME, REFUSED, WRONG, LEAK, CRASH, STUCK, OUTCOMES };

static const char *const names[] = {"same", "refused", "wrong", "leak", "crash", "stuck"};

/* What a child reports, in memory that it shares with its parent. */
struct result {
    long points[OUTCOMES];
    long nth; /* the point that is being tested, or the last one */
    long leaks[LEAKS_MAX];
    struct failing_stack leak_failed[LEAKS_MAX]; /* what failed there */
    size_t leak_count, leak;                     /* the one that is looked at */
    /* Of the current point: */
    enum outcome outcome;
    long allocations, live;
    char note[1024];
    struct failing_stack failed, crashed;
    struct failing_stack leaked[16];
    int leaked_count;
    size_t len; /* of the answer */
    char answer[TEXT_MAX];
};

static const char *indexes[INDEXES_MAX];
static size_t index_count;
static struct result *result;
static unsigned step = 1;

static void
die(const char *what)
{
    fprintf(stderr, "memory: %s\n", what);
    exit(3);
}

/* Children */

static void
note(enum outcome outcome, const char *what, const sp_error *err)
{
    result->outcome = outcome;
    snprintf(result->note, sizeof result->note, "%s: %d %.400s", what, (int)err->status, err->text);
}

static bool
is_right(const sp_str *answer, const char *right, size_t len)
{
    return sp_bytes_equal(sp_str_bytes(answer), (sp_bytes){right, len});
}

static void
keep(const sp_str *answer)
{
    if (answer->len >= TEXT_MAX)
        die("the answer is too long");
    memcpy(result->answer, sp_str_bytes(answer).data, answer->len);
    result->len = answer->len;
}

static void
crashed(int number)
{
    failing_stop();
    result->failed = *failing_stack();
    result->crashed.depth = backtrace(result->crashed.frames, FAILING_FRAMES);
    _exit(number == SIGALRM ? STUCK_CODE : CRASH_CODE);
}

static void
catch_crashes(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM};
    struct sigaction action = {.sa_handler = crashed, .sa_flags = (int)SA_RESETHAND};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
    alarm(SECONDS_MAX);
}

static void
keep_leak(const struct failing_stack *stack, void *context)
{
    (void)context;
    if (result->leaked_count < (int)(sizeof result->leaked / sizeof *result->leaked))
        result->leaked[result->leaked_count++] = *stack;
}

static void
first_verdict(enum sp_status status, const sp_str *answer, const char *right, size_t len,
              const sp_error *err)
{
    if (status == SP_NO_MEMORY)
        result->outcome = REFUSED;
    else if (status != SP_OK)
        note(WRONG, "another status", err);
    else if (right && !is_right(answer, right, len)) {
        note(WRONG, "another answer", err);
        keep(answer);
    } else
        result->outcome = SAME;
}

static void
tell_question(const struct story *story, long nth, bool stays, const char *right, size_t len)
{
    SP_AUTO(sp_str_done) sp_str answer = {0};
    sp_reader *reader = NULL;
    sp_error err = {0};
    bool opens = story_option(story, "open") != NULL;
    if (!opens && sp_reader_open(story->indexes, story->index_count, &reader, &err) != SP_OK)
        die(err.text);
    failing_start(nth, stays);
    enum sp_status status = story_ask(&reader, story, &answer, &err);
    result->allocations = failing_stop();
    result->failed = *failing_stack();
    first_verdict(status, &answer, right, len, &err);
    status = story_ask(&reader, story, &answer, &err);
    if (status != SP_OK || (right && !is_right(&answer, right, len))) {
        if (result->outcome != WRONG)
            note(WRONG, "afterwards", &err);
        keep(&answer);
    }
    if (!right)
        keep(&answer);
    sp_reader_close(reader);
}

/* The answers of the index before and after the run. */
static char *answers[2];
static size_t answer_lens[2];

static void
check_index(const struct story *story, bool before, bool after, const char *when)
{
    SP_AUTO(sp_str_done) sp_str answer = {0};
    sp_error err = {0};
    enum sp_status status = story_ask_index(story, &answer, &err);
    bool empty = status == SP_NOT_FOUND && before && answer_lens[0] == 0;
    bool right = status == SP_OK && ((before && is_right(&answer, answers[0], answer_lens[0])) ||
                                     (after && is_right(&answer, answers[1], answer_lens[1])));
    if (empty || right || result->outcome == WRONG)
        return;
    note(WRONG, when, &err);
    keep(&answer);
}

static void
check_next_run(const struct story *story)
{
    SP_AUTO(sp_str_done) sp_str report = {0};
    sp_error err = {0};
    if (story_run(story, &report, &err) != SP_OK)
        note(WRONG, "the next run", &err);
    check_index(story, false, true, "the index after the next run");
}

static void
tell_run(const struct story *story, long nth, bool stays, const char *right, size_t len)
{
    SP_AUTO(sp_str_done) sp_str report = {0};
    sp_error err = {0};
    failing_start(nth, stays);
    enum sp_status status = story_run(story, &report, &err);
    result->allocations = failing_stop();
    result->failed = *failing_stack();
    first_verdict(status, &report, right, len, &err);
    if (!right) {
        keep(&report);
        return;
    }
    check_index(story, status != SP_OK, true, "the index after the run");
    check_next_run(story);
}

static void
reset(const struct story *story)
{
    char command[2048];
    memset(&result->outcome, 0, offsetof(struct result, answer) - offsetof(struct result, outcome));
    if (!story->folder)
        return;
    snprintf(command, sizeof command, "rm -rf '%s' && cp -a '%s/old' '%s'", indexes[0],
             story->folder, indexes[0]);
    if (system(command) != 0) // NOLINT(cert-env33-c): the folders are the test's own
        die("cannot copy the index");
}

static void
tell(const struct story *story, long nth, bool stays, const char *right, size_t len)
{
    catch_crashes();
    reset(story);
    long before = failing_live();
    (story->folder ? tell_run : tell_question)(story, nth, stays, right, len);
    result->live = failing_live() - before;
}

static void
check_after_crash(const struct story *story)
{
    if (!story->folder)
        return;
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_MAX);
        check_index(story, true, true, "the index after a crash");
        check_next_run(story);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child)
        die("cannot fork");
    if (status != 0)
        result->outcome = WRONG;
}

/* Reports */

static void
print_stack(const char *name, const struct failing_stack *stack)
{
    printf("  %s:", name);
    for (int i = 0; i < stack->depth; i++) {
        Dl_info info;
        if (!dladdr(stack->frames[i], &info))
            continue;
        const char *module = strrchr(info.dli_fname, '/');
        printf(" %s+0x%lx(%s)", module ? module + 1 : info.dli_fname,
               (unsigned long)((char *)stack->frames[i] - (char *)info.dli_fbase) - 1,
               info.dli_sname ? info.dli_sname : "");
    }
    putchar('\n');
}

static void
print_point(const struct story *story, long nth, bool stays)
{
    printf("%s %s %s %ld: %s\n", names[result->outcome], story->name, stays ? "on" : "once", nth,
           result->note);
    print_stack("failed", &result->failed);
    if (result->outcome >= CRASH)
        print_stack("crashed", &result->crashed);
    for (int i = 0; i < result->leaked_count; i++)
        print_stack("leaked", &result->leaked[i]);
    if (result->outcome == WRONG)
        printf("  answer: %.*s\n", (int)(result->len < 2000 ? result->len : 2000), result->answer);
}

static unsigned long random_seed;

/* Whether the point is in the sample. The choice does not depend on earlier points. */
static bool
is_chosen(long nth)
{
    const char *only = getenv("FAULTS_ONLY"); /* "FROM-TO", to look at some points again */
    long from, to;
    if (only && sscanf(only, "%ld-%ld", &from, &to) == 2)
        return nth >= from && nth <= to;
    uint64_t mixed = ((uint64_t)nth + random_seed) * 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9u;
    return step <= 1 || (mixed >> 33) % step == 0;
}

struct telling {
    const struct story *story;
    bool stays;
    long allocations; /* without a failure */
    const char *right;
    size_t len;
};

static void
count_point(const struct telling *telling)
{
    result->points[result->outcome]++;
    if (result->outcome > REFUSED)
        print_point(telling->story, result->nth, telling->stays);
}

/* Runs `work` in a child. Returns false if the child did not come to its end; the outcome is then
   set. */
static bool
in_child(const struct telling *telling, void (*work)(const struct telling *telling))
{
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        work(telling);
        fflush(stdout);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        die("cannot fork");
    if (status == 0)
        return true;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
        exit(3);
    result->outcome = WIFEXITED(status) && WEXITSTATUS(status) == STUCK_CODE ? STUCK : CRASH;
    return false;
}

static void
tell_once(const struct telling *telling)
{
    tell(telling->story, 0, false, telling->right, telling->len);
    if (result->outcome != SAME) {
        print_point(telling->story, 0, false);
        die("the story is not repeatable");
    }
}

/* Fails each chosen allocation after result->nth. The story is played once before, so that what is
   allocated once and for all does not count as a leak. */
static void
fail_rest(const struct telling *telling)
{
    long begin = result->nth;
    tell_once(telling);
    for (result->nth = begin + 1; result->nth <= telling->allocations; result->nth++) {
        if (!is_chosen(result->nth))
            continue;
        tell(telling->story, result->nth, telling->stays, telling->right, telling->len);
        bool leaks = result->live > 0 && result->outcome <= REFUSED;
        if (leaks && result->leak_count < LEAKS_MAX) {
            result->leak_failed[result->leak_count] = result->failed;
            result->leaks[result->leak_count++] = result->nth;
        } else
            count_point(telling);
        fflush(stdout);
    }
}

/* Tells the story with one failure, and records the blocks that stay allocated. After earlier
   failures, libxapian and the allocator may have needed some allocations more or less, so this one
   may fail elsewhere: what failed the first time is reported. */
static void
find_leak(const struct telling *telling)
{
    long nth = result->nth;
    tell_once(telling);
    failing_record();
    tell(telling->story, nth, telling->stays, telling->right, telling->len);
    failing_each_live(keep_leak, NULL);
    result->outcome = LEAK;
    result->failed = result->leak_failed[result->leak];
    count_point(telling);
}

static void
fail_each(const struct telling *telling)
{
    result->nth = 0;
    result->leak_count = 0;
    while (!in_child(telling, fail_rest)) {
        if (result->outcome == CRASH)
            check_after_crash(telling->story);
        count_point(telling);
    }
    for (result->leak = 0; result->leak < result->leak_count; result->leak++) {
        result->nth = result->leaks[result->leak];
        if (!in_child(telling, find_leak))
            count_point(telling);
    }
}

static void
learn_answers(const struct story *story)
{
    SP_AUTO(sp_str_done) sp_str answer = {0};
    struct telling telling = {.story = story};
    for (int i = 0; i < 2; i++) {
        sp_error err = {0};
        if (i == 0)
            reset(story);
        else if (!in_child(&telling, tell_once))
            die("the run crashes");
        enum sp_status status = story_ask_index(story, &answer, &err);
        if (status != SP_OK && (i == 1 || status != SP_NOT_FOUND))
            die(err.text);
        free(answers[i]);
        answers[i] = strdup(sp_str_bytes(&answer).data);
        answer_lens[i] = answer.len;
    }
}

static void
test(const struct story *story)
{
    struct telling telling = {.story = story};
    memset(result->points, 0, sizeof result->points);
    if (story->folder)
        learn_answers(story);
    if (!in_child(&telling, tell_once))
        die("the story crashes");
    SP_AUTO(sp_str_done) sp_str right = {0};
    sp_str_append(&right, (sp_bytes){result->answer, result->len});
    telling.right = right.data;
    telling.len = right.len;
    telling.allocations = result->allocations;
    if (right.failed || !in_child(&telling, tell_once))
        die("the story crashes when it is played again");
    for (int stays = 0; stays < 2; stays++) {
        telling.stays = stays;
        fail_each(&telling);
    }
    printf("story %s: %ld allocations,", story->name, telling.allocations);
    for (size_t i = 0; i < OUTCOMES; i++)
        printf(" %ld %s%s", result->points[i], names[i], i + 1 < OUTCOMES ? "," : "\n");
}

static void
read_story(char *line, struct story *out)
{
    char *rest = line, *part;
    line[strcspn(line, "\n")] = '\0';
    *out = (struct story){.name = strdup(line)};
    out->kind = strsep(&rest, "|");
    out->text = rest ? strsep(&rest, "|") : "";
    while (rest && out->option_count < STORY_OPTIONS_MAX && (part = strsep(&rest, "|")))
        out->options[out->option_count++] = part;
}

int
main(int argc, char **argv)
{
    if (argc < 5 || argc > 4 + INDEXES_MAX)
        die("wrong arguments");
    step = (unsigned)atoi(argv[2]);
    random_seed = strtoul(argv[3], NULL, 10);
    result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (result == MAP_FAILED)
        die("cannot map memory");
    bool runs = strcmp(argv[1], "run") == 0;
    static char scratch[512];
    char *line = NULL;
    size_t capacity = 0;
    snprintf(scratch, sizeof scratch, "%s/scratch", argv[4]);
    indexes[0] = scratch;
    for (int i = 4; !runs && i < argc; i++)
        indexes[index_count++] = argv[i];
    index_count = runs ? 1 : index_count;
    while (getline(&line, &capacity, stdin) > 0) {
        struct story story;
        read_story(line, &story);
        story.folder = runs ? argv[4] : NULL;
        story.indexes = indexes;
        story.index_count = index_count;
        test(&story);
        free(story.name);
    }
    free(line);
    return 0;
}
