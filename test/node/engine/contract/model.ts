import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mark, Status, StoreMode } from '@ringway/node/engine';
import type { CreateEngine } from '../engine.contract.ts';
import type { EngineDriver } from '../engine-driver.ts';
import { seedFor } from '../../seed.ts';
import { newDriver } from './checked.ts';

/** The tiny model: what a cache without a memory limit is. Versions are numbered by the order of mutations. */
interface ModelItem {
  value: string;
  flags: number;
  expiresAtMs: number;
  version: number;
  stale: boolean;
  won: boolean;
}

class Model {
  readonly items = new Map<string, ModelItem>();
  nowMs = 0;
  mutations = 0;
  flushAtMs = Infinity;

  pass(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.flushAtMs > nowMs) return;
    this.items.clear();
    this.flushAtMs = Infinity;
  }

  find(key: string): ModelItem | undefined {
    const item = this.items.get(key);
    return item === undefined || (item.expiresAtMs !== 0 && item.expiresAtMs <= this.nowMs) ? undefined : item;
  }
}

type Command = { readonly key: string } & (
  | {
      readonly kind: 'store';
      readonly mode: StoreMode;
      readonly value: string;
      readonly flags: number;
      readonly ttl: number;
      readonly compare: number | undefined;
    }
  | { readonly kind: 'count'; readonly delta: number; readonly decrement: boolean }
  | { readonly kind: 'touch'; readonly ttl: number }
  | { readonly kind: 'mark'; readonly set: number; readonly clear: number }
  | { readonly kind: 'remove' }
  | { readonly kind: 'flush'; readonly inSeconds: number }
  | { readonly kind: 'pass'; readonly seconds: number }
);

const key = fc.constantFrom('a', 'b', 'c', 'd');
const ttl = fc.constantFrom(0, 0, 1, 3, 10, -1);
const commandArbitrary: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('store' as const),
      key,
      mode: fc.constantFrom(...Object.values(StoreMode)),
      value: fc.oneof(fc.string({ maxLength: 40 }), fc.nat(120).map(String)),
      flags: fc.nat(0xffffffff),
      ttl,
      compare: fc.option(fc.constantFrom(0, 1, 2), { nil: undefined }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('count' as const), key, delta: fc.nat(200), decrement: fc.boolean() }),
  },
  fc.record({ kind: fc.constant('touch' as const), key, ttl }),
  fc.record({ kind: fc.constant('mark' as const), key, set: fc.nat(3), clear: fc.nat(3) }),
  fc.record({ kind: fc.constant('remove' as const), key }),
  fc.record({ kind: fc.constant('flush' as const), key, inSeconds: fc.constantFrom(0, 2, 5) }),
  fc.record({ kind: fc.constant('pass' as const), key, seconds: fc.nat(4) }),
);

export function modelContract(create: CreateEngine): void {
  test('does what the model does, command by command', () => {
    fc.assert(
      fc.property(fc.array(commandArbitrary, { minLength: 1, maxLength: 60 }), (commands) => {
        const driver = newDriver(create);
        const model = new Model();
        model.pass(driver.nowMs);
        for (const command of commands) {
          expect(runOnEngine(driver, model, command)).toEqual(runOnModel(model, command));
          for (const name of ['a', 'b', 'c', 'd']) expect(described(driver, name)).toEqual(describedModel(model, name));
        }
        expect(driver.engine.verify()).toEqual([]);
      }),
      { seed: seedFor('engine model'), numRuns: 300 },
    );
  });
}

function described(driver: EngineDriver, name: string): unknown {
  const value = driver.get(name, true);
  if (value === undefined) return undefined;
  const { flags, expiresAtMs, stale, won, version } = driver.engine.found;
  return { value, flags, expiresAtMs, stale, won, version: version.low };
}

function describedModel(model: Model, name: string): unknown {
  const item = model.find(name);
  return item === undefined ? undefined : { ...item };
}

function deadline(nowMs: number, seconds: number): number {
  return seconds === 0 ? 0 : nowMs + seconds * 1000;
}

