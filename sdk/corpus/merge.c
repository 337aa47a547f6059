/* SPDX-License-Identifier: MIT */

/* A stand-in until blocks are merged. */

#include "build.h"

ol_status build_merge(ol_error *error, ol_corpus_builder *builder, uint64_t block) {
  (void)builder;
  (void)block;
  return corpus_fail(error, OL_ERR_MEMORY, "it is larger than the memory is good for");
}
