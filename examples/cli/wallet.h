/* SPDX-License-Identifier: MIT */
#ifndef CLI_WALLET_H
#define CLI_WALLET_H

/* Wallets on the command line: secrets that are asked for, files that keep them, and what is signed with them. */

#include "cli.h"

/* prompt.c */

#define CLI_SECRET_LEN 1024 /* bytes of a secret, with a zero byte behind it */

/* A password, a key or a mnemonic, in memory of ol_host_secret_new. Zeros are none. */
typedef struct cli_secret {
  char *text;
  size_t len;
} cli_secret;

ol_slice cli_secret_slice(const cli_secret *of);
void cli_secret_clear(cli_secret *of);

/*
 * Asks for a secret on the terminal, which does not show what is typed, or reads a line of a file descriptor.
 * In: the descriptor, or -1; what is asked for. Returns: EXIT_VERIFIED or, once that was reported, another code;
 * cli_secret_clear is due in each case.
 */
int cli_ask_secret(cli_secret *out, int fd, const char *what);

/* The same for a new password, which on a terminal is typed twice. */
int cli_ask_new_secret(cli_secret *out, int fd, const char *what);

/* Asks a question whose answer is to be "yes". Returns: EXIT_VERIFIED, or EXIT_DECLINED once that was reported. */
int cli_ask_yes(const cli_args *args, const char *question);

/* The terminal, whatever stdin and stdout are. Returns: NULL if there is none. */
FILE *cli_terminal(void);

/* Where that is shown which is asked about: the terminal, or stderr. */
FILE *cli_asked_file(const cli_args *args);

/* wallet_file.c */

/* A wallet, open, and the file that it is kept in. */
typedef struct cli_wallet {
  const cli_args *args;
  char *path;
  int lock; /* a file descriptor that keeps other commands away from the files; -1 for none */
  ol_wallet *wallet;
  void *memory; /* of the wallet, in ol_host_secret_new's */
  cli_secret password;
  ol_known_contract contracts[OL_KNOWN_KINDS + OL_ROLLUP_STAKING];
  size_t contracts_len;
} cli_wallet;

/*
 * Finds the wallet's file, and keeps others from it and what this process remembers from everybody. Out: an empty
 * wallet. Returns: EXIT_VERIFIED or, once that was reported, another code; cli_wallet_end is due in each case.
 */
int cli_wallet_begin(cli_wallet *out, const cli_args *args);

bool cli_wallet_exists(const cli_wallet *of);

/* Asks for the password, and opens the wallet. Returns: the same. */
int cli_wallet_unlock(cli_wallet *of);

/*
 * Reads what was signed so far. What a policy counts must not be forgotten by losing a file: that it is gone is an error,
 * unless it may be, as the policy is set anew. Returns: the same.
 */
int cli_wallet_read_budget(cli_wallet *of, bool may_be_gone);

/* The three above. */
int cli_wallet_open(cli_wallet *out, const cli_args *args);

/* Asks for the password of a wallet that is made. Returns: the same. */
int cli_wallet_new_password(cli_wallet *of);

/* Writes the wallet, sealed with the password that it has; or what it has signed. Returns: the same. */
int cli_wallet_save(cli_wallet *of);
int cli_wallet_save_budget(cli_wallet *of);

/*
 * Writes what was signed, and then, where a policy counted it, the wallet: its sequence tells a budget that is put back.
 * In: the budget's sequence before. Returns: the same.
 */
int cli_wallet_save_signed(cli_wallet *of, uint64_t sequence_before);

void cli_wallet_end(cli_wallet *of);

/* Finds the account that --from names, by address, label or number; without it the first. Returns: the same. */
int cli_wallet_account_of(const cli_wallet *of, ol_wallet_account *out);

/* Writes a file beside the wallet's, and reads it: NULL if it is not there. Returns: the same. */
int cli_wallet_write_beside(const cli_wallet *of, const char *suffix, const uint8_t *bytes, size_t len);
int cli_wallet_read_beside(const cli_wallet *of, const char *suffix, uint8_t **out, size_t *out_len);

