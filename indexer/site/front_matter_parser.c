// SPDX-License-Identifier: GPL-2.0-or-later
#include "front_matter_parser.h"

#define MARK "\xEF\xBB\xBF"

static size_t
line_end(sp_bytes text, size_t at)
{
    const char *newline = at < text.len ? memchr(text.data + at, '\n', text.len - at) : NULL;
    return newline ? (size_t)(newline - text.data) + 1 : text.len;
}

/* Whether text[start, end) is the fence, followed only by white space. */
static bool
is_fence(sp_bytes text, size_t start, size_t end, const char *fence)
{
    sp_bytes line = sp_bytes_slice(text, start, end);
    return sp_bytes_starts_with(line, sp_bytes_of(fence)) &&
           sp_bytes_trim(sp_bytes_slice(line, 3, line.len)).len == 0;
}

sp_front_matter
sp_front_matter_find(sp_bytes content)
{
    sp_front_matter found = {.yaml = {"", 0}, .yaml_line = 1, .body = content, .first_line = 1};
    found.has_mark = sp_bytes_starts_with(content, SP_LITERAL(MARK));
    if (found.has_mark)
        content = found.body = sp_bytes_slice(content, 3, content.len);
    size_t at = line_end(content, 0);
    if (at == 0 || content.data[at - 1] != '\n' || !is_fence(content, 0, at, "---"))
        return found;
    found.opened = true;
    size_t start = at;
    for (uint32_t line = 2; at < content.len; line++) {
        size_t end = line_end(content, at);
        if (is_fence(content, at, end, "---") || is_fence(content, at, end, "...")) {
            found.yaml = sp_bytes_slice(content, start, at);
            found.yaml_line = 2;
            found.body = sp_bytes_slice(content, end, content.len);
            found.first_line = line + 1;
            return found;
        }
        at = end;
    }
    return found;
}

enum sp_status
sp_front_matter_read(const sp_front_matter *found, const char *path, sp_arena *arena,
                     const sp_yaml **out, sp_error *err)
{
    static const sp_yaml_limits limits = {.bytes = (size_t)64 << 10, .depth = 8};
    const sp_yaml *root = NULL;
    enum sp_status status =
        sp_yaml_read(found->yaml, path, found->yaml_line, &limits, arena, &root, err);
    if (status != SP_OK)
        return status;
    if (root && root->kind != SP_YAML_MAP && !sp_yaml_is_null(root))
        return sp_fail_at(err, SP_BAD_INPUT, path, root->line, root->column,
                          "front matter must be a mapping");
    *out = root && root->kind == SP_YAML_MAP ? root : NULL;
    return SP_OK;
}
