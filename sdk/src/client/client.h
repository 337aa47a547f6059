/* SPDX-License-Identifier: MIT */
#ifndef OL_CLIENT_CLIENT_H
#define OL_CLIENT_CLIENT_H

#include "client/view.h"

/*
 * A client: a view of the chain, and one question about an account. As soon as there is a candidate for the block,
 * the account is asked for at it: of one endpoint after the other, until one is sound.
 */

/* What a want of ours is for, behind those of a view. */
typedef enum ol_account_want { OL_WANT_PROOF = OL_WANT_VIEW_KINDS, OL_WANT_CODE } ol_account_want;

struct ol_client {
  ol_view view; /* the first member: an engine of a client is the client */
  ol_account_question question;
  uint32_t generation; /* of the candidate under which the account is read */
  ol_readers from;
  ol_read read; /* the account */
  bool reading;
  size_t code_len;
  uint8_t code[OL_MAX_CODE];
  _Alignas(16) uint8_t scratch[]; /* of the view, and messages that it keeps */
};

/* The functions that an account question gives to the engine. */
extern const ol_engine_user ol_account_user;

/* Writes a question's answer; shared by the live question and the offline proof. */
void ol_account_answer_fill(ol_account_answer *out, const ol_account_question *question,
                            const ol_account *account, const ol_slot *slots,
                            const ol_block *block) OL_NONNULL;

/* Checks a question's own values. In: why its trust cannot be had, or NULL. Returns: OL_ERR_ARGUMENT. */
OL_CHECKED ol_status ol_account_question_check(ol_error *error, const ol_account_question *question,
                                               const char *lack) OL_NONNULL_ARGS(1, 2);

/* Returns: which block a question asks for. */
ol_view_question ol_account_view_question(const ol_account_question *question) OL_NONNULL;

#endif
