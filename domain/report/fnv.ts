const offsetBasis = 0x6c62272e07bb014262b821756295c58dn;
const prime = 0x0000000001000000000000000000013bn;
const mask = (1n << 128n) - 1n;

/**
 * FNV-1a, 128 bit (draft-eastlake-fnv), over the UTF-16 code units as bytes, the upper one where it is not zero.
 * Not a cryptographic hash: it names incidents, it protects nothing.
 */
export function fnv1a128(text: string): string {
  let hash = offsetBasis;
  const mix = (byte: number) => {
    hash = ((hash ^ BigInt(byte)) * prime) & mask;
  };
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    mix(unit & 0xff);
    if (unit > 0xff) mix(unit >> 8);
  }
  return hash.toString(16).padStart(32, '0');
}
