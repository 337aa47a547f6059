/* SPDX-License-Identifier: MIT */

/* How to use the commands that open a wallet. */

#include "wallet.h"

#define WALLET_OPTIONS                                                                                       \
  "  --wallet FILE   the wallet; $OPENLEDGER_WALLET, or `wallet` in the directory of --state, by default\n"  \
  "  --password-fd N read the password from this file descriptor, a line, instead of the terminal\n"

#define SIGN_OPTIONS                                                                                         \
  "  --from A        the account: its address, label or number; the first by default\n"                      \
  "  --answer-fd N   read the answer to \"Sign this?\", a line \"yes\", from this file descriptor\n"         \
  "  --dry-run       stop before the question: nothing is signed\n"

#define CHAIN_OPTIONS                                                                                        \
  "  --rpc URL, --quorum M, --chain-id N, --max-age S, --timeout S, --ca-file FILE,\n"                       \
  "  --trust LEVEL, --rollup R, --beacon URL, --l1 URL, --sequencer URL, --version N, --checkpoint ROOT,\n"  \
  "  --state PATH, --network N, --insist\n"                                                                  \
  "                  as for account: by what nonce, fees and receipts are proven\n"

#define SENDING_OPTIONS                                                                                      \
  "  --gas N         the most gas that it may take\n"                                                        \
  "  --speed S       slow, normal (the default) or fast: for how many full blocks the fee is enough\n"       \
  "  --wait          wait until it is proven that a block has it, and how it did\n"

#define EXIT_CODES                                                                                           \
  "\n"                                                                                                       \
  "Exit codes: 0 done; 1 refused (policy, wrong password, damaged file, proof, ...); 2 the command line "    \
  "is\n"                                                                                                     \
  "wrong or a file cannot be used; 3 nobody answered; 4 the answer was not \"yes\", or nobody could be "     \
  "asked.\n"

const char cli_wallet_help[] =
    "openledger wallet new [--words N] [--language L] [--label TEXT]\n"
    "openledger wallet import [--keystore FILE] [--path P] [--label TEXT]\n"
    "openledger wallet list\n"
    "openledger wallet account [--from A] [--path P] [--label TEXT]\n"
    "openledger wallet export [--from A] [--out FILE | --reveal key|mnemonic]\n"
    "openledger wallet contact ADDRESS LABEL | ADDRESS --remove\n"
    "openledger wallet policy FILE | --remove\n"
    "openledger wallet passwd\n"
    "\n"
    "A wallet is a file that a password opens (Argon2id, XChaCha20-Poly1305): accounts, contacts, and a "
    "policy of\n"
    "what may be signed. Passwords, words and keys are asked for on the terminal, which does not show them, "
    "or\n"
    "read from file descriptors; they are never arguments, which others on the machine can read.\n"
    "\n"
    "new: a mnemonic (BIP-39) and its first account, m/44'/60'/0'/0/0. The words are shown on the terminal, "
    "and two\n"
    "of them are asked back.\n"
    "\n"
    "  --words N       12 (the default), 15, 18, 21 or 24\n"
    "  --language L    english (the default), chinese_simplified, chinese_traditional, czech, french, "
    "italian,\n"
    "                  japanese, korean, portuguese, russian, spanish or turkish\n"
    "  --words-dir D   where their lists are; beside the program by default\n"
    "  --words-fd N    write the words to this file descriptor, not to the terminal; none is asked back\n"
    "  --path P        of the account\n"
    "  --label TEXT    what the account is called\n"
    "\n"
    "import: into the wallet, or into a new one if there is none: a mnemonic in any of these languages, or "
    "a\n"
    "private key of 64 hex digits.\n"
    "\n"
    "  --secret-fd N   read it from this file descriptor, a line\n"
    "  --passphrase    the mnemonic has a passphrase, the next line\n"
    "  --keystore FILE a keystore (Web3 Secret Storage 3, or of the presale); its password is the secret\n"
    "  --language L, --words-dir D, --path P, --label TEXT\n"
    "                  as for new\n"
    "\n"
    "account: the next account of a mnemonic. list: accounts, contacts, and whether there is a policy.\n"
    "\n"
    "export: an account as a keystore (scrypt), under a password of its own, which is the next line of\n"
    "--password-fd.\n"
    "\n"
    "  --from A        which account: its address, label or number; the first by default\n"
    "  --out FILE      where to write it; the standard output by default\n"
    "  --reveal WHAT   show the key, or the mnemonic, on the terminal instead, after a question;\n"
    "                  --words-fd N writes it to a file descriptor, --answer-fd N reads the answer\n"
    "\n"
    "contact: an address that is known, by which others that look like it are told apart. policy: JSON as\n"
    "openledger/policy.h has it; without one, all is asked about. passwd: another password, the next line "
    "of\n"
    "--password-fd.\n"
    "\n"
    "What a policy counts is in the file .budget beside the wallet. The wallet knows how new that must be, "
    "so "
    "an\n"
    "older one is refused; but not when the wallet itself is put back with it.\n"
    "\n" WALLET_OPTIONS "  --json          one line of JSON\n" EXIT_CODES;

