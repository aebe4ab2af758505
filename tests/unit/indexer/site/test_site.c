// SPDX-License-Identifier: GPL-2.0-or-later
/* Sites that the tests write: plain trees, settings, front matter and its defaults, and hostile
   files. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include "harness.h"

#include "indexer/site/page.h"
#include "indexer/site/site_private.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW INT64_C(1800000000)

struct fixture {
    char root[64];
    sp_site *site;
    sp_scan scan;
    sp_arena arena;
    sp_site_page page;
    sp_post post;
    sp_error err;
};

static int
setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        return -1;
    snprintf(f->root, sizeof f->root, "/tmp/signpost-site-XXXXXX");
    *state = f;
    return mkdtemp(f->root) ? 0 : -1;
}

static int
remove_entry(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

static int
teardown(void **state)
{
    struct fixture *f = *state;
    sp_site_close(f->site);
    sp_scan_done(&f->scan);
    sp_arena_done(&f->arena);
    nftw(f->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(f);
    return 0;
}

static void
path_of(struct fixture *f, const char *path, char *out, size_t size)
{
    int len = snprintf(out, size, "%s/%s", f->root, path);
    assert_in_range(len, 1, size - 1);
}

/* Creates missing folders. */
static void
write_bytes(struct fixture *f, const char *path, sp_bytes content)
{
    char whole[512];
    path_of(f, path, whole, sizeof whole);
    for (char *slash = whole + strlen(f->root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(whole, 0777);
        *slash = '/';
    }
    FILE *file = fopen(whole, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.len, file), content.len);
    fclose(file);
}

static void
write_file(struct fixture *f, const char *path, const char *content)
{
    write_bytes(f, path, sp_bytes_of(content));
}

static void
open_and_scan(struct fixture *f)
{
    sp_site_options options = {.now = NOW};
    sp_site_close(f->site);
    sp_scan_done(&f->scan);
    f->site = NULL;
    if (sp_site_open(f->root, &options, &f->site, &f->err) != SP_OK ||
        sp_site_scan(f->site, &f->scan, &f->err) != SP_OK)
        fail_msg("%s:%u: %s", f->err.path, f->err.line, f->err.text);
}

static enum sp_status
read_page(struct fixture *f, const char *path)
{
    for (size_t i = 0; i < f->scan.count; i++) {
        if (!sp_bytes_equal(f->scan.sources[i].path, sp_bytes_of(path)))
            continue;
        SP_AUTO(sp_str_done) sp_str content = {0};
        assert_int_equal(sp_site_read(f->site, sp_bytes_of(path), 1 << 20, &content, &f->err),
                         SP_OK);
        f->post = (sp_post){0};
        return sp_site_page_read(f->site, &f->scan.sources[i], sp_str_bytes(&content), &f->arena,
                                 &f->page, &f->post, &f->err);
    }
    fail_msg("%s is not among the sources", path);
    return SP_INTERNAL;
}

static void
assert_url(struct fixture *f, const char *path, const char *url)
{
    if (read_page(f, path) != SP_OK)
        fail_msg("%s:%u:%u: %s", f->err.path, f->err.line, f->err.column, f->err.text);
    assert_int_equal(f->page.verdict, SP_PAGE_PUBLISHED);
    assert_bytes(f->post.url, url);
}

