/* SPDX-License-Identifier: MIT */

/*
 * Sorting suffixes in blocks, from the end of the text to its start, in memory that the block decides on. The suffixes that
 * begin behind a block are sorted already, in a file. Those that begin in it are sorted by libdivsufsort: what follows on the
 * block is one fixed suffix, so all that is to be known is which are above it, and that fits in the bytes. Then each
 * suffix behind is counted in between those of the block, by a backward search in the block's transform, and both are
 * merged into a new file.
 */

#define _POSIX_C_SOURCE 200809L

#include "build.h"

#include <divsufsort.h>
#include <stdlib.h>
#include <unistd.h>

#define COUNTED 512 /* bytes of the transform between two counts */
#define NOT_TEXT 0xFE

typedef uint8_t bytes16 __attribute__((vector_size(16)));

typedef struct block {
  const ol_corpus *corpus;
  const uint8_t *text; /* T */
  uint64_t n;
  uint64_t start;
  uint64_t end;       /* what follows on the block is the suffix from here */
  uint32_t len;       /* of the block */
  uint8_t *above;     /* bit k: the suffix end + k is above that at `end`; up to n, where there is nothing */
  uint8_t *own_above; /* the same of start + k */
  uint8_t *bytes;     /* what is sorted in the block's place, then its transform */
  int32_t *sa;        /* relative to the start */
  uint32_t *counts;   /* of each symbol before each COUNTED bytes */
  uint32_t symbols;
  uint16_t symbol[256];
  uint64_t smaller[256]; /* bytes of the block below this one */
  uint64_t *gaps;        /* suffixes behind that come before each of the block's, and after all */
  int tail;              /* file of the suffixes behind */
} block;

static ol_status no_memory(ol_error *error) {
  return corpus_fail(error, OL_ERR_MEMORY, "there is no memory for a block");
}

static bool bit(const uint8_t *bits, uint64_t at) {
  return (bits[at / 8] >> (at % 8) & 1) != 0;
}

static void set_bit(uint8_t *bits, uint64_t at) {
  bits[at / 8] |= (uint8_t)(1u << (at % 8));
}

/* --- The sorted suffixes behind, read in order --- */

typedef struct reader {
  int file;
  uint32_t width;
  uint64_t at;
  size_t used;
  size_t filled;
  uint8_t bytes[40u << 10]; /* a multiple of each width */
} reader;

static ol_status next_entry(ol_error *error, reader *from, uint64_t *out) {
  if (from->used == from->filled) {
    ssize_t len = pread(from->file, from->bytes, sizeof from->bytes, (off_t)from->at);
    if (len < (ssize_t)from->width)
      return corpus_fail(error, OL_ERR_ARGUMENT, "sorted suffixes cannot be read");
    from->filled = (size_t)len / from->width * from->width;
    from->at += from->filled;
    from->used = 0;
  }
  *out = corpus_get_entry(from->bytes + from->used, from->width);
  from->used += from->width;
  return OL_OK;
}

static reader *new_reader(const block *b) {
  reader *from = malloc(sizeof *from);
  if (from == NULL) return NULL;
  from->file = b->tail;
  from->width = b->corpus->at.width;
  from->at = 0;
  from->used = from->filled = 0;
  return from;
}

/* Marks the suffixes behind that are above the first of them. */
static ol_status mark_above(ol_error *error, block *b) {
  b->above = calloc((size_t)((b->n - b->end) / 8 + 1), 1);
  reader *from = new_reader(b);
  ol_status status = b->above == NULL || from == NULL ? no_memory(error) : OL_OK;
  bool is_above = false;
  for (uint64_t i = b->end; i < b->n && status == OL_OK; i++) {
    uint64_t position = 0;
    status = next_entry(error, from, &position);
    if (status != OL_OK) break;
    if (is_above) set_bit(b->above, position - b->end);
    if (position == b->end) is_above = true;
  }
  free(from);
  return status;
}

/* --- The block's own suffixes --- */

/* Out: how many bytes each suffix of `word` has alike with all of it (the Z function), but for the first. */
static void list_alike(uint32_t *out, const uint8_t *word, uint32_t len) {
  uint32_t left = 0;
  uint32_t right = 0;
  for (uint32_t i = 1; i < len; i++) {
    uint32_t alike = 0;
    if (i < right) alike = out[i - left] < right - i ? out[i - left] : right - i;
    while (i + alike < len && word[alike] == word[i + alike]) alike++;
    if (i + alike > right) {
      left = i;
      right = i + alike;
    }
    out[i] = alike;
  }
}