const char cli_send_help[] =
    "openledger send TO AMOUNT --rpc URL [options]\n"
    "openledger send --replace HASH | --cancel HASH --rpc URL [options]\n"
    "\n"
    "Sends OPEN, in decimals such as 1.5, or a token. Nonce and fees come from proven state; what it does is "
    "shown,\n"
    "and asked about, before it is signed. An address that only looks like a contact's or your own is "
    "pointed out.\n"
    "What is signed is kept beside the wallet before it is sent; what became of it is looked up, proven and "
    "shown, "
    "the\n"
    "next time.\n"
    "\n"
    "  --token A       send this token (ERC-20) instead, with\n"
    "  --decimals N    which nothing proves of a token; of the profile's GOPEN they are known\n"
    "  --replace HASH  send what waits once more, with fees that nodes take in its place\n"
    "  --cancel HASH   send nothing in its place\n" SENDING_OPTIONS SIGN_OPTIONS WALLET_OPTIONS CHAIN_OPTIONS
    "  --json          one line of JSON: what was signed, its hash, what was sent before, and with --wait "
    "the "
    "receipt\n" EXIT_CODES;

const char cli_sign_help[] =
    "openledger sign TEXT [options]\n"
    "\n"
    "Signs a message (EIP-191; \"-\" for the standard input) once it was shown and asked about, and prints "
    "the\n"
    "signature. One that begins as Sign-In with Ethereum must be a message of that, for the account.\n"
    "\n"
    "  --hex           the text is 0x and hex digits, and what is signed are its bytes\n"
    "  --compact       64 bytes (EIP-2098) rather than 65\n"
    "  --state PATH    a directory with the wallet\n" SIGN_OPTIONS WALLET_OPTIONS
    "  --json          one line of JSON\n" EXIT_CODES;

const char cli_sign_typed_help[] =
    "openledger sign-typed FILE [options]\n"
    "\n"
    "Signs typed data (EIP-712, JSON as eth_signTypedData_v4 takes it; \"-\" for the standard input) once "
    "all of it\n"
    "was shown and asked about, and prints the signature.\n"
    "\n"
    "  --chain-id N    the chain that it must be for, if it names one; the rollup's, or 1612, by default\n"
    "  --rollup R      whose contracts are known\n"
    "  --compact       64 bytes (EIP-2098) rather than 65\n"
    "  --state PATH    a directory with the wallet\n" SIGN_OPTIONS WALLET_OPTIONS
    "  --json          one line of JSON\n" EXIT_CODES;

#define CONTRACTS "\n  --rollup R      a profile that says where the contracts are\n"

const char cli_vote_help[] =
    "openledger vote PROPOSAL for|against|abstain --rollup R --rpc URL [options]\n"
    "\n"
    "Votes on a proposal of OpenLedger's governor, which must be there, proven.\n" CONTRACTS
    "  --reason TEXT   said with the vote, for all to read\n"
    "  --by-signature  sign the vote (EIP-712) rather than send it, and print the call that anybody can make "
    "with it;\n"
    "                  the governor's nonce of the account is proven\n" SENDING_OPTIONS SIGN_OPTIONS
        WALLET_OPTIONS CHAIN_OPTIONS "  --json          one line of JSON\n" EXIT_CODES;

const char cli_delegate_help[] =
    "openledger delegate TO|self --rollup R --rpc URL [options]\n"
    "\n"
    "Lets somebody vote with the GOPEN of the account; who wants to vote himself delegates to "
    "self.\n" CONTRACTS
    "  --by-signature  sign it (EIP-712) rather than send it, for a day, and print the call that anybody can "
    "make with\n"
    "                  it\n" SENDING_OPTIONS SIGN_OPTIONS WALLET_OPTIONS CHAIN_OPTIONS
    "  --json          one line of JSON\n" EXIT_CODES;

const char cli_stake_help[] =
    "openledger stake CONFIG AMOUNT --rollup R --rpc URL [options]\n"
    "\n"
    "Stakes an amount of the token of a configuration of OpenLedger's staking contract, which must be "
    "allowed to take\n"
    "it.\n" CONTRACTS "  --approve       allow it first: another transaction, with a question of its own\n"
    "  --token A       which token that is; the profile's GOPEN by default. The contract takes what the "
    "configuration\n"
    "                  says, as far as it was allowed\n"
    "  --decimals N    of that token\n" SENDING_OPTIONS SIGN_OPTIONS WALLET_OPTIONS CHAIN_OPTIONS
    "  --json          one line of JSON\n" EXIT_CODES;

const char cli_unstake_help[] =
    "openledger unstake ID [--request] --rollup R --rpc URL [options]\n"
    "\n"
    "Takes back a stake that was requested and has cooled down.\n" CONTRACTS
    "  --request       request it: the time of cooling down begins\n" SENDING_OPTIONS SIGN_OPTIONS
        WALLET_OPTIONS CHAIN_OPTIONS "  --json          one line of JSON\n" EXIT_CODES;

const char cli_governance_help[] =
    "openledger governance [PROPOSAL] --rollup R --rpc URL [options]\n"
    "\n"
    "Shows the settings of OpenLedger's governor and its newest proposals, or one of them and what it would "
    "do. All is\n"
    "proven by the contracts' storage; \"layout\" says whether the profile vouches for what a slot means "
    "(pinned) or it\n"
    "is assumed.\n" CONTRACTS CHAIN_OPTIONS "  --json          one line of JSON\n"
    "\n"
    "Exit codes: 0 verified; 1 refused; 2 the command line is wrong; 3 nobody answered.\n";

const char cli_positions_help[] =
    "openledger positions ACCOUNT --rollup R --rpc URL [options]\n"
    "\n"
    "Shows the stakes of an account, proven by the staking contract's storage.\n" CONTRACTS CHAIN_OPTIONS
    "  --json          one line of JSON\n"
    "\n"
    "Exit codes: 0 verified; 1 refused; 2 the command line is wrong; 3 nobody answered.\n";