/* Finds a contract of the rollup. Returns: EXIT_VERIFIED, or EXIT_USAGE once reported. */
int cli_contract(const cli_wallet *of, ol_known_kind kind, const ol_known_contract **out);

/* Does a derivation's work, with a progress bar. */
void cli_derive(ol_derivation *derivation);

/* words.c */

/* A list of words. */
typedef struct cli_words {
  ol_words words;
  uint8_t *file; /* NULL for English */
} cli_words;

/* Reads the list of a language, beside the program or where --words-dir says. Returns: as cli_wallet_begin. */
int cli_words_read(cli_words *out, const cli_args *args, uint32_t language);
void cli_words_clear(cli_words *of);

/* Finds the list that a mnemonic is of, and its entropy. Returns: the same. */
int cli_words_find(const cli_args *args, ol_slice mnemonic_secret, uint8_t out_entropy[32], size_t *out_len,
                   uint32_t *out_language);

/* Shows words on the terminal, or writes them to --words-fd. Returns: the same. */
int cli_words_show(const cli_args *args, const char *words_secret, size_t len);

/* wallet_new.c, wallet_import.c, wallet_export.c */
int cli_wallet_new(const cli_args *args);
int cli_wallet_import(const cli_args *args);
int cli_wallet_export(const cli_args *args);

/* Adds an account of a secret, with the path and label that are given. Returns: as cli_wallet_begin. */
int cli_wallet_add(cli_wallet *of, uint32_t secret, const ol_path *path, ol_wallet_account *out);

/* Prints an account: as rows, or a line of JSON. */
void cli_account_show(const cli_args *args, const ol_wallet_account *account);
void cli_account_json(const ol_wallet_account *account);
void cli_path_text(char *out, size_t len, const ol_path *path);

/* json.c */

/* Finds a value of JSON by its path: names and, of arrays, indices, as in "block.number". Returns: false if there is none. */
bool cli_json_find(ol_slice *out, ol_slice json, const char *path);

/* Takes the next member of an object, or element of an array, and moves *at behind it; 0 at first. Returns: false at the end. */
bool cli_json_next(ol_slice *out_name, ol_slice *out, ol_slice json, size_t *at);

/* Reads a number, in quotes or not, in hex or decimal. */
bool cli_json_number(ol_u256 *out, ol_slice json, const char *path);
bool cli_json_u64(uint64_t *out, ol_slice json, const char *path);
bool cli_json_is(ol_slice json, const char *path, const char *text); /* whether it is this text */

/* Prints a value as people read it: a text without quotes and escapes, with all of it visible. */
void cli_json_show(FILE *to, ol_slice value);

/* intent.c */

/* What is to be signed, as it is shown. */
typedef struct cli_proposal {
  ol_intent intent;
  ol_decision decision;
  ol_slice message;   /* of a message: the bytes */
  ol_slice typed;     /* of typed data: how it is told (ol_typed_data_explain) */
  uint32_t decimals;  /* of --token; OL_NOWHERE where they are not known */
  ol_u256 extra_fee;  /* for L1 and the operator, at most */
  uint32_t has_extra; /* 1 when that is known */
  ol_outbox_entry
      sent[OL_OUTBOX_MOST]; /* of a transaction: what the account has sent before, and what became of it */
  uint32_t sent_count;
} cli_proposal;

void cli_intent_show(const cli_wallet *of, const cli_proposal *proposal);

/* Prints members of a JSON object that is open: the intent, the decision. Returns: as cli_wallet_begin. */
int cli_intent_json(const cli_proposal *proposal);

/* signing.c */

/*
 * Shows what is proposed, asks, signs, and keeps the budget. Returns: EXIT_VERIFIED once it is signed, EXIT_DECLINED, or
 * EXIT_REFUSED when the policy denies it. With --dry-run it is only shown: *out_signed is then false.
 */
int cli_sign_shown(cli_wallet *of, const cli_proposal *proposal, ol_signature *out, bool *out_signed);

/* Proposes typed data for a chain, and signs it as above. Out: 65 bytes. */
int cli_sign_document(cli_wallet *of, const ol_address *account, ol_slice document, uint64_t chain_id,
                      uint8_t out[65], bool *out_signed);

