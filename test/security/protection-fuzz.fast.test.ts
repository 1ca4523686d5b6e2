import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { estateSchema } from '../../domain/estate.ts';
import { authoriseAction } from '../../domain/policy/action.ts';
import { controlledCommand } from '../../domain/policy/controlled-command.ts';
import * as tables from '../../domain/policy/database/tables.ts';
import { protectionOf } from '../../domain/policy/protection.ts';
import { attacks } from './attacks.ts';
import { containerOf, type ContainerTraits } from './containers.ts';
import { startGateHost, type GateHost } from './gate.ts';

const seed = Date.now() & 0x7fffffff;
const protectedName = fc.constantFrom('momo-db', 'momo-postgres');
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);

/** Ways in which Docker itself spells a service's name. */
const spelt = fc
  .tuple(
    protectedName,
    fc.constantFrom('', 'proj_', 'proj-', '0a1b2c3d4e5f_', 'a-b-'),
    fc.constantFrom('', '-1', '_12', '-run-0f1e', '.3.abcdefghijklmnopqrstuvwxy'),
    fc.constantFrom<(name: string) => string>(
      (name) => name,
      (name) => name.toUpperCase(),
      (name) => name.replaceAll('o', '0'),
      (name) => name.replaceAll('-', '_'),
      (name) => name.replaceAll('-', '.'),
      (name) => name.replaceAll('m', 'rn'),
    ),
  )
  .map(([name, prefix, suffix, disguise]) => `${prefix}${disguise(name)}${suffix}`);

/** The same to a person's eye, in other signs. */
const spellings: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => name.replaceAll('o', 'о'),
  (name) => name.replace('o', 'ο').replaceAll('e', 'е'),
  (name) => name.replaceAll('-', '–'),
  (name) => recoded(name, (code) => (code === 0x2d ? '-' : String.fromCodePoint(code + 0xfee0))),
  (name) => recoded(name, (code) => `%${code.toString(16)}`),
  (name) => recoded(name, (code) => `\\u00${code.toString(16)}`),
];

function recoded(name: string, spell: (code: number) => string): string {
  return [...name].map((character) => spell(character.charCodeAt(0))).join('');
}

const invisible = fc.constantFrom('\u200b', '\u00ad', '\u0301', '\u2060', ' ', '"');
const disguised: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(protectedName, fc.constantFrom(...spellings)).map(([name, spell]) => spell(name)),
  fc
    .tuple(protectedName, fc.array(fc.tuple(fc.nat(20), invisible), { maxLength: 4 }))
    .map(([name, inserted]) =>
      inserted.reduce<string>((current, [where, sign]) => {
        const at = where % (current.length + 1);
        return current.slice(0, at) + sign + current.slice(at);
      }, name),
    ),
);

/** Containers of which one property, whichever, is a protected one. */
const protectedContainer: fc.Arbitrary<ContainerTraits> = fc.oneof(
  spelt.map((name) => ({ name })),
  fc.tuple(word, spelt).map(([name, alias]) => ({ name, aliases: ['app', alias] })),
  fc.tuple(word, disguised).map(([name, alias]) => ({ name, aliases: [alias] })),
  fc
    .tuple(word, spelt)
    .map(([name, service]) => ({ name, labels: { 'com.docker.compose.service': service } })),
  fc.tuple(word, fc.constantFrom('db', 'postgres')).map(([name, service]) => ({
    name,
    labels: { 'com.docker.compose.service': service, 'com.docker.compose.project': 'momo' },
  })),
  fc
    .tuple(
      word,
      fc.constantFrom('postgres', 'pgvector/pgvector', 'r.example:5000/a/mysql', 'mongo', 'x/my-redis'),
      word,
    )
    .map(([name, image, tag]) => ({ name, image: `${image}:${tag}` })),
);

/** Sometimes this, mostly nothing: one sign alone must be seen, and two. */
const now = <T>(some: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, { arbitrary: some, weight: 1 });
const of = (table: readonly string[]) => fc.constantFrom(...table);
const either = (table: readonly string[], others: readonly string[]) => fc.oneof(of(table), of(others));
const upper = (text: string) => text.toUpperCase();
const same = (text: string) => text;

