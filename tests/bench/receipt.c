/* SPDX-License-Identifier: MIT */
#include "work.h"

#include "openledger/evidence.h"

#include <string.h>

/* Verifies evidence: receipt.policy, receipt.evidence, receipt.answer. The answer is the corpus that it speaks of. */
bool receipt_verify(work_answer *answer, size_t count) {
  ol_error error;
  ol_attribution_policy policy;
  if (ol_attribution_policy_read(&error, &policy, work_input("receipt", "policy")) != OL_OK) return false;
  size_t len = ol_evidence_size();
  void *memory = work_memory(len);
  if (memory == NULL) return false;
  for (size_t i = 0; i < count; i++) {
    ol_evidence *evidence;
    uint32_t reason;
    if (ol_evidence_verify(&error, &evidence, &reason, &policy, work_input("receipt", "evidence"),
                           work_input("receipt", "answer"), memory, len) != OL_OK)
      return false;
    ol_corpus_header header;
    ol_evidence_corpus(evidence, &header);
    memcpy(answer->bytes, header.suffix_root.bytes, sizeof header.suffix_root.bytes);
  }
  return true;
}
