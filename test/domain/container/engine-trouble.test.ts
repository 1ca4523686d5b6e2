import { describe, expect, it } from 'vitest';
import {
  adviceForEngine,
  engineTroubleOf,
  engineTroubles,
  isBeforeAsking,
  isBroken,
} from '../../../domain/container/engine-trouble.ts';

/** As Docker 20.10 and 28, three shells and the gate said it; the last is of Docker 29. */
const recorded = [
  [
    'away',
    1,
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    true,
  ],
  [
    'away',
    1,
    'error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/x/json": EOF',
    false,
  ],
  [
    'away',
    1,
    'Error response from daemon: dial unix /run/containerd/containerd.sock: connect: connection refused',
    false,
  ],
  [
    'denied',
    1,
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/containers/x/json": dial unix /var/run/docker.sock: connect: permission denied',
    true,
  ],
  [
    'denied',
    1,
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    true,
  ],
  ['missing', 127, 'sh: 1: docker: not found', true],
  ['missing', 127, 'bash: line 1: docker: command not found', true],
  ['missing', 127, 'autoheal-gate: docker is not installed on this host', true],
  ['refused', 126, 'autoheal-gate: refused (not-listed): no template of the list fits', true],
  [
    'away',
    1,
    'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running',
    true,
  ],
] as const;

describe('why Docker gave no answer', () => {
  it.each(recorded)('%s (exit code %i): %s', (trouble, exitCode, line, beforeAsking) => {
    // A login's files print around it, and before it.
    for (const stderr of [
      line,
      `Welcome to ollama-188!\n${line}\n`,
      `stty: not a terminal\n\n${line}\nbye`,
    ]) {
      expect(engineTroubleOf(exitCode, stderr)).toEqual({ trouble, words: line.slice(0, 300) });
      expect(isBeforeAsking(exitCode, stderr)).toBe(beforeAsking);
    }
  });

  it('has no words of its own where nothing was said', () => {
    expect(engineTroubleOf(1, ' \n')).toEqual({ trouble: 'away', words: 'it said nothing' });
  });

  it('tells a connection that broke at work from a refusal by Docker', () => {
    expect(isBroken('error during connect: Post "http://x/restart": read: connection reset by peer')).toBe(
      true,
    );
    expect(
      isBroken('Error response from daemon: Cannot restart container x: exec: "/bin/gone": no such file'),
    ).toBe(false);
  });

  it.each(engineTroubles)('%s has advice in English and in Chinese', (trouble) => {
    expect(adviceForEngine[trouble]['en']?.length).toBeGreaterThan(40);
    expect(adviceForEngine[trouble]['zh-TW']).toMatch(/\p{Script=Han}/u);
  });
});