/** Containers with any of the signs that worker and gate look at, and with what comes near them. */
const signed: fc.Arbitrary<ContainerTraits> = fc
  .record({
    name: fc.oneof(word, of(['momo-web-1', 'db', 'redis-1', 'postgres16', 'feedback', 'app_db_admin'])),
    image: now(
      fc
        .tuple(
          of(['', 'r.example:5000/', 'team/', 'db.example/x/']),
          fc.oneof(word, either(tables.shortNames, tables.ownNames), of(['4dab50', 'cafe', 'mydb', 'dbt', 'x-pg'])),
          of(['', '1', '16alpine', '-server', 'db']),
          of(['', ':1', ':pg16', ':sha-0f3adb12', '@sha256:0f', ':16-mysql']),
        )
        .map((parts) => parts.join('')),
    ),
    env: now(
      fc.array(
        either(tables.serverVariables, [...tables.clientVariables.map((each) => `${each}X`), 'PATH', 'pgdata', 'XPGDATA']).map(
          (name) => `${name}=a "b" \\ = c`,
        ),
        { maxLength: 3 },
      ),
    ),
    ports: now(fc.array(either(tables.serverPorts, ['80', '9000']).map((port) => `${port}/tcp`), { maxLength: 2 })),
    published: now(fc.array(either(tables.serverPorts, ['443']).map((port) => `${port}/udp`), { maxLength: 1 })),
    mounts: now(
      fc.array(
        fc
          .tuple(of(['app', 'pgdata', 'momo_mysql-data', 'appdb', '/srv/x', '/var/lib/mysql/x']), either(tables.dataFolders, ['/data', '/x']), of(['', '/x', 'x']))
          .map(([from, to, more]) => `${from}:${to}${more}`),
        { maxLength: 2 },
      ),
    ),
    volumes: now(fc.array(either(tables.dataFolders, ['/data']), { maxLength: 1 })),
    tmpfs: now(fc.array(either(tables.dataFolders, ['/tmp']), { maxLength: 1 })),
    entrypoint: now(fc.array(of(['tini', '--', '/x/docker-entrypoint.sh', 'gosu', 'nobody', 'A=b', '-x', 'node', './wait']), { maxLength: 3 })),
    cmd: now(
      fc.array(
        fc.oneof(
          either(tables.serverPrograms, ['node', 'psql', 'server.js']),
          of(tables.serverPrograms).map((program) => `sleep 1 && exec "/opt/bin/${program}" -x; true`),
          of(['sh', '-c', 'exec node x.js & wait\nredis-server', "'mongod'"]),
        ),
        { maxLength: 3 },
      ),
    ),
    healthCheck: now(fc.array(either(tables.askingPrograms, ['curl', 'pg_isready -U x || exit 1', 'true && mysqladmin ping']), { maxLength: 2 }).map((words) => ['CMD', ...words])),
    labels: now(
      fc
        .tuple(
          fc.oneof(
            fc.tuple(of(['autoheal.protected']), of(['false', 'NO', 'yes', ''])),
            fc.tuple(
              of(['com.docker.compose.service', 'com.docker.swarm.service.name', 'io.kubernetes.pod.name', 'com.docker.compose.project', 'other']),
              of(['momo', 'momo-db1', 'db', 'web', 'momo-postgresql', 'redis_7', 'momo-web.1']),
            ),
            fc.tuple(
              of(['org.opencontainers.image.title', 'org.opencontainers.image.base.name', 'other']),
              of(['python:3.12', 'docker.io/library/redis:7', 'Momo Feedback', 'PostgreSQL 16', '']),
            ),
          ),
          fc.constantFrom(upper, same),
        )
        .map(([[name, value], spell]) => ({ [spell(name)]: value })),
    ),
  })
  .map((traits) => Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined)) as unknown as ContainerTraits); // prettier-ignore

const estate = estateSchema.parse({
  hosts: { h: { address: '192.0.2.1', user: 'u' } },
  targets: {
    web: { host: 'h' },
    sly: { host: 'h', container: 'momo-db', aliases: ['front'] },
    slier: { host: 'h', container: 'x', aliases: ['momo-postgres', 'behind'] },
  },
  restartableDatabases: ['momo-db', 'momo-postgres'],
});

