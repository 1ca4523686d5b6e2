import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../domain/redact/redact.ts';
import { unread } from '../../../domain/redact/mark.ts';
import { redactText } from '../../../domain/redact/text.ts';
import { harmless, planted } from './cases.ts';

/** As in docs/security.md, and printed by the bench. */
export const floors = { recall: 0.95, falseShare: 0.02 };

describe('the labelled set', () => {
  it('is large enough to say something', () => {
    expect(planted.length).toBeGreaterThanOrEqual(150);
    expect(harmless.length).toBeGreaterThanOrEqual(60);
  });

  it('has its secrets found', () => {
    const missed = planted.filter(({ text, secret }) => redact(text).includes(secret));
    expect(
      1 - missed.length / planted.length,
      missed.map(({ text }) => text).join('\n'),
    ).toBeGreaterThanOrEqual(floors.recall);
  });

  it('keeps what is no secret', () => {
    const changed = harmless.filter((text) => redact(text) !== text);
    expect(changed.length / harmless.length, changed.join('\n')).toBeLessThanOrEqual(floors.falseShare);
  });

  it('is read alike in the middle of a longer text, and whatever the ends of its lines', () => {
    const missed = planted.filter(({ text, secret }) => {
      const within = `2026-04-19 03:00:00 INFO ready\n${text}\nTraceback (most recent call last):`.replaceAll(
        '\n',
        '\r\n',
      );
      return redact(within).includes(secret.replaceAll('\n', '\r\n'));
    });
    expect(
      1 - missed.length / planted.length,
      missed.map(({ text }) => text).join('\n'),
    ).toBeGreaterThanOrEqual(floors.recall);
  });
});

/** Bits of which hostile texts are made: what rules begin with, and what they look for. */
const bits = fc.constantFrom(
  ...['password', 'token', 'auth', 'key', 'cookie', 'authorization', 'Bearer ', '=', ':', ' = ', ': ', '：', '=>', '"', "'", '\\"', '\\\\\\"', '`', '{', '[', '(', ')', ']', '}', '<', '>', '</', '&', '@', ';', ',', '#', '|', '>-'],
  ...['://', 'a:', '@h', '-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '"Env": [', '"A=', 'eyJ', '.', 'sk-', 'ghp_', 'xoxb-', '$6$', '$', '-p', '--password ', 'mysql ', 'curl -u ', 'INSERT INTO a (password) VALUES (', '&quot;', '%22', '\u001b[1m', '\u200b', '\n', '\n  ', ' ', '\t', '[redacted]', 'null', 'a', 'A1', '密碼', '是', 'IDENTIFIED BY ', '<password>', 'name: ', 'value: ', 'YWFh'],
); // prettier-ignore
const text = fc.array(bits, { maxLength: 40 }).map((all) => all.join(''));

describe('done again', () => {
  it('changes nothing more, whatever the text', () => {
    const any = fc.oneof(
      text,
      fc.constantFrom(...planted.map((each) => each.text)),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), fc.constantFrom('', ' ', '\n', '"', '='), (texts, gap) => {
        const once = redact(texts.join(gap));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});

/** Processor time in ms: the wall clock would measure the neighbours. */
function cpuMs(run: () => void): number {
  const begun = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

describe('the time it takes', () => {
  /** A walk over the same text that does nothing but look at each word. */
  const plainScan = (all: string): number => {
    let words = 0;
    for (const _ of all.matchAll(/[A-Za-z0-9_]+|[^A-Za-z0-9_]/g)) words += 1;
    return words;
  };
  const length = 30_000;
  /** A square would be some thousands here. */
  const most = 100;

  it('stays within a multiple of a plain scan, for the worst that a fuzzer finds', () => {
    const ratioOf = (piece: string): number => {
      const all = piece.repeat(Math.ceil(length / Math.max(1, piece.length)));
      const least = Math.min(...[1, 2].map(() => cpuMs(() => plainScan(all))));
      return Math.min(...[1, 2].map(() => cpuMs(() => redact(all)))) / Math.max(1, least);
    };
    redact(planted.map((each) => each.text).join('\n'));
    const pieces = [...fc.sample(text, 60), ...fc.sample(bits, 40), '\\"A=', 'token:', 'x token: "the '];
    const found = pieces.map((piece) => ({ piece, ratio: ratioOf(piece) })).sort((a, b) => b.ratio - a.ratio);
    // Looked at once more: it may have been a moment when the machine was busy.
    const worst = found.slice(0, 5).map(({ piece }) => ({ piece, ratio: ratioOf(piece) }));
    expect(worst.filter(({ ratio }) => ratio > most)).toEqual([]);
  });

  it('grows with the text, and not faster', () => {
    const pieces = fc.sample(text, 25).filter((piece) => piece !== '');
    const slow = pieces.filter((piece) => {
      const once = piece.repeat(Math.ceil(30_000 / piece.length));
      redact(once);
      const [short, long] = [cpuMs(() => redact(once)), cpuMs(() => redact(once.repeat(6)))];
      // Six times the text; a square would be thirty-six.
      return (
        long > 60 &&
        long / Math.max(1, short) > 20 &&
        cpuMs(() => redact(once.repeat(6))) /
          Math.max(
            1,
            cpuMs(() => redact(once)),
          ) >
          20
      );
    });
    expect(slow).toEqual([]);
  });
});

describe('a budget that is spent', () => {
  it('leaves a mark in place of the rest, and none of it', () => {
    const long = 'nothing here '.repeat(1000) + 'password=hunter2';
    const clean = redactText(long, 2000);
    expect(clean.endsWith(unread)).toBe(true);
    expect(clean.length).toBeLessThan(4000);
    expect(clean).not.toContain('hunter2');
    expect(redactText(clean, 2000)).toBe(clean);
  });
});
