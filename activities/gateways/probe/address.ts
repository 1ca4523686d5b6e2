import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Addresses that no probe connects to, whatever names them: a cloud's metadata, link-local, multicast, none at all. */
const never = new BlockList();
never.addSubnet('0.0.0.0', 8, 'ipv4');
never.addSubnet('169.254.0.0', 16, 'ipv4');
never.addSubnet('224.0.0.0', 4, 'ipv4');
never.addSubnet('240.0.0.0', 4, 'ipv4');
never.addAddress('100.100.100.200', 'ipv4');
never.addAddress('192.0.0.192', 'ipv4');
never.addAddress('168.63.129.16', 'ipv4');
never.addAddress('::', 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');
never.addAddress('fd20:ce::254', 'ipv6');
never.addSubnet('fe80::', 10, 'ipv6');
never.addSubnet('ff00::', 8, 'ipv6');

/** Names of a cloud's metadata. One that isn't listed resolves to an address that is. */
const metadataName = /^(?:metadata|instance-data|metadata\.google(?:\.internal)?|.*\.metadata\.google\.internal|metadata\.azure\.(?:com|internal)|instance-data\.ec2\.internal|metadata\.packet\.net|metadata\.platformequinix\.com)\.?$/i; // prettier-ignore

/** The address of version 4 inside one of version 6: mapped, compatible, translated (NAT64), 6to4. */
function inner(address: string): string | null {
  const groups = groupsOf(address);
  if (groups === null) return null;
  const of = (high: number): string => {
    const [a, b] = [groups[high] ?? 0, groups[high + 1] ?? 0];
    return `${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
  };
  if (groups[0] === 0x2002) return of(1);
  const isTranslated = groups[0] === 0x64 && groups[1] === 0xff9b;
  const isZero = groups.slice(0, 5).every((group) => group === 0);
  return isTranslated || (isZero && (groups[5] === 0xffff || groups[5] === 0)) ? of(6) : null;
}

function groupsOf(address: string): number[] | null {
  if (isIP(address) !== 6) return null;
  // The URL parser writes each form in one way, without dots.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].map((group) => parseInt(group, 16));
}

/** Whether no probe may connect there. @param address as numbers */
export function isForbidden(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  if (family === 4) return never.check(address, 'ipv4');
  const mapped = inner(address);
  return (
    never.check(address.replace(/%.*$/, ''), 'ipv6') ||
    (mapped !== null && mapped !== '0.0.0.1' && isForbidden(mapped))
  );
}

export type Checked = { ok: true; address: string; family: 4 | 6 } | { ok: false; reason: string };

/**
 * The one address that a probe of this host connects to: the one that was looked at, so that a name can't mean
 * another one a moment later. Refused where any of its addresses is forbidden. Never throws.
 */
export async function checkedAddress(host: string, timeoutMs: number): Promise<Checked> {
  const name = host.replace(/^\[|\]$/g, '');
  if (metadataName.test(name)) return { ok: false, reason: 'no probe goes there' };
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), timeoutMs).unref());
  const found = await Promise.race([lookup(name, { all: true }).catch(() => null), late]);
  const [first] = found ?? [];
  if (found === null || first === undefined) return { ok: false, reason: 'it does not resolve here' };
  if (found.some(({ address }) => isForbidden(address))) return { ok: false, reason: 'no probe goes there' };
  return { ok: true, address: first.address, family: first.family === 6 ? 6 : 4 };
}
