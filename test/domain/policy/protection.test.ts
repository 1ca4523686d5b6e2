import { describe, expect, it } from 'vitest';
import { estateSchema } from '../../../domain/estate.ts';
import { authoriseAction } from '../../../domain/policy/action.ts';
import { protectionOf } from '../../../domain/policy/protection.ts';
import { resolveTarget } from '../../../domain/policy/target.ts';
import { containerCases, extraProtected, restartableDatabases } from '../../security/container-cases.ts';
import { containerOf } from '../../security/containers.ts';

const estate = estateSchema.parse({
  hosts: {
    'ollama-188': { address: '192.0.2.188', user: 'ollama' },
    'ollama-189': { address: '192.0.2.189', user: 'ollama' },
  },
  targets: {
    'momo-scheduler': { host: 'ollama-188', aliases: ['scheduler'] },
    'web-188': { host: 'ollama-188', container: 'momo-web' },
    'web-189': { host: 'ollama-189', container: 'momo-web' },
    innocent: { host: 'ollama-188', container: 'momo-db' },
    disguised: { host: 'ollama-188', container: 'x', aliases: ['momo-postgres'] },
    lost: { host: 'nowhere' },
  },
  protected: extraProtected,
  restartableDatabases,
});

describe('protection by identity', () => {
  it.each(containerCases)('says $expect to $what ($name)', (traits) => {
    const protection = protectionOf(containerOf(traits), estate);
    expect(protection.protected ? 'protected' : 'free').toBe(traits.expect);
  });

  it.each([
    'momo-db', 'MOMO-POSTGRES', 'mоmо-db', 'ｍｏｍｏ－ｄｂ', 'momo\u200b-db', 'mo\u00admo-db', 'momo–db', 'momo%2Ddb',
    'momo%252Ddb', 'm\\x6fmo-db', '\\u006domo-db', '&#109;omo-db', 'm\\157mo-db', 'mómo-db', '"momo-db"', ' momo-db ',
    'momo- db', '/momo-db', 'ⓜⓞⓜⓞ-ⓓⓑ', '𝐦𝐨𝐦𝐨-𝐝𝐛', 'ΜΟΜΟ-db', 'momo-ԁЬ', 'M0M0_P0STGRES', 'x/momo-db', 'momo\\u002ddb',
    'momo\\U0000002Ddb', 'momo\\U002Ddb', 'momo\\X2Ddb', 'momo\\u{2D}db', 'momo&#X2D;db', 'momo&hyphen;db', 'momo%u002Ddb', '\\155omo-db',
  ])('sees through the spelling %s', (name) => {
    expect(protectionOf({ name }, estate)).toMatchObject({ protected: true, rule: 'protected-name' });
  }); // prettier-ignore

  it.each(['momo-scheduler', 'momo', 'db-admin', 'momo-web', 'postgres-docs', 'mom'])(
    'leaves %s alone',
    (name) => {
      expect(protectionOf({ name }, estate).protected).toBe(false);
    },
  );

  it('knows a listed id by its beginning', () => {
    const container = containerOf({ name: 'web', id: 'feedfacefeed'.padEnd(64, '0') });
    expect(protectionOf(container, estate)).toMatchObject({ rule: 'protected-id' });
  });

  it('says what to do with a database that may be restarted', () => {
    const protection = protectionOf(containerOf({ name: 'data', image: 'mysql:8' }), estate);
    expect(protection).toMatchObject({ rule: 'protected-image' });
    expect(protection.protected && protection.wayForward).toContain('restartableDatabases');
  });
});

