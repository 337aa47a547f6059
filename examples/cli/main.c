/* SPDX-License-Identifier: MIT */

/* openledger: which command, and how to use them. */

#include "attribution.h"

#include <stdlib.h>
#include <string.h>

static const char overview[] =
    "openledger - proves what servers say about OpenLedger, an EVM chain, before you believe it\n"
    "\n"
    "  openledger account ADDRESS --rpc URL   an account's balance, nonce, code and storage, proven\n"
    "  openledger sync --checkpoint ROOT --beacon URL\n"
    "                                         finalized blocks of Ethereum, followed from a block you trust\n"
    "  openledger serve --rpc URL             a local JSON-RPC endpoint for wallets, whose answers are "
    "proven\n"
    "  openledger ask METHOD [PARAM]... --rpc URL\n"
    "                                         one request of JSON-RPC, with what proves its answer\n"
    "  openledger verify account --header FILE --proof FILE\n"
    "                                         the same from files, without the network\n"
    "  openledger verify sync --checkpoint ROOT --bootstrap FILE\n"
    "                                         the same as sync from files, without the network\n"
    "  openledger verify envelope FILE --signer ADDRESS\n"
    "                                         a block as the sequencer gossips it, signed but not on L1 yet\n"
    "  openledger bundle make ADDRESS --out FILE\n"
    "                                         an account's proof down to a checkpoint, in a file for others\n"
    "  openledger verify bundle FILE ADDRESS --checkpoint ROOT --rollup R\n"
    "                                         the same from that file, without the network\n"
    "  openledger header FILE                 a block header, decoded and hashed\n"
    "\n"
    "  openledger wallet new|import|list|account|export|contact|policy|passwd\n"
    "                                         a wallet in a file, behind a password\n"
    "  openledger send TO AMOUNT --rpc URL    a payment, shown and asked about before it is signed\n"
    "  openledger sign TEXT                   a message, signed\n"
    "  openledger sign-typed FILE             typed data, signed\n"
    "  openledger verify message|typed-data SIGNATURE TEXT|FILE\n"
    "                                         who has signed\n"
    "  openledger vote PROPOSAL for|against|abstain, delegate TO|self, stake CONFIG AMOUNT, unstake ID\n"
    "                                         transactions of OpenLedger's own contracts\n"
    "  openledger governance [PROPOSAL], positions ACCOUNT\n"
    "                                         what those say, proven\n"
    "\n"
    "  openledger corpus build DIR|audit FILE a corpus of documents, committed to; or whether one is right\n"
    "  openledger attribute --corpus FILE --answer FILE\n"
    "                                         which documents an answer quotes, and what each is worth\n"
    "  openledger receipt verify|show|claim|make\n"
    "                                         receipts of that: whether they are true, and what they pay\n"
    "\n"
    "  openledger help COMMAND                all about a command\n"
    "  openledger --version\n"
    "\n"
    "Exit codes: 0 verified; 1 refused, as something an endpoint or a file says is wrong;\n"
    "2 the command line is wrong; 3 nobody answered; 4 somebody was asked and did not say yes;\n"
    "5 nothing is wrong, but the chain has not said all yet.\n";

