import { ExitCode } from '../exit-code.ts';
import { STOP_TIMEOUT_MS } from '../limits.ts';

/** Closes what runs, and gives up on what does not close. */
export async function closeInTime(service: { close(): Promise<void> }): Promise<ExitCode> {
  const { promise: late, resolve } = Promise.withResolvers<ExitCode>();
  const timer = setTimeout(() => resolve(ExitCode.failed), STOP_TIMEOUT_MS);
  const code = await Promise.race([service.close().then(() => ExitCode.ok), late]);
  clearTimeout(timer);
  return code;
}
