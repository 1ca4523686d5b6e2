import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * What a real `sh` takes each line for: its words, or null where it would do anything else than call one program
 * with them. The shell has no programs to find and an empty folder to stand in.
 */
export function parseByShell(lines: readonly string[]): (string[] | null)[] {
  const dir = mkdtempSync(join(tmpdir(), 'oracle-'));
  try {
    return parse(lines, dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const end = '\u001e';

function parse(lines: readonly string[], cwd: string): (string[] | null)[] {
  // A NUL cannot be handed to a shell at all, so such a line is certainly not what it seems.
  const script = lines.map((line) =>
    line.includes('\0') ? `printf '?${end}'` : `set -- ${line}\nprintf '%s\\0' "$#" "$@"; printf '${end}'`,
  );
  const { stdout } = spawnSync('/bin/sh', ['-s'], {
    cwd,
    env: { PATH: '/nonexistent', HOME: '/home/someone' },
    input: script.join('\n') + '\n',
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const answers = stdout.split(end).slice(0, -1);
  // A line that ends the shell, or swallows the next, leaves fewer answers: halve until it stands alone.
  if (answers.length !== lines.length) {
    if (lines.length === 1) return [null];
    const middle = lines.length >> 1;
    return [...parse(lines.slice(0, middle), cwd), ...parse(lines.slice(middle), cwd)];
  }
  return answers.map((answer) => {
    const [count, ...words] = answer.split('\0').slice(0, -1);
    return count === String(words.length) ? words : null;
  });
}
