import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

let writes = 0;

/**
 * Replaces a file so that every reader, at every moment and after a crash at any point, finds either the old content or
 * the new one, whole:
 *
 * 1. write all of it to a temporary file beside it (a rename is only atomic within a file system) and fsync that,
 *    since a rename may reach the disk before the bytes it names;
 * 2. rename it over the file;
 * 3. fsync the directory, so that the rename itself survives a power loss.
 *
 * @param mode permissions of the new file, not subject to what the old one had
 */
export async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${process.pid}.${writes++}${TEMPORARY_SUFFIX}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Removes what writers left behind that died between the first step and the second. Only for the one writer. */
export async function removeTemporaryFiles(path: string): Promise<void> {
  const prefix = temporaryPrefix(path);
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix) && name.endsWith(TEMPORARY_SUFFIX))
      await rm(join(dirname(path), name), { force: true });
  }
}

const TEMPORARY_SUFFIX = '.tmp';

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.`;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
