import { connect } from 'node:net';

/** One answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface RawExchange {
  readonly answers: readonly RawAnswer[];
  /** What came after the last whole answer. */
  readonly rest: Buffer;
  /** The server closed (or reset) the connection before the wait was over. */
  readonly closed: boolean;
}

export interface RawOptions {
  /** The methods sent, in order: an answer to HEAD has no body whatever it announces. */
  readonly methods?: readonly string[];
  /** Ends once this many answers have come (and the connection was quiet for settleMs). */
  readonly answerCount?: number;
  readonly timeoutMs?: number;
  /** Pieces sent one after the other instead of one write. */
  readonly pieces?: readonly (string | Buffer)[];
}

/**
 * Sends bytes to a server and collects what comes back, reading nothing into them. After the expected answers it
 * sends one more plain request (`probe`), so that the state of the connection is seen: answered, or closed.
 */
export function rawExchange(
  address: { readonly host: string; readonly port: number },
  bytes: string | Buffer,
  options: RawOptions = {},
): Promise<RawExchange> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true });
    const chunks: Buffer[] = [];
    let closed = false;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parseAnswers(Buffer.concat(chunks), options.methods ?? []), closed });
    };
    const timer = setTimeout(finish, options.timeoutMs ?? 5_000);
    socket.on('connect', () => {
      for (const piece of options.pieces ?? [bytes])
        socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
    });
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.answerCount === undefined) return;
      const { answers } = parseAnswers(Buffer.concat(chunks), options.methods ?? []);
      if (answers.length >= options.answerCount) finish();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') closed = true;
      else reject(error);
    });
    socket.on('close', () => {
      closed = true;
      finish();
    });
  });
}

/** Splits a byte stream into HTTP/1.1 answers with a Content-Length (or none: 204, 304, answers to HEAD). */
export function parseAnswers(bytes: Buffer, methods: readonly string[]): { answers: RawAnswer[]; rest: Buffer } {
  const answers: RawAnswer[] = [];
  let rest = bytes;
  for (;;) {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd === -1) return { answers, rest };
    const [statusLine = '', ...lines] = rest.toString('latin1', 0, headEnd).split('\r\n');
    const status = Number(/^HTTP\/1\.1 ([0-9]{3}) /.exec(statusLine)?.[1]);
    const headers = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    if (status === 100) {
      rest = rest.subarray(headEnd + 4);
      continue;
    }
    const bodiless = status === 204 || status === 304 || methods[answers.length] === 'HEAD';
    const length = bodiless ? 0 : Number(headers.get('content-length') ?? 0);
    if (rest.length < headEnd + 4 + length) return { answers, rest };
    answers.push({ status, headers, body: rest.subarray(headEnd + 4, headEnd + 4 + length) });
    rest = rest.subarray(headEnd + 4 + length);
  }
}
