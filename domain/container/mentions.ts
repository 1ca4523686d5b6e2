/** A part of the estate that a container's own description names: what it depends on. */
export interface Mention {
  name: string;
  /** Null where only the name stands there. */
  port: number | null;
}

const hostName = '[A-Za-z0-9][A-Za-z0-9_.-]{0,127}';
const inUrl = new RegExp(`[a-z][a-z0-9+.-]*://(?:[^\\s/@]*@)?(${hostName})(?::(\\d{1,5}))?`, 'gi');
const asParameter = new RegExp(`\\b(?:host|server|hostaddr|data source)\\s*=\\s*(${hostName})`, 'gi');
const withPort = new RegExp(`^(${hostName}):(\\d{1,5})$`);
const bare = new RegExp(`^${hostName}$`);
/** Variables that hold a host by itself. */
const namesHost =
  /host|addr|server|url|uri|dsn|broker|endpoint|upstream|node|peer|proxy|service|database|cache|queue|(?:^|_)db(?:_|$)/i;

/**
 * What a container depends on, by its compose `depends_on` label and its environment: names, and ports where they
 * stand beside them. Nothing else of the environment, which is full of secrets, leaves this function.
 * @param environment `NAME=value` each, as `docker inspect` prints it
 */
export function mentionsOf(
  environment: readonly string[],
  labels: Readonly<Record<string, string>>,
): Mention[] {
  const found = new Map<string, Mention>();
  const add = (name: string | undefined, port?: string): void => {
    if (name === undefined || name === '') return;
    const known = found.get(name);
    if (known?.port != null) return;
    found.set(name, { name, port: port === undefined ? null : Number(port) });
  };
  // momo-db:service_healthy:false,momo-redis:service_started:true
  for (const entry of (labels['com.docker.compose.depends_on'] ?? '').split(',')) add(entry.split(':')[0]);
  for (const variable of environment) {
    const [name = '', ...rest] = variable.split('=');
    const value = rest.join('=').slice(0, 4096);
    for (const [, host, port] of value.matchAll(inUrl)) add(host, port);
    for (const [, host] of value.matchAll(asParameter)) add(host);
    for (const word of value.split(/[\s,;]+/)) {
      const [, host, port] = withPort.exec(word) ?? [];
      if (host !== undefined) add(host, port);
      else if (namesHost.test(name) && bare.test(word)) add(word);
    }
  }
  return [...found.values()];
}
