/* SPDX-License-Identifier: MIT */

/*
 * Writes sdk/src/crypto/nfkd_table.inc from utf8proc's data: the decompositions and combining classes of Unicode, in
 * a form that is small when it is compressed. tests/unit/crypto/test_nfkd.c compares it with utf8proc.
 *
 *   nfkd_table > sdk/src/crypto/nfkd_table.inc
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <utf8proc.h>

#define CODE_POINTS 0x110000
#define LONGEST 18

typedef struct bytes {
  uint8_t data[32768];
  size_t len;
} bytes;

static bytes heads, firsts, rests, classes;
static int32_t behind_last; /* of all that decompose or combine */

static void put(bytes *to, uint8_t byte) {
  to->data[to->len++] = byte;
}

/* Seven bits a byte, the lowest first; all but the last have the highest bit (LEB128). */
static void put_number(bytes *to, uint32_t number) {
  for (; number > 127; number >>= 7) put(to, (uint8_t)(number | 128));
  put(to, (uint8_t)number);
}

typedef struct sequence {
  utf8proc_int32_t c[LONGEST];
  int len; /* 0 when there is none */
} sequence;

/* What is computed, and what is no character, has none here. */
static bool has_none(int32_t c) {
  return (c >= 0xac00 && c < 0xd7a4) || (c >= 0xd800 && c < 0xe000) || c >= CODE_POINTS;
}

static sequence decomposed(int32_t c) {
  sequence out = {{0}, 0};
  int boundary = 0;
  if (has_none(c)) return out;
  out.len = (int)utf8proc_decompose_char(c, out.c, LONGEST, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
  if (out.len == 1 && out.c[0] == c) out.len = 0;
  return out;
}

/* Whether the next of a run follows: one further than `from` at the front, and the same behind it. */
static bool follows(const sequence *from, const sequence *next, int32_t distance) {
  return next->len == from->len && next->c[0] == from->c[0] + distance &&
         memcmp(next->c + 1, from->c + 1, sizeof *next->c * (size_t)(from->len - 1)) == 0;
}

static void put_run(const sequence *from, uint32_t gap, uint32_t count, int32_t before) {
  int32_t step = from->c[0] - before;
  put(&heads, (uint8_t)(from->len | (gap > 0) << 5 | (count > 1) << 6));
  if (gap > 0) put_number(&heads, gap);
  if (count > 1) put_number(&heads, count);
  put_number(&firsts, step < 0 ? (uint32_t)(-2 * step - 1) : (uint32_t)(2 * step));
  for (int i = 1; i < from->len; i++) put_number(&rests, (uint32_t)from->c[i]);
}

static void put_decompositions(void) {
  int32_t end = 0, before = 0;
  for (int32_t c = 0; c < CODE_POINTS; c++) {
    sequence from = decomposed(c);
    if (from.len == 0) continue;
    int32_t count = 1;
    for (sequence next = decomposed(c + 1); follows(&from, &next, count); next = decomposed(c + count))
      count++;
    put_run(&from, (uint32_t)(c - end), (uint32_t)count, before);
    before = from.c[0] + count;
    end = c + count;
    c = end - 1;
  }
  behind_last = end;
}

static void put_classes(void) {
  int32_t end = 0;
  for (int32_t c = 0; c < CODE_POINTS; c++) {
    int class = utf8proc_get_property(c)->combining_class;
    if (class == 0) continue;
    int32_t start = c;
    while (utf8proc_get_property(c + 1)->combining_class == class) c++;
    put_number(&classes, (uint32_t)(start - end));
    put_number(&classes, (uint32_t)(c + 1 - start));
    put(&classes, (uint8_t) class);
    end = c + 1;
  }
  if (end > behind_last) behind_last = end;
}

static void print(const char *name, const bytes *from) {
  printf("\nstatic const uint8_t %s[%zu] = {", name, from->len);
  for (size_t i = 0; i < from->len; i++) printf("%s%u,", i % 32 == 0 ? "\n    " : "", from->data[i]);
  printf("\n};\n");
}

int main(void) {
  put_decompositions();
  put_classes();
  printf("/* SPDX-License-Identifier: MIT */\n\n"
         "/* Made by tests/nfkd/table.c from utf8proc %s, of Unicode %s. */\n",
         utf8proc_version(), utf8proc_unicode_version());
  printf("\n#define NFKD_END 0x%x\n", (unsigned)behind_last);
  print("nfkd_heads", &heads);
  print("nfkd_firsts", &firsts);
  print("nfkd_rests", &rests);
  print("nfkd_classes", &classes);
  return 0;
}
