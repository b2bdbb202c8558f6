import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import type { Logger, pino } from 'pino';
import type { Settings } from '../config/settings.ts';

/** What can be asked for, least severe first. */
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof levels)[number];

/** What every part of a process writes its log to. Field objects first, then a sentence; no keys, no values. */
export interface Log {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
  debug(fields: object, message: string): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Of the process: node-1, proxy, controller. */
  readonly name: string;
  readonly screen?: Screen;
}

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * A log on stderr, by pino: lines to read on a terminal, one JSON object a line anywhere else.
 *
 * pino is loaded with the first line that is printed. A cluster that starts well prints none, and four processes are
 * starting at that moment.
 */
export function createLog(options: LogOptions): Log {
  let logger: Logger | undefined;
  const write = (level: 'error' | 'warn' | 'info' | 'debug') => (fields: object, message: string) => {
    if (levels.indexOf(level) < levels.indexOf(options.level)) return;
    logger ??= createPino(options);
    logger[level](fields, message);
  };
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') };
}

function createPino({ level, name, screen = process.stderr }: LogOptions): Logger {
  const load = createRequire(import.meta.url) as (name: 'pino') => { readonly pino: typeof pino };
  const { pino: create } = load('pino');
  const forPeople = screen.isTTY === true;
  return create(
    {
      level,
      base: { name },
      messageKey: 'message',
      timestamp: create.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: plainFields },
    },
    { write: (line: string) => screen.write(forPeople ? `${readableLine(line)}\n` : line) },
  );
}

/** Errors have no own enumerable fields: without this they would be printed as {}. */
function plainFields(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, toPlain(value)]));
}

function toPlain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return 'code' in value && typeof value.code === 'string' ? `${value.code}: ${value.message}` : value.message;
}

/** One line of pino's as a person wants it: clock, level, name, sentence, then the fields. */
function readableLine(line: string): string {
  const { level, time, name, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const dim = (text: string): string => styleText('dim', text, { stream: process.stderr });
  const colour = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'dim';
  const word = styleText(colour, String(level).padEnd(5), { stream: process.stderr });
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const details = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${dim(clock)} ${word} ${String(name)}: ${String(message)}${dim(details.join(''))}`;
}

/** The level of the settings; the table of options lets no other through. */
export function logLevelOf(settings: Settings): LogLevel {
  const text = settings.text('logLevel');
  const level = levels.find((each) => each === text);
  assert(level !== undefined, 'logLevel is one of the choices');
  return level;
}
