import { describe, expect, it } from 'vitest';
import { allowlist } from '../../../domain/policy/allowlist.ts';
import { matchCommand } from '../../../domain/policy/command.ts';
import { controlledCommand } from '../../../domain/policy/controlled-command.ts';
import { fillCommand } from '../../../domain/policy/fill-command.ts';
import { estateSchema } from '../../../domain/estate.ts';
import { commandCases } from '../../security/command-cases.ts';
import { containerOf } from '../../security/containers.ts';

const estate = estateSchema.parse({});

describe('the command policy', () => {
  it.each(commandCases)('answers $expect to "$line"', ({ line, expect: expected }) => {
    expect(matchCommand(line).ok ? 'allow' : 'refuse').toBe(expected);
  });

  it('returns exactly the words, with the bounds of the template', () => {
    expect(matchCommand('docker logs --tail 50 momo-web')).toEqual({
      ok: true,
      template: 'docker logs --tail <1..1000> <name>',
      argv: ['docker', 'logs', '--tail', '50', 'momo-web'],
      timeoutMs: 20_000,
      maxOutputBytes: 131_072,
    });
  });

  it('bounds every template in time and output', () => {
    for (const { timeoutMs, maxOutputBytes } of allowlist) {
      expect(timeoutMs).toBeGreaterThan(0);
      expect(timeoutMs).toBeLessThanOrEqual(30_000);
      expect(maxOutputBytes).toBeLessThanOrEqual(262_144);
    }
  });

  it('takes an argument list as it is, never splitting or joining words', () => {
    expect(matchCommand(['docker', 'inspect', 'momo-web']).ok).toBe(true);
    expect(matchCommand(['docker inspect', 'momo-web']).ok).toBe(false);
    expect(matchCommand(['docker', 'inspect', 'momo-web momo-db']).ok).toBe(false);
    expect(matchCommand(['docker', 'inspect', '']).ok).toBe(false);
    expect(matchCommand([]).ok).toBe(false);
  });

  it('says which word is wrong and how to write it', () => {
    expect(matchCommand('docker logs --tail 5000 momo-web')).toMatchObject({
      rule: 'parameter',
      reason: '"5000" in "docker logs --tail 5000 momo-web" is not a whole number from 1 to 1000',
      wayForward: 'write it as: docker logs --tail <1..1000> <name>',
    });
    expect(matchCommand('docker exec x id')).toMatchObject({ rule: 'not-listed' });
    expect(matchCommand('docker ps; id')).toMatchObject({ rule: 'character' });
    expect(matchCommand('docker  ps')).toMatchObject({ rule: 'spacing' });
    expect(matchCommand('')).toMatchObject({ rule: 'empty' });
    expect(matchCommand('x'.repeat(3000))).toMatchObject({ rule: 'too-long' });
  });

  it('keeps hostile text out of its own reasons', () => {
    const answer = matchCommand('rm \u202e\u001b[31m');
    expect(JSON.stringify(answer)).not.toMatch(/\u202e|\\u001b/);
  });
});

describe('a command with facts', () => {
  it('keeps each fact one word, whatever a report wrote into it', () => {
    const filled = fillCommand('docker logs --tail 100 {target}', { target: 'web -f' });
    expect(filled).toEqual({ ok: true, argv: ['docker', 'logs', '--tail', '100', 'web -f'] });
    expect(filled.ok && matchCommand(filled.argv)).toMatchObject({ ok: false });
  });

  it('cannot make a command that the allowlist does not hold', () => {
    const filled = fillCommand('docker {name} {target}', { name: 'restart', target: 'momo-db' });
    expect(filled.ok && matchCommand(filled.argv)).toMatchObject({ ok: false, rule: 'not-listed' });
  });

  it('is refused where a fact is missing', () => {
    expect(fillCommand('getent hosts {name}', {})).toMatchObject({ ok: false, rule: 'missing-fact' });
    expect(fillCommand('getent hosts {constructor}', {})).toMatchObject({ ok: false, rule: 'missing-fact' });
  });
});

describe('the controlled restart', () => {
  it('is built from a looked-up container only', () => {
    const container = containerOf({ name: 'momo-web' });
    expect(controlledCommand({ container, estate, stopTimeoutSec: 10 })).toMatchObject({
      ok: true,
      argv: ['docker', 'restart', '-t', '10', container.id],
    });
  });

  it.each([-1, 301, 1.5, Number.NaN, Infinity])('refuses a stop timeout of %d', (stopTimeoutSec) => {
    const container = containerOf({ name: 'momo-web' });
    expect(controlledCommand({ container, estate, stopTimeoutSec })).toMatchObject({ ok: false });
  });

  it.each(['momo-db', 'ab'.repeat(31), `${'ab'.repeat(32)}\n`, 'AB'.repeat(32), ''])(
    'refuses the id %j',
    (id) => {
      const container = { ...containerOf({ name: 'momo-web' }), id };
      expect(controlledCommand({ container, estate, stopTimeoutSec: 1 })).toMatchObject({ rule: 'identity' });
    },
  );

  it('refuses what is protected', () => {
    const container = containerOf({ name: 'web-1', aliases: ['momo-db'] });
    expect(controlledCommand({ container, estate, stopTimeoutSec: 1 })).toMatchObject({
      rule: 'protected-name',
    });
  });
});
