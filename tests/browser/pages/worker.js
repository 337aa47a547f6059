// SPDX-License-Identifier: MIT
/* global importScripts, OpenLedger */
importScripts('/js/openledger.inline.js', '/pages/classic.js');