static void
a_plain_tree_needs_no_front_matter(void **state)
{
    struct fixture *f = *state;
    write_file(f, "README.md", "# Hello\n");
    write_file(f, "notes/README.md", "x");
    write_file(f, "notes/index.md", "x");
    write_file(f, "notes/a b/CV_tips-and-tricks.markdown", "x");
    write_file(f, "own.md", "---\npermalink: /else/where/\n---\nx");
    write_file(f, "url.md", "---\nurl: https://example.org/there\n---\nx");
    write_file(f, "deep/slug.md", "---\nslug: short\ntags: one two\ncategory: Big Thing\n---\nx");
    write_file(f, "2018-04-10-dated.md", "---\nlang: de-AT\n---\nx");
    write_file(f, "time.md", "---\ndate: 2018-04-10 23:30:00 -0500\n---\nx");
    write_file(f, "nonsense-date.md", "---\ndate: some day\n---\nx");
    write_file(f, ".hidden/x.md", "x");
    write_file(f, "node_modules/x.md", "x");
    write_file(f, "other.txt", "x");
    write_file(f, "folder.md/inside.md", "x");
    open_and_scan(f);
    assert_false(sp_site_is_jekyll(f->site));
    assert_int_equal(f->scan.count, 11);
    assert_url(f, "README.md", "/");
    assert_bytes(f->page.title, "");
    assert_bytes(f->page.fallback, "Readme");
    assert_int_equal(f->page.first_line, 1);
    assert_url(f, "notes/README.md", "/notes/README/");
    assert_url(f, "notes/index.md", "/notes/");
    assert_url(f, "notes/a b/CV_tips-and-tricks.markdown", "/notes/a%20b/CV_tips-and-tricks/");
    assert_bytes(f->page.fallback, "Cv Tips And Tricks");
    assert_url(f, "own.md", "/else/where/");
    assert_int_equal(f->page.first_line, 4);
    assert_url(f, "url.md", "/there");
    assert_url(f, "deep/slug.md", "/deep/short/");
    assert_int_equal(f->post.tag_count, 2);
    assert_bytes(f->post.categories[0], "Big Thing");
    assert_url(f, "2018-04-10-dated.md", "/2018-04-10-dated/");
    assert_bytes(f->post.date, "2018-04-10");
    assert_bytes(f->post.lang, "de-AT");
    assert_url(f, "time.md", "/time/");
    assert_bytes(f->post.date, "2018-04-11");
    assert_url(f, "nonsense-date.md", "/nonsense-date/");
    assert_bytes(f->post.date, "");
    assert_url(f, "folder.md/inside.md", "/folder.md/inside/");
}

static void
front_matter_and_defaults_decide_what_is_published(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *path, *front;
        enum sp_site_page_verdict verdict;
    } cases[] = {
        {"a.md", "search: false", SP_PAGE_HIDDEN},
        {"b.md", "search_exclude: true", SP_PAGE_HIDDEN},
        {"c.md", "exclude_from_search: yes", SP_PAGE_HIDDEN},
        {"d.md", "search: true", SP_PAGE_PUBLISHED},
        {"e.md", "redirect_to: https://example.org/", SP_PAGE_REDIRECT},
        {"f.md", "redirect_to: [/x/]", SP_PAGE_REDIRECT},
        {"g.md", "published: false", SP_PAGE_UNPUBLISHED},
        {"h.md", "sitemap: false", SP_PAGE_PUBLISHED},
        {"i.md", "draft: true", SP_PAGE_PUBLISHED},
        {"docs/j.md", "title: x", SP_PAGE_HIDDEN},
        {"_posts/2018-01-01-k.md", "date: 2999-01-01", SP_PAGE_FUTURE},
    };
    write_file(f, "_config.yml",
               "timezone: UTC\ndefaults:\n  - scope: {path: docs}\n"
               "    values: {search: false}\n");
    write_file(f, "none.md", "x\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char content[128];
        snprintf(content, sizeof content, "---\n%s\n---\nx\n", cases[i].front);
        write_file(f, cases[i].path, content);
    }
    open_and_scan(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_page(f, cases[i].path), SP_OK);
        if (f->page.verdict != cases[i].verdict)
            fail_msg("%s: %s", cases[i].front, sp_site_page_verdict_text(f->page.verdict));
    }
    assert_int_equal(read_page(f, "none.md"), SP_OK);
    assert_int_equal(f->page.verdict, SP_PAGE_NO_FRONT_MATTER);
}

static void
drafts_and_future_posts_of_a_plain_tree_are_not_published(void **state)
{
    struct fixture *f = *state;
    write_file(f, "draft.md", "---\ndraft: true\n---\nx");
    write_file(f, "future.md", "---\ndate: 2999-01-01\n---\nx");
    write_file(f, "nowhere.md", "---\npermalink: false\n---\nx");
    open_and_scan(f);
    assert_int_equal(read_page(f, "nowhere.md"), SP_OK);
    assert_int_equal(f->page.verdict, SP_PAGE_UNPUBLISHED);
    assert_int_equal(read_page(f, "draft.md"), SP_OK);
    assert_int_equal(f->page.verdict, SP_PAGE_DRAFT);
    assert_int_equal(read_page(f, "future.md"), SP_OK);
    assert_int_equal(f->page.verdict, SP_PAGE_FUTURE);
}