/* Whether the suffix that begins `at` bytes into the block is above what follows on the block. In: what is alike. */
static bool is_above(const block *b, uint32_t at, uint64_t alike) {
  uint64_t left = b->len - at;             /* of the block */
  if (b->end + alike == b->n) return true; /* what follows has ended */
  if (alike == left)
    return !bit(b->above, left); /* then it goes on with what follows, itself against a part of it */
  return b->text[b->start + at + alike] > b->text[b->end + alike];
}

static ol_status mark_own(ol_error *error, block *b) {
  b->own_above = calloc(b->len / 8 + 1, 1);
  uint64_t behind = b->n - b->end;
  uint32_t most = behind < b->len ? (uint32_t)behind : b->len;
  uint32_t *alike_of = calloc((size_t)most + 1, sizeof *alike_of);
  if (b->own_above == NULL || alike_of == NULL) {
    free(alike_of);
    return no_memory(error);
  }
  const uint8_t *word = b->text + b->end;
  const uint8_t *text = b->text + b->start;
  list_alike(alike_of, word, most);
  uint32_t left = 0;
  uint32_t right = 0;
  for (uint32_t i = 0; i < b->len; i++) {
    uint32_t alike = 0;
    if (i < right) alike = alike_of[i - left] < right - i ? alike_of[i - left] : right - i;
    while (alike < most && i + alike < b->len && word[alike] == text[i + alike]) alike++;
    if (i + alike > right) {
      left = i;
      right = i + alike;
    }
    if (is_above(b, i, alike)) set_bit(b->own_above, i);
  }
  free(alike_of);
  return OL_OK;
}

/* 0xF5 to 0xFE are in no text, so what is above the last byte has room to move up by two. */
static uint8_t packed(uint8_t byte) {
  return byte == 0xFF ? 0xF5 : byte;
}

/*
 * The block's bytes, so that sorting them as if nothing followed gives the order with what follows: where a byte is the
 * block's last one, what comes behind it decides by being below, equal to or above what follows on the block.
 */
static void lay_bytes(block *b) {
  const uint8_t *text = b->text + b->start;
  if (b->end == b->n) {
    memcpy(b->bytes, text, b->len);
    return;
  }
  uint8_t last = packed(text[b->len - 1]);
  for (uint32_t i = 0; i + 1 < b->len; i++) {
    uint8_t byte = packed(text[i]);
    bool goes_up = byte > last || (byte == last && bit(b->own_above, i + 1));
    b->bytes[i] = (uint8_t)(byte + (goes_up ? 2 : 0));
  }
  b->bytes[b->len - 1] = (uint8_t)(last + 1);
}

static ol_status sort_block(ol_error *error, block *b) {
  if (b->end < b->n) CORPUS_TRY(mark_own(error, b));
  b->bytes = malloc(((size_t)b->len + COUNTED) & ~(size_t)15);
  b->sa = malloc(b->len * sizeof *b->sa);
  if (b->bytes == NULL || b->sa == NULL) return no_memory(error);
  lay_bytes(b);
  if (divsufsort(b->bytes, b->sa, (int32_t)b->len) != 0) return no_memory(error);
  free(b->own_above);
  b->own_above = NULL;
  return OL_OK;
}

/* --- Counting the suffixes behind between them --- */

static ol_status transform(ol_error *error, block *b) {
  const uint8_t *text = b->text + b->start;
  uint64_t totals[256] = {0};
  for (uint32_t i = 0; i < b->len; i++) totals[text[i]]++;
  uint64_t sum = 0;
  b->symbols = 0;
  for (int byte = 0; byte < 256; byte++) {
    b->smaller[byte] = sum;
    sum += totals[byte];
    b->symbol[byte] = (uint16_t)(totals[byte] == 0 ? UINT16_MAX : b->symbols++);
  }
  for (uint32_t i = 0; i < b->len; i++) b->bytes[i] = b->sa[i] == 0 ? NOT_TEXT : text[b->sa[i] - 1];
  size_t marks = b->len / COUNTED + 1;
  b->counts = calloc(marks * b->symbols, sizeof *b->counts);
  b->gaps = calloc((size_t)b->len + 1, sizeof *b->gaps);
  if (b->counts == NULL || b->gaps == NULL) return no_memory(error);
  uint32_t running[256] = {0};
  for (uint32_t i = 0; i <= b->len; i++) {
    if (i % COUNTED == 0) memcpy(b->counts + i / COUNTED * b->symbols, running, b->symbols * sizeof *running);
    if (i < b->len && b->bytes[i] != NOT_TEXT) running[b->symbol[b->bytes[i]]]++;
  }
  return OL_OK;
}

