/**
 * A strong entity tag from an item's version: `"<ownership epoch>-<counter>"`. The version is 64 bits, 24 of epoch and
 * 40 of counter, given as two unsigned 32-bit words; it never repeats, so equal tags mean equal bytes.
 */
export function entityTag(high: number, low: number): string {
  return `"${high >>> 8}-${(high & 0xff) * 0x1_0000_0000 + low}"`;
}

const COUNTER_MAX = 2 ** 40 - 1;
const EPOCH_MAX = 2 ** 24 - 1;

/**
 * The version a tag stands for, as the decimal text of its 64 bits (memcached's CAS token). Undefined: this tag was
 * not made by us, so it matches nothing.
 */
export function versionOfEntityTag(tag: string): string | undefined {
  const match = /^"(0|[1-9][0-9]{0,7})-(0|[1-9][0-9]{0,12})"$/.exec(tag);
  if (match === null) return undefined;
  const epoch = Number(match[1]);
  const counter = Number(match[2]);
  if (epoch > EPOCH_MAX || counter > COUNTER_MAX) return undefined;
  return ((BigInt(epoch) << 40n) | BigInt(counter)).toString();
}
