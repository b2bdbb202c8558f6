/** Versions that a server has told of each key, the newest last. */
export type Tokens = Map<string, string[]>;

export interface StreamCommand {
  readonly key: string;
  /** The command for a server that has told these versions. */
  readonly write: (tokens: Tokens) => string;
}

type Random = (below: number) => number;

/** Nobody has it, and every version is older. */
const VERSION_TO_COME = '999999999999999';
/** What stands for a version in a command before it is written for one server. */
const NEWEST = '{newest}';
const OLDER = '{older}';

/**
 * Random commands on a few keys of three kinds, so that they meet each other's effects:
 *
 *     t0..t3   text and meta, values of letters
 *     n0..n2   counters
 *     YjA=...  keys in base64, always with b, and never asked back
 */
export class CommandStream {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): StreamCommand {
    const roll = this.#random(100);
    const [key, text] =
      roll < 45 ? this.#onText() : roll < 65 ? this.#onCounter() : roll < 90 ? this.#onLease() : this.#onAnything();
    return {
      key,
      write: (tokens) => {
        const told = tokens.get(key) ?? [];
        return text
          .replaceAll(NEWEST, told.at(-1) ?? VERSION_TO_COME)
          .replaceAll(OLDER, told.at(-2) ?? VERSION_TO_COME);
      },
    };
  }

  #onText(): [string, string] {
    const key = `t${this.#random(4)}`;
    const value = this.#value();
    const body = `${value.length}\r\n${value}\r\n`;
    const store = `${key} ${this.#random(3) * 7} ${this.#exptime()}`;
    return [
      key,
      this.#one([
        () => `set ${store} ${body}`,
        () => `add ${store} ${body}`,
        () => `replace ${store} ${body}`,
        () => `append ${store} ${body}`,
        () => `prepend ${store} ${body}`,
        () => `set ${store} ${value.length} noreply\r\n${value}\r\n`,
        () => `cas ${store} ${value.length} ${this.#version()}\r\n${value}\r\n`,
        () => `get ${key}\r\n`,
        () => `gets ${key}\r\n`,
        () => `get ${key} t0 t1 none ${key}\r\n`,
        () => `gat ${this.#exptime()} ${key}\r\n`,
        () => `gats ${this.#exptime()} ${key}\r\n`,
        () => `touch ${key} ${this.#exptime()}\r\n`,
        () => `delete ${key}\r\n`,
        () => `delete ${key} noreply\r\n`,
        () => `me ${key}\r\n`,
      ]),
    ];
  }

  #onCounter(): [string, string] {
    const key = `n${this.#random(3)}`;
    const number = this.#one([() => '0', () => '9', () => '99', () => '18446744073709551615', () => '12345678901']);
    const delta = this.#one([() => '1', () => '7', () => '4294967296', () => '18446744073709551615']);
    return [
      key,
      this.#one([
        () => `set ${key} 3 ${this.#exptime()} ${number.length}\r\n${number}\r\n`,
        () => `ms ${key} 3 F5\r\nabc\r\n`,
        () => `incr ${key} ${delta}\r\n`,
        () => `decr ${key} ${delta}\r\n`,
        () => `incr ${key} ${delta} noreply\r\n`,
        () => `ma ${key} D${delta} v${this.#returns('ckO')}\r\n`,
        () => `ma ${key} MD D${delta} v${this.#returns('ckO')}\r\n`,
        () => `ma ${key} N500 J${number} v c\r\n`,
        () => `ma ${key} C${this.#version()} v\r\n`,
        () => `ma ${key} T500 q\r\n`,
        () => `ma ${key} q v\r\n`,
        () => `gets ${key}\r\n`,
        () => `delete ${key}\r\n`,
      ]),
    ];
  }

  #onLease(): [string, string] {
    const binary = this.#random(4) === 0;
    const key = binary ? Buffer.from(`b${this.#random(2)}`).toString('base64') : `t${this.#random(4)}`;
    const b = binary ? ' b' : '';
    const k = binary ? '' : 'k';
    const value = this.#value();
    const quiet = this.#random(4) === 0 ? ' q' : '';
    const mode = this.#one(['', ' ME', ' MA', ' MP', ' MR', ' MS'].map((text) => () => text));
    return [
      key,
      this.#one([
        () => `mg ${key}${b} v c${quiet}${this.#returns(`tfhls${k}O`)}\r\n`,
        () => `mg ${key}${b} v c N500${this.#returns(`tfhls${k}O`)}\r\n`,
        () => `mg ${key}${b} c R${this.#one([() => '50', () => '2000'])}${this.#returns('th')}\r\n`,
        () => `mg ${key}${b} T${this.#exptime()} v${this.#returns(`tc${k}`)}\r\n`,
        () => `mg ${key}${b} u h v c\r\n`,
        () => `ms ${key} ${value.length}${b} c F3 T500${mode}${quiet}${this.#returns(`${k}O`)}\r\n${value}\r\n`,
        () => `ms ${key} ${value.length}${b} c C${this.#version()}${mode}${quiet}\r\n${value}\r\n`,
        () => `ms ${key} ${value.length}${b} c I C${this.#version()}${quiet}\r\n${value}\r\n`,
        () => `md ${key}${b}${quiet}${this.#returns(`${k}O`)}\r\n`,
        () => `md ${key}${b} I${quiet}\r\n`,
        () => `md ${key}${b} I T300\r\n`,
        () => `md ${key}${b} C${this.#version()} I${quiet}\r\n`,
        () => `md ${key}${b} C${this.#version()}${quiet}\r\n`,
      ]),
    ];
  }

  #onAnything(): [string, string] {
    const command = this.#one(
      [
        'version\r\n',
        'verbosity 0\r\n',
        'bogus\r\n',
        'get\r\n',
        'touch t0\r\n',
        'incr n0 x\r\n',
        'delete t0 5\r\n',
        'mg t0 !\r\n',
        'mg t0 v v\r\n',
        'ma n0 MX\r\n',
        'md t0 Cx\r\n',
        'mg Zm9 b\r\n',
        'flush_all\r\n',
        'flush_all 0 noreply\r\n',
        'flush_all x\r\n',
        'shutdown\r\n',
        'stats bogus\r\n',
      ].map((text) => () => text),
    );
    return ['', command];
  }

  #value(): string {
    return this.#one([() => '', () => 'x', () => 'y'.repeat(this.#random(2000)), () => 'z'.repeat(17_000)]);
  }

  #exptime(): number {
    return this.#one([() => 0, () => 0, () => 100, () => 1000, () => -1, () => 2_000_000_000]);
  }

  #version(): string {
    return this.#one([() => NEWEST, () => NEWEST, () => OLDER, () => VERSION_TO_COME]);
  }

  /** Some of these return flags, in a random order. */
  #returns(letters: string): string {
    const chosen = letters.split('').filter(() => this.#random(3) === 0);
    const turn = chosen.length === 0 ? 0 : this.#random(chosen.length);
    return [...chosen.slice(turn), ...chosen.slice(0, turn)]
      .map((letter) => (letter === 'O' ? ` O${this.#random(1000)}` : ` ${letter}`))
      .join('');
  }

  #one<T>(choices: readonly (() => T)[]): T {
    const choice = choices[this.#random(choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice();
  }
}
