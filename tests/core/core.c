/* SPDX-License-Identifier: MIT */

/*
 * A process that holds an unlocked wallet in memory for secrets is ended with a core dump, which must have no key, seed,
 * entropy or password in its memory. One that keeps a copy elsewhere shows that it would be found.
 *
 *   core PLACE
 *
 * Where the kernel gives dumps to a program instead of writing them, gdb's gcore writes them, if it is there.
 */

#include "openledger/host.h"
#include "residue/residue.h"
#include "wallet/wallet.h"

#include <dirent.h>
#include <link.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW 1800000000000u
#define SKIPPED 77

/* All that is secret, and what it is worked on in. */
typedef struct secrets {
  uint8_t seed[64], entropy[32], password[40], blind[32], key[32], content[4096];
  size_t content_len;
  uint8_t vault[4096];
  size_t vault_len;
  _Alignas(16) uint8_t wallet[sizeof(ol_wallet)];
  _Alignas(16) uint8_t room[65536];
  _Alignas(64) uint8_t derivation[(20u << 20)];
} secrets;

static ol_error error;
static volatile uint8_t copy[64];

static void give_up(const char *what) {
  fprintf(stderr, "core: %s\n", what);
  exit(EXIT_FAILURE);
}

static void must(ol_status status) {
  if (status != OL_OK) give_up(error.reason);
}

static secrets *make(void) {
  void *memory;
  int locked;
  must(ol_host_secret_new(&error, &memory, &locked, sizeof(secrets)));
  secrets *made = memory;
  residue_fill(made->seed, sizeof made->seed, 1);
  residue_fill(made->entropy, sizeof made->entropy, 2);
  residue_fill(made->password, sizeof made->password, 3);
  residue_fill(made->blind, sizeof made->blind, 4);
  return made;
}

static void run(ol_derivation *derivation) {
  while (ol_derivation_step(derivation)) continue;
}

/* Fills a wallet, seals it, opens it again, and signs with it. */
static void unlock(secrets *of) {
  const ol_vault_params least = {OL_VAULT_PASSES_LEAST, OL_VAULT_KIB_LEAST};
  const ol_wallet_config config = {.idle_ms = 0};
  const ol_slice password = ol_slice_of(of->password, sizeof of->password);
  uint8_t entropy[64];
  ol_derivation *derivation;
  ol_wallet *wallet;
  ol_wallet_account account;
  ol_decision decision;
  ol_signature signature;
  ol_path path;
  uint32_t index;
  ol_path_accounts(&path);
  must(ol_wallet_init(&error, &wallet, &config, of->blind, NOW, of->wallet, sizeof of->wallet));
  must(ol_wallet_add_mnemonic(&error, wallet, &index, of->seed, ol_slice_of(of->entropy, 32), 0, NOW));
  must(ol_wallet_add_account(&error, wallet, &index, 0, &path, ol_slice_of("a", 1), NOW));
  must(ol_wallet_content(&error, wallet, of->content, sizeof of->content, &of->content_len, NOW));
  ol_wallet_lock(wallet);
  residue_fill(entropy, sizeof entropy, 5);
  must(ol_vault_seal_begin(&error, &derivation, &least, ol_slice_of(of->content, of->content_len), password,
                           entropy, of->derivation, sizeof of->derivation));
  run(derivation);
  must(ol_vault_seal_end(&error, derivation, of->vault, sizeof of->vault, &of->vault_len));
  must(ol_vault_open_begin(&error, &derivation, ol_slice_of(of->vault, of->vault_len), password,
                           of->derivation, sizeof of->derivation));
  run(derivation);
  must(ol_vault_open_end(&error, derivation, of->content, sizeof of->content, &of->content_len));
  must(ol_wallet_open(&error, wallet, ol_slice_of(of->content, of->content_len), NOW, of->room,
                      sizeof of->room));
  if (ol_wallet_account_at(wallet, &account, 0) != 1) give_up("there is no account");
  must(ol_wallet_reveal_key(&error, wallet, of->key, &account.address, NOW));
  must(ol_wallet_propose_message(&error, wallet, &decision, &account.address, ol_slice_of("hello", 5), NOW));
  must(ol_wallet_approve(&error, wallet, &decision.digest, NOW));
  must(ol_wallet_sign(&error, wallet, &signature, &decision, &decision.digest, NOW, ol_slice_of(NULL, 0)));
}

/* --- The dump --- */

static bool kernel_writes_files(void) {
  FILE *file = fopen("/proc/sys/kernel/core_pattern", "r");
  int first = file == NULL ? '|' : fgetc(file);
  if (file != NULL) fclose(file);
  return first != '|' && first != '/' && first != EOF;
}

