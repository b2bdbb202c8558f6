import { readFileSync } from 'node:fs';
import { systemCode } from '../errors.ts';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks between the boot of the machine and the start of the process; undefined where the system does not tell. */
  readonly startTicks: number | undefined;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTicks: readStartTicks(pid) };
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  if (!exists(identity.pid)) return false;
  const startTicks = readStartTicks(identity.pid);
  return identity.startTicks === undefined || startTicks === undefined || identity.startTicks === startTicks;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/** Field 22 of /proc/pid/stat (proc_pid_stat(5)). The name in field 2 may hold spaces and brackets: count from its end. */
function readStartTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fromState = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fromState[22 - 3]);
    return Number.isSafeInteger(ticks) ? ticks : undefined;
  } catch {
    return undefined;
  }
}
