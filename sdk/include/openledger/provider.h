/* SPDX-License-Identifier: MIT */
#ifndef OPENLEDGER_PROVIDER_H
#define OPENLEDGER_PROVIDER_H

/*
 * A provider: the JSON-RPC that wallets and tools speak (EIP-1193, EIP-1474, Execution APIs), answered with what is
 * proven. It takes the text of a request, or of a batch, and gives the text of the response; in between its engine is
 * driven as any other (engine.h). A method that it does not know is an error: nothing is passed on unverified.
 *
 * All answers to a batch hold in one chain: "latest" is one block, and what is asked by number or hash is proven to be
 * below it. Which block a tag means depends on the trust that was configured:
 *
 *     latest, pending   the newest of that trust
 *     safe              of a rollup whose L1 is told (ol_provider_anchor): the newest that is proposed; else as a
 *                       quorum has it
 *     finalized         the same: the newest that is finalized
 *
 * Of its own it has:
 *
 *     openledger_status     the configuration, and what is known of L1
 *     openledger_verified   a request, as {"method", "params"}: its result as "value", with what that rests on: "trust",
 *                           the "block" at which it holds, the "head" above it, what anchors that, and of a block that
 *                           is read its "l1Origin", which is compared with what is proven of L1
 *     openledger_getLogs    a filter as eth_getLogs takes it: {"complete", "logs"}
 *     openledger_getWithdrawal
 *                           the hash of a transaction, which of its withdrawals (0x0), and whose proof of it is meant
 *                           (anybody's): how far that withdrawal is
 *     openledger_quoteTransaction
 *                           a signed transaction, as eth_sendRawTransaction takes it: the most that it costs in the block
 *                           after the latest, if L1's fees stay - "executionFee" of all its gas, "operatorFee", "l1Fee",
 *                           "total" - and the "baseFeePerGas" there
 *     openledger_suggestFees
 *                           of how many blocks (10, or up to 100): fees for a transaction of type 2 or 4 that is to be
 *                           taken soon - "slow", "normal", "fast", each with "maxPriorityFeePerGas" and "maxFeePerGas" -
 *                           and the next "baseFeePerGas". The tip is the median over the blocks that have any of that up
 *                           to which 10, 50 or 90 % of a block's gas was used, from 0.001 to 500 gwei; the whole fee is
 *                           enough for it once 4, 10 or 20 full blocks have come
 *     openledger_getSystemConfig
 *                           what SystemConfig on L1 says: "unsafeBlockSigner", "batcher", and "gasToken" with its
 *                           "scheme" (ether; erc20, on L1; native, made on L2)
 *
 *     openledger_verifySignature
 *                           an account, a digest, a signature, and a block: whether the signature is "valid", and "by" what
 *                           that is known. An account without code signs by its "key". One with code is asked (EIP-1271), and
 *                           as code is not executed here, "contract" is what as many endpoints say as the quorum needs, at that
 *                           block's hash: "trust" is then no more than that of a quorum. A signature for a contract that is
 *                           not deployed yet (ERC-6492) is an error; of one that is, what it holds is asked about
 *
 *     openledger_getGovernance, openledger_getProposal, openledger_getProposals, openledger_getVotes,
 *     openledger_getPositions, openledger_getDatanet, openledger_getModel, openledger_getNode, openledger_getBatch,
 *     openledger_getCorpus, openledger_getDispute, openledger_getReceiptFacts,
 *     openledger_getGrant, openledger_getPayout, openledger_getClaim, openledger_getAllowance
 *                           what OpenLedger's own contracts say, see below
 *
 * Withdrawals and SystemConfig are proven at the newest block of L1 that is told, which they name as "l1Block". A withdrawal has a
 * "stage" (ol_withdrawal_stage); and when it is
 *
 *     waiting     nothing: no proposal has it yet
 *     provable    "prove", the call of the portal that proves it by the newest proposal
 *     proven      "provenAt", "readyAt" unless that is open, and by what: "game" and "submitter", or "outputIndex"
 *     ready       the same, and "finalize", the call that anybody can make
 *     finalized   nothing
 *
 * Where it has been proven more than once, it is that which is ready, or will be; the last four times are looked at.
 * The transaction is looked for as any other, so below the latest block of the trust that was configured.
 * That the portal is not paused is not looked at.
 *
 * eth_getLogs gives all logs of at most 1,000 blocks. So does openledger_getLogs, and says that it is complete; of longer
 * ranges, up to 100,000 blocks, it proves the logs of those blocks that endpoints name, up to 256 of them, and says that
 * it is not complete: what the endpoint that was asked leaves out is missing.
 *
 * What contracts of OpenLedger say is proven by their storage. Parameters, of which those in brackets may be left out or null:
 *
 *     openledger_getGovernance   [block], [contracts]
 *     openledger_getProposal     its number, [a voter], [block], [contracts]
 *     openledger_getProposals    [how many: at most 0x8], [how many of the newest are left out], [block], [contracts]
 *     openledger_getVotes        an account, [a time: for its votes then], [block], [contracts]
 *     openledger_getPositions    an account, or an array of at most 8 stakes; [below which number], [block], [contracts]
 *     openledger_getDatanet, ...Model, ...Node, ...Batch, ...Grant   its number, hash or address, [block], [contracts]
 *     openledger_getCorpus       its name, 32 bytes, [an epoch, for its corpusId], [block], [contracts]
 *     openledger_getDispute      its subject, 32 bytes, [block], [contracts]
 *     openledger_getReceiptFacts { "signer", "digest", "splitRoot", ["batchId"], ["corpusName", "corpusEpoch"] }, [block], [contracts]
 *     openledger_getPayout       its number, [a row of its split, from 0x0], [block], [contracts]
 *     openledger_getClaim        a batch of rewards, an account, [block], [contracts]
 *     openledger_getAllowance    an owner of GOPEN, who may spend it, [block], [contracts]
 *
 * "contracts" is an object of "governor", "gopen", "staking", "dispersal", "registry", "nodes", where they are not those of the
 * profile (ol_provider_rollup); "nodes" is read with facts, whose "registry" is that of attribution. An answer has "block", "trust", and "layout": how it is known what a slot means. It is "pinned" when the
 * profile vouches for the code of each contract that was read (openledger/rollup.h), and "assumed" when it says nothing of
 * them; other code than it vouches for is an error. Amounts and times are quantities, times in Unix seconds.
 *
 * What a proposal does must hash to its number; "calls" is null when it makes more than 16 calls or they have more than 8 KiB
 * of data. Whose a stake is, no list says: stakes of an account are looked for from the newest down, and when 512 were looked at
 * or 8 found before the first of all, "complete" is false and "below" says where to go on. A stake that was committed
 * privately is nobody's until it is opened. "worth" is what a stake has grown to at the block, null where the contract
 * would revert.
 *
 * A payout has what was funded - "splitRoot", "leaves", "total", "token" (zero for native OPEN) -, what of it is "paid", and
 * whether the row that was asked about is "claimed", as none from "leaves" on ever is. Rows can be claimed from "claimableAt"
 * on, unless a "dispute" of the split root that is open or upheld began before that ("disputedAt"). What was reclaimed counts
 * as paid.
 *
 * Facts of a receipt are all that a verdict on it needs of the chain (ol_receipt_facts_read), at one block: "chainId", "registry",
 * "nodes", and "signer", "receipt", "split", and what else was asked about of "batch" and "corpus". Each has what it was asked by,
 * and its "dispute" - "none", "open", "dismissed", "upheld", with "disputer" and "disputedAt" unless there is none -, where that
 * of a batch is its root's, of a corpus its corpusId's, and of a signer one for equivocation. What the registries do not
 * have is zero. A node is told with "minBond", below which its receipts do not count.
 *
 * A claim has the block in which the account has claimed its reward of the batch, "claimBlock", 0x0 until then; whether the batch
 * is "enabled", its "fee" in wei, and whether claims are "active" at all; "signer" grants rewards, which are paid in "token" by
 * "vault".
 *
 * null for something that is asked by its hash means that as many endpoints as the quorum needs do not know it, or that
 * it is not below that block: that something is nowhere cannot be proven. Of a proposal, a payout, a dispute or
 * an entry of a registry, null is proven.
 */

