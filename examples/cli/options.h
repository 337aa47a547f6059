/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/* The options of all commands: what args.c reads, and what options.c knows of them. */

#include "cli.h"

#include <stddef.h>

/* Commands, as bits. */
enum {
  ACCOUNT = 1 << 0,
  VERIFY_ACCOUNT = 1 << 1,
  HEADER = 1 << 2,
  VERIFY_SYNC = 1 << 3,
  SYNC = 1 << 4,
  VERIFY_ENVELOPE = 1 << 5,
  BUNDLE = 1 << 6,
  VERIFY_BUNDLE = 1 << 7,
  SERVE = 1 << 8,
  ASK = 1 << 9,
  WALLET_NEW = 1 << 10,
  WALLET_IMPORT = 1 << 11,
  WALLET_LIST = 1 << 12,
  WALLET_EXPORT = 1 << 13,
  WALLET_PASSWD = 1 << 14,
  WALLET_ACCOUNT = 1 << 15,
  WALLET_CONTACT = 1 << 16,
  WALLET_POLICY = 1 << 17,
  SEND = 1 << 18,
  SIGN = 1 << 19,
  SIGN_TYPED = 1 << 20,
  VERIFY_MESSAGE = 1 << 21,
  VERIFY_TYPED = 1 << 22,
  VOTE = 1 << 23,
  DELEGATE = 1 << 24,
  STAKE = 1 << 25,
  UNSTAKE = 1 << 26,
  GOVERNANCE = 1 << 27,
  POSITIONS = 1 << 28,
  ALL = (1 << 29) - 1
};

#define VERIFY                                                                                               \
  (VERIFY_ACCOUNT | VERIFY_SYNC | VERIFY_ENVELOPE | VERIFY_BUNDLE | VERIFY_MESSAGE | VERIFY_TYPED)
#define WALLET                                                                                               \
  (WALLET_NEW | WALLET_IMPORT | WALLET_LIST | WALLET_EXPORT | WALLET_PASSWD | WALLET_ACCOUNT |               \
   WALLET_CONTACT | WALLET_POLICY)

/* What makes a transaction. */
#define SENDING (SEND | VOTE | DELEGATE | STAKE | UNSTAKE)
/* What asks what contracts say. */
#define READING (GOVERNANCE | POSITIONS)
/* What signs. */
#define SIGNING (SENDING | SIGN | SIGN_TYPED)
/* What opens a wallet. */
#define OPENING (WALLET | SIGNING)
/* What asks for an account. */
#define QUESTION (ACCOUNT | BUNDLE | VERIFY_BUNDLE)
/* What answers down to Ethereum. */
#define ANCHORED (QUESTION | SERVE | ASK | SENDING | READING)
/* What does so by endpoints. */
#define LIVE (ACCOUNT | BUNDLE | SERVE | ASK | SENDING | READING)
/* What can do with a quorum of them. */
#define BY_QUORUM (ACCOUNT | SERVE | ASK | SENDING | READING)

/* An option. */
typedef struct cli_option {
  const char *name;
  unsigned commands; /* that take it */
  enum { FLAG, VALUE, VALUES } kind;
  bool (*set)(cli_args *out, const char *name, const char *text); /* NULL: what is given is kept as it is */
  size_t at;                                                      /* then: of the text or flag in cli_args */
} cli_option;

#define CLI_OPTIONS_MOST 128

extern const cli_option cli_options[];
extern const size_t cli_options_len; /* CLI_OPTIONS_MOST at most */

#define CLI_TIMEOUT_S 10 /* by default */

#endif
