import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Writable } from 'node:stream';
import type { ContainerSpec, Fate } from './container-spec.ts';
import {
  byLab,
  dockerTime,
  neverTime,
  signalExitCode,
  type Cause,
  type ContainerView,
} from './container-view.ts';
import { HealthCheck } from './health-check.ts';
import type { LabEffect, Recorder } from './recorder.ts';

const program = fileURLToPath(new URL('programs/service.sh', import.meta.url));
const keptLogLines = 1000;
/** Docker begins its back-off anew once a container was up for so long. */
const goodStartMs = 10_000;

/** A container of the lab: a real process that is really stopped, killed and started. */
export class LabContainer {
  readonly id = randomBytes(32).toString('hex');
  readonly spec: ContainerSpec;
  readonly logs: { at: string; line: string }[] = [];
  readonly #recorder: Recorder;
  readonly #createdAt = dockerTime();
  #fate: Fate;
  #child: ChildProcess | undefined;
  #health: HealthCheck | undefined;
  #fateTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #startedAt = neverTime;
  #finishedAt = neverTime;
  #exitCode = 0;
  #oomKilled = false;
  #restartCount = 0;
  /** How often in a row its restart policy has had to bring it back before it was up for ten seconds. */
  #quickDeaths = 0;
  #paused = false;
  #connected = true;
  #refuses = false;
  /** Set while a person or docker wants it stopped: then its end is no reason to start it again. */
  #stopping = false;
  /** Operations on one container wait for each other, as they do in docker. */
  #operations: Promise<unknown> = Promise.resolve();

  constructor(spec: ContainerSpec, recorder: Recorder) {
    this.spec = spec;
    this.#fate = spec.fate ?? { kind: 'works' };
    this.#recorder = recorder;
  }

  view(): ContainerView {
    const status = this.#status();
    const running = status === 'running' || status === 'paused';
    return {
      id: this.id,
      name: this.spec.name,
      status,
      running: running || status === 'restarting',
      health: this.#health?.state ?? (this.spec.healthcheck === false ? 'none' : 'unhealthy'),
      pid: this.#child?.pid ?? 0,
      exitCode: running ? 0 : this.#exitCode,
      oomKilled: this.#oomKilled,
      createdAt: this.#createdAt,
      startedAt: this.#startedAt,
      finishedAt: this.#finishedAt,
      restartCount: this.#restartCount,
    };
  }

