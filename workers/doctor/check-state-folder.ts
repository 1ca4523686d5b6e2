import { ownFolder } from '../../files/own-folder.ts';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countSpooled, spoolFolder } from '../../client/spool/spool.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const mib = 1024 * 1024;
/** One name for every run: what a run that was killed left behind, the next one takes away. */
const probeName = '.doctor-probe';
const littleMib = 500;
const tooLittleMib = 50;

/** The state folder: writable, room on its disk, and nothing in it that waits or was refused. */
export async function checkStateFolder(home: string): Promise<Finding[]> {
  const found: Finding[] = [];
  const probe = join(home, probeName);
  try {
    await ownFolder(home);
    await writeFile(probe, 'x'.repeat(4096));
    const { bavail, bsize } = await statfs(home);
    const freeMib = Math.floor((bavail * bsize) / mib);
    const detail = `${home} is writable, ${freeMib} MiB are free`;
    const advice =
      'Make room: without it there is no spool, no snapshot and, with the embedded parts, no healing.';
    found.push(
      freeMib < tooLittleMib
        ? fail('state folder', detail, advice)
        : freeMib < littleMib
          ? warn('state folder', detail, advice)
          : ok('state folder', detail),
    );
  } catch (error) {
    const advice = 'Make it a folder that the user of AutoHeal may write, or set AUTOHEAL_HOME.';
    found.push(
      fail(
        'state folder',
        `${home} can't be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        advice,
      ),
    );
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
  const waiting = await countSpooled(spoolFolder(home));
  found.push(
    waiting === 0
      ? ok('spool', 'empty')
      : warn(
          'spool',
          `${waiting} report(s) wait for Temporal`,
          'They are delivered by themselves; if Temporal is there, look at the log.',
        ),
  );
  const refused = (await readdir(join(home, 'refused-records')).catch(() => [])).length;
  if (refused > 0) {
    const advice = 'Read them: each says why the database refused it.';
    found.push(warn('refused records', `${refused} in ${join(home, 'refused-records')}`, advice));
  }
  return found;
}
