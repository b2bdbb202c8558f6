import { crc32, crc32Start } from './crc32.ts';
import { md5 } from '../md5.ts';

/** A hash of bytes[start, end) to an unsigned 32-bit number. */
export type KetamaHash = (bytes: Uint8Array, start: number, end: number) => number;

export type KetamaHashName = 'md5' | 'fnv1a_64' | 'fnv1a_32' | 'crc32' | 'crc32a' | 'one_at_a_time';

/**
 * Key hashes under the names twemproxy gives them. They are what its C code computes on x86, where a char is signed: a
 * byte above 127 enters FNV and one_at_a_time as a negative number. `crc32` keeps 15 bits, as libmemcached's does;
 * `crc32a` is the whole sum.
 */
export const ketamaHashes: Readonly<Record<KetamaHashName, KetamaHash>> = {
  md5: (bytes, start, end) => {
    md5(bytes, start, end, md5Words);
    return md5Words[0]! >>> 0;
  },
  fnv1a_64: (bytes, start, end) => fnv1a(bytes, start, end, 0x8422_2325, 0x0000_01b3),
  fnv1a_32: (bytes, start, end) => fnv1a(bytes, start, end, 0x811c_9dc5, 0x0100_0193),
  crc32: (bytes, start, end) => (~crc32(crc32Start, bytes, start, end) >>> 16) & 0x7fff,
  crc32a: (bytes, start, end) => ~crc32(crc32Start, bytes, start, end) >>> 0,
  one_at_a_time: oneAtATime,
};

const md5Words = new Int32Array(4);

/** FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo). twemproxy's 64-bit one runs in 32 bits, on the low halves of the constants. */
function fnv1a(bytes: Uint8Array, start: number, end: number, basis: number, prime: number): number {
  let hash = basis;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ signed(bytes[at]!), prime);
  return hash >>> 0;
}

/** B. Jenkins, "Hash functions", Dr. Dobb's Journal, 1997. */
function oneAtATime(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) {
    hash = (hash + signed(bytes[at]!)) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  return (hash + (hash << 15)) >>> 0;
}

function signed(byte: number): number {
  return (byte << 24) >> 24;
}
