/** How a command ended, as the session must know it. */
export const Executed = {
  done: 0,
  /** Not whole: the client does not take what it is sent. To be executed again, from `turn.keyIndex` on, when it has. */
  interrupted: 1,
  /** The connection is to be closed, after what was written. */
  close: 2,
} as const;
export type Executed = (typeof Executed)[keyof typeof Executed];