/** compare 0: a version nobody has; 1: that of the item; 2: one older than the item's. */
function comparedVersion(
  model: Model,
  command: { readonly key: string; readonly compare: number | undefined },
): number | undefined {
  if (command.compare === undefined) return undefined;
  const version = model.find(command.key)?.version ?? 0;
  return command.compare === 1 ? version : command.compare === 0 ? 1e9 : version - 1;
}

function runOnEngine(driver: EngineDriver, model: Model, command: Command): unknown {
  const { engine } = driver;
  switch (command.kind) {
    case 'store': {
      const compare = comparedVersion(model, command);
      return driver.store(command.key, command.value, {
        mode: command.mode,
        flags: command.flags,
        expiresAtMs: deadline(driver.nowMs, command.ttl),
        staleIfOlder: true,
        ...(compare === undefined ? {} : { compare: { high: 0, low: compare } }),
      });
    }
    case 'count':
      if (!driver.has(command.key)) return 'miss';
      return engine.arithmetic({ high: 0, low: command.delta }, command.decrement) === Status.done
        ? engine.number.low
        : 'nonNumeric';
    case 'touch':
      if (!driver.has(command.key)) return 'miss';
      return engine.touch(deadline(driver.nowMs, command.ttl));
    case 'mark':
      if (!driver.has(command.key)) return 'miss';
      return engine.mark(command.set, command.clear);
    case 'remove':
      return driver.remove(command.key);
    case 'flush':
      return engine.flushAll(driver.inSeconds(command.inSeconds));
    case 'pass':
      return driver.pass(command.seconds);
    default:
      return command satisfies never;
  }
}

function runOnModel(model: Model, command: Command): unknown {
  const item = model.find(command.key);
  switch (command.kind) {
    case 'store':
      return storeInModel(model, command, item);
    case 'count': {
      if (item === undefined) return 'miss';
      if (!/^ *\d+ *$/.test(item.value)) return 'nonNumeric';
      const number = command.decrement
        ? Math.max(0, Number(item.value) - command.delta)
        : Number(item.value) + command.delta;
      item.value = String(number).padEnd(item.value.length);
      item.version = ++model.mutations;
      return number;
    }
    case 'touch':
      if (item === undefined) return 'miss';
      item.expiresAtMs = deadline(model.nowMs, command.ttl);
      return undefined;
    case 'mark': {
      if (item === undefined) return 'miss';
      const bit = (mark: number, present: boolean): boolean =>
        (command.clear & mark) === 0 && (present || (command.set & mark) !== 0);
      item.won = bit(Mark.won, item.won);
      item.stale = bit(Mark.stale, item.stale);
      return undefined;
    }
    case 'remove':
      if (item !== undefined) model.mutations++;
      model.items.delete(command.key);
      return item !== undefined;
    case 'flush':
      model.flushAtMs = model.nowMs + command.inSeconds * 1000;
      model.pass(model.nowMs);
      return undefined;
    case 'pass':
      model.pass(model.nowMs + command.seconds * 1000);
      return undefined;
    default:
      return command satisfies never;
  }
}

function storeInModel(model: Model, command: Command & { kind: 'store' }, item: ModelItem | undefined): Status {
  const compare = comparedVersion(model, command);
  const joins = command.mode === StoreMode.append || command.mode === StoreMode.prepend;
  if (command.mode === StoreMode.add && item !== undefined) return Status.notStored;
  if (joins && item === undefined) return Status.notStored;
  let asStale = false;
  if (compare !== undefined && command.mode !== StoreMode.add) {
    if (item === undefined) return Status.notFound;
    asStale = !joins && compare < item.version;
    if (compare !== item.version && !asStale) return Status.exists;
  }
  if (command.mode === StoreMode.replace && item === undefined) return Status.notStored;
  const present = item?.value ?? '';
  model.items.set(command.key, {
    value:
      command.mode === StoreMode.append
        ? present + command.value
        : command.mode === StoreMode.prepend
          ? command.value + present
          : command.value,
    flags: joins && item !== undefined ? item.flags : command.flags,
    expiresAtMs: (joins || asStale) && item !== undefined ? item.expiresAtMs : deadline(model.nowMs, command.ttl),
    version: ++model.mutations,
    stale: asStale,
    won: asStale && item !== undefined && item.won,
  });
  return Status.done;
}
