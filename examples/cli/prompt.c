/* SPDX-License-Identifier: MIT */

/* What is asked of people: secrets that are not shown, and answers; on the terminal, or from file descriptors. */

#define _POSIX_C_SOURCE 200809L

#include "wallet.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

ol_slice cli_secret_slice(const cli_secret *of) {
  return (ol_slice){(const uint8_t *)of->text, of->len};
}

void cli_secret_clear(cli_secret *of) {
  ol_host_secret_free(of->text);
  *of = (cli_secret){0};
}

FILE *cli_terminal(void) {
  static FILE *terminal = NULL;
  if (terminal == NULL && (terminal = fopen("/dev/tty", "r+")) != NULL) setvbuf(terminal, NULL, _IONBF, 0);
  return terminal;
}

FILE *cli_asked_file(const cli_args *args) {
  FILE *terminal = args->answer_fd >= 0 ? NULL : cli_terminal();
  return terminal != NULL ? terminal : stderr;
}

static int new_secret(cli_secret *out) {
  static bool warned = false;
  ol_error error;
  void *memory;
  int locked;
  if (ol_host_secret_new(&error, &memory, &locked, CLI_SECRET_LEN) != OL_OK) return cli_error(NULL, &error);
  if (!locked && !warned) cli_warn("memory", "the system does not keep secrets out of swap (ulimit -l)");
  warned = warned || !locked;
  *out = (cli_secret){.text = memory};
  return EXIT_VERIFIED;
}

/* Byte by byte, so that what is behind the line stays for who reads next. */
static bool read_line(cli_secret *out, int fd) {
  char byte;
  for (;;) {
    const ssize_t got = read(fd, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0 || byte == '\n') break;
    if (out->len + 1 == CLI_SECRET_LEN) return false;
    out->text[out->len++] = byte;
  }
  if (out->len > 0 && out->text[out->len - 1] == '\r') out->len--;
  out->text[out->len] = '\0';
  return out->len > 0;
}

/* --- The terminal --- */

static volatile sig_atomic_t caught;

static void catch (int number) {
  caught = number;
}

static const int signals[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};
#define SIGNALS (sizeof signals / sizeof *signals)

/* Takes a byte that was typed. Returns: whether the line goes on. */
static bool take_byte(cli_secret *out, char byte) {
  if (byte == '\r' || byte == '\n' || byte == 4) return false; /* 4: ^D */
  if (byte == 0x15) {                                          /* ^U */
    memset(out->text, 0, out->len);
    out->len = 0;
  } else if (byte == 0x7f || byte == '\b') {
    while (out->len > 0 && (out->text[out->len - 1] & 0xc0) == 0x80) out->len--; /* the rest of a character */
    if (out->len > 0) out->len--;
  } else if (out->len + 1 < CLI_SECRET_LEN) {
    out->text[out->len++] = byte;
  }
  return true;
}

/* Asks for a line that is not shown, from before the question on. The terminal becomes as it was, whatever signal comes. */
static bool read_unseen(cli_secret *out, FILE *terminal, const char *what) {
  const int fd = fileno(terminal);
  struct sigaction old[SIGNALS], action = {.sa_handler = catch};
  struct termios shown, unseen;
  char byte = 0;
  if (tcgetattr(fd, &shown) != 0) return false;
  caught = 0;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < SIGNALS; i++) sigaction(signals[i], &action, &old[i]);
  unseen = shown;
  unseen.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON);
  unseen.c_cc[VMIN] = 1;
  unseen.c_cc[VTIME] = 0;
  bool good = tcsetattr(fd, TCSAFLUSH, &unseen) == 0;
  if (good) fprintf(terminal, "%s: ", what);
  while (good && caught == 0) {
    const ssize_t got = read(fd, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    good = got == 1;
    if (!good || !take_byte(out, byte)) break;
  }
  byte = 0;
  tcsetattr(fd, TCSAFLUSH, &shown);
  for (size_t i = 0; i < SIGNALS; i++) sigaction(signals[i], &old[i], NULL);
  if (caught != 0) raise(caught);
  out->text[out->len] = '\0';
  return good && caught == 0;
}

static int no_terminal(const char *what) {
  const ol_error error = cli_error_of(
      OL_ERR_ARGUMENT, "", "cannot be asked for, as there is no terminal: see --password-fd and --secret-fd");
  return cli_error(what, &error);
}

int cli_ask_secret(cli_secret *out, int fd, const char *what) {
  cli_secret_clear(out);
  FILE *terminal = fd >= 0 ? NULL : cli_terminal();
  if (fd < 0 && terminal == NULL) return no_terminal(what);
  int result = new_secret(out);
  if (result != EXIT_VERIFIED) return result;
  if (fd >= 0)
    return read_line(out, fd)
               ? EXIT_VERIFIED
               : cli_usage_error(what, "its file descriptor has no line of at most 1,023 bytes");
  const bool good = read_unseen(out, terminal, what);
  fputs("\n", terminal);
  if (good && out->len > 0) return EXIT_VERIFIED;
  return cli_usage_error(what, "nothing was typed");
}

int cli_ask_new_secret(cli_secret *out, int fd, const char *what) {
  cli_secret again = {0};
  int result = cli_ask_secret(out, fd, what);
  if (result != EXIT_VERIFIED || fd >= 0) return result;
  result = cli_ask_secret(&again, fd, "the same again");
  if (result == EXIT_VERIFIED && (again.len != out->len || memcmp(again.text, out->text, out->len) != 0))
    result = cli_usage_error(what, "was not typed the same twice");
  cli_secret_clear(&again);
  return result;
}

int cli_ask_yes(const cli_args *args, const char *question) {
  cli_secret answer = {0};
  FILE *terminal = args->answer_fd >= 0 ? NULL : cli_terminal();
  const int fd = terminal != NULL ? fileno(terminal) : args->answer_fd;
  bool yes = false;
  if (terminal != NULL) fprintf(terminal, "%s Type \"yes\" if so: ", question);
  if (fd >= 0 && new_secret(&answer) == EXIT_VERIFIED)
    yes = read_line(&answer, fd) && strcmp(answer.text, "yes") == 0;
  cli_secret_clear(&answer);
  if (yes) return EXIT_VERIFIED;
  return cli_declined(fd >= 0 ? "the answer was not \"yes\""
                              : "nobody can be asked, as there is no terminal: see --answer-fd");
}