static void
settings_apply_to_the_site(void **state)
{
    struct fixture *f = *state;
    write_file(
        f, "_config.yml",
        "title: \"A\\n site \\e\"\nurl: https://example.org//\nbaseurl: a/b/\nlocale: fr_CA\n"
        "source: src\nsignpost:\n  weights: {title: 3}\n  synonyms: [[cv, resume]]\n");
    write_file(f, "src/about.md", "---\n---\nx");
    write_file(f, "outside.md", "---\n---\nx");
    open_and_scan(f);
    assert_true(sp_site_is_jekyll(f->site));
    assert_bytes(sp_site_title(f->site), "A site");
    assert_bytes(sp_site_url(f->site), "https://example.org");
    assert_bytes(sp_site_baseurl(f->site), "/a/b");
    assert_bytes(sp_site_lang(f->site), "fr");
    assert_bytes(sp_yaml_text(sp_site_config(f->site, "signpost.weights.title")), "3");
    assert_int_equal(sp_site_config(f->site, "signpost.synonyms")->count, 1);
    assert_null(sp_site_config(f->site, "signpost.none.none"));
    assert_int_equal(f->scan.count, 1);
    assert_url(f, "about.md", "/a/b/about.html");
    uint64_t hash = sp_site_settings_hash(f->site);
    write_file(f, "_config.yml", "title: Another\nsource: src\n");
    open_and_scan(f);
    assert_true(hash != sp_site_settings_hash(f->site));
}

static uint64_t
hash_of(struct fixture *f, const char *config)
{
    write_file(f, "_config.yml", config);
    open_and_scan(f);
    return sp_site_settings_hash(f->site);
}

/* Settings that cannot change a post do not change the hash; all other settings do. */
static void
settings_that_can_change_a_post_change_the_hash(void **state)
{
    struct fixture *f = *state;
    write_file(f, "src/x.md", "x");
    uint64_t bare = hash_of(f, "url: https://a.example\n");
    assert_int_equal(hash_of(f, "# why\ntitle: New\nurl: https://a.example\ngems: [x, y]\n"), bare);
    assert_int_equal(hash_of(f, "exclude: [b]\nurl: https://a.example\n"), bare);
    const char *others[] = {
        "url: https://b.example\n",
        "url: https://a.example\nbaseurl: /x\n",
        "url: https://a.example\npermalink: pretty\n",
        "url: https://a.example\nlang: de\n",
        "url: https://a.example\nlocale: fr\n",
        "url: https://a.example\nsource: src\n",
        "url: https://a.example\ncollections_dir: src\n",
        "url: https://a.example\nmarkdown_ext: md\n",
        "url: https://a.example\ntimezone: Asia/Tokyo\n",
        "url: https://a.example\nfuture: true\n",
        "url: https://a.example\ndefaults: [{scope: {path: a}, values: {tags: b}}]\n",
        "url: https://a.example\ndefaults: [{scope: {path: ab}, values: {tags: ''}}]\n",
        "url: https://a.example\ncollections: {a: {output: true}}\n",
        "url: https://a.example\ncollections: {a: {output: 'true'}}\n",
    };
    uint64_t seen[sizeof others / sizeof *others];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        seen[i] = hash_of(f, others[i]);
        assert_true(seen[i] != bare);
        for (size_t k = 0; k < i; k++)
            assert_true(seen[i] != seen[k]);
    }
}

/* The hash of the settings if the indexer also read a setting called `new_setting`. */
static uint64_t
hash_with_new_setting(struct fixture *f, const char *config)
{
    hash_of(f, config);
    sp_config_get(f->site, "new_setting");
    return sp_site_settings_hash(f->site);
}

static void
reading_a_setting_adds_it_to_the_hash(void **state)
{
    struct fixture *f = *state;
    uint64_t unread = hash_of(f, "new_setting: a\n");
    assert_int_equal(hash_of(f, "new_setting: b\n"), unread);
    uint64_t a = hash_with_new_setting(f, "new_setting: a\n");
    assert_true(a != unread);
    assert_int_equal(hash_with_new_setting(f, "title: x\nnew_setting: a\n"), a);
    assert_true(hash_with_new_setting(f, "new_setting: b\n") != a);
    assert_true(hash_with_new_setting(f, "new_setting: [a]\n") != a);
    assert_true(hash_with_new_setting(f, "title: x\n") != a);
}

static void
assert_config_fails(struct fixture *f, const char *text, unsigned line, unsigned column)
{
    sp_site_options options = {.now = NOW};
    sp_site *site = NULL;
    write_file(f, "_config.yml", text);
    assert_int_equal(sp_site_open(f->root, &options, &site, &f->err), SP_BAD_INPUT);
    assert_null(site);
    assert_non_null(strstr(f->err.path, "/_config.yml"));
    assert_int_equal(f->err.line, line);
    assert_int_equal(f->err.column, column);
}

