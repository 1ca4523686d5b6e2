/**
 * What the answers of the allowlist's commands look like. A login shell's files may print before a command, and a
 * host may have a greeting: what was asked is recognised by the answer's own shape, and the rest is cut. What runs
 * on the host stays the allowlist's line.
 */
interface AnswerShape {
  /** The first line of the answer. */
  begins: RegExp;
  /** The answer is one line: what was printed before may look like it. */
  oneLine?: true;
  /** Exit codes that are answers too: "no" is one. */
  saysNo?: readonly number[];
}

const shapes: readonly (readonly [RegExp, AnswerShape])[] = [
  [/^docker ps .*-q\b/, { begins: /^[0-9a-f]{12,64}$/ }],
  [/^docker (?:ps|stats)\b/, { begins: /^CONTAINER ID\s/ }],
  [/^docker (?:container |network )?inspect /, { begins: /^\[(?:\])?$/ }],
  [/^docker top /, { begins: /^(?:UID|PID|USER)\s/ }],
  [/^docker port /, { begins: /^\d{1,5}\/\w+ -> / }],
  [/^docker network ls/, { begins: /^NETWORK ID\s/ }],
  [/^docker volume ls/, { begins: /^DRIVER\s/ }],
  [/^docker image ls/, { begins: /^(?:REPOSITORY|IMAGE)\s/ }],
  [/^docker system df/, { begins: /^TYPE\s+TOTAL/ }],
  [/^docker version/, { begins: /^Client:/ }],
  [/^docker restart /, { begins: /^[0-9a-f]{64}$/, oneLine: true }],
  [/^df /, { begins: /^Filesystem\s/ }],
  [/^free /, { begins: /^\s*total\s+used/ }],
  [/^uptime/, { begins: /\bup\b.*\bload averages?:/, oneLine: true }],
  [/^date -u/, { begins: /\b\d\d:\d\d:\d\d\b.*\b\d{4}\b|\b\d{4}\b.*\b\d\d:\d\d:\d\d\b/, oneLine: true }],
  [/^nproc/, { begins: /^\d+$/, oneLine: true }],
  [/^uname -r/, { begins: /^\d+\.\d+\S*$/, oneLine: true }],
  [/^getent hosts /, { begins: /^[0-9a-fA-F.:]+\s+\S/, saysNo: [2] }],
  [/^ss -ltn/, { begins: /^State\s/ }],
  [/^ss -s/, { begins: /^Total:/ }],
  [
    /^systemctl status /,
    { begins: /^(?:[●○×↻*] )?\S+\.\w+(?: - |$)|^Unit \S+ could not be found/u, saysNo: [3, 4] },
  ],
  [
    /^systemctl is-active /,
    {
      begins: /^(?:active|reloading|inactive|failed|activating|deactivating|unknown|maintenance|refreshing)$/,
      oneLine: true,
      saysNo: [3, 4],
    },
  ],
  [/^journalctl /, { begins: /^-- |^[A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d / }],
  [
    /^pg_isready /,
    { begins: / - (?:accepting connections|rejecting connections|no response|no attempt)/, saysNo: [1, 2] },
  ],
  [/^autoheal-gate-probe/, { begins: /^autoheal-gate \d+ in force$/, oneLine: true }],
];

const shapeOf = (commandLine: string): AnswerShape | undefined =>
  shapes.find(([command]) => command.test(commandLine))?.[1];

/** Whether this exit code is an answer to this command, and no failure to run it. */
export const isAnswer = (commandLine: string, exitCode: number): boolean =>
  exitCode === 0 || shapeOf(commandLine)?.saysNo?.includes(exitCode) === true;

/**
 * Cuts what was printed before the answer. Where nothing looks like the answer, all of it is kept: a person reads it.
 * @returns the answer, and what came before it (empty mostly)
 */
export function answerIn(commandLine: string, stdout: string): { answer: string; noise: string } {
  const shape = shapeOf(commandLine);
  const lines = stdout.split('\n');
  const isIt = (line: string): boolean => shape?.begins.test(line.trimEnd()) === true;
  const at = shape?.oneLine === true ? lines.findLastIndex(isIt) : lines.findIndex(isIt);
  if (at <= 0) return { answer: stdout, noise: '' };
  return { answer: lines.slice(at).join('\n'), noise: lines.slice(0, at).join('\n') };
}

/**
 * The list in what `docker inspect` printed, with lines before or behind it that are not its own; undefined where
 * there is none, or half of one.
 */
export function inspectedIn(stdout: string): unknown[] | undefined {
  const lines = stdout.split('\n').map((line) => line.trimEnd());
  const ends = lines.flatMap((line, at) => (line === ']' || line === '[]' ? [at] : [])).reverse();
  for (const [at, line] of lines.entries()) {
    if (line !== '[' && line !== '[]') continue;
    for (const end of line === '[]' ? [at] : ends.slice(0, mostEnds)) {
      if (end < at) continue;
      const list = listOf(lines.slice(at, end + 1).join('\n'));
      if (list !== undefined) return list;
    }
  }
  return listOf(stdout);
}

/** Docker's own list ends once; a greeting that draws brackets is not tried for ever. */
const mostEnds = 3;

function listOf(text: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
