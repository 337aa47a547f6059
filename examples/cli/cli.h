/* SPDX-License-Identifier: MIT */
#ifndef CLI_H
#define CLI_H

/* The command `openledger`: what its files share. It uses the public API alone. */

#include <openledger/host.h>
#include <openledger/openledger.h>

#include <stdio.h>

/* Exit codes. Scripts rely on them. */
enum {
  EXIT_VERIFIED = 0,
  EXIT_REFUSED = 1,   /* an endpoint or a file is wrong: proof, encoding, age, quorum, ... */
  EXIT_USAGE = 2,     /* the command line is wrong, or names a file that cannot be read */
  EXIT_TRANSPORT = 3, /* nobody answered */
  EXIT_DECLINED = 4,  /* somebody was asked and did not say yes, or nobody could be asked */
  EXIT_PENDING = 5    /* nothing is wrong, and the chain has not said all that it has to say */
};

/* Endpoints of one source. */
typedef struct cli_urls {
  const char *list[OL_MAX_ENDPOINTS];
  uint32_t count;
  bool of_bundle; /* there is no server: what a bundle holds is the one endpoint */
} cli_urls;

/* What the command line says of corpora and receipts. Files that are not named are NULL. */
typedef struct cli_attribution_args {
  const char *corpus_file;
  const char *response_file;
  const char *request_file;
  const char *policy_file;
  const char *evidence_file;
  const char *table_file;
  const char *vector_file;
  const char *batch_file;
  const char *equivocation_file;
  const char *manifest_file;
  const char *names_file;
  const char *refutation_file;
  const char *split_file;
  const char *share_file;
  const char *html_file;
  ol_address contributor;
  ol_address payer;
  ol_address registry;
  ol_address pay_token;
  ol_address nodes; /* NodeRegistry, where the profile does not name it */
  ol_hash licence;
  ol_hash nonce;
  ol_hash model;
  ol_hash adapter;
  ol_hash run;
  ol_hash stream_head;
  ol_hash previous;
  ol_hash corpus_id;
  ol_hash corpus_name;
  ol_hash policy_id;
  ol_u256 fee; /* of what is made, or the most that was agreed to */
  ol_u256 payout;
  uint64_t datanet;
  uint64_t epoch; /* of a corpus, or the least that is accepted */
  uint64_t memory_mb;
  uint64_t samples;
  uint64_t seed;
  uint64_t sequence;
  uint64_t served_at;
  uint64_t max_lag;
  uint64_t min_span;
  uint64_t max_count;
  uint64_t owner_rule; /* an ol_owner_rule */
  bool has_contributor;
  bool has_payer;
  bool has_registry;
  bool has_nodes;
  bool has_licence;
  bool has_nonce;
  bool has_model;
  bool has_adapter;
  bool has_stream_head;
  bool has_corpus_id;
  bool has_corpus_name;
  bool has_policy_id;
  bool has_fee;
  bool has_payout;
  bool has_datanet;
  bool has_epoch;
  bool has_samples;
  bool has_seed;
  bool has_served_at;
  bool has_max_lag;
  bool has_min_span;
  bool has_max_count;
  bool has_owner_rule;
} cli_attribution_args;

#define CLI_PARAMS 5 /* that a method takes, at most */

/* What the command line says. */
typedef struct cli_args {
  const char *operand;            /* ADDRESS, FILE, or what to verify; NULL if there is none */
  const char *file;               /* the second operand, of verify envelope, verify bundle and bundle make */
  const char *subject;            /* the third, of verify bundle */
  const char *params[CLI_PARAMS]; /* of ask: what comes behind the method */
  uint32_t param_count;
  const char *header_file;
  const char *proof_file;
  const char *bootstrap_file;
  const char *updates_file;
  const char *finality_file;
  const char *optimistic_file;
  const char *network; /* its name, or a file's */
  const char *rollup;  /* the same */
  const char *ca_file;
  const char *state_file;
  const char *out_file;
  const char *listen; /* of serve */
  cli_urls origins;   /* the same */
  cli_urls rpc;
  cli_urls beacon;
  cli_urls l1;
  cli_urls sequencers;
  uint32_t quorum; /* 0: a majority */
  uint32_t timeout_s;
  uint32_t max_age_s;
  uint32_t block; /* an ol_block_tag */
  uint32_t trust; /* an ol_trust */
  uint32_t slot_count;
  uint64_t chain_id;
  uint64_t number;
  uint64_t at_s; /* Unix time as of which to verify; 0 for the clock's */
  ol_hash hash;  /* of the block that is asked for */
  ol_hash checkpoint;
  ol_address address;
  ol_address signer;
  uint32_t version; /* of an envelope */
  ol_u256 slots[OL_MAX_SLOTS];
  bool has_address;
  bool has_signer;
  bool has_checkpoint;
  bool has_max_age;
  bool has_chain_id;
  bool code;
  bool json;
  bool of_l1; /* whose header */
  bool any_time;
  bool plain; /* not compressed */
  bool insist;
  bool watch;
  bool rpc_of_profile; /* --rollup names a profile, and that names the endpoints */
  bool help;

  /* Of wallets, and of what is signed. */
  const char *wallet_file;
  const char *words_dir;
  const char *keystore_file;
  const char *label;
  const char *from; /* an account: its address, label or number */
  const char *reveal;
  const char *speed;
  const char *reason;
  int password_fd; /* -1, as those below, for the terminal */
  int secret_fd;
  int answer_fd;
  int words_fd;
  uint32_t words;
  uint32_t language;
  uint32_t decimals;
  uint64_t gas; /* 0: as the command needs */
  ol_path path;
  ol_address token;
  bool has_language;
  bool has_path;
  bool has_token;
  bool has_decimals;
  bool has_sent; /* `hash` is of a transaction that waits */
  bool is_cancel;
  bool passphrase;
  bool remove;
  bool compact;
  bool hex;
  bool wait;
  bool dry_run;
  bool by_signature;
  bool request;
  bool approve;

  cli_attribution_args atr;
} cli_args;

