/* SPDX-License-Identifier: MIT */
#ifndef CLI_ATTRIBUTION_H
#define CLI_ATTRIBUTION_H

/* Corpora and attribution receipts on the command line: what its files share. */

#include "wallet.h"

#include <openledger/attribution.h>
#include <openledger/corpus.h>
#include <openledger/evidence.h>
#include <openledger/influence.h>

/* --- attribution_files.c --- */

/* Files that were read, to be freed at once. */
#define CLI_FILES 10
typedef struct cli_files {
  uint8_t *list[CLI_FILES];
  size_t count;
} cli_files;

/* Reads the file of an option; `is_needed` says whether it may be left out. Returns: EXIT_VERIFIED or, once reported, another. */
int cli_files_read(cli_files *of, ol_slice *out, const char *option, const char *path, bool is_needed);
void cli_files_free(cli_files *of);

/* Writes the file of an option. Returns: the same. */
int cli_file_write(const char *option, const char *path, ol_slice bytes);

/* Out: SHA-256. */
void cli_sha256(ol_hash *out, ol_slice bytes);

/* A number of 256 bits of one of 64, and its value as a fraction of a whole, in hundredths of a percent. */
ol_u256 cli_u256_of(uint64_t value);
uint32_t cli_fraction(const ol_u256 *part, const ol_u256 *whole);

/* Writes the digits of a fraction, e.g. "12.34 %". */
#define CLI_PERCENT_LEN 16
void cli_percent_text(char out[CLI_PERCENT_LEN], uint32_t hundredths);

/* Writes log2 with 8 fractional bits, e.g. "12.34". */
void cli_rarity_text(char out[CLI_PERCENT_LEN], uint32_t rarity);

/* Writes text of the answer so that it is all seen, and ends where a column does. */
void cli_excerpt(char *out, size_t len, ol_slice text);

/* --- attribution_policy.c --- */

/*
 * Reads the policy that --policy names, 76 bytes or JSON, or makes one of --min-span and the like where it may be left out.
 * Out: it, and its bytes. Returns: as cli_files_read.
 */
int cli_policy_read(ol_attribution_policy *out, uint8_t out_bytes[OL_ATTRIBUTION_POLICY_BYTES],
                    const cli_args *args, bool is_needed);

/* --- attribution_json.c: JSON that people wrote, so that each fault in it is named --- */

/* A text of JSON that is being read. */
typedef struct cli_scan {
  const char *file; /* its name, for messages */
  ol_slice text;
  size_t at;
} cli_scan;

/* Report a fault at the place reached. Returns: EXIT_REFUSED. */
int cli_scan_fault(const cli_scan *of, const char *why);

/* Takes a mark behind spaces if it is next. */
bool cli_scan_mark(cli_scan *of, char mark);

/* Take a mark, a text (to be freed), a number, or the end, which must be next. Return: EXIT_VERIFIED, or another code once reported. */
int cli_scan_expect(cli_scan *of, char mark);
int cli_scan_text(cli_scan *of, char **out);
int cli_scan_number(cli_scan *of, ol_u256 *out);
int cli_scan_end(cli_scan *of);

/* Writes a text as JSON; what is not UTF-8 becomes U+FFFD. */
void cli_json_bytes(FILE *to, ol_slice text);

/* --- corpus_walk.c --- */

/* A document: a file, and whose it is. */
typedef struct cli_document {
  char *path; /* below the directory */
  uint64_t datanet;
  ol_address contributor;
  ol_hash licence;
  bool is_named; /* in the manifest */
} cli_document;

typedef struct cli_documents {
  cli_document *list; /* by path */
  size_t count, room;
  size_t skipped; /* what is neither a file nor a directory */
} cli_documents;

/* Lists the files below a directory, sorted by path. Returns: EXIT_VERIFIED or, once that was reported, another code. */
int cli_documents_find(cli_documents *out, const char *directory);

/* Says whose they are: as the manifest does, or all as --contributor, --datanet and --licence do. Returns: the same. */
int cli_documents_assign(cli_documents *of, const cli_args *args);
void cli_documents_free(cli_documents *of);

/* Reads a document of a directory. Out: to be given to ol_host_free_file. Returns: the same. */
int cli_document_read(ol_slice *out, uint8_t **out_file, const char *directory, const cli_document *document);

/* Names of documents, as `corpus build` writes them beside a corpus. */
typedef struct cli_names {
  char **list;
  size_t count;
} cli_names;

/* Reads names: of a file, which may be NULL for none. Returns: the same; cli_names_free is due. */
int cli_names_read(cli_names *out, const char *file);
void cli_names_free(cli_names *of);

/* Returns: a document's name, or NULL. */
const char *cli_name_of(const cli_names *of, uint64_t document);

/* --- attribution_rows.c --- */