/* Reads a text, or what a file has: "-" for the standard input. Out: to be given to ol_host_free_file. */
int cli_text_read(ol_slice *out, uint8_t **out_file, const char *text);

/* sign.c */

/* Reads a message as cli_text_read does, and with --hex the bytes that it writes. Out: also memory for free(). */
int cli_message_read(ol_slice *out, uint8_t **out_file, uint8_t **out_memory, const cli_args *args,
                     const char *text);

/* chain.c */

/* A chain that is asked, by what its endpoints prove. */
typedef struct cli_chain {
  cli_provider by;
  uint64_t id;
  uint8_t *answer; /* of the last request */
} cli_chain;

/* Connects to the endpoints. Returns: as cli_wallet_begin; cli_chain_end is due in each case. */
int cli_chain_open(cli_chain *out, const cli_args *args);
void cli_chain_end(cli_chain *of);

/* Writes bytes as a parameter: 2 * `len` + 5 bytes. */
void cli_hex_param(char *out, const uint8_t *bytes, size_t len);

/* Asks. In: the method, and its parameters as JSON. Out: the result, until the next. Returns: the same. */
int cli_chain_ask(cli_chain *of, ol_slice *out, const char *method, const char *params);

/* The same where an error is an answer too, and not reported. Returns: false for one. */
bool cli_chain_try(cli_chain *of, ol_slice *out, const char *method, const char *params);

/* order.c */

/* What is opened for a command that sends: a wallet, one of its accounts, and the chain. */
typedef struct cli_sender {
  cli_wallet of;
  cli_chain chain;
  ol_wallet_account account;
} cli_sender;

/* Opens all three. Returns: as cli_wallet_begin; cli_sender_close is due in each case. */
int cli_sender_open(cli_sender *out, const cli_args *args);
void cli_sender_close(cli_sender *of);

/* A call that an account is to make. */
typedef struct cli_order {
  ol_call call;
  uint64_t gas;      /* 0 for what a plain payment takes */
  uint32_t decimals; /* of the token that moves; OL_NOWHERE where they are not known */
} cli_order;

/* Fills in nonce and fees, shows, asks, signs, keeps and sends it. Returns: as cli_wallet_begin. */
int cli_order_send(cli_wallet *wallet, cli_chain *chain, const ol_wallet_account *account,
                   const cli_order *order);

/* pending.c */

/* What an account has sent on a chain and is not settled, with the bytes of it. */
typedef struct cli_pending {
  cli_wallet *of;
  ol_outbox *outbox;
  void *memory;
  uint64_t final;  /* the nonce below which all is final */
  char suffix[80]; /* of its file */
  uint8_t *file;
  ol_slice kept; /* the transactions: lengths of 4 bytes, and bytes */
} cli_pending;

/*
 * Reads it, and tells it the proven nonce. In: that, and the nonce at the final block, 0 where that is not known.
 * Returns: as cli_wallet_begin; cli_pending_end is due in each case.
 */
int cli_pending_open(cli_pending *out, cli_wallet *of, const ol_address *account, uint64_t chain_id,
                     uint64_t nonce, uint64_t final);

/* Asks the chain by which transactions nonces were used, and writes it; what nobody tells is asked again. Returns: the same. */
int cli_pending_settle(cli_pending *of, cli_chain *chain);

/* Forgets what is final, adds a transaction that is signed, and writes it all. Returns: the same. */
int cli_pending_add(cli_pending *of, ol_slice bytes, const ol_transaction *transaction);

/* Finds a transaction that waits. Out: it, in the file's bytes. Returns: the same. */
int cli_pending_find(const cli_pending *of, ol_transaction *out, const ol_hash *hash);

void cli_pending_end(cli_pending *of);

/* help_wallet.c */
extern const char cli_wallet_help[], cli_send_help[], cli_sign_help[], cli_sign_typed_help[], cli_vote_help[],
    cli_delegate_help[], cli_stake_help[], cli_unstake_help[], cli_governance_help[], cli_positions_help[];

#endif