/* args.c */

/* Reads the options of a command and its operands. Returns: false once the fault has been reported. */
bool cli_args_read(cli_args *out, const char *command, int argc, char **argv);

/* Reads an address that the command line gives as `what`. Returns: as cli_args_read. */
bool cli_address_read(ol_address *out, const char *what, const char *text);

/* options.c */

/* Returns: false when a number needs more than 64 bits; the result is then as it was. */
bool cli_u64_of(uint64_t *out, const ol_u256 *number);

/* Commands. Returns: the exit code. */
int cli_account(const cli_args *args);
int cli_verify(const cli_args *args);
int cli_header(const cli_args *args);
int cli_sync(const cli_args *args);
int cli_bundle(const cli_args *args);
int cli_serve(const cli_args *args);
int cli_ask(const cli_args *args);

int cli_wallet_command(const cli_args *args);
int cli_send(const cli_args *args);
int cli_sign(const cli_args *args);
int cli_sign_typed(const cli_args *args);
int cli_vote(const cli_args *args);
int cli_delegate(const cli_args *args);
int cli_stake(const cli_args *args);
int cli_unstake(const cli_args *args);
int cli_governance(const cli_args *args);
int cli_positions(const cli_args *args);

int cli_corpus(const cli_args *args);
int cli_attribute(const cli_args *args);
int cli_receipt(const cli_args *args);

/* Commands of `verify`. Returns: the exit code. */
int cli_verify_account(const cli_args *args);
int cli_verify_sync(const cli_args *args);
int cli_verify_envelope(const cli_args *args);
int cli_verify_bundle(const cli_args *args);
int cli_verify_message(const cli_args *args);
int cli_verify_typed(const cli_args *args);

/* network.c */

/* Returns: how long one answer may take. */
uint32_t cli_timeout_ms(const cli_args *args);

/* Makes a host. Returns: EXIT_VERIFIED or, once that was reported, another code. */
int cli_host_open(ol_host **out, const cli_args *args);

/* Adds endpoints, with a warning for those in clear. Returns: as cli_host_open. */
int cli_add_endpoints(ol_host *host, ol_source source, const cli_urls *urls);

/* Reports who was blamed in the last run, each fault once. */
void cli_report_blames(const ol_host *host);

/* What a run cost, as members of a JSON object that is open, and as a row. */
void cli_stats_json(const ol_host_stats *stats);
void cli_stats_row(const char *label, const ol_host_stats *stats);

/* The last members of a JSON object that is open, and its end: what the run cost, and the blames. */
void cli_costs_json(const ol_host *host);
void cli_costs_row(const ol_host *host);

/*
 * Reads what `option` names: one of the `known`, which ends in NULL, or a file. Out: a text; `out_file` is to be
 * given to ol_host_free_file. Returns: as cli_file_read.
 */
int cli_named_read(ol_slice *out, uint8_t **out_file, const char *option, const char *name,
                   const char *const *known);

/* The same for a network of Ethereum. */
int cli_network_read(ol_slice *out, uint8_t **out_file, const char *name);

/* kept.c */

/* What --state keeps from one run to the next: a file, or one of a state directory. */
typedef struct cli_kept {
  ol_state *directory; /* NULL where a file is named */
  char *path;          /* of the file, for messages too; NULL without --state */
  const char *name;    /* of the file in its directory: the end of the path */
} cli_kept;

