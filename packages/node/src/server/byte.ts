/** Bytes that end lines and data blocks. */
export const CR = 0x0d;
export const LF = 0x0a;