describe('a target', () => {
  it('is found by key, container or alias, exactly', () => {
    const found = { ok: true, targetKey: 'momo-scheduler', host: 'ollama-188', container: 'momo-scheduler' };
    expect(resolveTarget('momo-scheduler', undefined, estate)).toMatchObject(found);
    expect(resolveTarget('scheduler', '192.0.2.188:9100', estate)).toMatchObject(found);
    expect(resolveTarget('momo-web', 'ollama-189', estate)).toMatchObject({ targetKey: 'web-189' });
  });

  it.each([
    ['', undefined, 'empty'],
    ['  ', undefined, 'empty'],
    [undefined, undefined, 'empty'],
    ['momo', undefined, 'unknown'],
    ['*', undefined, 'unknown'],
    ['all', undefined, 'unknown'],
    ['Momo-Scheduler', undefined, 'unknown'],
    ['__proto__', undefined, 'unknown'],
    ['constructor', undefined, 'unknown'],
    ['momo-scheduler', 'elsewhere', 'unknown'],
    ['momo-scheduler', '__proto__', 'unknown'],
    ['momo-scheduler', 'ollama-189', 'unknown'],
    ['lost', undefined, 'unknown'],
    ['momo-web', undefined, 'ambiguous'],
    ['ab'.repeat(6), undefined, 'unknown'],
  ])('named %j on %j is refused as %s', (name, host, rule) => {
    expect(resolveTarget(name, host, estate)).toMatchObject({ ok: false, rule });
  });
});

describe('a requested action', () => {
  const ask = (type: string, rest: object = {}) => authoriseAction({ type, ...rest }, { estate });

  it('is allowed where policy allows it', () => {
    expect(ask('DOCKER_RESTART', { target: 'scheduler' })).toMatchObject({
      ok: true,
      target: { targetKey: 'momo-scheduler' },
    });
    expect(ask('SSH_CMD', { command: 'df -h' })).toMatchObject({ ok: true, command: { argv: ['df', '-h'] } });
    expect(ask('ALERT_ONLY')).toMatchObject({ ok: true, type: 'ALERT_ONLY' });
  });

  it.each([
    ['DOCKER_RESTART', { target: 'momo-db' }, 'protected-name'],
    ['DOCKER_RESTART', { target: 'innocent' }, 'protected-name'],
    ['DOCKER_RESTART', { target: 'disguised' }, 'protected-name'],
    ['DOCKER_RESTART', {}, 'empty'],
    ['DOCKER_RESTART', { target: '' }, 'empty'],
    ['DOCKER_RESTART', { target: 'momo-web' }, 'ambiguous'],
    ['DOCKER_RESTART', { target: 'scheduler', command: 'docker restart momo-db' }, 'command-given'],
    ['SSH_CMD', { command: 'docker restart momo-db' }, 'not-listed'],
    ['SSH_CMD', {}, 'empty'],
    ['SSH_CMD', { command: 'df -h', target: 'nobody' }, 'unknown'],
    ['docker_restart', { target: 'scheduler' }, 'unknown-action'],
    ['DOCKER_STOP', { target: 'scheduler' }, 'unknown-action'],
    ['CODE_FIX', { command: 'rm -rf x' }, 'code-fix-not-set'],
    ['__proto__', {}, 'unknown-action'],
  ])('%s with %j is refused: %s', (type, rest, rule) => {
    expect(ask(type, rest)).toMatchObject({ ok: false, rule });
  });

  it("turns CODE_FIX into the estate's own command, approved first, whatever the request says", () => {
    const withFix = {
      ...estate,
      codeFix: { host: 'ollama-188', command: ['/opt/aider/fix.sh'], timeoutSec: 60 },
    };
    expect(authoriseAction({ type: 'CODE_FIX', command: 'rm -rf x', note: '; id' }, { estate: withFix })).toEqual({
      ok: true, type: 'CODE_FIX', requiresApproval: true, host: 'ollama-188', argv: ['/opt/aider/fix.sh'], timeoutSec: 60,
    }); // prettier-ignore
  });

  it("refuses a code fix that the operator's file points at what is protected", () => {
    const withFix = {
      ...estate,
      codeFix: { host: 'ollama-188', command: ['docker', 'restart', 'momo-db'], timeoutSec: 60 },
    };
    expect(authoriseAction({ type: 'CODE_FIX' }, { estate: withFix })).toMatchObject({
      rule: 'fixed-command',
    });
  });
});
