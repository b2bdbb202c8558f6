import { RingError } from '../errors.ts';
import { ketamaPointCountMax, ketamaServerCountMax } from '../limits.ts';
import { flavours, weightOf } from './flavours.ts';
import type { Flavour, KetamaCluster, KetamaFlavour, KetamaServer } from './flavours.ts';
import { ketamaHashes } from './key-hashes.ts';
import type { KetamaHashName } from './key-hashes.ts';

/** A ring of points that puts every key on the server where an existing client or proxy puts it. */
export interface Ketama {
  /** Index, in the list given, of the server of the key in bytes[start, end). */
  locate(bytes: Uint8Array, start: number, end: number): number;
  /** The points, ascending, unsigned. */
  readonly points: Uint32Array;
  /** The server of each point. */
  readonly owners: Uint16Array;
}

export interface KetamaOptions {
  /** Replaces the flavour's key hash: twemproxy's `hash`. */
  readonly keyHash?: KetamaHashName;
  /** Two characters: of a key that contains them only what stands between counts. twemproxy's `hash_tag`. */
  readonly hashTag?: string;
}

/**
 * Builds the continuum of some servers. All of them count as alive: a client that ejects servers that fail has another
 * continuum for that time. Throws RING_OPTION for servers or options out of range.
 */
export function createKetama(
  flavour: KetamaFlavour,
  servers: readonly KetamaServer[],
  options: KetamaOptions = {},
): Ketama {
  checkServers(servers);
  const { hashTag } = options;
  if (hashTag !== undefined && !/^[\x21-\x7e]{2}$/.test(hashTag)) {
    throw new RingError('RING_OPTION', 'a hash tag is two printable ASCII characters');
  }
  const rules: Flavour = flavours[flavour];
  const { points, owners } = layOut(rules, servers);
  return new Continuum(points, owners, options.keyHash ?? rules.keyHash, hashTag);
}

class Continuum implements Ketama {
  readonly points: Uint32Array;
  readonly owners: Uint16Array;
  readonly #keyHash: KetamaHashName;
  /** Codes of the characters around the part of a key that counts; -1 without. */
  readonly #tagOpen: number;
  readonly #tagClose: number;

  constructor(points: Uint32Array, owners: Uint16Array, keyHash: KetamaHashName, hashTag: string | undefined) {
    this.points = points;
    this.owners = owners;
    this.#keyHash = keyHash;
    this.#tagOpen = hashTag?.charCodeAt(0) ?? -1;
    this.#tagClose = hashTag?.charCodeAt(1) ?? -1;
  }

  locate(bytes: Uint8Array, start: number, end: number): number {
    if (this.#tagOpen !== -1) {
      const open = indexOfByte(bytes, start, end, this.#tagOpen);
      const close = indexOfByte(bytes, open + 1, end, this.#tagClose);
      if (open < end && close < end && close > open + 1) {
        start = open + 1;
        end = close;
      }
    }
    return this.owners[this.#firstAtOrAfter(ketamaHashes[this.#keyHash](bytes, start, end))]!;
  }

  /** Index of the first point not below the hash; past the last point the ring starts over. */
  #firstAtOrAfter(hash: number): number {
    let low = 0;
    let high = this.points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.points[middle]! < hash) low = middle + 1;
      else high = middle;
    }
    return low === this.points.length ? 0 : low;
  }
}

/** `end` when there is none. */
function indexOfByte(bytes: Uint8Array, start: number, end: number, byte: number): number {
  let at = start;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

function checkServers(servers: readonly KetamaServer[]): void {
  if (servers.length === 0 || servers.length > ketamaServerCountMax) {
    throw new RingError('RING_OPTION', `ketama takes 1 to ${ketamaServerCountMax} servers, not ${servers.length}`);
  }
  for (const server of servers) {
    if (!Number.isInteger(weightOf(server)) || weightOf(server) < 1) {
      throw new RingError(
        'RING_OPTION',
        `the weight of ${server.host} is a whole number above 0, not ${server.weight}`,
      );
    }
  }
}

interface Layout {
  readonly points: Uint32Array;
  readonly owners: Uint16Array;
}

function layOut(rules: Flavour, servers: readonly KetamaServer[]): Layout {
  const cluster: KetamaCluster = {
    serverCount: servers.length,
    weightTotal: servers.reduce((sum, server) => sum + weightOf(server), 0),
    isWeighted: servers.some((server) => server.weight !== undefined),
  };
  const counts = servers.map((server) => rules.pointCount(server, cluster));
  if (counts.reduce((sum, count) => sum + count, 0) > ketamaPointCountMax) {
    throw new RingError(
      'RING_OPTION',
      `weights of ${cluster.weightTotal} make more than ${ketamaPointCountMax} points`,
    );
  }
  const order = rules.order ?? (() => 0);
  const entries = [...servers.entries()]
    .toSorted(([, a], [, b]) => order(a, b))
    .flatMap(([owner, server], age) => rules.points(server, counts[owner]!).map((point) => ({ point, owner, age })));
  const newestFirst = rules.duplicates === 'last' ? -1 : 1;
  entries.sort((a, b) => a.point - b.point || (a.age - b.age) * newestFirst);
  const kept = entries.filter(({ point }, i) => i === 0 || point !== entries[i - 1]!.point);
  return {
    points: Uint32Array.from(kept, ({ point }) => point),
    owners: Uint16Array.from(kept, ({ owner }) => owner),
  };
}
