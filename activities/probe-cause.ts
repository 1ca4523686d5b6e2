import { matchCommand } from '../domain/policy/command.ts';
import type { Probe } from '../domain/container/probe.ts';
import { lookUpContainer } from './containers/look-up-container.ts';
import type { SshLayer } from './gateways/ssh/layer.ts';
import { openPort, resolveName } from './gateways/probe/network.ts';
import { askHttp } from './gateways/probe/http.ts';

export interface ProbeDeps {
  ssh: SshLayer;
}

export interface ProbeInput {
  probe: Probe;
  /** Where the failing program runs: names and databases are looked at from there. Null: from the worker. */
  host: string | null;
  container: string | null;
  /** What classification captured from the report. */
  facts: Record<string, string>;
}

export type Probed = { gone: boolean; detail: string; durationMs: number };

const probeTimeoutMs = 5000;

/** Looks whether the cause of a wait is gone: read-only, never throws, "no" whenever it can't tell. */
export function createProbeCause(deps: ProbeDeps) {
  return async (input: ProbeInput): Promise<Probed> => {
    const begunMs = Date.now();
    const { gone, detail } = await look(deps, input);
    return { gone, detail, durationMs: Date.now() - begunMs };
  };
}

async function look(
  deps: ProbeDeps,
  { probe, host, container, facts }: ProbeInput,
): Promise<Omit<Probed, 'durationMs'>> {
  switch (probe.kind) {
    case 'resolve': {
      const name = probe.name ?? facts['name'] ?? facts['host'];
      if (name === undefined) return unknown('which name to resolve');
      if (host === null) return resolveName(name, probeTimeoutMs);
      return remotely(
        deps,
        host,
        ['getent', 'hosts', name],
        `${name} resolves on ${host}`,
        `${name} does not resolve on ${host}`,
      );
    }
    case 'database': {
      const name = probe.host ?? facts['host'] ?? facts['name'];
      if (name === undefined) return unknown('which database to ask');
      const port = String(probe.port ?? facts['port'] ?? 5432);
      if (host === null) return openPort(name, Number(port), probeTimeoutMs);
      const argv = ['pg_isready', '-h', name, '-p', port];
      return remotely(
        deps,
        host,
        argv,
        `${name}:${port} accepts connections`,
        `${name}:${port} does not accept connections`,
      );
    }
    case 'port': {
      const name = probe.host ?? facts['host'] ?? facts['name'];
      const port = probe.port ?? Number(facts['port']);
      if (name === undefined || !(port > 0)) return unknown('which port to open');
      return openPort(name, port, probeTimeoutMs);
    }
    case 'http': {
      const url = probe.url ?? facts['url'];
      if (url === undefined) return unknown('which address to ask');
      return askHttp(url, probe.expectStatus, probeTimeoutMs);
    }
    case 'container': {
      if (host === null || container === null) return unknown('which container to look at');
      const seen = await lookUpContainer(deps.ssh, { host, name: container });
      if (seen.kind !== 'found') return { gone: false, detail: `${container} is not to be seen on ${host}` };
      const { running, health, status } = seen.container;
      return {
        gone: running && health !== 'unhealthy' && health !== 'starting',
        detail: `${container} is ${status}, health ${health}`,
      };
    }
  }
}

async function remotely(
  deps: ProbeDeps,
  host: string,
  argv: string[],
  yes: string,
  no: string,
): Promise<Omit<Probed, 'durationMs'>> {
  // A probe's words come from a playbook's row or a report: they have to be a command of the allowlist too.
  const allowed = matchCommand(argv);
  if (!allowed.ok) return { gone: false, detail: `it can't be probed: ${allowed.reason}` };
  const result = await deps.ssh.run({ host, argv, timeoutMs: probeTimeoutMs, maxOutputBytes: 4096 });
  if (result.kind === 'failed') return { gone: false, detail: result.message };
  return result.exitCode === 0 ? { gone: true, detail: yes } : { gone: false, detail: no };
}

const unknown = (what: string): Omit<Probed, 'durationMs'> => ({
  gone: false,
  detail: `the report doesn't say ${what}`,
});
