/* SPDX-License-Identifier: MIT */

/*
 * A receipt as a page: one file without scripts that loads nothing. Whatever comes from outside is escaped, and shown so that
 * it moves nothing else; the policy of the page would not run or load it if it were not.
 */

#define _POSIX_C_SOURCE 200809L

#include "page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- The text, coloured --- */

/* Marks a run of the answer that one span has, or none. */
static void put_run(page *of, uint32_t from, uint32_t to, uint32_t span) {
  const cli_attribution *told = of->told;
  const ol_slice text = {told->response.data + from, to - from};
  if (span == NO_SPAN) {
    page_text(of->to, text, true);
    return;
  }
  const ol_attribution_span *found = &told->spans[span];
  const ol_corpus_document *document = &told->documents[span];
  char owner[43], licence[67], rarity[CLI_PERCENT_LEN];
  const char *name = cli_name_of(told->names, document->index);
  cli_rarity_text(rarity, found->rarity);
  if (found->document == OL_SPAN_WITHOUT_OWNER) {
    fprintf(of->to,
            "<mark class=\"none\" title=\"passage %u: found %" PRIu64
            " times, too often for anybody to be paid\">",
            (unsigned)span + 1, found->count);
  } else {
    ol_address_text(owner, &document->contributor);
    ol_hex_text(licence, document->licence.bytes, 32);
    fprintf(of->to, "<mark class=\"c%u\" title=\"passage %u, document %" PRIu64,
            page_colour(of, &document->contributor), (unsigned)span + 1, document->index);
    if (name != NULL) {
      fputs(" (", of->to);
      page_text(of->to, (ol_slice){(const uint8_t *)name, strlen(name)}, false);
      putc(')', of->to);
    }
    fprintf(of->to, ": found %" PRIu64 "%s, rarity %s bits; owner %s, datanet %" PRIu64 ", licence %s\">",
            found->count, found->count == 1 ? " time" : " times", rarity, owner, document->datanet, licence);
  }
  page_text(of->to, text, true);
  fputs("</mark>", of->to);
}

/* Spans are of bytes: a character goes where its first byte goes. */
static int put_answer(page *of) {
  const ol_slice text = of->told->response;
  uint32_t *spans = malloc((text.len + 1) * sizeof *spans);
  if (spans == NULL) return cli_no_memory();
  page_credit(of->told, spans);
  fputs("<h2>Answer</h2>\n<div class=\"answer\" dir=\"auto\">", of->to);
  for (uint32_t from = 0, to; from < text.len; from = to) {
    to = from + 1;
    while (to < text.len && (spans[to] == spans[from] || (text.data[to] & 0xc0) == 0x80)) to++;
    put_run(of, from, to, spans[from]);
  }
  fputs("</div>\n", of->to);
  free(spans);
  return EXIT_VERIFIED;
}

static void put_legend(const page *of) {
  char owner[43];
  fputs("<h2>Owners</h2>\n<ul class=\"legend\">\n", of->to);
  for (uint32_t i = 0; i < of->owner_count; i++) {
    ol_address_text(owner, &of->owners[i].address);
    const unsigned colour = page_colour(of, &of->owners[i].address);
    fprintf(of->to, "<li><span class=\"swatch c%u\"></span><code>%s</code> %u %s, %" PRIu64 " bytes</li>\n",
            colour, owner, (unsigned)of->owners[i].spans, of->owners[i].spans == 1 ? "passage" : "passages",
            of->owners[i].credited);
  }
  fputs("</ul>\n", of->to);
}

/* --- The split --- */

#define BARS 16
#define BAR_HEIGHT 40

static void put_bar(page *of, uint32_t at, const char *label, unsigned colour, const ol_u256 *part) {
  char percent[CLI_PERCENT_LEN];
  cli_percent_text(percent, cli_fraction(part, &of->told->total_weight));
  fprintf(of->to,
          "<text x=\"0\" y=\"%u\">%s: %s %%</text>"
          "<rect class=\"track\" x=\"0\" y=\"%u\" width=\"100%%\" height=\"12\"/>"
          "<rect class=\"b%u\" x=\"0\" y=\"%u\" width=\"%s%%\" height=\"12\"/>\n",
          (unsigned)(at * BAR_HEIGHT + 16), label, percent, (unsigned)(at * BAR_HEIGHT + 22), colour,
          (unsigned)(at * BAR_HEIGHT + 22), percent);
}