/* Returns: how often a byte, which the block has, is in the transform before `at`. */
static uint64_t count_before(const block *b, uint8_t byte, uint64_t at) {
  uint64_t mark = at / COUNTED;
  uint64_t count = b->counts[mark * b->symbols + b->symbol[byte]];
  const uint8_t *from = b->bytes + mark * COUNTED;
  size_t len = (size_t)(at % COUNTED);
  bytes16 sums = {0};
  size_t i = 0;
  for (; i + 16 <= len; i += 16) {
    bytes16 some;
    memcpy(&some, from + i, sizeof some);
    sums -= (bytes16)(some == byte); /* 32 times at most */
  }
  for (size_t lane = 0; lane < 16; lane++) count += sums[lane];
  for (; i < len; i++) count += from[i] == byte;
  return count;
}

static void count_behind(block *b) {
  uint64_t rank = 0;
  uint8_t last = b->text[b->end - 1];
  for (uint64_t at = b->n; at-- > b->end;) {
    uint8_t byte = b->text[at];
    uint64_t below = b->symbol[byte] == UINT16_MAX ? 0 : count_before(b, byte, rank);
    /* The block's last suffix is this byte, and what follows. */
    bool is_last_below = byte == last && bit(b->above, at + 1 - b->end);
    rank = b->smaller[byte] + below + is_last_below;
    b->gaps[rank]++;
  }
}

/* --- Merging --- */

static ol_status merge_into(ol_error *error, const block *b, build_writer *out, reader *from) {
  uint32_t width = b->corpus->at.width;
  for (uint64_t i = 0; i <= b->len; i++) {
    for (uint64_t gap = b->gaps == NULL ? 0 : b->gaps[i]; gap > 0; gap--) {
      uint64_t position = 0;
      CORPUS_TRY(next_entry(error, from, &position));
      CORPUS_TRY(build_put_entry(error, out, width, position));
    }
    if (i < b->len) CORPUS_TRY(build_put_entry(error, out, width, b->start + (uint64_t)b->sa[i]));
  }
  return build_flush(error, out);
}

static ol_status write_merged(ol_error *error, const block *b, int file, uint64_t at) {
  build_writer *out = malloc(sizeof *out);
  reader *from = new_reader(b);
  ol_status status = OL_OK;
  if (out == NULL || from == NULL) {
    status = no_memory(error);
  } else {
    out->file = file;
    out->at = at;
    out->used = 0;
    status = merge_into(error, b, out, from);
  }
  free(out);
  free(from);
  return status;
}

static ol_status merge_block(ol_error *error, block *b, int file, uint64_t at) {
  if (b->end < b->n) CORPUS_TRY(mark_above(error, b));
  CORPUS_TRY(sort_block(error, b));
  if (b->end < b->n) {
    CORPUS_TRY(transform(error, b));
    count_behind(b);
  }
  return write_merged(error, b, file, at);
}

static void free_block(block *b) {
  free(b->above);
  free(b->own_above);
  free(b->bytes);
  free(b->sa);
  free(b->counts);
  free(b->gaps);
  if (b->tail >= 0) (void)close(b->tail);
}

/* The last block of all goes where SA is in the corpus; each other into the file that is not in use. */
static ol_status add_block(ol_error *error, ol_corpus_builder *builder, block *b) {
  if (b->end < b->n) CORPUS_TRY(build_tail_open(error, builder, &b->tail, builder->tail, false));
  if (b->start == 0) return merge_block(error, b, builder->file, builder->corpus.at.sa);
  int file = -1;
  CORPUS_TRY(build_tail_open(error, builder, &file, 1 - builder->tail, true));
  ol_status status = merge_block(error, b, file, 0);
  if (status == OL_OK) status = build_sync(error, file);
  (void)close(file);
  CORPUS_TRY(status);
  builder->sorted = b->start;
  builder->tail = 1 - builder->tail;
  return build_record(error, builder);
}

ol_status build_merge(ol_error *error, ol_corpus_builder *builder, uint64_t len) {
  /* Whatever was done before with another length of blocks stays good. */
  for (uint64_t end = builder->sorted; end > 0;) {
    uint64_t start = (end - 1) / len * len;
    block b = {.corpus = &builder->corpus,
               .text = corpus_t(&builder->corpus),
               .n = builder->n,
               .start = start,
               .end = end,
               .len = (uint32_t)(end - start),
               .tail = -1};
    build_tell(builder, OL_CORPUS_SORTING, builder->n - end);
    ol_status status = add_block(error, builder, &b);
    free_block(&b);
    CORPUS_TRY(status);
    end = start;
  }
  return OL_OK;
}
