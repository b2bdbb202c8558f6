/** Outcome of a call that changes something. A closed set of small numbers: outcomes are values, none is an exception. */
export const Status = {
  /** It was done. */
  done: 0,
  /** The mode asked for an absent item (add) or a present one (replace, append, prepend), and it was the other way. */
  notStored: 1,
  /** There is an item, and its version is not the one compared with. */
  exists: 2,
  /** A version was compared with, and there is no item. */
  notFound: 3,
  /** The value is larger than `valueBytesMax`. */
  tooLarge: 4,
  /** No room, although everything that may be evicted was considered. */
  outOfMemory: 5,
  /** Arithmetic on something that is not an unsigned 64-bit number in decimal. */
  nonNumeric: 6,
  /** The counter of versions is used up: the engine must be replaced by a new one with a new ownership epoch. */
  versionsExhausted: 7,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

type StatusNamed<Name extends keyof typeof Status> = (typeof Status)[Name];

/** Outcomes of store and storeReserved. */
export type StoreStatus = Exclude<Status, StatusNamed<'nonNumeric'>>;
/** Outcomes of arithmetic. */
export type ArithmeticStatus = StatusNamed<'done' | 'nonNumeric' | 'outOfMemory' | 'versionsExhausted'>;
/** Outcomes of stamp. */
export type StampStatus = StatusNamed<'done' | 'versionsExhausted'>;
/** Outcomes by which the engine refuses what the conditions of the command allow. */
export type Refusal = StatusNamed<'tooLarge' | 'outOfMemory' | 'nonNumeric' | 'versionsExhausted'>;
