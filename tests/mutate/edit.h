/* SPDX-License-Identifier: MIT */
#ifndef OL_TESTS_EDIT_H
#define OL_TESTS_EDIT_H

/* Bytes that are changed over and over, in every way that there is, and verified after each change. */

#include "mutate/campaign.h"

#define EDIT_ROOM 4096

typedef struct edited edited;

struct edited {
  ol_slice original;
  uint8_t *bytes; /* room for the original and EDIT_ROOM more */
  size_t len;
  /* Verifies the bytes as they are. Returns: what is wrong, or NULL; *accepted says which way it went. */
  const char *(*verify)(edited *of, bool *accepted);
};

/* Returns: false, with a failed group counted, when the original is not accepted as it is. */
bool edit_begin(campaign *run, edited *of, ol_slice original,
                const char *(*verify)(edited *of, bool *accepted));
void edit_end(edited *of);

/* Cuts at every byte; no part may be accepted. */
void edit_cut(campaign *run, edited *of);

/* Each bit of each byte, and one other value of each byte. */
void edit_flip(campaign *run, edited *of);

/* One bit of each byte, and one other value. */
void edit_flip_some(campaign *run, edited *of);

/* `options->edits` times, a few random edits: of text, or of bytes with lengths and offsets in them. */
void edit_text(campaign *run, edited *of);
void edit_ssz(campaign *run, edited *of);

#endif
