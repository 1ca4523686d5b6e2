import { randomBytes } from 'node:crypto';
import type { Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { CodecProblem, createPayloadCodec, dataConverterOf } from '../../client/payload-codec.ts';

const newKey = () => randomBytes(32).toString('base64');
const text = (value: string): Payload => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data: new TextEncoder().encode(JSON.stringify(value)),
});
const read = (payload: Payload | undefined) =>
  JSON.parse(new TextDecoder().decode(payload?.data ?? new Uint8Array())) as unknown;

describe('the payload codec', () => {
  it('gives back what it encrypted, and shows nothing of it', async () => {
    const codec = createPayloadCodec(newKey());
    const sealed = await codec.encode([text('the plain words'), text('')]);
    expect(Buffer.from(sealed[0]?.data ?? []).toString('latin1')).not.toContain('plain words');
    expect((await codec.decode(sealed)).map(read)).toEqual(['the plain words', '']);
  });

  it('encrypts the same words differently each time', async () => {
    const codec = createPayloadCodec(newKey());
    const [first, second] = await codec.encode([text('same'), text('same')]);
    expect(Buffer.from(first?.data ?? []).equals(Buffer.from(second?.data ?? []))).toBe(false);
  });

  it('reads with an older key what was written before the keys were changed', async () => {
    const [older, newer] = [newKey(), newKey()];
    const written = await createPayloadCodec(older).encode([text('from before')]);
    const rotated = createPayloadCodec(`${newer},${older}`);
    expect((await rotated.decode(written)).map(read)).toEqual(['from before']);
    const [fresh] = await rotated.encode([text('from now')]);
    await expect(createPayloadCodec(older).decode([fresh as Payload])).rejects.toThrow(/Add that key behind/);
  });

  it('passes payloads of before there was a key', async () => {
    expect((await createPayloadCodec(newKey()).decode([text('open')])).map(read)).toEqual(['open']);
  });

  it('says which key is missing, and names no key itself', async () => {
    const mine = newKey();
    const written = await createPayloadCodec(newKey()).encode([text('x')]);
    const problem = await createPayloadCodec(mine)
      .decode(written)
      .then(String, (error: unknown) => (error instanceof CodecProblem ? error.message : 'another error'));
    expect(problem).toMatch(/encrypted with the key [0-9a-f]{12}, and AUTOHEAL_CODEC_KEY has [0-9a-f]{12}/);
    expect(problem).not.toContain(mine);
  });

  it('refuses a payload that was changed on its way', async () => {
    const codec = createPayloadCodec(newKey());
    const [sealed] = await codec.encode([text('pay 1')]);
    const data = Buffer.from(sealed?.data ?? []);
    for (const at of [0, 13, data.length - 1]) {
      const changed = Buffer.from(data);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(codec.decode([{ ...sealed, data: changed }])).rejects.toThrow(/was changed/);
    }
    for (const length of [0, 1, 9, 12, 27, 28]) {
      const cut = { ...sealed, data: data.subarray(0, length) };
      await expect(codec.decode([cut])).rejects.toThrow(CodecProblem);
    }
    const { data: _, ...bare } = sealed ?? {};
    await expect(codec.decode([bare])).rejects.toThrow(CodecProblem);
    await expect(
      codec.decode([{ metadata: { encoding: sealed?.metadata?.['encoding'] ?? data } }]),
    ).rejects.toThrow(CodecProblem);
  });

  it('refuses what is no key, naming its place and not its text', () => {
    for (const wrong of ['short', newKey().slice(4), `${newKey()},not base64!`, `${newKey()},`, '']) {
      expect(() => createPayloadCodec(wrong)).toThrow(/key \d is not base64 of 32 bytes/);
    }
    expect(() => createPayloadCodec('hunter2hunter2')).not.toThrow(/hunter2/);
  });

  it('is off where no key is set', () => {
    expect(dataConverterOf({})).toEqual({});
  });
});
