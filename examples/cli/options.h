/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/* The options of all commands: what args.c reads, and what options.c knows of them. */

#include "cli.h"

#include <stddef.h>

/* Commands, as bits. */
typedef uint64_t cli_commands;
#define ACCOUNT (UINT64_C(1) << 0)
#define VERIFY_ACCOUNT (UINT64_C(1) << 1)
#define HEADER (UINT64_C(1) << 2)
#define VERIFY_SYNC (UINT64_C(1) << 3)
#define SYNC (UINT64_C(1) << 4)
#define VERIFY_ENVELOPE (UINT64_C(1) << 5)
#define BUNDLE (UINT64_C(1) << 6)
#define VERIFY_BUNDLE (UINT64_C(1) << 7)
#define SERVE (UINT64_C(1) << 8)
#define ASK (UINT64_C(1) << 9)
#define WALLET_NEW (UINT64_C(1) << 10)
#define WALLET_IMPORT (UINT64_C(1) << 11)
#define WALLET_LIST (UINT64_C(1) << 12)
#define WALLET_EXPORT (UINT64_C(1) << 13)
#define WALLET_PASSWD (UINT64_C(1) << 14)
#define WALLET_ACCOUNT (UINT64_C(1) << 15)
#define WALLET_CONTACT (UINT64_C(1) << 16)
#define WALLET_POLICY (UINT64_C(1) << 17)
#define SEND (UINT64_C(1) << 18)
#define SIGN (UINT64_C(1) << 19)
#define SIGN_TYPED (UINT64_C(1) << 20)
#define VERIFY_MESSAGE (UINT64_C(1) << 21)
#define VERIFY_TYPED (UINT64_C(1) << 22)
#define VOTE (UINT64_C(1) << 23)
#define DELEGATE (UINT64_C(1) << 24)
#define STAKE (UINT64_C(1) << 25)
#define UNSTAKE (UINT64_C(1) << 26)
#define GOVERNANCE (UINT64_C(1) << 27)
#define POSITIONS (UINT64_C(1) << 28)
#define CORPUS_BUILD (UINT64_C(1) << 29)
#define CORPUS_AUDIT (UINT64_C(1) << 30)
#define ATTRIBUTE (UINT64_C(1) << 31)
#define RECEIPT_MAKE (UINT64_C(1) << 32)
#define RECEIPT_VERIFY (UINT64_C(1) << 33)
#define RECEIPT_SHOW (UINT64_C(1) << 34)
#define RECEIPT_CLAIM (UINT64_C(1) << 35)
#define ALL ((UINT64_C(1) << 36) - 1)

#define VERIFY                                                                                               \
  (VERIFY_ACCOUNT | VERIFY_SYNC | VERIFY_ENVELOPE | VERIFY_BUNDLE | VERIFY_MESSAGE | VERIFY_TYPED)
#define WALLET                                                                                               \
  (WALLET_NEW | WALLET_IMPORT | WALLET_LIST | WALLET_EXPORT | WALLET_PASSWD | WALLET_ACCOUNT |               \
   WALLET_CONTACT | WALLET_POLICY)
#define CORPUS (CORPUS_BUILD | CORPUS_AUDIT)
#define RECEIPT (RECEIPT_MAKE | RECEIPT_VERIFY | RECEIPT_SHOW | RECEIPT_CLAIM)

/* What makes a transaction. */
#define SENDING (SEND | VOTE | DELEGATE | STAKE | UNSTAKE | RECEIPT_CLAIM)
/* What asks what contracts say. */
#define READING (GOVERNANCE | POSITIONS)
/* What signs. */
#define SIGNING (SENDING | SIGN | SIGN_TYPED | RECEIPT_MAKE)
/* What opens a wallet. */
#define OPENING (WALLET | SIGNING)
/* What asks for an account. */
#define QUESTION (ACCOUNT | BUNDLE | VERIFY_BUNDLE)
/* What answers down to Ethereum. */
#define ANCHORED (QUESTION | SERVE | ASK | SENDING | READING | RECEIPT_VERIFY)
/* What does so by endpoints. */
#define LIVE (ACCOUNT | BUNDLE | SERVE | ASK | SENDING | READING | RECEIPT_VERIFY)
/* What can do with a quorum of them. */
#define BY_QUORUM (ACCOUNT | SERVE | ASK | SENDING | READING | RECEIPT_VERIFY)

/* An option. */
typedef struct cli_option {
  const char *name;
  cli_commands commands; /* that take it */
  enum { FLAG, VALUE, VALUES } kind;
  bool (*set)(cli_args *out, const char *name, const char *text); /* NULL: what is given is kept as it is */
  size_t at;                                                      /* then: of the text or flag in cli_args */
} cli_option;

#define CLI_OPTIONS_MOST 128

extern const cli_option cli_options[];
extern const size_t cli_options_len; /* CLI_OPTIONS_MOST at most */

#define CLI_TIMEOUT_S 10 /* by default */

/* options_attribution.c: reads a value of these commands by the option's name. */
bool cli_attribution_set(cli_args *out, const char *name, const char *text);

#endif
