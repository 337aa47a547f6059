// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {OwnableRoles} from "solady/src/auth/OwnableRoles.sol";
import {StakeConfig, Staking} from "./Staking.sol";

/// Holds staked tokens. Its owner decides who may take them, and so is trusted with all of them.
contract Bank is OwnableRoles {
    using SafeERC20 for IERC20;

    constructor() {
        _initializeOwner(msg.sender);
    }

    function approve(address token, address spender, uint256 amount) external onlyOwner {
        IERC20(token).forceApprove(spender, amount);
    }

    function setConfig(address staking, uint256 configId, StakeConfig calldata config) external onlyOwner {
        Staking(staking).setConfig(configId, config);
    }
}
