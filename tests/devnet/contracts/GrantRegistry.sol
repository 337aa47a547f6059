// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// Grants for builders, in native OPEN, paid by milestones. The owner is who grants: a timelock, as a rule.
contract GrantRegistry is Ownable {
    enum State {
        None,
        Proposed,
        Funded,
        Completed,
        Canceled
    }

    enum Progress {
        Pending,
        Submitted,
        Paid
    }

    struct Grant {
        address recipient;
        State state;
        uint32 milestones;
        uint32 paidMilestones;
        bytes32 metadata; // hash of what is planned
        uint128 total;
        uint128 paid;
    }

    struct Milestone {
        uint128 amount;
        uint48 submittedAt;
        Progress progress;
        bytes32 evidence; // hash of what was done
    }

    uint256 public constant MAX_MILESTONES = 32;

    uint256 public grantCount; // grants count from 1
    mapping(uint256 grantId => Grant) public grantOf;
    mapping(uint256 grantId => mapping(uint256 index => Milestone)) public milestoneOf;

    event GrantProposed(uint256 indexed grantId, address indexed recipient, bytes32 metadata, uint256 total);
    event GrantFunded(uint256 indexed grantId, uint256 total);
    event MilestoneSubmitted(uint256 indexed grantId, uint256 indexed index, bytes32 evidence);
    event MilestoneRefused(uint256 indexed grantId, uint256 indexed index);
    event MilestonePaid(uint256 indexed grantId, uint256 indexed index, uint256 amount);
    event GrantCanceled(uint256 indexed grantId, uint256 refund);

    error WrongMilestones();
    error WrongState();
    error WrongValue();
    error NotRecipient();

    constructor(address owner) Ownable(owner) {}

    function propose(bytes32 metadata, uint128[] calldata amounts) external returns (uint256 grantId) {
        require(amounts.length != 0 && amounts.length <= MAX_MILESTONES, WrongMilestones());
        grantId = ++grantCount;
        uint128 total = 0;
        for (uint256 i = 0; i < amounts.length; i++) {
            require(amounts[i] != 0, WrongMilestones());
            total += amounts[i];
            milestoneOf[grantId][i].amount = amounts[i];
        }
        grantOf[grantId] = Grant(msg.sender, State.Proposed, uint32(amounts.length), 0, metadata, total, 0);
        emit GrantProposed(grantId, msg.sender, metadata, total);
    }

    /// With all that it will pay.
    function approve(uint256 grantId) external payable onlyOwner {
        Grant storage grant = _in(grantId, State.Proposed);
        require(msg.value == grant.total, WrongValue());
        grant.state = State.Funded;
        emit GrantFunded(grantId, grant.total);
    }

    /// In any order; evidence that was not accepted yet can be replaced.
    function submit(uint256 grantId, uint256 index, bytes32 evidence) external {
        Grant storage grant = _in(grantId, State.Funded);
        require(msg.sender == grant.recipient, NotRecipient());
        Milestone storage milestone = milestoneOf[grantId][index];
        require(index < grant.milestones && milestone.progress != Progress.Paid, WrongMilestones());
        (milestone.progress, milestone.evidence) = (Progress.Submitted, evidence);
        milestone.submittedAt = uint48(block.timestamp);
        emit MilestoneSubmitted(grantId, index, evidence);
    }

    function refuse(uint256 grantId, uint256 index) external onlyOwner {
        _in(grantId, State.Funded);
        Milestone storage milestone = milestoneOf[grantId][index];
        require(milestone.progress == Progress.Submitted, WrongMilestones());
        milestone.progress = Progress.Pending;
        emit MilestoneRefused(grantId, index);
    }

    /// Names the evidence that was looked at, for the recipient may have replaced it.
    function accept(uint256 grantId, uint256 index, bytes32 evidence) external onlyOwner {
        Grant storage grant = _in(grantId, State.Funded);
        Milestone storage milestone = milestoneOf[grantId][index];
        require(milestone.progress == Progress.Submitted && milestone.evidence == evidence, WrongMilestones());
        milestone.progress = Progress.Paid;
        grant.paid += milestone.amount;
        if (++grant.paidMilestones == grant.milestones) grant.state = State.Completed;
        emit MilestonePaid(grantId, index, milestone.amount);
        Address.sendValue(payable(grant.recipient), milestone.amount);
    }

    /// By the recipient as long as nothing was funded; by the owner at any time, who has the rest back.
    function cancel(uint256 grantId) external {
        Grant storage grant = grantOf[grantId];
        require(grant.state == State.Proposed || grant.state == State.Funded, WrongState());
        bool isFunded = grant.state == State.Funded;
        if (isFunded || msg.sender != grant.recipient) _checkOwner();
        grant.state = State.Canceled;
        uint256 refund = isFunded ? grant.total - grant.paid : 0;
        emit GrantCanceled(grantId, refund);
        if (refund != 0) Address.sendValue(payable(owner()), refund);
    }

    function _in(uint256 grantId, State state) private view returns (Grant storage grant) {
        grant = grantOf[grantId];
        require(grant.state == state, WrongState());
    }
}
