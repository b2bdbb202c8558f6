import { execFileSync } from 'node:child_process';
import { benchEngineLongestBlock } from './engine/longest-block.ts';
import { benchEngineMemory } from './engine/memory.ts';
import { benchEngineThroughput } from './engine/throughput.ts';
import { printRows } from './rows.ts';

/** Each part in a process of its own: what one leaves on the heap would be counted to the next. */
const PARTS = {
  throughput: benchEngineThroughput,
  memory: benchEngineMemory,
  'longest block': benchEngineLongestBlock,
} as const;

export function benchEngine(): void {
  for (const part of Object.keys(PARTS)) {
    execFileSync(process.execPath, ['--expose-gc', import.meta.filename, part], { stdio: 'inherit' });
  }
}

if (process.argv[1] === import.meta.filename) {
  const part = process.argv[2];
  for (const [name, bench] of Object.entries(PARTS)) {
    if (name === part) printRows(`engine in this process: ${name}`, bench());
  }
}
