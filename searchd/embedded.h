// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of this folder that cmake/embed.cmake compiles into the daemon. */
#ifndef SIGNPOST_SEARCHD_EMBEDDED_H
#define SIGNPOST_SEARCHD_EMBEDDED_H

#include <stddef.h>

extern const unsigned char sp_openapi_json[];
extern const size_t sp_openapi_json_len;

extern const unsigned char sp_search_box_js[];
extern const size_t sp_search_box_js_len;

extern const unsigned char sp_search_box_css[];
extern const size_t sp_search_box_css_len;

extern const unsigned char sp_search_results_js[];
extern const size_t sp_search_results_js_len;

extern const unsigned char sp_search_results_css[];
extern const size_t sp_search_results_css_len;

extern const unsigned char sp_search_page_css[];
extern const size_t sp_search_page_css_len;

extern const unsigned char sp_search_icon_svg[];
extern const size_t sp_search_icon_svg_len;

#endif