static const char account_help[] =
    "openledger account ADDRESS --rpc URL [--rpc URL]... [options]\n"
    "\n"
    "Asks endpoints for a block, makes sure that enough of them give the same hash of it, and proves the\n"
    "account against that block's state root (eth_getProof). Endpoints that sent something wrong are named.\n"
    "\n"
    "  --rpc URL       a JSON-RPC endpoint, http or https; several should be independent of one another\n"
    "  --quorum M      how many must give the same block hash; a majority of them by default\n"
    "  --block TAG     latest (the default), safe, finalized, a number, or a hash of 0x and 64 hex digits\n"
    "  --slot S        a storage slot to prove too, in decimal or hex; up to 32 of them\n"
    "  --code          prove the contract's code too\n"
    "  --max-age S     the oldest block accepted, in seconds, or \"any\"; 120 for the latest block by\n"
    "                  default, and \"any\" for others\n"
    "  --chain-id N    the chain that endpoints must serve; 1612 by default, 0 for any\n"
    "  --trust LEVEL   the least that must prove the block: quorum (the default); unsafe, the sequencer has\n"
    "                  signed it; proposed, its output root is proposed on Ethereum; finalized, and can no\n"
    "                  longer be challenged. The block is then the newest that is so, and these are needed\n"
    "                  too:\n"
    "  --rollup R        whose contracts: openledger, openledger-testnet, op-mainnet, base, or a profile's "
    "file,\n"
    "                    which may name endpoints in place of --rpc, --beacon, --l1 and --sequencer\n"
    "  --beacon URL, --l1 URL, --checkpoint ROOT, --state PATH, --network N, --insist\n"
    "                    as for sync, which is done first; the network is the rollup's by default\n"
    "  --sequencer URL   for unsafe: where the sequencer's newest block is to be had, as it is gossiped; or\n"
    "                    a file that has it (file:///...); with\n"
    "  --version N       as for verify envelope\n"
    "  --timeout S     how long to wait for one answer, in seconds; 10 by default\n"
    "  --ca-file FILE  certificates (PEM) to trust instead of the system's\n"
    "  --json          one line of JSON: the answer, and what it took\n"
    "\n"
    "Exit codes: 0 verified; 1 refused (proof, hash, age, quorum, an error of the endpoint);\n"
    "2 the command line is wrong; 3 nobody answered.\n";

static const char verify_help[] =
    "openledger verify account --header FILE --proof FILE [options]\n"
    "openledger verify sync --checkpoint ROOT --bootstrap FILE [options]\n"
    "openledger verify envelope FILE --signer ADDRESS [options]\n"
    "openledger verify bundle FILE ADDRESS --checkpoint ROOT --rollup R [options]\n"
    "openledger verify message SIGNATURE TEXT [--address A] [--hex]\n"
    "openledger verify typed-data SIGNATURE FILE [--address A]\n"
    "\n"
    "account: proves an account against the state root of a header. Nothing is fetched, so nothing says that "
    "the\n"
    "header is the chain's: compare its hash with one that you trust.\n"
    "\n"
    "  --header FILE   a block header: RLP in hex, or a block of JSON-RPC; \"-\" for the standard input\n"
    "  --proof FILE    a result of eth_getProof; \"-\" for the standard input\n"
    "  --address A     the account that the proof must be about; without it, whatever it is about\n"
    "  --slot S        a storage slot that it must prove, in this order; needs --address\n"
    "\n"
    "sync: follows Ethereum's sync committees from a beacon block that you trust. Files are as the Beacon "
    "API\n"
    "returns them under /eth/v1/beacon/light_client, in JSON or SSZ; \"-\" for the standard input.\n"
    "\n"
    "  --checkpoint R  the root of the trusted block: finalized, and less than two weeks old\n"
    "  --bootstrap F   its bootstrap/R\n"
    "  --updates F     updates of the periods from then on, in their order\n"
    "  --finality F    a finality_update\n"
    "  --optimistic F  an optimistic_update\n"
    "  --network N     mainnet (the default), sepolia, hoodi, or a file with the Beacon API's config/spec "
    "and\n"
    "                  beacon/genesis in one object of JSON\n"
    "  --insist        accept an older checkpoint: whoever bought the keys of its time can have made a "
    "chain\n"
    "\n"
    "envelope: a message of the sequencer, as it is gossiped to rollup nodes: that the signer signed it, for "
    "this\n"
    "chain and just now, and that the block's hash covers it.\n"
    "\n"
    "  --signer A      who must have signed: SystemConfig's unsafeBlockSigner\n"
    "  --chain-id N    the chain that it was signed for; 1612 by default\n"
    "  --version N     of the message: topic /optimism/CHAIN/0/blocks has 1, .../3/blocks 4, the default\n"
    "  --any-time      accept a block that is more than 60 s old, or 5 s ahead\n"
    "  --plain         the message is not compressed\n"
    "\n"
    "bundle: what `openledger account` asks servers for, out of a file that `openledger bundle make` wrote. "
    "It "
    "is\n"
    "verified as servers' answers are, so nothing in it is believed; whoever made it can be old, not wrong.\n"
    "\n"
    "  --checkpoint R, --network N, --rollup R, --trust LEVEL, --slot S, --code, --max-age S, --insist\n"
    "                  as for account, and as they were for the bundle; the level is finalized by default\n"
    "  --at TIME       verify as of then, in Unix seconds or as 2026-01-31T12:00:00Z, rather than as of now: "
    "for a\n"
    "                  bundle that lacks the sync committees since. A checkpoint's age, too, is counted to "
    "then,\n"
    "                  so say only what you know yourself: by its own word a bundle can be of any time\n"
    "\n"
    "message, typed-data: finds who has signed a message (EIP-191; \"-\" for the standard input) or typed "
    "data\n"
    "(EIP-712). A signature is 0x and the hex digits of 65 bytes, or of 64 (EIP-2098).\n"
    "\n"
    "  --address A     who must have; without it, whoever did is named\n"
    "  --hex           the text is 0x and hex digits, and what was signed are its bytes\n"
    "\n"
    "  --json          one line of JSON\n"
    "\n"
    "Exit codes: 0 verified; 1 refused; 2 the command line is wrong or a file cannot be read.\n";

