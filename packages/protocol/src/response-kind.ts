/** What a reply line says. Small dense integers. */
export const ResponseKind = {
  /** `VA` or `VALUE`: a data block of bodyBytes and CRLF follows. */
  value: 0,
  /** `END` of a text read or of stats. */
  end: 1,
  /** `HD` */
  hit: 2,
  /** `EN` */
  miss: 3,
  /** `NS` or `NOT_STORED` */
  notStored: 4,
  /** `EX` or `EXISTS` */
  exists: 5,
  /** `NF` or `NOT_FOUND` */
  notFound: 6,
  stored: 7,
  deleted: 8,
  touched: 9,
  ok: 10,
  reset: 11,
  /** `MN` */
  noop: 12,
  /** `ME <key> <field>=<value>*` */
  metaDebug: 13,
  /** Digits alone: the reply of incr and decr, in valueHigh and valueLow. */
  number: 14,
  /** `STAT name value` */
  stat: 15,
  version: 16,
  /** `ERROR` */
  error: 17,
  clientError: 18,
  serverError: 19,
  /** `SERVER_ERROR busy`: the node sheds load; nothing was done. */
  busy: 20,
  /** `SERVER_ERROR not_owner <epoch>[ <member>]`: nothing was done; epoch and the member's id in message. */
  notOwner: 21,
  /** `RW <node id> <incarnation> <epoch>` */
  hello: 22,
} as const;
export type ResponseKind = (typeof ResponseKind)[keyof typeof ResponseKind];
