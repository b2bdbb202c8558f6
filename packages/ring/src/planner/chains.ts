/** A kind of exchange: something of one member, a copy or the lead of a partition, handed to another. */
export interface Exchange {
  readonly from: number;
  readonly to: number;
  readonly cost: 0 | 1;
}

/** Collects the exchanges that are possible from a member. */
export interface Reach {
  /** Whether an exchange of this cost is worth reporting; asked first, as it is cheaper than finding out if it may be. */
  improves(to: number, cost: 0 | 1): boolean;
  add(to: number, cost: 0 | 1): void;
}

/** What chains are looked for and how they are applied. */
export interface ChainProblem {
  readonly memberCount: number;
  /** Members a chain may start from. */
  readonly starts: readonly number[];
  /** What a member has too much; 0 or less when it is no start. */
  surplus(member: number): number;
  /** What a member has too little; 0 or less when it is no end. */
  lack(member: number): number;
  /** Chains that cost more are not looked for. */
  readonly costMax: number;
  eachExchange(from: number, reach: Reach): void;
  /** Makes up to so many exchanges of a kind and returns how many it made. */
  exchange(kind: Exchange, countMax: number): number;
}

/**
 * Hands what some members have too much to members that have too little, along chains over members that give one and
 * get one: the augmenting paths of a minimum cost flow, always a cheapest one, until none is left
 * (R. Busacker, P. Gowen, 1961; J. Edmonds, R. Karp, 1972).
 *
 * A chain is used for as much as it carries. It is run from its end, so that every member has given before it gets;
 * one that gets less than it gave, because an exchange before it was meant for the same partition, lacks that now and
 * is the end of a later chain. Chains of which nothing reaches the start only move the lack about, hence the bound.
 */
export function runChains(problem: ChainProblem): void {
  let fruitless = 0;
  while (fruitless <= problem.memberCount) {
    const chain = cheapestChain(problem);
    if (chain === undefined) return;
    let left = Math.min(problem.surplus(chain[0]!.from), problem.lack(chain.at(-1)!.to));
    for (const kind of chain.toReversed()) left = problem.exchange(kind, left);
    fruitless = left === 0 ? fruitless + 1 : 0;
  }
}

/** A breadth-first search over costs 0 and 1, from all members with a surplus at once. */
function cheapestChain(problem: ChainProblem): Exchange[] | undefined {
  const costs = new Int32Array(problem.memberCount).fill(unreached);
  const arrivals: (Exchange | undefined)[] = Array.from({ length: problem.memberCount });
  let frontier = problem.starts.filter((member) => problem.surplus(member) > 0);
  for (const member of frontier) costs[member] = 0;
  for (let cost = 0; frontier.length > 0; cost++) {
    const next: number[] = [];
    for (const from of frontier) {
      if (costs[from] !== cost) continue;
      if (problem.lack(from) > 0) return traceBack(arrivals, from);
      problem.eachExchange(from, {
        improves: (to, step) => cost + step < costs[to]! && cost + step <= problem.costMax,
        add: (to, step) => {
          costs[to] = cost + step;
          arrivals[to] = { from, to, cost: step };
          (step === 0 ? frontier : next).push(to);
        },
      });
    }
    frontier = next;
  }
  return undefined;
}

const unreached = 0x7fff_ffff;

function traceBack(arrivals: readonly (Exchange | undefined)[], end: number): Exchange[] {
  const chain: Exchange[] = [];
  for (let arrival = arrivals[end]; arrival !== undefined; arrival = arrivals[arrival.from]) chain.push(arrival);
  return chain.toReversed();
}