static const char sync_help[] =
    "openledger sync --checkpoint ROOT --beacon URL [--beacon URL]... [options]\n"
    "\n"
    "Follows Ethereum's sync committees from a beacon block that you trust to the present. Beacon nodes "
    "need\n"
    "not be trusted: whoever sends something wrong is named, and another one is asked.\n"
    "\n"
    "  --checkpoint R  the root of the trusted block: finalized, and less than two weeks old; not needed\n"
    "                  where there is a saved state\n"
    "  --beacon URL    a node's Beacon API, http or https\n"
    "  --l1 URL        an Ethereum JSON-RPC endpoint, for the headers of the execution blocks\n"
    "  --state PATH    where to keep what is finalized, and to go on from it next time: a file; or a\n"
    "                  directory, if it is one or ends in /, which keeps networks apart, is for one command\n"
    "                  at a time, and may be writable by its owner alone\n"
    "  --watch         go on for as long as the command runs, at each moment when a new block is due\n"
    "  --network N     mainnet (the default), sepolia, hoodi, or a file with the Beacon API's config/spec\n"
    "                  and beacon/genesis in one object of JSON\n"
    "  --insist        accept an older checkpoint or state: whoever bought the keys of its time can have\n"
    "                  made a chain\n"
    "  --timeout S     how long to wait for one answer, in seconds; 10 by default\n"
    "  --ca-file FILE  certificates (PEM) to trust instead of the system's\n"
    "  --json          one line of JSON for each time the present is reached\n"
    "\n"
    "Exit codes: 0 verified; 1 refused; 2 the command line is wrong or a file cannot be used; 3 nobody\n"
    "answered.\n";

static const char serve_help[] =
    "openledger serve --rpc URL [--rpc URL]... [--listen 127.0.0.1:8645] [options]\n"
    "\n"
    "Answers JSON-RPC over HTTP and WebSocket on a loopback address, for wallets and tools: what the\n"
    "endpoints say is proven before it is passed on, and what cannot be proven is an error. Methods that "
    "are\n"
    "not known are never passed on. openledger_verified, whose one parameter is a request, names the block\n"
    "and the trust that an answer has.\n"
    "\n"
    "  --listen A:P    a loopback address and a port; 127.0.0.1:8645 by default, port 0 for any\n"
    "  --origin URL    a page's origin that may ask, such as https://wallet.example; none by default\n"
    "  --rpc URL       a JSON-RPC endpoint of the chain; several should be independent of one another\n"
    "  --quorum M, --chain-id N, --max-age S, --timeout S, --ca-file FILE\n"
    "  --trust LEVEL, --rollup R, --beacon URL, --l1 URL, --sequencer URL, --version N, --checkpoint ROOT,\n"
    "  --state PATH, --network N, --insist\n"
    "                  as for account; \"latest\" is then the newest block of that trust\n"
    "  --json          say where it listens as one line of JSON\n"
    "\n"
    "It ends with a signal. Exit codes: 0 ended; 1 refused; 2 the command line is wrong or the address\n"
    "cannot be had; 3 nobody answered.\n";

