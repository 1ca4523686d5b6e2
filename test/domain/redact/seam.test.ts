import { describe, expect, it } from 'vitest';
import { BoundedOutput } from '../../../activities/gateways/ssh/output.ts';
import { OutputEnd } from '../../../activities/gateways/process/output-end.ts';
import { redact } from '../../../domain/redact/redact.ts';
import { cutBegin, cutEnd } from '../../../domain/redact/seam.ts';
import { headOf } from '../../../domain/webhook/webhook.ts';

/** No two signs of it are alike, so that any part of it is known again. */
const secret = 'ghp_Zq1Xw2Ec3Rv4Tb5Yn6Um7Ik8Ol9Pa0SdFgHjKl';
const key = ['-----BEGIN PRIVATE KEY-----', ...Array.from({ length: 12 }, (_, at) => `Kk${at}${secret.slice(4)}AAAA`), '-----END PRIVATE KEY-----'].join('\n'); // prettier-ignore
const texts: [kind: string, text: string][] = [
  ['in a sentence', `the key ${secret} is not active`],
  ['behind its name', `password=${secret}`],
  ['in JSON', `{"password": "${secret}", "user": "momo"}`],
  ['in an address', `postgres://momo:${secret}@db/x`],
  ['in a key', key],
  [
    'in an environment',
    `            "Env": [\n                "A=${secret}",\n                "B=c"\n            ],`,
  ],
];
const fillers: [kind: string, filler: string][] = [
  ['many lines', 'a line of its own\n'],
  ['one line', 'a word and '],
];

/** Eight signs of a secret are enough to know that it was there. */
function leaks(clean: string): boolean {
  for (let at = 4; at + 8 <= secret.length; at += 1)
    if (clean.includes(secret.slice(at, at + 8))) return true;
  return false;
}

const limit = 40_000;
const stream = (make: () => { add(chunk: Buffer): void; text(): string }) => (text: string) => {
  const output = make();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 7000) output.add(bytes.subarray(at, at + 7000));
  return output.text();
};
const cuts: [name: string, cut: (text: string) => string, seams: number[]][] = [
  ['the head and tail of an output', stream(() => new BoundedOutput(limit)), [limit / 2, -limit / 2]],
  ['the end of a process’s output', stream(() => new OutputEnd(limit)), [-limit]],
  ['the head of a text', (text) => cutEnd(text, limit), [limit]],
  ['the end of a text', (text) => cutBegin(text, limit), [-limit]],
  ['a webhook’s text', (text) => headOf(text, limit), [limit]],
];

describe.each(cuts)('%s', (_, cut, seams) => {
  it.each(texts.flatMap(([kind, text]) => fillers.map(([of, filler]) => [kind, of, text, filler] as const)))(
    'keeps no part of a secret %s that the cut goes through, of %s',
    (_kind, _of, text, filler) => {
      const around = filler.repeat(Math.ceil((3 * limit) / filler.length));
      for (const seam of seams) {
        for (let through = 1; through < text.length; through += 17) {
          const [before, after] =
            seam > 0 ? [seam - through, 2 * limit] : [2 * limit, -seam - text.length + through];
          const whole = around.slice(0, before) + text + around.slice(0, after);
          expect(leaks(redact(cut(whole)))).toBe(false);
        }
      }
    },
  );

  it('is the text itself where there is nothing to cut', () => {
    const short = 'a line\n'.repeat(100) + 'and more';
    expect(cut(short)).toBe(short);
  });
});
