import { ExitCode } from '../exit-code.ts';
import { SIGNAL_ECHO_MS } from '../limits.ts';

export interface StopSignal {
  /** Resolves with what asked this process to stop: the name of a signal, or "the parent is gone". */
  readonly requested: Promise<string>;
}

/**
 * Listens for the wish to stop. The first signal stops in order, a later second one stops now.
 *
 * A supervised process (a child of `ringway up`) leaves Ctrl-C to its parent, which also gets it and stops its children
 * in order; but it stops by itself when the channel to the parent closes, since then nobody is left to do it.
 */
export function listenForStop(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<string>();
  const supervised = process.send !== undefined;
  let firstMs: number | undefined;
  const onSignal = (signal: string): void => {
    if (supervised && signal === 'SIGINT') return;
    if (firstMs !== undefined && performance.now() - firstMs > SIGNAL_ECHO_MS) process.exit(ExitCode.failed);
    firstMs ??= performance.now();
    resolve(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => onSignal(signal));
  if (supervised) {
    process.on('disconnect', () => resolve('the parent is gone'));
    if (!process.connected) resolve('the parent is gone');
  }
  return { requested: promise };
}