static void put_chart(page *of) {
  const uint32_t count = of->told->row_count, bars = count < BARS ? count : BARS;
  ol_u256 rest = {{0}};
  char label[96], owner[43];
  if (count == 0) {
    fputs("<h2>Split</h2>\n<p>Nobody is paid for passages: there is none that earns.</p>\n", of->to);
    return;
  }
  fprintf(of->to,
          "<h2>Split</h2>\n<svg role=\"img\" aria-label=\"Shares of the contributors\" width=\"100%%\" "
          "height=\"%u\">\n",
          (unsigned)((bars + (count > bars)) * BAR_HEIGHT));
  for (uint32_t i = 0; i < bars; i++) {
    const ol_split_row *row = &of->told->rows[of->order[i]];
    ol_address_text(owner, &row->contributor);
    snprintf(label, sizeof label, "%.8s..%s, datanet %" PRIu64, owner, owner + 36, row->datanet);
    put_bar(of, i, label, page_colour(of, &row->contributor), &row->weight);
  }
  for (uint32_t i = bars; i < count; i++) page_add(&rest, &of->told->rows[of->order[i]].weight);
  snprintf(label, sizeof label, "%u others", (unsigned)(count - bars));
  if (count > bars) put_bar(of, bars, label, COLOURS - 1, &rest);
  fputs("</svg>\n<div "
        "class=\"scroll\"><table>\n<tr><th>Contributor</th><th>Datanet</th><th>Weight</th><th>Amount</th></"
        "tr>\n",
        of->to);
  for (uint32_t i = 0; i < count; i++) {
    const ol_split_row *row = &of->told->rows[of->order[i]];
    char weight[79], amount[79];
    ol_address_text(owner, &row->contributor);
    ol_u256_text(weight, &row->weight);
    ol_u256_text(amount, &row->amount);
    fprintf(of->to, "<tr><td><code>%s</code></td><td>%" PRIu64 "</td><td>%s</td><td>%s</td></tr>\n", owner,
            row->datanet, weight, amount);
  }
  fputs("</table></div>\n", of->to);
}

/* --- Passages --- */

static void put_passages(const page *of) {
  const cli_attribution *told = of->told;
  char rarity[CLI_PERCENT_LEN], owner[43];
  if (told->span_count == 0) return;
  fputs("<h2>Passages</h2>\n<div "
        "class=\"scroll\"><table>\n<tr><th>No.</th><th>Bytes</th><th>Found</th><th>Rarity</th>"
        "<th>Weight</th><th>Owner</th><th>Datanet</th><th>Document</th><th>Text</th></tr>\n",
        of->to);
  for (uint32_t i = 0; i < told->span_count; i++) {
    const ol_attribution_span *span = &told->spans[i];
    cli_rarity_text(rarity, span->rarity);
    fprintf(of->to, "<tr><td>%u</td><td>%u&ndash;%u</td><td>%" PRIu64 "</td><td>%s</td><td>%" PRIu64 "</td>",
            (unsigned)i + 1, (unsigned)span->start, (unsigned)span->end, span->count, rarity, span->weight);
    if (span->document == OL_SPAN_WITHOUT_OWNER) {
      fputs("<td>nobody: too frequent</td><td></td><td></td>", of->to);
    } else {
      const char *name = cli_name_of(told->names, told->documents[i].index);
      ol_address_text(owner, &told->documents[i].contributor);
      fprintf(of->to, "<td><code>%s</code></td><td>%" PRIu64 "</td><td>%" PRIu64 " ", owner,
              told->documents[i].datanet, told->documents[i].index);
      if (name != NULL) page_text(of->to, (ol_slice){(const uint8_t *)name, strlen(name)}, false);
      fputs("</td>", of->to);
    }
    fputs("<td class=\"quote\">", of->to);
    page_text(of->to, (ol_slice){told->response.data + span->start, span->end - span->start}, true);
    fputs("</td></tr>\n", of->to);
  }
  fputs("</table></div>\n", of->to);
  if (told->names != NULL && told->names->count > 0)
    fputs("<p class=\"dim\">Names of documents are the publisher's word; numbers, owners and counts are "
          "proven.</p>\n",
          of->to);
}

