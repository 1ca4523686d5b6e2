import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { checkedAddress, type Checked } from './address.ts';

/**
 * Asks an address once, with GET: at the very address that was checked, without following where it points on.
 * `expectStatus` absent: anything below 500 counts as well. Never throws.
 */
export async function askHttp(
  url: string,
  expectStatus: number | undefined,
  timeoutMs: number,
): Promise<{ gone: boolean; detail: string }> {
  const called = new URL(url);
  const checked = await checkedAddress(called.hostname, timeoutMs);
  if (!checked.ok) return { gone: false, detail: `${called.host} is not asked: ${checked.reason}` };
  try {
    const status = await get(called, checked, timeoutMs);
    const gone = expectStatus === undefined ? status < 500 : status === expectStatus;
    return { gone, detail: `${called.host} answers ${status}` };
  } catch (error) {
    return { gone: false, detail: `no answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function get(
  url: URL,
  { address, family }: Extract<Checked, { ok: true }>,
  timeoutMs: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestSecure : requestPlain;
    const asked = request(url, {
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      // The name stays for the Host header and the certificate; where it leads to is decided already.
      lookup: (_host, options, done) =>
        options.all === true ? done(null, [{ address, family }]) : done(null, address, family),
    });
    asked.once('response', (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}
