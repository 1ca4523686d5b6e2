import type { Container } from './container.ts';

/**
 * What a container's state means, from everything that `docker inspect` tells (loop.md, Verification):
 * - `well`: it runs, and its health check, where it has one, says so;
 * - `starting`: it runs inside its own start period, retries and interval: to be waited for, never restarted;
 * - `ill`: it should run and doesn't, or runs and fails its check: a restart may help;
 * - `finished`: it has done its work (exit code 0) and nothing is meant to bring it back;
 * - `held`: a person has paused, stopped or removed it: told, never touched;
 * - `unknown`: the description contradicts itself or names a state that Docker doesn't have: nothing is done on it.
 */
export type Condition = 'well' | 'starting' | 'ill' | 'finished' | 'held' | 'unknown';

export interface Judgement {
  is: Condition;
  /** In words for people: how it stands, and what that is known by. */
  why: string;
}

/** What the estate says of the target beyond what Docker knows. */
export interface Expectation {
  /** It should always run: its end is a failure, whatever the exit code. */
  service: boolean;
}

/** The one judge of a container's state. Pure: it goes by one look, and compares no clocks. */
export function judge(container: Container, { service }: Expectation = { service: false }): Judgement {
  const odd = contradiction(container);
  if (odd !== null) return { is: 'unknown', why: odd };
  switch (container.status) {
    case 'running':
      return judgeHealth(container);
    case 'paused':
      return { is: 'held', why: 'it is paused: somebody holds it, and `docker unpause` lets it go on' };
    case 'restarting':
      return {
        is: 'ill',
        why: `Docker keeps restarting it: it ${end(container)}, ${container.restartCount} restart(s) so far`,
      };
    case 'removing':
      return { is: 'held', why: 'it is being removed: somebody wants it gone' };
    case 'dead':
      return { is: 'ill', why: 'it is dead: Docker could not remove it, and can not start it either' };
    case 'created':
      return {
        is: 'ill',
        why: said('it was created and never started', container.error),
      };
    case 'exited':
      return judgeExited(container, service);
    default:
      return {
        is: 'unknown',
        why: `Docker calls it "${container.status}", a state that AutoHeal doesn't know`,
      };
  }
}

function judgeHealth({ health, healthCheck, healthOutput }: Container): Judgement {
  switch (health) {
    case 'healthy':
      return { is: 'well', why: 'it runs, and its health check says healthy' };
    case 'none':
      if (healthCheck !== null) return { is: 'starting', why: 'it runs, and its health check has not begun' };
      return { is: 'well', why: 'it runs; it has no health check' };
    case 'starting':
      return { is: 'starting', why: 'it runs, and its health check has not decided yet' };
    case 'unhealthy':
      return { is: 'ill', why: said('it runs, and its health check fails', healthOutput) };
  }
}

function judgeExited(container: Container, service: boolean): Judgement {
  const { error, exitCode, restartPolicy, restartCount, healthCheck, publishesPorts } = container;
  const ended = `it ${end(container)}`;
  if (error !== '') return { is: 'ill', why: said('Docker could not start it', error) };
  if (wouldBringBack(container)) {
    return {
      is: 'held',
      why: `${ended}, and its restart policy (${restartPolicy.name}) would have brought it back: a person stopped it`,
    };
  }
  if (exitCode !== 0) {
    const spent = restartPolicy.name === 'on-failure' ? `; its ${restartCount} restart(s) are spent` : '';
    return { is: 'ill', why: `${ended}${spent}` };
  }
  if (service) return { is: 'ill', why: `${ended}, and the estate calls it a service: it should always run` };
  if (healthCheck !== null) return { is: 'ill', why: `${ended}, and it has a health check: it should run` };
  if (publishesPorts) return { is: 'ill', why: `${ended}, and it publishes ports: it should run` };
  return { is: 'finished', why: `${ended} and nothing is meant to start it again: it has done its work` };
}

/** Whether Docker itself would have started it again after this end, had nobody stopped it. */
function wouldBringBack({ restartPolicy, restartCount, exitCode }: Container): boolean {
  switch (restartPolicy.name) {
    case 'always':
    case 'unless-stopped':
      return true;
    case 'on-failure':
      return exitCode !== 0 && (restartPolicy.maxRetries === 0 || restartCount < restartPolicy.maxRetries);
    default:
      return false;
  }
}

/** How its last run ended. 137 alone is a kill by anybody; only Docker's own flag tells of memory. */
function end({ exitCode, oomKilled }: Container): string {
  if (oomKilled) return `was killed for want of memory (exit code ${exitCode})`;
  if (exitCode === 137) return 'was killed (exit code 137, by SIGKILL; Docker saw no lack of memory)';
  if (exitCode === 143) return 'was stopped (exit code 143, by SIGTERM)';
  return `exited (exit code ${exitCode})`;
}

const said = (what: string, words: string): string => (words === '' ? what : `${what}: ${words}`);

/** Flags that don't go with the state: half an answer, or one of an engine that AutoHeal doesn't know. */
function contradiction({ status, running, paused, restarting, dead }: Container): string | null {
  const runs = ['running', 'paused', 'restarting'].includes(status);
  const fits =
    running === runs &&
    paused === (status === 'paused') &&
    restarting === (status === 'restarting') &&
    (!dead || status === 'dead' || status === 'removing');
  if (fits || !known.has(status)) return null;
  const flags = Object.entries({ running, paused, restarting, dead }).filter(([, is]) => is);
  return `Docker's answer contradicts itself: state ${status}, but ${flags.map(([name]) => name).join(', ') || 'nothing'} is set`;
}

const known = new Set(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']);
