/* SPDX-License-Identifier: MIT */

/* Prints the balance of an account of OpenLedger, proven: balance URL ADDRESS */

#include <openledger/host.h>

#include <stdio.h>
#include <string.h>

static int fail(const ol_error *error) {
  char line[256];
  ol_error_text(error, line, sizeof line);
  return fprintf(stderr, "balance: %s\n", line), 1;
}

int main(int argc, char **argv) {
  if (argc != 3) return fputs("usage: balance URL ADDRESS\n", stderr), 2;
  ol_error error;
  ol_address address;
  ol_account_question question;
  ol_account_answer answer;
  char amount[80];

  if (ol_address_from_text(&error, &address, argv[2], strlen(argv[2])) != OL_OK) return fail(&error);
  ol_account_question_init(&question, &address);
  const char *const urls[] = {argv[1]};
  if (ol_host_account(&error, &answer, urls, 1, 1, &question) != OL_OK) return fail(&error);

  ol_amount_text(amount, &answer.account.balance, 18);
  printf("%s OPEN at block %llu\n", amount, (unsigned long long)answer.block_number);
  return 0;
}
