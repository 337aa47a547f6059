// SPDX-License-Identifier: MIT
// What a stake is worth: by the exponential with as many digits as it takes, and by the integers of the contract, which
// differ from it in the last places.

const WAD = 10n ** 18n;
const YEAR = 31_536_000n;
const DIGITS = 10n ** 90n;
const HALVINGS = 16n;

/** exp(x) in units of 1e-18, rounded down: the series of x / 2^16, squared 16 times. @param {bigint} x in units of 1e-18, from 0 to 50 */
export function expOf(x) {
  const small = (x * DIGITS) / WAD >> HALVINGS;
  let [sum, term] = [DIGITS, DIGITS];
  for (let k = 1n; term > 0n; k++) sum += term = (term * small) / (k * DIGITS);
  for (let i = 0n; i < HALVINGS; i++) sum = (sum * sum) / DIGITS;
  // The error is far below 1e-40: a result so near to a whole number would need more digits.
  const rest = sum % (DIGITS / WAD);
  const margin = DIGITS / 10n ** 40n;
  if (x !== 0n && (rest < margin || rest > DIGITS / WAD - margin)) throw new Error('more digits are needed');
  return sum / (DIGITS / WAD);
}

const LN_2 = 54916777467707473351141471128n; // in units of 2^-96, as all that follow
const SUM = 1346386616545796478920950773328n;
const PRODUCT = 57155421227552351082224309758442n;
const ABOVE = [94201549194550492254356042504812n, 28719021644029726153956944680412240n, 4385272521454847904659076985693276n];
const BELOW = [-2855989394907223263936484059900n, 50020603652535783019961831881945n, -533845033583426703283633433725380n,
  3604857256930695427073651918091429n, -14423608567350463180887372962807573n, 26449188498355588339934803723976023n];
const SCALE = 3822833074963236453042738258902158003155416615667n;

/**
 * The same as the contract has it: solady's `expWad`, a quotient of polynomials (Remco Bloemen's) about 0, times a power of two.
 * @param {bigint} x in units of 1e-18, from 0 to 135
 */
export function expOfContract(x) {
  const binary = (x << 78n) / 5n ** 18n;
  const twos = ((binary << 96n) / LN_2 + 2n ** 95n) >> 96n;
  const near = binary - twos * LN_2;
  const times = (/** @type {bigint} */ one, /** @type {bigint} */ other) => (one * other) >> 96n;
  const inner = times(near + SUM, near) + PRODUCT;
  const above = (times(inner + near - ABOVE[0], inner) + ABOVE[1]) * near + (ABOVE[2] << 96n);
  const below = BELOW.slice(1).reduce((sum, coefficient) => times(sum, near) + coefficient, near + BELOW[0]);
  return (above / below * SCALE) >> (195n - twos);
}

/**
 * @param {{ amount: bigint, rate: bigint, elapsed: bigint, duration: bigint }} stake rate of a year in units of 1e-18; duration 0: no bound
 * @param {(x: bigint) => bigint} [exp]
 */
export function worthOf({ amount, rate, elapsed, duration }, exp = expOfContract) {
  const counted = duration !== 0n && elapsed > duration ? duration : elapsed;
  return (amount * exp((((counted * WAD) / YEAR) * rate) / WAD)) / WAD;
}
