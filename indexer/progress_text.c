// SPDX-License-Identifier: GPL-2.0-or-later
#include "progress_text.h"

#include "rate.h"

#define CELLS_MAX 30
#define CELLS_MIN 8 /* a shorter bar is useless */

static const char *
phase_name(enum sp_phase phase)
{
    switch (phase) {
    case SP_PHASE_POSTS:
        return "reading posts";
    case SP_PHASE_RESOURCES:
        return "gathering resources";
    case SP_PHASE_MERGE:
        return "writing the index";
    default:
        return "looking at files";
    }
}

/* Never more than the total: other threads may change both counts between the two reads. */
static size_t
done_of(const sp_progress_state *state)
{
    return state->done < state->total ? state->done : state->total;
}

/* Whether the steps of the phase are files. Otherwise they are groups of resources, whose number
   means nothing to users. */
static bool
counts_files(const sp_progress_state *state)
{
    return state->phase != SP_PHASE_RESOURCES;
}

static int
percent_of(const sp_progress_state *state)
{
    return (int)((double)done_of(state) / (double)state->total * 100);
}

static void
append_numbers(const sp_progress_state *state, bool rate, bool left, sp_str *out)
{
    if (state->total == 0) {
        sp_str_append_char(out, ' ');
        sp_rate_append_time(out, state->seconds);
        return;
    }
    if (counts_files(state))
        sp_str_append_format(out, " %zu/%zu", done_of(state), state->total);
    else
        sp_str_append_format(out, " %d %%", percent_of(state));
    if (rate && state->has_rate && counts_files(state))
        sp_str_append_format(out, "  %.*f/s", state->rate < 10 ? 1 : 0, state->rate);
    if (left && state->has_rate) {
        sp_str_append_text(out, "  ");
        sp_rate_append_time(out, state->left);
        sp_str_append_text(out, " left");
    }
}

static void
append_cells(const sp_progress_state *state, size_t cells, sp_str *out)
{
    size_t filled = (size_t)((double)done_of(state) / (double)state->total * (double)cells);
    sp_str_append_text(out, " [");
    for (size_t i = 0; i < cells; i++)
        sp_str_append_char(out, i < filled ? '#' : '.');
    sp_str_append_char(out, ']');
}

/* Appends the line with the longest bar that fits; false if no bar fits. */
static bool
append_with_cells(const sp_progress_state *state, bool rate, size_t columns, sp_str *out)
{
    SP_AUTO(sp_str_done) sp_str numbers = {0};
    const char *name = phase_name(state->phase);
    append_numbers(state, rate, true, &numbers);
    size_t taken = strlen(name) + strlen(" []") + numbers.len;
    if (state->total == 0 || taken + CELLS_MIN > columns)
        return false;
    size_t room = columns - taken;
    sp_str_append_text(out, name);
    append_cells(state, room < CELLS_MAX ? room : CELLS_MAX, out);
    sp_str_append(out, sp_str_bytes(&numbers));
    return true;
}

void
sp_progress_text_bar(const sp_progress_state *state, size_t columns, sp_str *out)
{
    sp_str_restart(out);
    if (append_with_cells(state, true, columns, out) ||
        append_with_cells(state, false, columns, out))
        return;
    for (int left = 1; left >= 0; left--) {
        sp_str_restart(out);
        sp_str_append_text(out, phase_name(state->phase));
        append_numbers(state, false, left, out);
        if (out->len <= columns)
            return;
    }
    if (!out->failed)
        out->data[out->len = columns] = '\0';
}

static void
append_line(const sp_progress_state *state, sp_str *out)
{
    if (counts_files(state))
        sp_str_append_format(out, "%zu of %zu", done_of(state), state->total);
    else
        sp_str_append_format(out, "%d %%", percent_of(state));
    if (state->has_rate && counts_files(state))
        sp_str_append_format(out, ", %.*f/s", state->rate < 10 ? 1 : 0, state->rate);
    if (state->has_rate) {
        sp_str_append_text(out, ", ");
        sp_rate_append_time(out, state->left);
        sp_str_append_text(out, " left");
    }
}

void
sp_progress_text_line(const sp_progress_state *state, sp_str *out)
{
    sp_str_restart(out);
    sp_str_append_format(out, "%s: ", phase_name(state->phase));
    if (state->total > 0)
        append_line(state, out);
    else
        sp_rate_append_time(out, state->seconds);
}

void
sp_progress_text_end(const sp_progress_state *state, sp_str *out)
{
    sp_str_restart(out);
    sp_str_append_format(out, "%s: ", phase_name(state->phase));
    if (state->total > 0 && counts_files(state)) {
        if (state->done < state->total)
            sp_str_append_format(out, "%zu of ", state->done);
        sp_str_append_format(out, "%zu in ", state->total);
    }
    sp_str_append_format(out, "%.1f s", state->seconds);
}