static const char ask_help[] =
    "openledger ask METHOD [PARAM]... --rpc URL [--rpc URL]... [options]\n"
    "\n"
    "Answers one request of JSON-RPC as openledger serve does, and prints one line of JSON: the \"value\", "
    "and\n"
    "what that rests on; or the \"error\". A PARAM is JSON, or a text without its quotes, such as latest or\n"
    "0x12. Besides what every node has, there are\n"
    "\n"
    "  openledger_getWithdrawal TX [INDEX [SUBMITTER]]\n"
    "                  a withdrawal that a transaction has made, the first by default: how far it is, when "
    "it\n"
    "                  is ready, and the call of L1's portal that proves or finalizes it\n"
    "  openledger_getSystemConfig\n"
    "                  who signs unsafe blocks, the batcher, and what gas is paid with, as L1 says\n"
    "  openledger_quoteTransaction RAW\n"
    "                  the most that a signed transaction costs in the next block, L1's fees included\n"
    "  openledger_suggestFees [BLOCKS]\n"
    "                  fees for a transaction that is to be taken soon, by the tips of so many blocks\n"
    "  openledger_getLogs FILTER\n"
    "                  logs of up to 100,000 blocks, and whether they are complete\n"
    "  openledger_getGovernance, openledger_getProposal ID [VOTER], openledger_getProposals, "
    "openledger_getVotes\n"
    "  ACCOUNT, openledger_getPositions ACCOUNT, openledger_getDatanet, ...Model, ...Node, ...Batch, "
    "...Grant ID,\n"
    "  openledger_getCorpus NAME [EPOCH], openledger_getDispute SUBJECT, openledger_getReceiptFacts "
    "QUESTION,\n"
    "  openledger_getPayout ID [ROW], openledger_getClaim BATCH ACCOUNT, openledger_getAllowance OWNER "
    "SPENDER\n"
    "                  what OpenLedger's contracts say, where the profile that --rollup names has them\n"
    "  openledger_status\n"
    "\n"
    "The first two need L1, so a trust level above quorum.\n"
    "\n"
    "  --rpc URL, --quorum M, --chain-id N, --max-age S, --timeout S, --ca-file FILE,\n"
    "  --trust LEVEL, --rollup R, --beacon URL, --l1 URL, --sequencer URL, --version N, --checkpoint ROOT,\n"
    "  --state PATH, --network N, --insist\n"
    "                  as for account; \"latest\" is then the newest block of that trust\n"
    "\n"
    "Exit codes: 0 verified; 1 refused; 2 the command line or the request is wrong; 3 nobody answered.\n";

static const char bundle_help[] =
    "openledger bundle make ADDRESS --out FILE --checkpoint ROOT --rollup R --rpc URL --beacon URL --l1 URL "
    "[options]\n"
    "\n"
    "Proves an account from a checkpoint on, and writes all that it took into a file: others can verify it "
    "from "
    "the\n"
    "same checkpoint without any server (openledger verify bundle), so anybody may keep it and pass it on. "
    "Whoever\n"
    "has the file sees which account it is about.\n"
    "\n"
    "  --out FILE      where to write it; it is verified from there first\n"
    "  --trust LEVEL   finalized (the default) or proposed\n"
    "  --checkpoint R  whoever verifies must trust the same\n"
    "  --rpc URL, --beacon URL, --l1 URL, --rollup R, --network N, --slot S, --code, --max-age S, --insist,\n"
    "  --timeout S, --ca-file FILE\n"
    "                  as for account\n"
    "  --json          one line of JSON\n"
    "\n"
    "Exit codes: 0 verified and written; 1 refused; 2 the command line is wrong or the file cannot be "
    "written;\n"
    "3 nobody answered.\n";