static _Noreturn void hold(bool planted, bool kernel, int ready) {
  const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
  struct rlimit limit;
  secrets *held = make();
  unlock(held);
  for (size_t i = 0; planted && i < sizeof copy; i++) copy[i] = held->seed[i];
  if (setrlimit(RLIMIT_CORE, &all) != 0 && getrlimit(RLIMIT_CORE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    if (limit.rlim_max == 0 || setrlimit(RLIMIT_CORE, &limit) != 0) _exit(SKIPPED);
  }
  if (kernel) abort();
  if (write(ready, "x", 1) != 1) _exit(EXIT_FAILURE);
  for (;;) pause();
}

/* Ends a process and leaves its dump in the folder we are in. Returns: false when the system writes none. */
static bool dump(bool planted) {
  const bool kernel = kernel_writes_files();
  int ready[2], status;
  char command[96], byte;
  if (pipe(ready) != 0) give_up("there is no pipe");
  pid_t child = fork();
  if (child < 0) give_up("there is no process");
  if (child == 0) hold(planted, kernel, ready[1]);
  close(ready[1]);
  if (!kernel) {
    if (read(ready[0], &byte, 1) != 1) give_up("the process ended before its dump");
    snprintf(command, sizeof command, "gcore -o core %ld >gcore.log 2>&1", (long)child);
    bool written = system(command) == 0;
    kill(child, SIGKILL);
    if (!written) return waitpid(child, &status, 0) != child;
  }
  close(ready[0]);
  if (waitpid(child, &status, 0) != child) give_up("the process is lost");
  if (WIFEXITED(status) && WEXITSTATUS(status) != SKIPPED) give_up("the process ended in another way");
  return !WIFEXITED(status) && (!kernel || WCOREDUMP(status));
}

/*
 * Returns: where memory begins in a dump. In front of it are the registers, of which nobody erases those for vectors:
 * what a copy last went through may stay there until another does.
 */
static size_t memory_at(const uint8_t *bytes, size_t len) {
  ElfW(Ehdr) head;
  ElfW(Phdr) part;
  if (len < sizeof head) give_up("the dump is cut short");
  memcpy(&head, bytes, sizeof head);
  for (size_t i = 0; i < head.e_phnum; i++) {
    const size_t at = head.e_phoff + i * sizeof part;
    if (at > len - sizeof part) give_up("the dump is cut short");
    memcpy(&part, bytes + at, sizeof part);
    if (part.p_type == PT_LOAD && part.p_offset < len) return part.p_offset;
  }
  give_up("the dump has no memory");
  return 0;
}

/* Reads the dump in the folder, and removes it. Returns: whether a secret is in it. */
static bool search(size_t *out_len, residue_find *find) {
  char name[256] = "";
  DIR *list = opendir(".");
  for (struct dirent *entry = list == NULL ? NULL : readdir(list); entry != NULL; entry = readdir(list)) {
    if (strncmp(entry->d_name, "core", 4) == 0) snprintf(name, sizeof name, "%s", entry->d_name);
  }
  if (list != NULL) closedir(list);
  uint8_t *bytes;
  must(ol_host_read_file(&error, &bytes, out_len, name, (size_t)1 << 30));
  const size_t begin = memory_at(bytes, *out_len);
  bool found = residue_search(find, bytes + begin, *out_len - begin, ol_slice_of(NULL, 0));
  ol_host_free_file(bytes);
  if (unlink(name) != 0) give_up("the dump cannot be removed");
  return found;
}

static void learn(void) {
  secrets *known = make();
  unlock(known);
  residue_forget();
  residue_add("seed", known->seed, sizeof known->seed);
  residue_add("entropy", known->entropy, sizeof known->entropy);
  residue_add("password", known->password, sizeof known->password);
  residue_add("key", known->key, sizeof known->key);
  ol_host_secret_free(known);
}

int main(int argc, char **argv) {
  residue_find find;
  size_t len = 0;
  if (argc != 2) give_up("usage: core PLACE");
  if ((mkdir(argv[1], S_IRWXU) != 0 && access(argv[1], W_OK) != 0) || chdir(argv[1]) != 0)
    give_up("no such place");
  learn();
  /* The plant is last, as what is read of its dump would be in memory that the next process inherits. */
  for (int planted = 0; planted <= 1; planted++) {
    if (!dump(planted == 1)) {
      printf("skipped: the system writes no core dumps, and gcore is not there\n");
      return SKIPPED;
    }
    bool found = search(&len, &find);
    if (planted == 1 && !found) give_up("a copy outside of the memory for secrets is not in the dump");
    if (planted == 0 && found) {
      fprintf(stderr, "core: the dump has a secret: %s%s\n", find.secret, find.form);
      return EXIT_FAILURE;
    }
  }
  printf("a dump of %zu bytes has no key, seed, entropy or password in its memory; a copy outside of their "
         "memory is found\n",
         len);
  return EXIT_SUCCESS;
}
