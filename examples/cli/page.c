/* SPDX-License-Identifier: MIT */

/* The head of a page, its style and its policy; and what colours mean. */

#include "page.h"

#include <stdlib.h>
#include <string.h>

/* --- Style --- */

/* Text on marks and bars has a contrast of at least 4.5, in both schemes; passages are numbered and underlined, too. */
static const char style[] =
    ":root{color-scheme:light dark;--bg:#ffffff;--fg:#1a1a1a;--dim:#555555;--line:#d0d0d0;"
    "--ok:#1b6b2f;--warn:#7a4d00;--bad:#a3171c;"
    "--m0:#ffe0dd;--m1:#dde9ff;--m2:#d9f5df;--m3:#ffeccc;--m4:#eee0ff;--m5:#d4f3f5;--m6:#ffdff0;--m7:#e8e8e8;"
    "--b0:#b3261e;--b1:#1f5fbf;--b2:#1e7a34;--b3:#9a5b00;--b4:#7a3db8;--b5:#00707a;--b6:#b0206f;--b7:#5f5f5f}"
    "\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#121212;--fg:#f2f2f2;--dim:#b8b8b8;--line:#444444;"
    "--ok:#7ddc93;--warn:#ffb74d;--bad:#ff8a80;"
    "--m0:#5a1f1a;--m1:#1d3560;--m2:#17472a;--m3:#553500;--m4:#43246a;--m5:#0b4449;--m6:#5a1a40;--m7:#3a3a3a;"
    "--b0:#ff8a80;--b1:#8ab4ff;--b2:#7ddc93;--b3:#ffb74d;--b4:#cf9fff;--b5:#5fd4de;--b6:#ff8fc7;--b7:#b0b0b0}"
    "}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.6 system-ui,sans-serif}\n"
    "main{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\n"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}.dim{color:var(--dim)}\n"
    ".verdict{border-left:.4rem solid;padding:.5rem "
    "1rem}.ok{border-color:var(--ok)}.warn{border-color:var(--warn)}"
    ".bad{border-color:var(--bad)}.ok strong{color:var(--ok)}.warn strong{color:var(--warn)}"
    ".bad strong{color:var(--bad)}\n"
    ".answer{white-space:pre-wrap;border:1px solid var(--line);padding:1rem}\n"
    "mark{color:var(--fg);background:none;padding:.1em 0;border-bottom:2px dashed var(--dim)}\n"
    "mark::before{font-size:.7em;font-weight:bold;vertical-align:super;padding:0 .2em}\n"
    ".c0{background:var(--m0);border-bottom:2px solid var(--b0)}.c1{background:var(--m1);border-bottom:2px "
    "solid "
    "var(--b1)}.c2{background:var(--m2);border-bottom:2px solid "
    "var(--b2)}.c3{background:var(--m3);border-bottom:2px "
    "solid var(--b3)}.c4{background:var(--m4);border-bottom:2px solid var(--b4)}.c5{background:var(--m5);"
    "border-bottom:2px solid var(--b5)}.c6{background:var(--m6);border-bottom:2px solid var(--b6)}"
    ".c7{background:var(--m7);border-bottom:2px solid var(--b7)}\n"
    ".c0::before{content:\"1\"}.c1::before{content:\"2\"}.c2::before{content:\"3\"}.c3::before{content:\"4\"}"
    ".c4::before{content:\"5\"}.c5::before{content:\"6\"}.c6::before{content:\"7\"}.c7::before{content:\"*\"}"
    "\n"
    ".b0{fill:var(--b0)}.b1{fill:var(--b1)}.b2{fill:var(--b2)}.b3{fill:var(--b3)}.b4{fill:var(--b4)}"
    ".b5{fill:var(--b5)}.b6{fill:var(--b6)}.b7{fill:var(--b7)}.track{fill:var(--line)}svg "
    "text{fill:var(--fg);"
    "font-size:14px}\n"
    ".legend{list-style:none;padding:0}.swatch{display:inline-block;min-width:1.6em;text-align:center;"
    "margin-right:.5em}\n"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}td,th{border-bottom:1px solid "
    "var(--line);padding:.3rem "
    ".6rem;text-align:left;vertical-align:top;overflow-wrap:break-word;max-width:20rem}td "
    "code{white-space:nowrap}"
    ".quote{white-space:pre-wrap;min-width:14rem}\n"
    "dt{color:var(--dim)}dd{margin:0 0 .6rem}code{font-size:.9em}\n";

static void base64(char *out, const uint8_t *bytes, size_t len) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < len; i += 3) {
    const size_t left = len - i;
    const uint32_t word = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                          (left > 2 ? bytes[i + 2] : 0);
    *out++ = digits[word >> 18];
    *out++ = digits[word >> 12 & 63];
    *out++ = left > 1 ? digits[word >> 6 & 63] : '=';
    *out++ = left > 2 ? digits[word & 63] : '=';
  }
  *out = '\0';
}

