#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What an answer quotes of a corpus, and whether a receipt for it is true. To be run where there are docs/, owners.json,
# request.json, answer.txt, policy.json, a.receipt and a.evidence; `openledger` is on the path.
set -eu

openledger corpus build docs --out my.corpus --manifest owners.json       # {"a.txt": {"contributor": "0x…", "datanet": 1}, …}
openledger corpus audit my.corpus                                         # is it what it is committed to?
openledger attribute --corpus my.corpus --answer answer.txt --policy policy.json

openledger receipt show a.receipt --request request.json --response answer.txt \
  --evidence a.evidence --policy policy.json --names my.corpus.names --html answer.html
openledger receipt verify a.receipt --request request.json --response answer.txt \
  --evidence a.evidence --policy policy.json || test $? -eq 5             # 5: nothing is wrong, but the chain was not asked
