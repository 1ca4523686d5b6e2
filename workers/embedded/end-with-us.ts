import { spawn } from 'node:child_process';

/**
 * Sees to it that a foreign program doesn't outlive this process, even when this one is killed: a shell waits for
 * the end of a pipe that only this process holds open, then ends the other.
 * @returns takes the precaution back, once the program was stopped in order
 */
export function endWithUs(pid: number): () => void {
  const watcher = spawn(
    '/bin/sh',
    ['-c', 'read -r word; [ "$word" = let-be ] || kill "$1"', 'end-with-us', String(pid)],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    },
  );
  watcher.unref();
  watcher.stdin.on('error', () => undefined);
  return () => watcher.stdin.end('let-be\n');
}