static void
invalid_settings_have_line_and_column(void **state)
{
    struct fixture *f = *state;
    sp_site_options options = {.now = NOW};
    sp_site *site = NULL;
    assert_config_fails(f, "title: x\nexclude: [a\n", 3, 1);
    assert_config_fails(f, "title: x\nexclude: a\n", 2, 10);
    assert_config_fails(f, "- a\n", 1, 1);
    assert_config_fails(f, "source: ../..\n", 1, 9);
    assert_config_fails(f, "title: x\nsource: /etc\n", 2, 9);
    assert_config_fails(f, "collections_dir: ../private\n", 1, 18);
    assert_config_fails(f, "collections_dir: a/../../private\n", 1, 18);
    assert_config_fails(f, "collections_dir: /etc\n", 1, 18);
    assert_config_fails(f, "signpost:\n  pins: /etc/shadow\n", 2, 9);
    assert_config_fails(f, "signpost:\n  pins: ../pins.tsv\n", 2, 9);
    assert_int_equal(sp_site_open("/no/such/folder", &options, &site, &f->err), SP_NOT_FOUND);
}

static void
settings_repeated_for_each_file_are_limited(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str long_text = {0};
    static const char *const before[] = {"baseurl: ",
                                         "permalink: /",
                                         "url: https://",
                                         "title: ",
                                         "collections: {posts: {permalink: /",
                                         "defaults: [{scope: {path: ''}, values: {title: ",
                                         "markdown_ext: md"};
    static const char *const after[] = {"", "", "", "", "}}", "}}]", ""};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        sp_str_clear(&long_text);
        sp_str_append_text(&long_text, before[i]);
        for (unsigned n = 0; n < 8193; n++)
            sp_str_append_text(&long_text, i == 6 && n % 2 == 0 ? "," : "x");
        sp_str_append_text(&long_text, after[i]);
        sp_str_append_char(&long_text, '\n');
        write_file(f, "_config.yml", long_text.data);
        sp_site_options options = {.now = NOW};
        assert_int_equal(sp_site_open(f->root, &options, &f->site, &f->err), SP_BAD_INPUT);
        assert_int_equal(f->err.line, 1);
        assert_true(f->err.column > 1);
    }
}

static void
a_default_value_may_have_the_longest_length(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_site_options options = {.now = NOW};
    sp_str_append_text(&text, "defaults: [{scope: {path: ''}, values: {title: ");
    for (unsigned n = 0; n < 8191; n++) /* a value counts one byte more than its text */
        sp_str_append_char(&text, 'x');
    sp_str_append_text(&text, "}}]\n");
    write_file(f, "_config.yml", text.data);
    assert_int_equal(sp_site_open(f->root, &options, &f->site, &f->err), SP_OK);
}

static void
names_of_collections_with_one_label_are_one_collection(void **state)
{
    struct fixture *f = *state;
    write_file(f, "_config.yml",
               "collections:\n  a: {permalink: '/one/:name/'}\n  'a!': {output: true, permalink: "
               "'/two/:name/'}\n");
    write_file(f, "_a/x.md", "---\n---\n");
    open_and_scan(f);
    assert_int_equal(f->site->collection_count, 2); /* with posts */
    assert_url(f, "_a/x.md", "/two/x/");
}

static void
a_cancelled_run_reads_no_settings_and_no_folders(void **state)
{
    struct fixture *f = *state;
    atomic_bool cancel = true;
    sp_site_options options = {.now = NOW, .cancel = &cancel};
    write_file(f, "x.md", "x");
    assert_int_equal(sp_site_open(f->root, &options, &f->site, &f->err), SP_OK);
    assert_int_equal(sp_site_scan(f->site, &f->scan, &f->err), SP_CANCELLED);
    sp_site_close(f->site);
    f->site = NULL;
    write_file(f, "_config.yml", "defaults:\n- {scope: {path: ''}, values: {title: x}}\n");
    assert_int_equal(sp_site_open(f->root, &options, &f->site, &f->err), SP_CANCELLED);
}