describe(`protection, fuzzed with seed ${seed}`, () => {
  let host: GateHost;
  beforeAll(() => {
    host = startGateHost();
    host.setProtected('allow-database momo-db\nallow-database momo-postgres\n');
  });
  afterAll(() => host.close());

  it('sees through 20,000 disguises of a name', () => {
    fc.assert(
      fc.property(fc.oneof(spelt, disguised), (name) => protectionOf({ name }, estate).protected),
      { numRuns: 20_000, seed },
    );
  });

  it('never builds a restart for 20,000 containers that are protected by any property', () => {
    const restarts = (traits: ContainerTraits) =>
      controlledCommand({ container: containerOf(traits), estate, stopTimeoutSec: 10 }).ok;
    fc.assert(
      fc.property(protectedContainer, (traits) => !restarts(traits)),
      { numRuns: 20_000, seed },
    );
  });

  it('lets the gate touch none of 200 protected containers, by what docker was really called with', () => {
    for (const traits of fc.sample(protectedContainer, { numRuns: 200, seed })) {
      host.setContainer(traits);
      const { called, exitCode } = host.ask(`docker restart -t 1 ${'ab'.repeat(32)}`);
      expect({ traits, restarts: called.filter(([, verb]) => verb === 'restart') }).toEqual({
        traits,
        restarts: [],
      });
      expect(exitCode).toBe(126);
    }
  });

  it('finds gate and policy of one opinion about 200 ordinary containers', () => {
    const ordinary = fc
      .tuple(
        fc.array(word, { minLength: 1, maxLength: 3 }),
        fc.array(word, { maxLength: 3 }),
        fc.constantFrom('-', '_', '.'),
      )
      .map(([name, image, separator]) => ({
        name: name.join(separator),
        image: `app/${image.join(separator)}x:1`,
      }));
    const plain = estateSchema.parse({});
    for (const traits of fc.sample(ordinary, { numRuns: 200, seed })) {
      host.setContainer(traits);
      const byGate = host.ask(`docker restart -t 1 ${'ab'.repeat(32)}`).exitCode === 0;
      expect({ traits, byGate }).toEqual({
        traits,
        byGate: !protectionOf(containerOf(traits), plain).protected,
      });
    }
  });

  it('finds gate and policy of one opinion about 300 containers of any signs', () => {
    const plain = estateSchema.parse({});
    const seen = { free: 0, protected: 0 };
    for (const traits of fc.sample(signed, { numRuns: 300, seed })) {
      host.setContainer(traits);
      const byGate = host.ask(`docker restart -t 1 ${'ab'.repeat(32)}`).exitCode === 0;
      const byPolicy = !protectionOf(containerOf(traits), plain).protected;
      expect({ traits, byGate }).toEqual({ traits, byGate: byPolicy });
      seen[byGate ? 'free' : 'protected'] += 1;
    }
    expect(Math.min(seen.free, seen.protected)).toBeGreaterThan(40);
  });

  it('lets no request reach a protected container, by whatever name', () => {
    const asked = fc.oneof(
      spelt,
      disguised,
      fc.constantFrom('sly', 'front', 'slier', 'behind'),
      fc.string(),
      fc.constantFrom(...Object.values(attacks)),
    );
    fc.assert(
      fc.property(asked, (target) => {
        const answer = authoriseAction({ type: 'DOCKER_RESTART', target }, { estate });
        return !answer.ok || (answer.type === 'DOCKER_RESTART' && answer.target.container === 'web');
      }),
      { numRuns: 20_000, seed },
    ); // prettier-ignore
  });

  it.each(Object.entries(attacks))('refuses %s as a target, a command and an action', (_what, attack) => {
    expect(authoriseAction({ type: 'DOCKER_RESTART', target: attack }, { estate }).ok).toBe(false);
    expect(authoriseAction({ type: 'SSH_CMD', command: attack }, { estate }).ok).toBe(false);
    expect(authoriseAction({ type: attack }, { estate }).ok).toBe(false);
  });
});