/*
 * Finds out what --state means by `path`, which may be NULL: a directory if it is one or ends in '/', which is made
 * then; else a file. In: the file's name in a directory.
 * Returns: EXIT_VERIFIED or, once that was reported, another code; cli_kept_close is due in each case.
 */
int cli_kept_open(cli_kept *out, const char *path, const char *name);

/* Out: what is kept, to be given to ol_host_free_file; NULL if nothing is yet. Returns: as cli_file_read. */
int cli_kept_read(const cli_kept *of, uint8_t **out, size_t *out_len);

int cli_kept_write(const cli_kept *of, const uint8_t *bytes, size_t len);

/* Keeps what is damaged under another name. Returns: false when that cannot be done. */
bool cli_kept_put_aside(const cli_kept *of);

void cli_kept_close(cli_kept *of);

/* Returns: whether a path is a directory's, there or, as it ends in '/', to be. */
bool cli_is_directory(const char *path);
bool cli_ends_in_slash(const char *path);

/* Returns: texts one behind the other, to be freed; NULL without memory. */
char *cli_join(const char *first, const char *second, const char *third);

/* follow.c */

/* A sync of Ethereum, by what the command line says of it. */
typedef struct cli_follow {
  const cli_args *args;
  ol_host *host;
  ol_sync *sync;
  void *memory;
  cli_kept kept;
  int saved;    /* after a run: EXIT_VERIFIED, or why the state was not kept */
  bool damaged; /* what is kept is: it is put aside before new is written */
} cli_follow;

/*
 * Adds the beacon and L1 endpoints to a host, and goes on from the saved state, or begins at the checkpoint.
 * Returns: EXIT_VERIFIED or, once that was reported, another code; cli_follow_end is due in each case.
 */
int cli_follow_begin(cli_follow *out, const cli_args *args, ol_host *host, ol_slice network);

/* Goes to the present, and keeps what was reached even if that is not it. Returns: as cli_follow_begin. */
int cli_follow_run(cli_follow *of, ol_sync_status *out);

/* For who runs it otherwise: its progress line, and keeping what was reached. Returns: as cli_follow_begin. */
void cli_follow_progress(const cli_follow *of, const ol_host_stats *stats);
int cli_follow_save(cli_follow *of);

void cli_follow_end(cli_follow *of);

/* bundle.c */

/* A bundle, as it is shown beside what it proves. */
typedef struct cli_bundle_note {
  ol_bundle bundle;
  ol_hash id;
  size_t len;
  uint64_t at_s; /* as in cli_args */
} cli_bundle_note;

void cli_bundle_rows(const cli_bundle_note *note);
void cli_bundle_json(const cli_bundle_note *note); /* as a member of an object that is open */

/* rollup.c */

/* A rollup, and the text that tells of it. */
typedef struct cli_rollup {
  ol_rollup rollup;
  ol_slice profile;
  uint8_t *file; /* NULL for a name that is known */
} cli_rollup;

/*
 * Takes the endpoints of the profile that --rollup names where the command line names none, and for trust by L1 those of L1
 * too. Out: the memory that they are in, for free(). Returns: EXIT_VERIFIED or, once that was reported, another code.
 */
int cli_profile_endpoints(cli_args *args, void **out_memory);

/* Reads what --rollup names. Returns: EXIT_VERIFIED or, once that was reported, another code. */
int cli_rollup_read(cli_rollup *out, const char *name);
void cli_rollup_clear(cli_rollup *of);

/* Begins to follow the L1 of a rollup: that which --network names, or else its own. Returns: as cli_follow_begin. */
int cli_follow_rollup(cli_follow *out, const cli_args *args, ol_host *host, const cli_rollup *rollup);

/* Whether answers are to rest on L1. */
bool cli_by_l1(const cli_args *args);

/* What a client is made with. In: what --rollup names, which is not looked at without that option. */
ol_client_config cli_client_config(const cli_args *args, const cli_rollup *rollup);

/* Options for levels of trust, of which each needs others. Returns: EXIT_VERIFIED, or EXIT_USAGE once reported. */
int cli_check_levels(const cli_args *args);

/* provider.c */

/* A provider, and what it is told of L1. */
typedef struct cli_provider {
  const cli_args *args;
  ol_host *host;
  cli_rollup rollup;
  cli_follow follow;
  ol_provider *provider;
  void *memory;
  uint64_t followed_ms; /* when L1 was followed last */
} cli_provider;

/* Opens its host. Returns: EXIT_VERIFIED or, once that was reported, another code; cli_provider_end is due in each case. */
int cli_provider_open(cli_provider *out, const cli_args *args);

/* Makes the provider, and follows L1 if there is need. In: bytes of its responses; 0 for the default. Returns: the same. */
int cli_provider_begin(cli_provider *of, uint32_t max_response);

