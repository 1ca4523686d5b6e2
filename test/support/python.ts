import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cacheDir } from './cache-dir.ts';

const temporalio = '1.35.0';

/**
 * A Python with the `temporalio` package, in a folder of the cache: made once, by venv and pip.
 * @returns path of its interpreter
 * @throws Error that says what is missing
 */
export async function pythonWithTemporal(): Promise<string> {
  const folder = join(cacheDir, `python-temporalio-${temporalio}`);
  const python = join(folder, 'bin', 'python');
  const complete = join(folder, 'complete');
  if (await access(complete).then(() => true, () => false)) return python; // prettier-ignore
  await mkdir(cacheDir, { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', folder], 'Install python3 with its venv module (python3-venv).');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
  await run(
    python,
    [...pip, `temporalio==${temporalio}`],
    'Check that this machine may download packages by pip.',
  );
  await writeFile(complete, '');
  return python;
}

async function run(program: string, args: string[], advice: string): Promise<void> {
  const result = await execa(program, args, { reject: false, stdin: 'ignore', timeout: 300_000 });
  if (result.failed) throw new Error(`${result.shortMessage}\n${result.stderr.slice(-2000)}\n${advice}`);
}