#include "openledger/attribution.h"
#include "openledger/client.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_PROVIDER_BATCH 100            /* requests of a batch */
#define OL_PROVIDER_TEXTS 16             /* requests or batches that are answered together */
#define OL_PROVIDER_REQUEST (512u << 10) /* bytes of a request, or of those that are asked together */
#define OL_PROVIDER_RESPONSE (4u << 20)  /* bytes of all responses, by default; logs can fill half of it */
#define OL_PROVIDER_HOLD_MS 2000u        /* how long a block stays the latest of a quorum, by default */

#define OL_PROVIDER_SUBSCRIPTIONS 64

typedef struct ol_provider ol_provider;

/* That somebody wants to be told of new heads (eth_subscribe). To tell them is the caller's work. */
typedef struct ol_provider_subscription {
  uint64_t id;
  uint64_t subscriber;
} ol_provider_subscription;

typedef struct ol_provider_config {
  ol_client_config client; /* with a chain id; 0 for its longest answer is 1 MiB here */
  uint32_t trust;          /* the lowest ol_trust accepted, OL_TRUST_QUORUM at least */
  uint32_t max_age_s;      /* of the latest block; or OL_AGE_ANY, OL_AGE_DEFAULT */
  uint32_t hold_ms;        /* how long a block stays the latest of a quorum */
  uint32_t max_response;   /* bytes; 0 for OL_PROVIDER_RESPONSE */
} ol_provider_config;

