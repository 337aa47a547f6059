// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token without permits and votes, as OPEN is on the L1: staked there, and paid with here.
contract TestToken is ERC20 {
    constructor(address holder, uint256 supply) ERC20("Open", "OPEN") {
        _mint(holder, supply);
    }
}
