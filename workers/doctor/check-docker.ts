import { dockerFailure } from '../../activities/containers/look-up-container.ts';
import type { SshLayer } from '../../activities/gateways/ssh/layer.ts';
import { lookAt } from '../../activities/look-at-container.ts';
import type { Estate } from '../../domain/estate.ts';
import { answerIn } from '../../domain/policy/answer-shape.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const argv = ['docker', 'version'];

/** The way of a heal, up to the look: Docker's program, its engine, the right to use it, and each target of the host. */
export async function checkDocker(ssh: SshLayer, host: string, estate: Estate): Promise<Finding[]> {
  const targets = Object.entries(estate.targets).filter(([, target]) => target.host === host);
  if (targets.length === 0) return [];
  const part = `docker ${host}`;
  const answer = await ssh.run({ host, argv, timeoutMs: 15_000 });
  if (answer.kind === 'failed') return [fail(part, answer.message, answer.advice)];
  const { exitCode, stdout, stderr, durationMs } = answer;
  if (exitCode !== 0) {
    const { message, advice } = dockerFailure(host, stderr, exitCode, durationMs);
    return [fail(part, message, advice)];
  }
  const found = [ok(part, `answers in ${durationMs} ms`)];
  const { noise } = answerIn(argv.join(' '), stdout);
  if (noise !== '') {
    const first = noise.trim().split('\n')[0]?.slice(0, 80) ?? '';
    const advice = 'AutoHeal reads past it. Begin ~/.bashrc there with: case $- in *i*) ;; *) return ;; esac';
    found.push(warn(part, `a login without a terminal prints before the answer: ${first}`, advice));
  }
  const looked = targets.map(([key, target]) => checkTarget(ssh, host, estate, key, target.container ?? key));
  return [...found, ...(await Promise.all(looked))];
}

async function checkTarget(
  ssh: SshLayer,
  host: string,
  estate: Estate,
  key: string,
  container: string,
): Promise<Finding> {
  const part = `target ${key}`;
  const seen = await lookAt({ estate, ssh }, { host, container });
  switch (seen.kind) {
    case 'found':
      return ok(part, `${seen.container.name} on ${host}: ${seen.judgement.why}`);
    case 'protected':
      return ok(part, `on ${host}: ${seen.reason}`);
    case 'refused':
      return fail(part, seen.reason, seen.wayForward);
    case 'unreachable':
      return fail(part, seen.reason, seen.advice);
  }
}
