import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

/** Thrown when AUTOHEAL_CODEC_KEY can't be used, or a payload's key is not among its keys. Never names a key itself. */
export class CodecProblem extends Error {
  override readonly name = 'CodecProblem';
}

const encoding = new TextEncoder().encode('binary/encrypted');
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

interface Key {
  /** The first 12 hexadecimal digits of a hash of the key: tells keys apart, and nothing about them. */
  id: string;
  bytes: Buffer;
}

/**
 * Encrypts what Temporal keeps (AES-256-GCM): inputs, results, signals, memos, summaries, details.
 * @param keys base64 of 32 bytes, or several of them with commas between: the first encrypts, all decrypt
 * @throws CodecProblem when a key is not base64 of 32 bytes
 */
export function createPayloadCodec(keys: string): PayloadCodec {
  const known = readKeys(keys);
  const [first] = known;
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(first, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(known, payload)),
  };
}

/**
 * What workers and clients give the SDK; nothing where no key is set.
 * @throws CodecProblem
 */
export function dataConverterOf(settings: {
  AUTOHEAL_CODEC_KEY?: string | undefined;
}): { dataConverter: DataConverter & { failureConverterPath: string } } | Record<string, never> {
  const keys = settings.AUTOHEAL_CODEC_KEY;
  if (keys === undefined) return {};
  return { dataConverter: { payloadCodecs: [createPayloadCodec(keys)], failureConverterPath } };
}

/** Puts the words of a failure into a payload too, so that the codec gets them. CommonJS: the SDK requires it. */
export const failureConverterPath = fileURLToPath(new URL('encoded-failures.cjs', import.meta.url));

function readKeys(keys: string): [Key, ...Key[]] {
  const read = keys.split(',').map((text, at): Key => {
    const word = text.trim();
    const bytes = Buffer.from(word, 'base64');
    if (!/^[A-Za-z0-9+/]{43}=?$/.test(word) || bytes.length !== keyBytes) {
      throw new CodecProblem(
        `AUTOHEAL_CODEC_KEY: key ${at + 1} is not base64 of ${keyBytes} bytes. Make one with: openssl rand -base64 ${keyBytes}`,
      );
    }
    const id = createHash('sha256').update('autoheal codec key').update(bytes).digest('hex').slice(0, 12);
    return { id, bytes };
  });
  return read as [Key, ...Key[]];
}

function encrypt(key: Key, payload: Payload): Payload {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes });
  const sealed = [cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()];
  const keyId = new TextEncoder().encode(key.id);
  return {
    metadata: { encoding, 'encryption-key-id': keyId },
    data: Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]),
  };
}

/** A payload that is not encrypted passes: it is older than the key, or of a sender without one. */
function decrypt(keys: readonly Key[], payload: Payload): Payload {
  if (!isEncrypted(payload)) return payload;
  const id = new TextDecoder().decode(payload.metadata?.['encryption-key-id'] ?? new Uint8Array());
  const key = keys.find((each) => each.id === id);
  if (key === undefined) {
    const have = keys.map((each) => each.id).join(', ');
    throw new CodecProblem(
      `A payload is encrypted with the key ${id}, and AUTOHEAL_CODEC_KEY has ${have}. Add that key behind the first one.`,
    );
  }
  const data = payload.data ?? new Uint8Array();
  const nonce = data.subarray(0, nonceBytes);
  const sealed = data.subarray(nonceBytes + tagBytes);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(data.subarray(nonceBytes, nonceBytes + tagBytes));
    return PayloadMessage.decode(Buffer.concat([decipher.update(sealed), decipher.final()]));
  } catch {
    throw new CodecProblem(`A payload of the key ${id} was changed after it was encrypted; it is not used.`);
  }
}

function isEncrypted({ metadata }: Payload): boolean {
  const found = metadata?.['encoding'];
  return found !== undefined && found !== null && new TextDecoder().decode(found) === 'binary/encrypted';
}