static void
invalid_front_matter_has_a_line(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *front;
        unsigned line;
    } cases[] = {
        {"a: [1, 2", 3},
        {"a: 1\nb: *x", 3},
        {"just words", 2},
        {"- a\n- b", 2},
        {"a: \"\xFF\"", 2},
        {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}", 2},
        {"date: 2018-13-01", 2},
        {"a: b: c", 2},
        {"permalink: /:nothing/", 2},
    };
    write_file(f, "_config.yml", "timezone: UTC\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char content[256];
        snprintf(content, sizeof content, "---\n%s\n---\nx\n", cases[i].front);
        write_file(f, "_posts/2018-01-01-x.md", content);
        open_and_scan(f);
        assert_int_equal(read_page(f, "_posts/2018-01-01-x.md"), SP_BAD_INPUT);
        assert_string_equal(f->err.path, "_posts/2018-01-01-x.md");
        if (f->err.line != cases[i].line)
            fail_msg("%s: line %u: %s", cases[i].front, f->err.line, f->err.text);
    }
}

static void
nul_bytes_reach_no_field(void **state)
{
    struct fixture *f = *state;
    write_file(f, "_config.yml", "timezone: UTC\n");
    write_file(f, "_posts/2018-01-01-x.md",
               "---\ntitle: \"a\\0b\"\nslug: \"c\\0d\"\ncategory: \"e\\0f\"\n---\nx");
    open_and_scan(f);
    assert_url(f, "_posts/2018-01-01-x.md", "/e%EF%BF%BDf/2018/01/01/c-d.html");
    assert_bytes(f->page.title, "a\xEF\xBF\xBD"
                                "b");
}

static void
names_and_titles_become_valid_text_on_one_line(void **state)
{
    struct fixture *f = *state;
    write_file(f, "_config.yml", "timezone: UTC\n");
    write_file(f, "caf\xE9/_posts/2018-01-01-x\xFFy.md", "---\n---\nx");
    write_file(f, "_posts/2018-01-01-z.md", "---\ntitle: \"\\e[31m red\\n\\tline \"\n---\nx");
    open_and_scan(f);
    assert_url(f, "caf\xE9/_posts/2018-01-01-x\xFFy.md", "/caf%EF%BF%BD/2018/01/01/x-y.html");
    assert_bytes(f->page.title, "X\xEF\xBF\xBDy");
    assert_bytes(f->post.categories[0], "caf\xEF\xBF\xBD");
    assert_bytes(f->post.path, "caf\xEF\xBF\xBD/_posts/2018-01-01-x\xEF\xBF\xBDy.md");
    assert_url(f, "_posts/2018-01-01-z.md", "/2018/01/01/z.html");
    assert_bytes(f->page.title, "[31m red line");
}

/* Files of these kinds are not opened, and such links are not followed; the rest of the site is
   listed. */