  /** Stops its process in its tracks (SIGSTOP): it runs, and answers nobody. Docker's restart cures it. */
  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Stops all of it without ending it, as `docker pause` does. */
  pause(): void {
    this.#paused = this.#child?.kill('SIGSTOP') === true;
    if (this.#paused) this.#health?.suspend();
  }

  unpause(): void {
    this.#child?.kill('SIGCONT');
    this.#paused = false;
    this.#health?.resume();
  }

  /** Off its network, as `docker network disconnect` does: it runs on, and nobody finds its name any more. */
  disconnect(): void {
    this.#connected = false;
  }

  connect(): void {
    this.#connected = true;
  }

  get isConnected(): boolean {
    return this.#connected;
  }

  /** Its program refuses its visitors, its own health check among them, or takes them again. */
  refuseVisitors(refuses: boolean): void {
    this.#refuses = refuses;
    this.#health?.setAnswers(!refuses);
  }

  /** Kills its process, as an operator or a crash would. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** How it does from its next start on. */
  setFate(fate: Fate): void {
    this.#fate = fate;
  }

  start(cause: Cause = byLab): Promise<void> {
    return this.#inTurn(() => {
      this.#forget();
      this.#start(cause);
    });
  }

  /** SIGTERM, and SIGKILL when it still runs after `timeoutSec`. */
  stop(timeoutSec: number, cause: Cause = byLab): Promise<void> {
    return this.#inTurn(() => this.#stop(timeoutSec, cause));
  }

  restart(timeoutSec: number, cause: Cause = byLab): Promise<void> {
    return this.#inTurn(async () => {
      this.#record('restart', cause);
      await this.#stop(timeoutSec, cause);
      this.#forget();
      this.#start(cause);
    });
  }

  /** A start by hand begins docker's count anew, and clears its memory flag. */
  #forget(): void {
    if (this.#child) return;
    this.#restartCount = 0;
    this.#quickDeaths = 0;
    this.#oomKilled = false;
  }

  #status(): ContainerView['status'] {
    if (this.#child) return this.#paused ? 'paused' : 'running';
    if (this.#restartTimer) return 'restarting';
    return this.#startedAt === neverTime ? 'created' : 'exited';
  }

  #inTurn(operation: () => Promise<void> | void): Promise<void> {
    const turn = this.#operations.then(operation);
    this.#operations = turn.catch(() => undefined);
    return turn;
  }

  #start(cause: Cause): void {
    if (this.#child) return;
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
    this.#stopping = false;
    const child = spawn('/bin/sh', [program, this.spec.name, this.#fate.kind], {
      env: { PATH: '/usr/bin:/bin', ...this.spec.environment },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#startedAt = dockerTime();
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#log(chunk));
    child.stderr?.on('data', (chunk: Buffer) => this.#log(chunk));
    if (this.spec.healthcheck !== false) {
      this.#health = new HealthCheck(() => void child.stdin?.write('ping\n'));
      this.#health.setAnswers(!this.#refuses);
      child.stdio[3]?.on('data', () => this.#health?.answered());
    }
    this.#record('start', cause);
    child.once('exit', (code, signal) => this.#ended(child, code ?? signalExitCode(signal)));
    this.#meetFate(child.stdin);
  }

  #meetFate(stdin: Writable | null): void {
    const fate = this.#fate;
    if (fate.kind === 'dies-after-start') {
      this.#fateTimer = setTimeout(() => stdin?.write(`die ${fate.exitCode ?? 1}\n`), fate.afterMs);
    } else if (fate.kind === 'oom-after-start') {
      this.#fateTimer = setTimeout(() => {
        this.#oomKilled = true;
        this.kill();
      }, fate.afterMs);
    }
  }

  async #stop(timeoutSec: number, cause: Cause): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#restartTimer = undefined;
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    if (this.#paused) this.unpause();
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), timeoutSec * 1000);
    await ended;
    clearTimeout(killer);
    this.#record('stop', cause);
  }

  #ended(child: ChildProcess, exitCode: number): void {
    if (this.#child !== child) return;
    clearTimeout(this.#fateTimer);
    this.#health?.end();
    this.#health = undefined;
    this.#child = undefined;
    this.#finishedAt = dockerTime();
    this.#exitCode = exitCode;
    this.#paused = false;
    if (this.#stopping) return;
    this.#record('die', { by: 'itself', commandId: null });
    if (!this.#shouldRestart(exitCode)) return;
    const upMs = Date.parse(this.#finishedAt) - Date.parse(this.#startedAt);
    this.#quickDeaths = upMs >= goodStartMs ? 0 : this.#quickDeaths;
    const pauseMs = Math.min(60_000, 100 * 2 ** this.#quickDeaths++); // docker's own back-off
    this.#restartCount++;
    this.#restartTimer = setTimeout(() => {
      this.#start({ by: 'restart policy', commandId: null });
    }, pauseMs);
  }

  #shouldRestart(exitCode: number): boolean {
    const [name, most] = (this.spec.restartPolicy ?? 'no').split(':');
    if (name === 'always' || name === 'unless-stopped') return true;
    const left = most === undefined || this.#restartCount < Number(most);
    return name === 'on-failure' && exitCode !== 0 && left;
  }

  #record(effect: LabEffect['effect'], { by, commandId }: Cause): void {
    this.#recorder.add({
      kind: 'effect',
      effect,
      container: this.spec.name,
      containerId: this.id,
      by,
      commandId,
    });
  }

  #log(chunk: Buffer): void {
    const at = dockerTime();
    for (const line of chunk.toString('utf8').split('\n')) if (line !== '') this.logs.push({ at, line });
    this.logs.splice(0, this.logs.length - keptLogLines);
  }
}