/* Returns: bytes of memory for a provider, aligned to 16; 0 when the configuration is not valid. */
OL_API size_t ol_provider_size(const ol_provider_config *config) OL_NONNULL;

/* Makes a provider in `memory`, which must stay in place while it is used. Out: the provider. */
OL_API OL_CHECKED ol_status ol_provider_init(ol_error *error, ol_provider **out,
                                             const ol_provider_config *config, void *memory,
                                             size_t len) OL_NONNULL;

/* Returns: the provider's engine. It is done when there is a response; it never fails. */
OL_API ol_engine *ol_provider_engine(ol_provider *provider) OL_NONNULL;

/* Tells what is proven of L1, and where the rollup's contracts are there, as ol_client_anchor does. */
OL_API OL_CHECKED ol_status ol_provider_anchor(ol_error *error, ol_provider *provider,
                                               const ol_rollup *rollup, const ol_sync_status *l1)
    OL_NONNULL_ARGS(1, 2);

/*
 * Tells where OpenLedger's contracts on L2 are, and whose code the profile vouches for, to a provider that follows no L1;
 * with ol_provider_anchor it is told so already.
 */
OL_API void ol_provider_rollup(ol_provider *provider, const ol_rollup *rollup) OL_NONNULL;

/*
 * Takes a request, or a batch of them, in JSON; drive the engine from ol_engine_begin on. What is wrong with the text
 * is told in the response.
 * Returns: OL_ERR_ARGUMENT when the request before is not answered yet.
 */
OL_API OL_CHECKED ol_status ol_provider_ask(ol_error *error, ol_provider *provider, ol_slice request)
    OL_NONNULL_ARGS(1, 2);

/*
 * Takes another request or batch, of somebody else, to be answered together with the first and in the same chain;
 * after ol_provider_ask, and before ol_engine_begin.
 * Returns: OL_ERR_LIMIT when it must wait for the next time, as there is no room for it; OL_ERR_ARGUMENT otherwise.
 */
OL_API OL_CHECKED ol_status ol_provider_ask_also(ol_error *error, ol_provider *provider, ol_slice request)
    OL_NONNULL_ARGS(1, 2);