void page_head(FILE *to, const char *digest) {
  char hash[48];
  ol_hash sha256;
  cli_sha256(&sha256, (ol_slice){(const uint8_t *)style, sizeof style - 1});
  base64(hash, sha256.bytes, sizeof sha256.bytes);
  fprintf(to,
          "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; "
          "base-uri "
          "'none'; form-action 'none'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Attribution receipt "
          "%.10s</title>\n<style>%s</style>\n"
          "</head>\n<body>\n<main>\n<h1>Attribution receipt</h1>\n",
          hash, digest, style);
}

/* --- Text --- */

static void put_escaped(FILE *to, const char *text) {
  for (; *text != '\0'; text++) {
    switch (*text) {
    case '&': fputs("&amp;", to); break;
    case '<': fputs("&lt;", to); break;
    case '>': fputs("&gt;", to); break;
    case '"': fputs("&quot;", to); break;
    case '\'': fputs("&#39;", to); break;
    default: putc(*text, to);
    }
  }
}

void page_text(FILE *to, ol_slice text, bool keeps_lines) {
  char seen[32];
  for (size_t at = 0; at < text.len;) {
    size_t len = 1;
    while (at + len < text.len && (text.data[at + len] & 0xc0) == 0x80 && len < 4) len++;
    const uint8_t first = text.data[at];
    if (keeps_lines && (first == '\n' || first == '\t')) {
      putc(first, to);
      len = 1;
    } else {
      ol_text_visible(seen, sizeof seen, (ol_slice){text.data + at, len});
      put_escaped(to, seen);
    }
    at += len;
  }
}

/* --- Owners --- */

/* Of spans that earn the rarest has a byte, and of those the first; one that does not earn has it if no other does. */
static bool is_before(const ol_attribution_span *one, const ol_attribution_span *other) {
  const bool earns = one->document != OL_SPAN_WITHOUT_OWNER,
             other_earns = other->document != OL_SPAN_WITHOUT_OWNER;
  return earns != other_earns ? earns : earns && one->rarity > other->rarity;
}

void page_credit(const cli_attribution *told, uint32_t *out) {
  for (size_t i = 0; i < told->response.len; i++) out[i] = NO_SPAN;
  for (uint32_t span = 0; span < told->span_count; span++) {
    for (uint32_t i = told->spans[span].start; i < told->spans[span].end && i < told->response.len; i++) {
      if (out[i] == NO_SPAN || is_before(&told->spans[span], &told->spans[out[i]])) out[i] = span;
    }
  }
}

void page_add(ol_u256 *sum, const ol_u256 *number) {
  uint32_t carry = 0;
  for (size_t i = sizeof sum->bytes; i-- > 0; carry >>= 8) {
    carry += (uint32_t)sum->bytes[i] + number->bytes[i];
    sum->bytes[i] = (uint8_t)carry;
  }
}

static page_owner *find(const page *of, const ol_address *owner) {
  for (uint32_t i = 0; i < of->owner_count; i++) {
    if (memcmp(&of->owners[i].address, owner, sizeof *owner) == 0) return &of->owners[i];
  }
  return NULL;
}

static page_owner *find_or_add(page *of, const ol_address *owner) {
  page_owner *found = find(of, owner);
  if (found != NULL) return found;
  of->owners[of->owner_count] = (page_owner){.address = *owner};
  return &of->owners[of->owner_count++];
}

unsigned page_colour(const page *of, const ol_address *owner) {
  const page_owner *found = find(of, owner);
  const size_t at = found == NULL ? COLOURS : (size_t)(found - of->owners);
  return (unsigned)(at < COLOURS - 1 ? at : COLOURS - 1);
}

/* By insertion: there are at most 1,024. */
static void order_rows(page *of) {
  const ol_split_row *rows = of->told->rows;
  for (uint32_t i = 0; i < of->told->row_count; i++) {
    uint32_t at = i;
    for (; at > 0 && memcmp(&rows[of->order[at - 1]].weight, &rows[i].weight, sizeof rows[i].weight) < 0;
         at--)
      of->order[at] = of->order[at - 1];
    of->order[at] = i;
  }
}

int page_begin(page *of) {
  const cli_attribution *told = of->told;
  of->order = calloc(told->row_count + 1, sizeof *of->order);
  of->owners = calloc(told->row_count + told->span_count + 1, sizeof *of->owners);
  if (of->order == NULL || of->owners == NULL) return cli_no_memory();
  order_rows(of);
  for (uint32_t i = 0; i < told->row_count; i++) (void)find_or_add(of, &told->rows[of->order[i]].contributor);
  for (uint32_t i = 0; i < told->span_count; i++) {
    if (told->spans[i].document == OL_SPAN_WITHOUT_OWNER) continue;
    page_owner *owner = find_or_add(of, &told->documents[i].contributor);
    owner->spans++;
    owner->credited += told->spans[i].credited;
  }
  return EXIT_VERIFIED;
}

void page_end(page *of) {
  free(of->owners);
  free(of->order);
}
