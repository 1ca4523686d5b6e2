import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspectJson, type ContainerTraits } from './containers.ts';

/** The gate as sshd would run it, on a host whose programs only write down what they were called with. */
export interface GateHost {
  /** Runs the gate for one command line; `argv` are the words that each stand-in was called with. */
  ask(commandLine: string | undefined, how?: How): GateAnswer;
  /** What the gate decides about each line, without running anything. */
  check(lines: readonly string[]): Promise<string[]>;
  /** What the gate says of each line as a fixed command, whether its file lists it or not. */
  checkFixed(lines: readonly string[]): Promise<string[]>;
  selfTest(): GateAnswer;
  /** The one container that this host's docker knows. */
  setContainer(traits: ContainerTraits): void;
  setProtected(text: string): void;
  setCommands(text: string): void;
  syslog(): string[];
  /** Where a stand-in lies. */
  path(program: string): string;
  close(): void;
}

/** Another shell than `sh`, and what a peer adds to the environment. */
interface How {
  shell?: readonly string[];
  functions?: Readonly<Record<string, string>>;
}

interface GateAnswer {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  called: string[][];
}

const gatePath = resolve('deploy/host-gate/autoheal-gate');
const standIns = [
  ...['docker', 'df', 'free', 'uptime', 'date', 'nproc', 'uname', 'getent', 'ss', 'systemctl', 'journalctl'],
  ...['pg_isready', 'logger', 'fix'],
];

/** A stand-in notes its words, each ended by a unit separator, and answers what its docker would know. */
const standIn = `#!/bin/sh
name=\${0##*/}
[ "$name" = logger ] && { printf '%s\\n' "$*" >>"$GATE_TEST_DIR/syslog"; exit 0; }
{ printf '%s\\037' "$name" "$@"; printf '\\036'; } >>"$GATE_TEST_DIR/called"
case "$name \${1-} \${2-}" in
  'docker container inspect') [ -z "\${4-}" ] && cat "$GATE_TEST_DIR/container.json" ;;
  'docker logs '*) yes 'a long line of a log that has no end' | head -c 500000 ;;
  'docker top '*) echo out; echo err >&2; exit 7 ;;
  *) echo "$name ran" ;;
esac
`;

export function startGateHost(): GateHost {
  const dir = mkdtempSync(join(tmpdir(), 'gate-'));
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  for (const name of standIns) {
    writeFileSync(join(bin, name), standIn);
    chmodSync(join(bin, name), 0o755);
  }
  const file = (name: string) => join(dir, name);
  writeFileSync(file('protected'), '');
  const commands = file('commands');
  const gateArguments = [gatePath, '--protected', file('protected'), '--commands', commands];
  const env = {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    GATE_TEST_DIR: dir,
    SSH_CONNECTION: '192.0.2.110 1 2 3',
  };
  const read = (name: string) => {
    try {
      return readFileSync(file(name), 'utf8');
    } catch {
      return '';
    }
  };
  const run = (extra: string[], commandLine: string | undefined, how: How = {}): GateAnswer => {
    writeFileSync(file('called'), '');
    const [shell = 'sh', ...options] = how.shell ?? [];
    const { status, stdout, stderr } = spawnSync(shell, [...options, ...gateArguments, ...extra], {
      env: {
        ...env,
        ...how.functions,
        ...(commandLine === undefined ? {} : { SSH_ORIGINAL_COMMAND: commandLine }),
      },
      encoding: 'utf8',
      timeout: 60_000,
    });
    const called = read('called')
      .split('\u001e')
      .filter((entry) => entry !== '');
    return {
      exitCode: status,
      stdout,
      stderr,
      called: called.map((entry) => entry.split('\u001f').slice(0, -1)),
    };
  };
  return {
    ask: (commandLine, how) => run([], commandLine, how),
    selfTest: () => run(['--self-test'], undefined),
    check: (lines) => checkLines([...gateArguments, '--check'], env, lines),
    checkFixed: (lines) => checkLines([...gateArguments, '--check-fixed'], env, lines),
    path: (program) => join(bin, program),
    setContainer: (traits) => writeFileSync(file('container.json'), inspectJson(traits)),
    setProtected: (text) => writeFileSync(file('protected'), text),
    setCommands: (text) => writeFileSync(commands, text),
    syslog: () => read('syslog').split('\n').slice(0, -1),
    close: () => rmSync(dir, { recursive: true }),
  };
}

async function checkLines(
  args: string[],
  env: NodeJS.ProcessEnv,
  lines: readonly string[],
): Promise<string[]> {
  const gate = spawn('sh', args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  gate.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  gate.stdin.end(lines.map((line) => `${line}\n`).join(''));
  await new Promise((done) => gate.on('close', done));
  return Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
}