/*
 * Says who has asked the request that was taken last, so that it can subscribe: something that stays and can be told,
 * such as a connection. In: its id, which is not 0.
 */
OL_API void ol_provider_asked_by(ol_provider *provider, uint64_t subscriber) OL_NONNULL;

/* Gives the subscription of a number, counted from 0. Returns: 1; 0 when there are not so many. */
OL_API OL_CHECKED int ol_provider_subscription_at(const ol_provider *provider, ol_provider_subscription *out,
                                                  uint32_t index) OL_NONNULL;

/* Ends the subscriptions of somebody who is gone. */
OL_API void ol_provider_gone(ol_provider *provider, uint64_t subscriber) OL_NONNULL;

/*
 * The same as ol_provider_response, of the request that was asked as number `index`, counted from 0.
 * Returns: also OL_ERR_LIMIT when there was no room for it beside the responses to others: it is to be asked by itself.
 */
OL_API OL_CHECKED ol_status ol_provider_response_at(ol_error *error, ol_slice *out,
                                                    const ol_provider *provider, uint32_t index) OL_NONNULL;

/*
 * Gives the response, once the engine is done; it is empty when nobody waits for one (notifications). Out: the text,
 * readable until the next call to provider or engine.
 */
OL_API OL_CHECKED ol_status ol_provider_response(ol_error *error, ol_slice *out,
                                                 const ol_provider *provider) OL_NONNULL;

/* What is asked about a receipt (openledger_getReceiptFacts). */
typedef struct ol_receipt_question {
  ol_attribution_domain domain;
  ol_address signer;
  ol_hash digest;
  ol_hash split_root;
  uint32_t has_batch;
  uint32_t has_corpus;
  ol_u256 batch_id;
  ol_hash corpus_name;
  uint64_t corpus_epoch;
} ol_receipt_question;

/*
 * Says what is to be asked about a receipt before it is verified: by its file, the evidence, and the batch's proof if there is
 * one. In: the name of the corpus that the client has agreed to, and not one that a node tells; or NULL.
 * Returns: as ol_attribution_receipt_read and ol_attribution_receipt_signer; the verifier rejects such a receipt.
 */
OL_API OL_CHECKED ol_status ol_receipt_question_of(ol_error *error, ol_receipt_question *out,
                                                   const ol_attribution_input *input,
                                                   const ol_hash *corpus_name) OL_NONNULL_ARGS(1, 2, 3);

/* Writes it as the first parameter of openledger_getReceiptFacts. Out: JSON, in `memory`; 1 KiB is enough. Returns: OL_ERR_MEMORY. */
OL_API OL_CHECKED ol_status ol_receipt_question_json(ol_error *error, ol_slice *out,
                                                     const ol_receipt_question *question, void *memory,
                                                     size_t len) OL_NONNULL;

/*
 * Reads the result of openledger_getReceiptFacts. In: what was asked; memory, 20 times the text and 4 KiB. Out: facts without
 * `witnesses`, which is for who asks a log (ol_witness_verify).
 * Returns: OL_ERR_MISMATCH when they are about something else, or of another registry than the receipt's; OL_ERR_ENCODING,
 * OL_ERR_LIMIT, OL_ERR_MEMORY.
 */
OL_API OL_CHECKED ol_status ol_receipt_facts_read(ol_error *error, ol_attribution_facts *out,
                                                  const ol_receipt_question *question, ol_slice json,
                                                  void *memory, size_t len) OL_NONNULL_ARGS(1, 2, 3, 5);

/* Makes evidence that the sequencer signed two blocks of one height, as ol_client_equivocation does. */
OL_API OL_CHECKED ol_status ol_provider_equivocation(ol_error *error, uint8_t *out, size_t len,
                                                     size_t *out_len, const ol_provider *provider)
    OL_NONNULL_ARGS(1, 4, 5);

#ifdef __cplusplus
}
#endif

#endif
