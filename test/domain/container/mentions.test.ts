import { describe, expect, it } from 'vitest';
import { mentionsOf } from '../../../domain/container/mentions.ts';
import { goesBy, sharesNetwork } from '../../../domain/container/network.ts';
import { containerOf } from '../loop-samples.ts';

describe('what a container depends on', () => {
  it.each([
    ['DATABASE_URL=postgres://momo:p%40ss@momo-db:5433/momo', { name: 'momo-db', port: 5433 }],
    ['SPRING_DATASOURCE_URL=jdbc:postgresql://momo-db/momo', { name: 'momo-db', port: null }],
    ['REDIS_HOST=momo-redis', { name: 'momo-redis', port: null }],
    ['CELERY_BROKER_URL=amqp://guest:guest@rabbit:5672//', { name: 'rabbit', port: 5672 }],
    ['KAFKA_BROKERS=kafka-1:9092,kafka-2:9093', { name: 'kafka-2', port: 9093 }],
    ['PG_DSN=host=momo-db user=momo password=pw', { name: 'momo-db', port: null }],
    ['ConnectionStrings__Main=Server=sql;Database=x;User Id=sa', { name: 'sql', port: null }],
    ['MEMCACHED=cache:11211', { name: 'cache', port: 11211 }],
    ['ELASTIC_NODES=es01 es02', { name: 'es02', port: null }],
  ])('is read from its environment: %s', (variable, mention) => {
    expect(mentionsOf([variable], {})).toContainEqual(mention);
  });

  it('is read from its compose label', () => {
    const label = 'momo-db:service_healthy:false,momo-redis:service_started:true';
    expect(mentionsOf([], { 'com.docker.compose.depends_on': label }).map(({ name }) => name)).toEqual([
      'momo-db',
      'momo-redis',
    ]);
    expect(mentionsOf([], { 'com.docker.compose.depends_on': '' })).toEqual([]);
  });

  it('holds no password of the environment', () => {
    const environment = ['URL=postgres://momo:hunter2secret@db:5432/x', 'POSTGRES_PASSWORD=hunter2secret'];
    expect(JSON.stringify(mentionsOf(environment, {}))).not.toContain('hunter2secret');
  });
});

describe('a name', () => {
  const db = containerOf({
    name: 'momo-momo-db-1',
    networkAliases: ['momo-db', 'abc'],
    labels: { 'com.docker.compose.service': 'database' },
    networks: ['momo_default'],
  });

  it('is a container’s own, an alias or its service, exactly', () => {
    for (const name of ['momo-momo-db-1', 'momo-db', 'database']) expect(goesBy(db, name)).toBe(true);
    for (const name of ['momo', 'momo-db-1', 'data', '']) expect(goesBy(db, name)).toBe(false);
  });

  it('is found in a network that both are on, and that has names', () => {
    const web = containerOf({ networks: ['edge', 'momo_default'] });
    expect(sharesNetwork(web, db, [web, db])).toBe(true);
    expect(sharesNetwork(containerOf({ networks: ['edge'] }), db, [db])).toBe(false);
    expect(sharesNetwork(web, containerOf({ networks: [] }), [])).toBe(false);
    const bridged = containerOf({ networks: ['bridge'] });
    expect(sharesNetwork(bridged, { ...db, networks: ['bridge'] }, [])).toBe(false);
  });

  it('is found from inside another’s namespace by that one’s networks', () => {
    const owner = containerOf({ id: 'b'.repeat(64), name: 'vpn', networks: ['momo_default'] });
    const guest = containerOf({ networks: [], networkMode: `container:${owner.id}` });
    expect(sharesNetwork(guest, db, [owner, guest, db])).toBe(true);
    expect(sharesNetwork(guest, db, [guest, db])).toBe(false);
  });
});
