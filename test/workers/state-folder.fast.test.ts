import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStateFolder } from '../../workers/doctor/check-state-folder.ts';

it('doctor takes away what an earlier run that was killed left in the state folder', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ah-state-'));
  try {
    await writeFile(join(home, '.doctor-probe'), 'of a run that was killed');
    const findings = await checkStateFolder(home);
    expect(findings.map(({ state }) => state)).not.toContain('fail');
    expect(await readdir(home)).toEqual([]);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
