/** CRC-32 as in zlib and Ethernet: polynomial 0xedb88320, bits reversed. A sum starts with crc32Start and ends inverted. */
export const crc32Start = -1;

export function crc32(sum: number, bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) sum = (sum >>> 8) ^ remainders[(sum ^ bytes[at]!) & 0xff]!;
  return sum;
}

const polynomial = 0xedb8_8320;

const remainders = Int32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  return remainder;
});
