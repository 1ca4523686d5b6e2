import type { Container } from '../../domain/container/container.ts';
import type { Mention } from '../../domain/container/mentions.ts';
import { described } from '../../domain/container/docker-inspect.ts';
import {
  adviceForEngine,
  engineTroubleOf,
  type EngineTrouble,
} from '../../domain/container/engine-trouble.ts';
import { inspectedIn } from '../../domain/policy/answer-shape.ts';
import type { RemoteResult } from '../../domain/policy/remote.ts';
import type { SshLayer } from '../gateways/ssh/layer.ts';

export type RemoteFailure = Extract<RemoteResult, { kind: 'failed' }> & {
  /** What is wrong with Docker there; absent where the host itself could not be asked. */
  trouble?: EngineTrouble;
};

export type LookUp =
  | {
      kind: 'found';
      container: Container;
      /** What it depends on, by its own description. */
      mentions: Mention[];
      durationMs: number;
    }
  | { kind: 'none'; durationMs: number }
  | { kind: 'several'; ids: string[]; durationMs: number }
  | { kind: 'failed'; result: RemoteFailure };

export interface LookUpRequest {
  host: string;
  /** A container's exact name, or its full id of 64 hex digits. */
  name: string;
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Many are looked up at once: each waits for its session's end, so that no more are open than the host takes. */
  oneOfMany?: boolean;
}

/**
 * Finds one container by its exact name or full id. Docker itself would also take the beginning of an id, so that
 * a name can mean another container than the one it reads like: what was found has to be what was asked for.
 */
export async function lookUpContainer(ssh: SshLayer, request: LookUpRequest): Promise<LookUp> {
  const { host, name, timeoutMs = 15_000, signal, oneOfMany = false } = request;
  const result = await ssh.run({
    host,
    argv: ['docker', 'container', 'inspect', name],
    timeoutMs,
    // An inspect entry has 5 to 20 KiB; one that was cut could not be read.
    maxOutputBytes: 1_048_576,
    ...(oneOfMany ? {} : { isWhole: describesOne }),
    ...(signal ? { signal } : {}),
  });
  if (result.kind === 'failed') return { kind: 'failed', result: asked(result, host) };
  const { durationMs } = result;
  if (result.exitCode !== 0) {
    if (/no such (container|object)/i.test(result.stderr)) return { kind: 'none', durationMs };
    if (/multiple ids found/i.test(result.stderr)) return { kind: 'several', ids: [name], durationMs };
    return { kind: 'failed', result: dockerFailure(host, result.stderr, result.exitCode, durationMs) };
  }
  let containers: { container: Container; mentions: Mention[] }[];
  try {
    containers = described(JSON.stringify(inspectedIn(result.stdout)));
  } catch {
    return { kind: 'failed', result: unreadable(host, durationMs) };
  }
  const exact = containers.filter(({ container }) => container.name === name || container.id === name);
  const [first] = exact;
  if (first && exact.length === 1) return { kind: 'found', ...first, durationMs };
  if (containers.length === 0) return { kind: 'none', durationMs };
  return { kind: 'several', ids: containers.map(({ container }) => container.id), durationMs };
}

/** Docker prints `[]` and its complaint where it finds nothing: only a list with something in it is an answer. */
function describesOne(stdout: string): boolean {
  return stdout.endsWith(']') && (inspectedIn(stdout)?.length ?? 0) > 0;
}

/** Docker, or the host's gate, gave another answer than a container: nothing is known about the container then. */
export function dockerFailure(
  host: string,
  stderr: string,
  exitCode: number,
  durationMs: number,
): RemoteFailure {
  const { trouble, words } = engineTroubleOf(exitCode, stderr);
  return failure(trouble, `docker on ${host} gave no answer (exit code ${exitCode}): ${words}`, durationMs);
}

/** A question that the host took and never answered is Docker's silence, not the network's. */
function asked(result: RemoteFailure, host: string): RemoteFailure {
  if (result.reason !== 'timed_out' || !result.maybeRan) return result;
  const seconds = Math.round(result.durationMs / 1000);
  return failure(
    'silent',
    `docker on ${host} took the question and gave no answer within ${seconds} s`,
    result.durationMs,
  );
}

const unreadable = (host: string, durationMs: number): RemoteFailure =>
  failure(
    'unreadable',
    `docker on ${host} answered something that is not a container's description, or only a part of one`,
    durationMs,
  );

const failure = (trouble: EngineTrouble, message: string, durationMs: number): RemoteFailure => ({
  kind: 'failed',
  trouble,
  reason: trouble === 'refused' ? 'argument_refused' : 'target_unreachable',
  message,
  advice: adviceForEngine[trouble]['en'] ?? '',
  maybeRan: false,
  durationMs,
});