/* Follows L1 to the present, and tells the provider. What was known of it stays where that fails. Returns: the same. */
int cli_provider_follow(cli_provider *of);

/* Answers what was asked, and reports who was blamed. */
ol_status cli_provider_run(ol_error *error, cli_provider *of);

void cli_provider_end(cli_provider *of);

/* account.c */

/* A question about an account. In: args and an open host, and zeros; the rest is found on the way. */
typedef struct cli_question {
  const cli_args *args;
  ol_host *host;
  const cli_bundle_note *bundle; /* what the host takes answers from; NULL for endpoints */
  cli_rollup rollup;
  ol_sync_status l1;     /* for trust above that of a quorum */
  ol_host_stats l1_cost; /* the same */
  int saved;             /* EXIT_VERIFIED, or why the state of L1 was not kept */
  ol_account_answer answer;
  ol_slice code; /* inside of `memory` */
  void *memory;
  ol_client *client;  /* the same */
  cli_follow *follow; /* while the question is asked, for trust above that of a quorum */
  int l1_told;        /* EXIT_VERIFIED, or why the client could not be told of L1 */
} cli_question;

/* Finds the answer. Returns: EXIT_VERIFIED or, once that was reported, another code; cli_question_end is due. */
int cli_question_answer(cli_question *of);

/* Prints the answer. Returns: the same. */
int cli_question_show(const cli_question *of);

/* Gives everything back, the host too. */
void cli_question_end(cli_question *of);

/* sync_status.c */

/* How far a chain is verified, as rows, and as members of a JSON object that is open. */
void cli_sync_rows(const ol_sync_status *status);
void cli_sync_json(const ol_sync_status *status);

/* output.c */

/* Whether --json is anywhere on the command line, so that faults in it are reported as JSON too. */
extern bool cli_json;
/* The command whose help is hinted at; NULL before it is known. */
extern const char *cli_command;

/* Reports a fault of the command line as "openledger: what: why", with a hint. Returns: EXIT_USAGE. */
int cli_usage_error(const char *what, const char *why);

/* Reports an error, with `what` in front unless it is NULL. Returns: the exit code for it. */
int cli_error(const char *what, const ol_error *error);

/* Returns: an error that the library did not find. In: what it is about, or "". */
ol_error cli_error_of(ol_status status, const char *part, const char *reason);

int cli_no_memory(void);

/* Reports what an answer says of its failure, which is visible text. Returns: the exit code for it. */
int cli_failure(ol_status status, const char *text);

/* Reports that nobody said yes. Returns: EXIT_DECLINED. */
int cli_declined(const char *why);

/* Opens and closes a style on a terminal, nothing elsewhere. */
typedef enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_GREEN, CLI_RED, CLI_YELLOW } cli_style;
void cli_style_on(FILE *to, cli_style style);
void cli_style_off(FILE *to, cli_style style);

/* One row of a table: a label of this width, then a value in printf's manner. */
extern int cli_label_width;
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void cli_row(const char *label, cli_style style, const char *format, ...);

/* Where rows go; NULL, as at first, for stdout. */
extern FILE *cli_row_file;

/* A line of warning on stderr, about a URL or a file. */
void cli_warn(const char *what, const char *text);

/* The progress line on stderr, if that is a terminal, in printf's manner. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void cli_progress(const char *format, ...);
void cli_progress_end(void);

/* Writes a string as JSON, with quotes and escapes. */
void cli_json_string(FILE *to, const char *text);

/* Writes seconds since the Unix epoch in ISO 8601, UTC. */
#define CLI_TIME_LEN 40
void cli_time_text(char out[CLI_TIME_LEN], uint64_t seconds);

/* Writes a length of time, e.g. "12 s" or "3 h 5 min". */
#define CLI_SPAN_LEN 40
void cli_span_text(char out[CLI_SPAN_LEN], uint64_t seconds);

/* Writes a number of bytes, e.g. "12.3 kB". */
void cli_size_text(char out[CLI_SPAN_LEN], uint64_t bytes);

/* The table of a proven answer: the account, its slots and code, the block and what anchors it. */
void cli_answer_rows(const ol_account_answer *answer, ol_slice code, uint64_t age_s);

/* Begins the JSON of an answer: {"answer":..., as ol_account_answer_json gives it. Returns: the exit code. */
int cli_answer_json(const ol_account_answer *answer, ol_slice code);

/* Reads the file that an option names. Returns: EXIT_VERIFIED or, once that was reported, another code. */
int cli_file_read(uint8_t **out, size_t *out_len, const char *what, const char *path);

/* Closes stdout. Returns: `code`, or EXIT_USAGE if what was printed did not arrive. */
int cli_finish(int code);

#endif