/* What is told of an answer, wherever it came from: a prover, or evidence that was verified. */
typedef struct cli_attribution {
  ol_slice response;
  ol_corpus_header corpus;
  ol_attribution_span *spans;
  ol_corpus_document *documents; /* of each span; where there is an owner */
  uint32_t span_count;
  ol_split_row *rows;
  uint32_t row_count;
  ol_u256 total_weight;
  ol_u256 total_amount;
  const cli_names *names;
} cli_attribution;

/* Takes what evidence or a proof says. Returns: EXIT_VERIFIED or, once that was reported, another code; cli_attribution_free is due. */
int cli_attribution_of_evidence(cli_attribution *out, const ol_evidence *evidence, ol_slice response);
int cli_attribution_of_proof(cli_attribution *out, const ol_corpus *corpus, const ol_corpus_proof *proof,
                             ol_slice response);
int cli_attribution_rows(cli_attribution *out, const ol_split *split); /* the rows of its split */
void cli_attribution_free(cli_attribution *of);

/* Tables for people, and members of an object that is open. */
void cli_spans_table(const cli_attribution *of);
void cli_shares_table(const cli_attribution *of);
void cli_attribution_json(const cli_attribution *of);

/* --- prove.c --- */

/* What a prover says of an answer, with its split and the evidence of it. */
typedef struct cli_proving {
  ol_corpus *corpus;
  ol_corpus_proof *proof;
  cli_names names;
  cli_attribution told;
  ol_attribution_policy policy;
  uint8_t policy_bytes[OL_ATTRIBUTION_POLICY_BYTES];
  ol_u256 pool;
  ol_hash split_root;
  ol_hash gradient_id; /* this and those below where influence decides on a part */
  uint8_t gradient_header[OL_GRADIENT_HEADER_BYTES];
  ol_slice vector;
  ol_attribution_weight *influence;
  size_t influence_len;
  cli_files files;
  void *table_memory;
  uint8_t *evidence;
  size_t evidence_len;
} cli_proving;

/* Opens --corpus, proves the answer, divides the fee, and writes evidence. Returns: EXIT_VERIFIED or, once reported, another. */
int cli_prove(cli_proving *out, const cli_args *args, ol_slice response, bool needs_policy);
void cli_proving_free(cli_proving *of);

/* Reads a table of influence. Out: memory that it is in, for free() in each case. Returns: the same. */
int cli_table_read(ol_influence_table **out, void **out_memory, const char *path);

/* --- receipt_check.c --- */

/* A receipt with all that it is checked by. */
typedef struct cli_check {
  const cli_args *args;
  cli_files files;
  ol_attribution_expected expected;
  ol_attribution_input input;
  ol_batch_proof batch;
  ol_attribution_facts facts;
  ol_attribution_policy policy;
  uint8_t policy_bytes[OL_ATTRIBUTION_POLICY_BYTES];
  ol_attribution_result result;
  ol_error error; /* of a rejection: where */
  void *memory, *table_memory;
} cli_check;

/* Reads the files and expectations of the command line. Returns: EXIT_VERIFIED or, once reported, another; cli_check_free is due. */
int cli_check_read(cli_check *out, const cli_args *args);

/* Makes the verdict, with the facts of the chain once there are some. Returns: the same; a rejection is a verdict. */
int cli_check_run(cli_check *of);
void cli_check_free(cli_check *of);

/* Returns: the exit code of the verdict. */
int cli_check_code(const cli_check *of);

/* The verdict as rows, and what it rests on. */
void cli_check_rows(const cli_check *of);

/*
 * Reads a receipt's file, or its JSON as nodes serve it, which is put into a file's form. Out: the file. Returns: as
 * cli_files_read.
 */
int cli_receipt_read(cli_files *of, ol_slice *out, const char *path);

/* Writes the reason of a rejection, with its place, e.g. "order (23): leaf[3]: ...". */
void cli_reason_text(char *out, size_t len, uint32_t reason, const ol_error *error);

/* --- receipt_chain.c --- */

/* Reads what the chain says of a receipt that is not rejected, by proof. Returns: EXIT_VERIFIED or, once reported, another. */
int cli_facts_read(cli_check *of);

/* --- receipt_html.c --- */

/* What the page says of the verdict. */
typedef struct cli_page {
  const cli_attribution *told;
  const ol_signed_receipt *receipt;
  const cli_check *check; /* NULL: it was not verified against a request */
  ol_hash digest;
} cli_page;

/* Writes the page. Returns: EXIT_VERIFIED or, once that was reported, another code. */
int cli_page_write(const cli_page *page, const char *path);

/* --- Commands --- */
int cli_corpus_build(const cli_args *args);
int cli_corpus_audit(const cli_args *args);
int cli_receipt_make(const cli_args *args);
int cli_receipt_verify(const cli_args *args);
int cli_receipt_show(const cli_args *args);
int cli_receipt_claim(const cli_args *args);

/* help_attribution.c */
extern const char cli_corpus_help[], cli_attribute_help[], cli_receipt_help[];

#endif
