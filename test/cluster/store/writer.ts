import { createFileStore } from '@ringway/cluster';
import { firstDocument, nextDocument } from './documents.ts';

/** Takes the lease of the store named by the argument and writes one document after another, until it is killed. */
const store = createFileStore(process.argv[2] ?? '');
await store.lease();
let stored = await store.read();
for (;;) {
  const next = stored === undefined ? firstDocument() : nextDocument(stored);
  await store.write(next, stored);
  stored = next;
  process.send?.(stored.epoch);
}