static const char header_help[] =
    "openledger header FILE [--l1] [--json]\n"
    "\n"
    "Decodes a block header (RLP in hex, or a block of JSON-RPC; \"-\" for the standard input), hashes it, "
    "and\n"
    "names the fork that its form shows. A block of JSON-RPC must have the hash that it claims.\n"
    "\n"
    "  --l1            name forks of Ethereum rather than of the OP Stack\n"
    "  --json          one line of JSON, fields named as in JSON-RPC\n"
    "\n"
    "Exit codes: 0 decoded; 1 refused; 2 the command line is wrong or the file cannot be read.\n";

typedef struct command {
  const char *name;
  const char *help;
  int (*run)(const cli_args *args);
} command;

static const command commands[] = {
    {"account", account_help, cli_account},
    {"sync", sync_help, cli_sync},
    {"verify", verify_help, cli_verify},
    {"bundle", bundle_help, cli_bundle},
    {"serve", serve_help, cli_serve},
    {"ask", ask_help, cli_ask},
    {"header", header_help, cli_header},
    {"wallet", cli_wallet_help, cli_wallet_command},
    {"send", cli_send_help, cli_send},
    {"sign", cli_sign_help, cli_sign},
    {"sign-typed", cli_sign_typed_help, cli_sign_typed},
    {"vote", cli_vote_help, cli_vote},
    {"delegate", cli_delegate_help, cli_delegate},
    {"stake", cli_stake_help, cli_stake},
    {"unstake", cli_unstake_help, cli_unstake},
    {"governance", cli_governance_help, cli_governance},
    {"positions", cli_positions_help, cli_positions},
    {"corpus", cli_corpus_help, cli_corpus},
    {"attribute", cli_attribute_help, cli_attribute},
    {"receipt", cli_receipt_help, cli_receipt},
};

static const command *find_command(const char *name) {
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].name, name) == 0) return &commands[i];
  }
  return NULL;
}

static int help(int argc, char **argv) {
  if (argc == 0) {
    fputs(overview, stdout);
    return EXIT_VERIFIED;
  }
  const command *found = find_command(argv[0]);
  if (found == NULL) return cli_usage_error(argv[0], "no such command");
  fputs(found->help, stdout);
  return EXIT_VERIFIED;
}

static int run(int argc, char **argv) {
  for (int i = 1; i < argc; i++) cli_json = cli_json || strcmp(argv[i], "--json") == 0;
  if (argc < 2) {
    cli_usage_error("command", "missing");
    return EXIT_USAGE;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) return help(0, NULL);
  if (strcmp(name, "help") == 0) return help(argc - 2, argv + 2);
  if (strcmp(name, "--version") == 0) {
    printf("openledger %s\n", ol_version());
    return EXIT_VERIFIED;
  }
  const command *found = find_command(name);
  if (found == NULL) return cli_usage_error(name, name[0] == '-' ? "no such option" : "no such command");
  cli_command = found->name;
  cli_args args;
  if (!cli_args_read(&args, found->name, argc - 2, argv + 2)) return EXIT_USAGE;
  if (args.help) {
    fputs(found->help, stdout);
    return EXIT_VERIFIED;
  }
  void *memory = NULL;
  const bool is_offline = strcmp(found->name, "verify") == 0;
  int result = is_offline ? EXIT_VERIFIED : cli_profile_endpoints(&args, &memory);
  if (result == EXIT_VERIFIED) result = found->run(&args);
  free(memory);
  return result;
}

int main(int argc, char **argv) {
  return cli_finish(run(argc, argv));
}
