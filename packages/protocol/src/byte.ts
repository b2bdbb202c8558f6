/** Bytes that have a meaning in the protocol. */
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const MINUS = 0x2d;
export const DIGIT_0 = 0x30;
export const DELETE = 0x7f;

/** Whether input[start, end) spells the ASCII word. */
export function spells(input: Uint8Array, start: number, end: number, word: string): boolean {
  const length = word.length;
  if (end - start !== length) {
    return false;
  }
  for (let i = 0; i < length; i++) {
    if (input[start + i] !== word.charCodeAt(i)) {
      return false;
    }
  }
  return true;
}

/** Whether input[start, end) begins with the ASCII text. */
export function startsWith(input: Uint8Array, start: number, end: number, text: string): boolean {
  return end - start >= text.length && spells(input, start, start + text.length, text);
}

/** Offset of the first byte at or after start that is no space; end when there is none. */
export function skipSpaces(input: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && input[i] === SPACE) {
    i++;
  }
  return i;
}

/** Offset of the first space at or after start; end when there is none. */
export function findSpace(input: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && input[i] !== SPACE) {
    i++;
  }
  return i;
}

/** Offset of the first LF at or after start; end when there is none. */
export function findNewline(input: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && input[i] !== LF) {
    i++;
  }
  return i;
}

/** Whether every byte of input[start, end) is printable ASCII or a space. */
export function isPrintable(input: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = input[i]!;
    if (byte < SPACE || byte >= DELETE) {
      return false;
    }
  }
  return true;
}

/** Whether input[start, end) holds no control byte, space or DEL: nothing that ends a token or a line, or upsets a terminal. */
export function isToken(input: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = input[i]!;
    if (byte <= SPACE || byte === DELETE) {
      return false;
    }
  }
  return true;
}
