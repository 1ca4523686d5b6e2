/**
 * Facts: what classification's patterns captured from a failure's text. They choose what is probed and looked at,
 * and the text is anyone's, so a value without the shape of its kind is dropped.
 */
export const factNames = ['name', 'host', 'port', 'url', 'container'] as const;
type FactName = (typeof factNames)[number];

const hostShape = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/;
const containerShape = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

const shapes: Record<FactName, (value: string) => boolean> = {
  name: (value) => hostShape.test(value),
  host: (value) => hostShape.test(value) || isIpv6(value),
  port: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535,
  url: (value) => isPlainUrl(value),
  container: (value) => containerShape.test(value),
};

/** Keeps the captured groups that are facts of the right shape. */
export function readFacts(groups: Readonly<Record<string, string>>): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const name of factNames) {
    const value = Object.hasOwn(groups, name) ? groups[name]?.trim() : undefined;
    if (value !== undefined && shapes[name](value)) facts[name] = value;
  }
  return facts;
}

function isIpv6(value: string): boolean {
  return value.length <= 45 && value.includes(':') && /^[0-9a-fA-F:.]+$/.test(value);
}

/** http or https, without user information (a secret). Where it may lead to is checked when it is probed. */
function isPlainUrl(value: string): boolean {
  if (value.length > 500 || !URL.canParse(value)) return false;
  const url = new URL(value);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  return isHttp && url.username === '' && url.password === '' && !url.hostname.startsWith('169.254.');
}
