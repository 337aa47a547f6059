// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// An account that calls back when it is paid, once, to be paid again.
contract TestReceiver {
    address public target;
    bytes public data;
    bool public wasCalled;
    bool public succeeded;

    receive() external payable {
        if (target == address(0)) return;
        address to = target;
        (target, wasCalled) = (address(0), true);
        (succeeded,) = to.call(data);
    }

    /// What it calls when it is paid.
    function arm(address to, bytes calldata call) external {
        (target, data, wasCalled, succeeded) = (to, call, false, false);
    }

    function act(address to, bytes calldata call) external payable {
        Address.functionCallWithValue(to, call, msg.value);
    }
}