/* --- The receipt and its verdict --- */

static void put_verdict(const page *of, const cli_check *check) {
  static const char *const classes[] = {"bad", "warn", "ok", "ok"};
  static const char *const meanings[] = {
      "something about this receipt is wrong",
      "nothing is wrong so far, but the chain was not asked, or has not said all",
      "all of it is proven but the vector of influence, which is the signer's word",
      "all of it is proven",
  };
  char text[400];
  if (check == NULL) {
    fputs("<p class=\"verdict warn\"><strong>Evidence verified</strong> for this answer; whether the receipt "
          "is for a request, and "
          "what the chain says, was not asked.</p>\n",
          of->to);
    return;
  }
  const uint32_t verdict = check->result.verdict & 3;
  fprintf(of->to, "<p class=\"verdict %s\"><strong>%s</strong>: %s.", classes[verdict],
          ol_attribution_verdict_name(verdict), meanings[verdict]);
  if (check->result.reason != OL_REASON_NONE) {
    cli_reason_text(text, sizeof text, check->result.reason, &check->error);
    fputs(" Reason: ", of->to);
    page_text(of->to, (ol_slice){(const uint8_t *)text, strlen(text)}, false);
  }
  fputs("</p>\n", of->to);
}

static void put_receipt(const page *of, const cli_page *from) {
  const ol_attribution_receipt *receipt = &from->receipt->receipt;
  const struct {
    const char *name;
    const ol_hash *hash;
  } hashes[] = {{"Receipt", &from->digest},
                {"Request (SHA-256)", &receipt->request_sha256},
                {"Answer (SHA-256)", &receipt->response_sha256},
                {"Model", &receipt->model_id},
                {"Corpus", &receipt->corpus_id},
                {"Policy", &receipt->policy_id},
                {"Split root", &receipt->split_root}};
  char text[80], more[80];
  ol_error error;
  ol_address signer;
  fputs("<h2>Receipt</h2>\n<dl>\n", of->to);
  for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
    ol_hex_text(text, hashes[i].hash->bytes, 32);
    fprintf(of->to, "<dt>%s</dt><dd><code>%s</code></dd>\n", hashes[i].name, text);
  }
  if (ol_attribution_receipt_signer(&error, &signer, from->receipt) == OL_OK) {
    ol_address_text(text, &signer);
    fprintf(of->to, "<dt>Signed by</dt><dd><code>%s</code></dd>\n", text);
  }
  ol_u256_text(text, &receipt->fee);
  ol_u256_text(more, &receipt->contributor_pool);
  fprintf(of->to, "<dt>Fee</dt><dd>%s, of which contributors get %s (smallest units)</dd>\n", text, more);
  cli_time_text(text, receipt->served_at);
  fprintf(of->to, "<dt>Served</dt><dd>%s</dd>\n</dl>\n", text);
}

int cli_page_write(const cli_page *from, const char *path) {
  char *text = NULL, digest[67];
  size_t len = 0;
  page of = {.told = from->told};
  int result = page_begin(&of);
  of.to = result == EXIT_VERIFIED ? open_memstream(&text, &len) : NULL;
  if (result == EXIT_VERIFIED && of.to == NULL) result = cli_no_memory();
  if (result == EXIT_VERIFIED) {
    ol_hex_text(digest, from->digest.bytes, 32);
    page_head(of.to, digest);
    put_verdict(&of, from->check);
    result = put_answer(&of);
    put_legend(&of);
    put_chart(&of);
    put_passages(&of);
    put_receipt(&of, from);
    fputs("</main>\n</body>\n</html>\n", of.to);
    if (fclose(of.to) != 0) result = cli_no_memory();
  }
  if (result == EXIT_VERIFIED)
    result = cli_file_write("--html", path, (ol_slice){(const uint8_t *)text, len});
  free(text);
  page_end(&of);
  return result;
}
