import { openSsh, type SshLayer } from '../../activities/gateways/ssh/layer.ts';
import type { Estate } from '../../domain/estate.ts';
import { gateProbeArgv, gateRefusedExitCode, isGateAnswer } from '../../domain/policy/gate-probe.ts';
import type { RemoteResult } from '../../domain/policy/remote.ts';
import { checkDocker } from './check-docker.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** On no list, and harmless where nothing stops it. */
const unlistedArgv = ['id', '-un'];

/** Every host by the same way that heals take: key, known_hosts, each hop, login, and the gate where there is one. */
export async function checkHosts(options: {
  estate: Estate;
  estateDir: string;
  home: string;
}): Promise<Finding[]> {
  const { estate } = options;
  let ssh: SshLayer;
  try {
    ssh = openSsh(options);
  } catch (error) {
    return [fail('ssh', error instanceof Error ? error.message : String(error), 'Correct the estate file.')];
  }
  const jumps = new Set(Object.values(estate.hosts).flatMap(({ jump }) => jump ?? []));
  const inUse = new Set([
    ...Object.values(estate.targets).map(({ host }) => host),
    ...Object.values(estate.tasks).flatMap(({ host }) => host ?? []),
  ]);
  // A host that is only passed through may allow nothing else; logins behind it prove that it works.
  const names = Object.keys(estate.hosts).filter((name) => inUse.has(name) || !jumps.has(name));
  try {
    return (await Promise.all(names.map((name) => checkHost(ssh, name, estate)))).flat();
  } finally {
    await ssh.close();
  }
}

async function checkHost(ssh: SshLayer, name: string, estate: Estate): Promise<Finding[]> {
  const host = estate.hosts[name];
  const part = `host ${name}`;
  const login = await ssh.check(name);
  if (login.kind === 'failed') return [fail(part, login.message, login.advice)];
  const way = host?.jump === undefined ? '' : ` by way of ${host.jump}`;
  const found = [ok(part, `logged in as ${host?.user ?? ''}${way} in ${login.durationMs} ms`)];
  if (host?.gate === true) found.push(await checkGate(ssh, name));
  else {
    const advice =
      'Install deploy/host-gate there and set gate: true, so that a stolen key can do no more than AutoHeal may.';
    found.push(warn(`gate ${name}`, 'this host checks no command by itself', advice));
  }
  return [...found, ...(await checkDocker(ssh, name, estate))];
}

async function checkGate(ssh: SshLayer, host: string): Promise<Finding> {
  const part = `gate ${host}`;
  const advice =
    'Install it with deploy/host-gate/install.sh; the key must have no other line in authorized_keys.';
  const run = (argv: readonly string[]): Promise<RemoteResult> => ssh.run({ host, argv, timeoutMs: 20_000 });
  const answer = await run(gateProbeArgv);
  if (answer.kind === 'failed') return fail(part, answer.message, answer.advice);
  if (!isGateAnswer(answer.stdout)) return fail(part, 'the gate does not answer: it is not in force', advice);
  const unlisted = await run(unlistedArgv);
  if (unlisted.kind === 'done' && unlisted.exitCode === gateRefusedExitCode)
    return ok(part, 'in force: it refuses what is not on its list');
  return fail(part, 'it answers, and yet a command that is not on its list went through', advice);
}