static void
files_that_must_not_be_opened_are_errors(void **state)
{
    struct fixture *f = *state;
    char path[512], target[512];
    write_file(f, "good.md", "x");
    write_file(f, "folder.md/inside.md", "x");
    path_of(f, "fifo.md", path, sizeof path);
    assert_int_equal(mkfifo(path, 0666), 0);
    path_of(f, "loop.md", path, sizeof path);
    assert_int_equal(symlink("loop.md", path), 0);
    path_of(f, "dangling.md", path, sizeof path);
    assert_int_equal(symlink("nowhere", path), 0);
    path_of(f, "outside.md", path, sizeof path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    path_of(f, "device.md", path, sizeof path);
    assert_int_equal(symlink("/dev/zero", path), 0);
    path_of(f, "inside.md", path, sizeof path);
    path_of(f, "good.md", target, sizeof target);
    assert_int_equal(symlink(target, path), 0);
    path_of(f, "again", path, sizeof path);
    assert_int_equal(symlink(".", path), 0);
    path_of(f, "again.md", path, sizeof path);
    assert_int_equal(symlink("..", path), 0);
    open_and_scan(f);
    assert_int_equal(f->scan.count, 3);
    assert_bytes(f->scan.sources[0].path, "folder.md/inside.md");
    assert_bytes(f->scan.sources[1].path, "good.md");
    assert_bytes(f->scan.sources[2].path, "inside.md");
    assert_int_equal(f->scan.error_count, 6);
    assert_bytes(f->scan.errors[0].path, "again.md");
    assert_bytes(f->scan.errors[0].text, "symbolic link to a file outside the site");
    assert_bytes(f->scan.errors[1].path, "dangling.md");
    assert_bytes(f->scan.errors[3].path, "fifo.md");
    assert_bytes(f->scan.errors[3].text, "not a regular file");
    assert_bytes(f->scan.errors[5].text, "symbolic link to a file outside the site");
}

static void
only_regular_files_up_to_the_limit_are_read(void **state)
{
    struct fixture *f = *state;
    SP_AUTO(sp_str_done) sp_str out = {0};
    char path[512];
    write_file(f, "x.md", "12345");
    write_file(f, "folder/y.md", "");
    path_of(f, "fifo.md", path, sizeof path);
    assert_int_equal(mkfifo(path, 0666), 0);
    open_and_scan(f);
    assert_int_equal(sp_site_read(f->site, SP_LITERAL("x.md"), 5, &out, &f->err), SP_OK);
    assert_str(out, "12345");
    assert_int_equal(sp_site_read(f->site, SP_LITERAL("x.md"), 4, &out, &f->err), SP_BAD_INPUT);
    assert_int_equal(sp_site_read(f->site, SP_LITERAL("fifo.md"), 9, &out, &f->err), SP_BAD_INPUT);
    assert_int_equal(sp_site_read(f->site, SP_LITERAL("folder"), 9, &out, &f->err), SP_BAD_INPUT);
    assert_int_equal(sp_site_read(f->site, SP_LITERAL("none"), 9, &out, &f->err), SP_NOT_FOUND);
}

static void
random_front_matter_does_not_crash_the_reader(void **state)
{
    struct fixture *f = *state;
    static const char *const words[] = {
        "---\n", "...\n", "title",    "date",      "permalink",  "tags",     "categories", "slug",
        ": ",    "- ",    "[",        "]",         "{",          "}",        "\"",         "\\0",
        "\xFF",  "\n",    "/:title/", ":year",     "2018-02-30", "\xC3\xA9", "*a",         "&a ",
        "|\n ",  "\r\n",  "../",      "published", "no"};
    write_file(f, "_config.yml", "timezone: Europe/Paris\nbaseurl: /b\n");
    write_file(f, "_posts/2018-01-01-x.md", "");
    write_file(f, "page.md", "");
    open_and_scan(f);
    assert_int_equal(f->scan.count, 2);
    uint32_t random = 3;
    for (int round = 0; round < 20000; round++) {
        SP_AUTO(sp_str_done) sp_str content = {0};
        sp_str_append_text(&content, "---\n");
        for (int i = 0; i < round % 24; i++) {
            random = random * 1664525u + 1013904223u;
            sp_str_append_text(&content, words[(random >> 16) % (sizeof words / sizeof *words)]);
        }
        sp_arena_clear(&f->arena);
        f->post = (sp_post){0};
        enum sp_status status =
            sp_site_page_read(f->site, &f->scan.sources[round % 2], sp_str_bytes(&content),
                              &f->arena, &f->page, &f->post, &f->err);
        assert_true(status == SP_OK || status == SP_BAD_INPUT);
        if (status == SP_OK && f->page.verdict == SP_PAGE_PUBLISHED) {
            assert_true(sp_bytes_starts_with(f->post.url, SP_LITERAL("/b/")));
            assert_true(sp_utf8_invalid(f->page.title) == SIZE_MAX);
        }
    }
}

#define SITE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(a_plain_tree_needs_no_front_matter),
        SITE_TEST(front_matter_and_defaults_decide_what_is_published),
        SITE_TEST(drafts_and_future_posts_of_a_plain_tree_are_not_published),
        SITE_TEST(settings_apply_to_the_site),
        SITE_TEST(settings_that_can_change_a_post_change_the_hash),
        SITE_TEST(reading_a_setting_adds_it_to_the_hash),
        SITE_TEST(invalid_settings_have_line_and_column),
        SITE_TEST(settings_repeated_for_each_file_are_limited),
        SITE_TEST(a_default_value_may_have_the_longest_length),
        SITE_TEST(names_of_collections_with_one_label_are_one_collection),
        SITE_TEST(a_cancelled_run_reads_no_settings_and_no_folders),
        SITE_TEST(invalid_front_matter_has_a_line),
        SITE_TEST(nul_bytes_reach_no_field),
        SITE_TEST(names_and_titles_become_valid_text_on_one_line),
        SITE_TEST(files_that_must_not_be_opened_are_errors),
        SITE_TEST(only_regular_files_up_to_the_limit_are_read),
        SITE_TEST(random_front_matter_does_not_crash_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
