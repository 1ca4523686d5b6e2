import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../domain/webhook/alert-place.ts';
import { estateSchema } from '../../../domain/estate.ts';

const hosts = {
  'bastion-110': { address: '192.0.2.110', user: 'wooo' },
  'ollama-188': { address: '192.0.2.188', user: 'ollama', jump: 'bastion-110' },
};
const places = estateSchema.parse({
  hosts,
  targets: { 'momo-web': { host: 'ollama-188' }, 'redis-exporter': { host: 'ollama-188' } },
});

describe('an exporter that the estate does not know is no target', () => {
  it.each([
    [{ instance: 'node-exporter:9100' }, { host: 'ollama-188' }],
    [{ instance: 'http://node-exporter:9100/metrics' }, { host: 'ollama-188' }],
    [{ instance: 'web-01.example:9100' }, { host: 'web-01.example' }],
    [{ instance: 'web-01:9182', job: 'windows' }, { host: 'web-01' }],
    [{ instance: 'postgres-exporter:9187' }, {}],
    [{ instance: 'cadvisor:8080' }, {}],
    [{ instance: 'pg.internal:9187' }, {}],
    [{ instance: 'some-name:1234', job: 'blackbox-exporter' }, {}],
    [{ container: 'node-exporter', host: 'ollama-188' }, { host: 'ollama-188' }],
    [{ name: 'cadvisor' }, {}],
    [{ container: 'momo-web', instance: 'cadvisor:8080' }, { target: 'momo-web' }],
  ])('%j', (labels, place) => {
    expect(placeOf(labels, places)).toEqual(place);
  });

  it('one that it knows is', () => {
    expect(placeOf({ instance: 'redis-exporter:9121' }, places)).toEqual({ target: 'redis-exporter' });
    expect(placeOf({ container: 'redis-exporter' }, places)).toEqual({ target: 'redis-exporter' });
  });

  it('names a host of an estate of one only', () => {
    const two = estateSchema.parse({
      hosts,
      targets: { 'momo-web': { host: 'ollama-188' }, proxy: { host: 'bastion-110' } },
    });
    expect(placeOf({ instance: 'node-exporter:9100' }, two)).toEqual({});
    expect(placeOf({ instance: 'node-exporter:9100' }, null)).toEqual({});
  });

  it('what is none is a target as ever', () => {
    expect(placeOf({ instance: 'momo-api:8080' }, places)).toEqual({ target: 'momo-api' });
    expect(placeOf({ instance: 'exportersville:8080' }, places)).toEqual({ target: 'exportersville' });
  });
});
