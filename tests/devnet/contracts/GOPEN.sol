// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// The native token of the chain, wrapped one to one, with votes that are counted by time.
contract GOPEN is ERC20, ERC20Permit, ERC20Votes {
    event Deposit(address indexed account, uint256 amount);
    event Withdrawal(address indexed account, uint256 amount);

    error ZeroValueNotAllowed();

    constructor() ERC20("GOpen", "GOPEN") ERC20Permit("GOpen") {}

    /// Data with the value is refused: there is no fallback function.
    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        require(msg.value != 0, ZeroValueNotAllowed());
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    /// The tokens are gone before the caller gets control.
    function withdraw(uint256 amount) external {
        require(amount != 0, ZeroValueNotAllowed());
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
