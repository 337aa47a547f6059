// SPDX-License-Identifier: MIT
pragma solidity 0.8.27;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "solady/src/utils/EIP712.sol";
import {AttributionTree} from "./AttributionTree.sol";
import {DatanetRegistry} from "./DatanetRegistry.sol";
import {NodeRegistry} from "./NodeRegistry.sol";

/// ATR-1, section 5.
struct AttributionReceipt {
    uint32 version;
    uint32 flags;
    bytes32 clientNonce;
    address payer;
    bytes32 requestSha256;
    bytes32 responseSha256;
    bytes32 streamHead;
    uint64 responseBytes;
    bytes32 modelId;
    bytes32 adapterId;
    bytes32 runId;
    bytes32 corpusId;
    bytes32 gradientId;
    bytes32 policyId;
    bytes32 evidenceHash;
    bytes32 influenceHash;
    bytes32 splitRoot;
    uint128 totalWeight;
    uint32 contributors;
    address payToken;
    uint128 fee;
    uint128 contributorPool;
    uint64 servedAt;
    uint64 sequence;
    bytes32 previous;
}

/// A row of a split tree.
struct Share {
    address contributor;
    uint64 datanet;
    uint128 weight;
    uint128 amount;
}

/// Where receipts are anchored, disputed and paid (ATR-1, sections 5 and 6). It is the contract of the receipts' domain.
contract AttributionRegistry is EIP712, Ownable {
    using SafeERC20 for IERC20;

    struct Batch {
        address signer;
        uint64 receipts;
    }

    struct Corpus {
        address publisher;
        uint64 epochs; // the newest epoch, as they count from 1
    }

    enum Status {
        None,
        Open,
        Dismissed,
        Upheld
    }

    struct Dispute {
        address disputer;
        uint48 openedAt;
        Status status;
    }

    struct Payout {
        bytes32 splitRoot;
        address token; // 0: native
        uint64 leaves;
        uint128 total;
        uint128 paid;
        address funder;
        uint48 claimableAt;
    }

    bytes32 private constant RECEIPT_TYPEHASH = keccak256(
        "AttributionReceipt(uint32 version,uint32 flags,bytes32 clientNonce,address payer,bytes32 requestSha256,"
        "bytes32 responseSha256,bytes32 streamHead,uint64 responseBytes,bytes32 modelId,bytes32 adapterId,bytes32 runId,"
        "bytes32 corpusId,bytes32 gradientId,bytes32 policyId,bytes32 evidenceHash,bytes32 influenceHash,"
        "bytes32 splitRoot,uint128 totalWeight,uint32 contributors,address payToken,uint128 fee,uint128 contributorPool,"
        "uint64 servedAt,uint64 sequence,bytes32 previous)"
    );

    NodeRegistry public immutable nodes;
    DatanetRegistry public immutable datanets;
    uint256 public immutable disputeBond;
    uint48 public immutable disputeWindow; // seconds from a payout's funding until it is claimed

    uint256 public batchCount; // batches count from 1
    mapping(uint256 batchId => bytes32) public batchRoot;
    mapping(uint256 batchId => Batch) public batchOf;
    mapping(bytes32 name => Corpus) public corpusOf;
    mapping(bytes32 name => mapping(uint64 epoch => bytes32)) public corpusId;
    mapping(bytes32 subject => Dispute) public disputeOf;
    uint256 public payoutCount; // payouts count from 1: one for each epoch that somebody funds
    mapping(uint256 payoutId => Payout) public payoutOf;
    mapping(uint256 payoutId => mapping(uint256 index => uint256 bits)) private _claimed;

    event BatchPosted(uint256 indexed batchId, address indexed signer, bytes32 root, uint64 receipts);
    event CorpusPublished(bytes32 indexed name, uint64 indexed epoch, bytes32 corpusId);
    event Disputed(bytes32 indexed subject, address indexed disputer);
    event Settled(bytes32 indexed subject, bool upheld);
    event Equivocation(address indexed signer, uint64 sequence, bytes32 one, bytes32 other);
    event PayoutFunded(uint256 indexed payoutId, address indexed funder, bytes32 splitRoot, address token, uint256 total);
    event Claimed(uint256 indexed payoutId, address indexed contributor, uint64 indexed index, uint256 amount);
    event Reclaimed(uint256 indexed payoutId, uint256 amount);

    error NotActiveNode();
    error NotPublisher();
    error EmptyRoot();
    error WrongBond();
    error NotDisputable();
    error NoOpenDispute();
    error NotEquivocation();
    error WrongValue();
    error WrongSplit();
    error NotClaimable();
    error AlreadyClaimed();
    error NotReclaimable();

    constructor(address owner, NodeRegistry nodes_, DatanetRegistry datanets_, uint256 bond, uint48 window)
        Ownable(owner)
    {
        (nodes, datanets, disputeBond, disputeWindow) = (nodes_, datanets_, bond, window);
    }

    // --- Receipts ---

    /// By an active node's key or its operator.
    function postBatch(address signer, bytes32 root, uint64 receipts) external returns (uint256 batchId) {
        require(root != 0 && receipts != 0, EmptyRoot());
        require(nodes.isActive(signer), NotActiveNode());
        require(msg.sender == signer || msg.sender == nodes.nodeOf(signer).operator, NotActiveNode());
        batchId = ++batchCount;
        batchRoot[batchId] = root;
        batchOf[batchId] = Batch(signer, receipts);
        emit BatchPosted(batchId, signer, root, receipts);
    }

    function isInBatch(uint256 batchId, uint64 index, bytes32 digest, bytes32[] calldata path)
        external
        view
        returns (bool)
    {
        bytes4 tag = AttributionTree.BATCH;
        bytes32 leaf = AttributionTree.leafOf(tag, index, abi.encodePacked(digest));
        return AttributionTree.rootOf(tag, index, batchOf[batchId].receipts, leaf, path) == batchRoot[batchId];
    }

    function receiptDigest(AttributionReceipt calldata receipt) public view returns (bytes32) {
        return _hashTypedData(keccak256(abi.encode(RECEIPT_TYPEHASH, receipt)));
    }

    /// Two receipts of one key with one number. It needs no judge: the key is disputed for good.
    function reportEquivocation(
        AttributionReceipt calldata one,
        bytes calldata oneSignature,
        AttributionReceipt calldata other,
        bytes calldata otherSignature
    ) external {
        (bytes32 oneDigest, bytes32 otherDigest) = (receiptDigest(one), receiptDigest(other));
        address signer = ECDSA.recover(oneDigest, oneSignature);
        bool isSame = signer == ECDSA.recover(otherDigest, otherSignature) && one.sequence == other.sequence;
        require(isSame && oneDigest != otherDigest, NotEquivocation());
        bytes32 subject = bytes32(uint256(uint160(signer)));
        require(disputeOf[subject].status == Status.None, NotDisputable());
        disputeOf[subject] = Dispute(msg.sender, uint48(block.timestamp), Status.Upheld);
        emit Equivocation(signer, one.sequence, oneDigest, otherDigest);
    }

    // --- Corpora ---

    /// The next epoch of a corpus. Names up to 2^64-1 are those of datanets, for their owners; any other belongs to
    /// the first who publishes it.
    function publishCorpus(bytes32 name, bytes32 id) external returns (uint64 epoch) {
        require(id != 0, EmptyRoot());
        Corpus storage corpus = corpusOf[name];
        if (uint256(name) <= type(uint64).max) corpus.publisher = datanets.ownerOf(uint64(uint256(name)));
        else if (corpus.publisher == address(0)) corpus.publisher = msg.sender;
        require(corpus.publisher == msg.sender, NotPublisher());
        epoch = ++corpus.epochs;
        corpusId[name][epoch] = id;
        emit CorpusPublished(name, epoch, id);
    }

    // --- Disputes ---

    /// Of a batch root, a corpusId, a split root, a receipt's digest: once each, with a bond against idle ones.
    /// Keys of nodes are disputed by equivocation only.
    function dispute(bytes32 subject) external payable {
        require(msg.value == disputeBond, WrongBond());
        require(uint256(subject) > type(uint160).max && disputeOf[subject].status == Status.None, NotDisputable());
        disputeOf[subject] = Dispute(msg.sender, uint48(block.timestamp), Status.Open);
        emit Disputed(subject, msg.sender);
    }

    /// Whoever is right has the bond: the disputer, or the owner.
    function settle(bytes32 subject, bool upheld) external onlyOwner {
        Dispute storage found = disputeOf[subject];
        require(found.status == Status.Open, NoOpenDispute());
        found.status = upheld ? Status.Upheld : Status.Dismissed;
        emit Settled(subject, upheld);
        Address.sendValue(payable(upheld ? found.disputer : owner()), disputeBond);
    }

    // --- Payouts ---

    /// Anyone may pay: what counts is that the money is there.
    function fund(bytes32 splitRoot, uint64 leaves, address token, uint128 total)
        external
        payable
        returns (uint256 payoutId)
    {
        require(splitRoot != 0 && leaves != 0, EmptyRoot());
        require(msg.value == (token == address(0) ? total : 0), WrongValue());
        payoutId = ++payoutCount;
        uint48 claimableAt = uint48(block.timestamp) + disputeWindow;
        payoutOf[payoutId] = Payout(splitRoot, token, leaves, total, 0, msg.sender, claimableAt);
        emit PayoutFunded(payoutId, msg.sender, splitRoot, token, total);
        if (token == address(0)) return payoutId;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), total);
        require(IERC20(token).balanceOf(address(this)) - before == total, WrongValue()); // none that takes a fee
    }

    /// Pays a row of the split its amount, once, whoever calls. The sums on the path must come to what was funded, so all
    /// rows together never get more.
    function claim(uint256 payoutId, uint64 index, Share calldata share, AttributionTree.Sibling[] calldata path)
        external
    {
        Payout storage payout = payoutOf[payoutId];
        require(payout.funder != address(0) && block.timestamp >= payout.claimableAt, NotClaimable());
        require(!_isStopped(payout), NotClaimable());
        bytes4 tag = AttributionTree.SPLIT;
        bytes memory row = abi.encodePacked(share.contributor, share.datanet, share.weight, share.amount);
        bytes32 leaf = AttributionTree.leafOf(tag, index, row);
        (bytes32 root, uint128 sum) =
            AttributionTree.sumRootOf(tag, index, payout.leaves, leaf, share.amount, path);
        require(root == payout.splitRoot && sum == payout.total, WrongSplit());
        require(!isClaimed(payoutId, index), AlreadyClaimed());

        _claimed[payoutId][index >> 8] |= 1 << (index & 0xff);
        payout.paid += share.amount;
        emit Claimed(payoutId, share.contributor, index, share.amount);
        _send(payout.token, share.contributor, share.amount);
    }

    /// What was funded for a split that was wrong goes back.
    function reclaim(uint256 payoutId) external {
        Payout storage payout = payoutOf[payoutId];
        bool isWrong = disputeOf[payout.splitRoot].status == Status.Upheld && _isStopped(payout);
        require(isWrong && msg.sender == payout.funder && payout.paid < payout.total, NotReclaimable());
        uint256 amount = payout.total - payout.paid;
        payout.paid = payout.total;
        emit Reclaimed(payoutId, amount);
        _send(payout.token, msg.sender, amount);
    }

    function isClaimed(uint256 payoutId, uint64 index) public view returns (bool) {
        return (_claimed[payoutId][index >> 8] >> (index & 0xff)) & 1 == 1;
    }

    /// By a dispute that came in time and was not dismissed; a later one takes nothing back.
    function _isStopped(Payout storage payout) private view returns (bool) {
        Dispute storage found = disputeOf[payout.splitRoot];
        bool isLive = found.status == Status.Open || found.status == Status.Upheld;
        return isLive && found.openedAt < payout.claimableAt;
    }

    function _send(address token, address to, uint256 amount) private {
        if (token == address(0)) Address.sendValue(payable(to), amount);
        else IERC20(token).safeTransfer(to, amount);
    }

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("AttributionReceipt", "1");
    }
}
