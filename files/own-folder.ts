import { chmod, lstat, mkdir } from 'node:fs/promises';

/**
 * A folder for this user only, also where it was there before with other rights (made by hand, by systemd, as a
 * volume): what lies in it may say what others must not read. One of another user, or that all share, stays as it is.
 */
export async function ownFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { mode, uid } = await lstat(dir);
  const isShared = (mode & 0o1000) !== 0;
  if ((mode & 0o077) !== 0 && !isShared && uid === process.getuid?.()) await chmod(dir, 0o700);
}
