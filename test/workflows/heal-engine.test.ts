import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealStatus } from '../../workflows/messages.ts';
import { hang, kindOf, openHealWorld, unhealthy, until, type HealWorld } from './heal-world.ts';

/**
 * Docker on the host misbehaves, container by container: its program stands behind one that fails as the real one
 * was seen to fail (test/domain/container/engine-trouble.test.ts has its words).
 */
const misbehaving = `case "$*" in
  *app-noisy* | *"$NOISY"*) echo 'Welcome to ollama-188!'; echo '[motd] 3 updates'; echo 'stty: not a terminal' >&2 ;;
esac
case "$*" in
  *app-away*)
    if [ ! -e "$DIR/away" ]; then date +%s > "$DIR/away"; fi
    if [ $(($(date +%s) - $(cat "$DIR/away"))) -lt 8 ]; then
      echo '[]'
      echo 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?' >&2
      exit 1
    fi ;;
  *app-silent*)
    if [ ! -e "$DIR/silent" ]; then : > "$DIR/silent"; exec sleep 60; fi ;;
  *app-denied*)
    echo '[]'
    echo 'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock' >&2
    exit 1 ;;
  *app-missing*) exec no-such-docker ;;
  *app-half*) echo '['; echo '    {'; echo '        "Id": "'; exit 0 ;;
esac
`;
const names = ['app-noisy', 'app-away', 'app-silent', 'app-denied', 'app-missing', 'app-half'];

let world: HealWorld;
beforeAll(async () => {
  world = await openHealWorld(
    [
      ...names,
      { name: 'momo-report-1', image: 'momo/report:1', service: 'report' },
      { name: 'momo-scaled-1', image: 'momo/scaled:1', service: 'scaled' },
      { name: 'momo-scaled-2', image: 'momo/scaled:1', service: 'scaled' },
      { name: 'own-name', image: 'momo/named:1', service: 'named' },
      {
        name: 'momo-named-run-1',
        image: 'momo/named:1',
        service: 'named',
        labels: { 'com.docker.compose.oneoff': 'True' },
      },
    ],
    {
      targets: Object.fromEntries(
        [...names, 'report', 'scaled', 'named', 'nowhere'].map((name) => [name, { host: 'ollama-188' }]),
      ),
    },
  );
  const file = join(dirname(world.lab.estate.programs['uptime'] ?? ''), 'docker');
  const [first = '', ...rest] = (await readFile(file, 'utf8')).split('\n');
  const own = `DIR='${world.lab.dir}' NOISY=${world.lab.container('app-noisy').id}`;
  await writeFile(file, [first, own, misbehaving, ...rest].join('\n'));
});
afterAll(() => world.close());

describe.concurrent('a Docker that gives no answer costs no attempt', () => {
  it.each(['app-away', 'app-silent'])(
    '%s: it is waited for, and the heal goes on when it is back',
    async (name) => {
      await hang(world, name);
      const result = await world.heal(unhealthy(name));
      expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
      expect(world.restartsOf(name)).toBe(1);
      const { logs } = await world.tracesOf(result.incidentId);
      expect(logs.map((log) => log.result)).toEqual(['success']);
    },
  );

  it.each([
    ['app-denied', /permission denied/, /usermod -aG docker/],
    ['app-missing', /not found/, /Install the CLI/],
    ['app-half', /only a part of one/, /docker container inspect/],
  ])('%s: after a while a person is told with the words that help', async (name, reason, advice) => {
    await hang(world, name);
    const handle = await world.open(unhealthy(name));
    const waiting = await until(async () => {
      const seen = await handle.query<HealStatus>('status');
      return seen.status === 'waiting' ? seen : null;
    });
    expect(waiting.attempts).toBeLessThanOrEqual(1);
    const result = await world.resultOf(handle);
    expect(result).toMatchObject({ status: 'escalated', attempts: 0, verdict: { kind: 'give_up' } });
    expect(result.verdict.reason).toMatch(/^nothing was tried, and how it stands is not known: /);
    expect(result.verdict.reason).toMatch(reason);
    expect(world.restartsOf(name)).toBe(0);
    const { logs, messages } = await world.tracesOf(result.incidentId);
    expect(logs).toMatchObject([{ attempt: 0, result: 'skipped' }]);
    const last = messages.at(-1);
    expect(last && kindOf(last)).toMatch(/Escalated/);
    expect(last?.text).toMatch(advice);
  });

  it('what a login prints before the answer does not matter', async () => {
    await hang(world, 'app-noisy');
    const result = await world.heal(unhealthy('app-noisy'));
    expect(result).toMatchObject({ status: 'resolved', attempts: 1 });
    expect(world.restartsOf('app-noisy')).toBe(1);
  });
});

describe('targets as compose names them', () => {
  it('a service’s name finds its container, and it is healed by its id', async () => {
    await hang(world, 'momo-report-1');
    expect(await world.heal(unhealthy('report'))).toMatchObject({ status: 'resolved', attempts: 1 });
    expect(world.restartsOf('momo-report-1')).toBe(1);
  });

  it('also where the container has a name of its own, and where one ran beside it for a command', async () => {
    await hang(world, 'own-name');
    expect(await world.heal(unhealthy('named'))).toMatchObject({ status: 'resolved', attempts: 1 });
    expect(world.restartsOf('own-name')).toBe(1);
    expect(world.restartsOf('momo-named-run-1')).toBe(0);
  });

  it('a scaled service is refused with the names that were found', async () => {
    await hang(world, 'momo-scaled-1');
    const result = await world.heal(unhealthy('scaled'));
    expect(result).toMatchObject({ status: 'refused' });
    expect(result.verdict.reason).toContain('momo-scaled-1, momo-scaled-2');
    expect(world.restartsOf('momo-scaled-1')).toBe(0);
  });

  it('what is not there is refused, and said to be neither a container nor a service', async () => {
    const result = await world.heal(unhealthy('nowhere'));
    expect(result).toMatchObject({ status: 'refused' });
    expect(result.verdict.reason).toMatch(
      /no container nowhere on ollama-188, and none of a compose service/,
    );
  });
});
