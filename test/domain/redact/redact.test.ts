import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactReport } from '../../../domain/redact/redact.ts';
import { reportSchema } from '../../../domain/report/report.ts';

const random = (pattern: RegExp) => fc.stringMatching(pattern);
const password = random(/^[A-Za-z0-9!#$%^*_+.~-]{8,24}$/);
const upper = fc.constantFrom(
  'POSTGRES_PASSWORD',
  'DB_PASS',
  'PGPASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  'TELEGRAM_BOT_TOKEN',
  'SECRET_KEY_BASE',
  'STRIPE_API_KEY',
);
const lower = fc.constantFrom(
  'password',
  'passwd',
  'secret',
  'api_key',
  'apiKey',
  'client_secret',
  'access_token',
  'private-key',
  'db.password',
  'clientSecret',
);

/** A secret and a text that carries it, as programs write such texts. */
const planted: fc.Arbitrary<{ secret: string; text: string }> = fc.oneof(
  password.map((secret) => ({ secret, text: `postgres://momo:${secret}@momo-postgres:5432/momo` })),
  password.map((secret) => ({ secret, text: `redis://:${secret}@cache:6379/0` })),
  fc.tuple(upper, password).map(([name, secret]) => ({ secret, text: `${name}=${secret}` })),
  fc.tuple(upper, password).map(([name, secret]) => ({ secret, text: `export ${name}="${secret}"` })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: `{"${name}": "${secret}", "a": 1}` })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: `{'${name}': '${secret}'}` })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: JSON.stringify(JSON.stringify({ [name]: secret })) })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: `host=db ${name}=${secret} dbname=x` })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: `?user=x&${name}=${encodeURIComponent(secret)}&y=1` })),
  fc.tuple(lower, password).map(([name, secret]) => ({ secret, text: `\n  ${name}: ${secret}\n` })),
  random(/^[a-z][A-Za-z0-9]{8,20}$/).map((secret) => ({ secret, text: `run --password ${secret} --verbose` })),
  random(/^[A-Za-z][A-Za-z0-9._~-]{20,60}[0-9]$/).map((secret) => ({ secret, text: `Authorization: Bearer ${secret}` })),
  random(/^[A-Za-z0-9]{20,60}[0-9]==$/).map((secret) => ({ secret, text: `-H 'authorization: Basic ${secret}'` })),
  random(/^[A-Za-z0-9]{20,40}[0-9]$/).map((secret) => ({ secret, text: `sent bearer ${secret} along` })),
  random(/^[1-9][0-9]{8,9}:AA[A-Za-z0-9_-]{33}$/).map((secret) => ({ secret, text: `https://api.telegram.org/bot${secret}/sendMessage` })),
  random(/^[1-9][0-9]{8,9}:AA[A-Za-z0-9_-]{33}$/).map((secret) => ({ secret, text: `the bot ${secret} is away` })),
  random(/^AKIA[A-Z0-9]{16}$/).map((secret) => ({ secret, text: `key ${secret} is not active` })),
  random(/^gh[pousr]_[A-Za-z0-9]{36}$/).map((secret) => ({ secret, text: `https://${secret}@github.com/a/b` })),
  random(/^xoxb-[0-9]{10,12}-[A-Za-z0-9]{24}$/).map((secret) => ({ secret, text: `slack ${secret}` })),
  random(/^eyJ[A-Za-z0-9_-]{10,30}\.eyJ[A-Za-z0-9_-]{10,30}\.[A-Za-z0-9_-]{20,40}$/).map((secret) => ({ secret, text: `jwt ${secret}` })),
  random(/^[A-Za-z0-9+/]{60}$/).map((secret) => ({ secret, text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----` })),
  random(/^[A-Za-z0-9+/]{60}$/).map((secret) => ({ secret, text: `-----BEGIN RSA PRIVATE KEY-----\n${secret}` })),
  password.map((secret) => ({ secret, text: JSON.stringify([{ Config: { Env: ['PATH=/bin', `ANYTHING=${secret}`], Cmd: null } }], null, 4) })),
  password.map((secret) => ({ secret, text: `                "ANYTHING=${secret}",\n                "B=c"\n            ],` })),
); // prettier-ignore

/** Text without secrets, as it stands in reports. */
const benign = [
  'psycopg2.OperationalError: could not translate host name "momo-postgres" to address: Name or service not known',
  'password authentication failed for user "momo"',
  'FATAL: no password supplied',
  'Basic authentication required for this token type',
  'SyntaxError: Unexpected token } in JSON at position 4',
  "KeyError: 'token'",
  'max_tokens=4096 bypass=1 compass=north',
  'http://localhost:3000/@user/x?page=2&sort=name',
  'ssh://git@github.com/a/b.git',
  'File "/app/secret/token.py", line 12, in read_password',
  'connection to server at "momo-postgres" (172.18.0.3), port 5432 failed',
  'docker restart -t 10 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'order 123456789:12 took 30s; mail to ops@example.com',
  'commit 3f2a1b9c0d1e4f5a6b7c8d9e0f1a2b3c4d5e6f70',
  'public_key=ssh-ed25519 primary_key=5 keyboard=us monkey: no',
  'at Object.<anonymous> (/app/index.js:10:5)',
  '資料庫連線失敗：無法解析主機名稱 momo-postgres',
  '{"status": "unhealthy", "FailingStreak": 3}',
];

describe('redaction', () => {
  it('lets no planted secret survive, whatever stands around it', () => {
    const around = fc.constantFrom(' ', '\n', ' failed: ', '\n\n', '; ', ' (', '\t', '> ');
    fc.assert(
      fc.property(planted, around, fc.constantFrom(...benign), ({ secret, text }, gap, other) => {
        for (const whole of [`${other}${gap}${text}`, `${text}\n${other}`, text]) {
          expect(redact(whole)).not.toContain(secret);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it('changes nothing more when done again', () => {
    const pieces = fc.array(fc.oneof(planted.map(({ text }) => text), fc.string(), fc.constantFrom(...benign)), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, fc.constantFrom('', ' ', '\n', '"', "'", '='), (texts, gap) => {
        const once = redact(texts.join(gap));
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 5000 },
    );
  }); // prettier-ignore

  it.each(benign)('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['postgres://momo:s3cr3t@db:5432/x failed', 'postgres://momo:[redacted]@db:5432/x failed'],
    ['postgres://momo:p@ss@db/x', 'postgres://momo:[redacted]@db/x'],
    ['host=db user=momo password=pw dbname=x', 'host=db user=momo password=[redacted] dbname=x'],
    ["connect(password='a b', user='x')", "connect(password='[redacted]', user='x')"],
    ['POSTGRES_PASSWORD=a(b"c,d e', 'POSTGRES_PASSWORD=[redacted]'],
    ['Cookie: a=b; c=d', 'Cookie: [redacted]'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', 'aws_secret_access_key = [redacted]'],
    ['POSTGRES_PASSWORD = x', 'POSTGRES_PASSWORD = [redacted]'],
    ['password：值abc', 'password：[redacted]'],
    ['密碼：hunter2 已失效', '密碼：[redacted] 已失效'],
    ['token＝hunter2', 'token＝[redacted]'],
    ['secret: null', 'secret: null'],
    ['connect(password=None, token=undefined)', 'connect(password=None, token=undefined)'],
    ['X-Api-Key: abc12345', 'X-Api-Key: [redacted]'],
    ['redis-server --requirepass hunter2', 'redis-server --requirepass [redacted]'],
    ["ALTER USER momo PASSWORD 'x y'", "ALTER USER momo PASSWORD '[redacted]'"],
  ])('keeps the rest of the text: %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('removes secrets known by value, but no short word', () => {
    expect(redact('x hunter2-long y ab', ['hunter2-long', 'ab'])).toBe('x [redacted] y ab');
  });

  it('shows the names of a container’s environment and none of its values', () => {
    const inspected = JSON.stringify([{ Config: { Env: ['A=1', 'B=x\\"y', 'C'], Image: 'app:1' } }], null, 4);
    const clean = redact(inspected);
    expect(JSON.parse(clean)).toEqual([
      { Config: { Env: ['A=[redacted]', 'B=[redacted]', 'C'], Image: 'app:1' } },
    ]);
  });

  it('takes joined keys away in one go, and costs little beside an environment that never ends', () => {
    const joined = `sk-${'a'.repeat(252)}`.repeat(30);
    expect(redact(joined)).toBe('[redacted]');
    const started = performance.now();
    redact('\\"A='.repeat(30_000) + joined);
    // Seconds, where each begin of a value is followed by a look at thousands of characters.
    expect(performance.now() - started).toBeLessThan(400);
  });

  it.each([
    '://a:', 'password=', 'password', '"Env": [', '"Env":["', '-----BEGIN PRIVATE KEY-----', 'token: ', 'eyJ', 'eyJaaaaaa.', 'a', '"', '\\"',
    '\n  "A=', 'secret" ', '--secret ', 'authorization:', '1', '1:', 'Bearer ', 'xoxb-', ' ', '\n', "password='", 'api_key', '@', 'sig=',
  ])('takes time linear in %j repeated', (text) => {
    const started = performance.now();
    redact(text.repeat(Math.ceil(300_000 / text.length)));
    expect(performance.now() - started).toBeLessThan(10_000);
  }); // prettier-ignore
});

describe('a redacted report', () => {
  it('has no secret in any field and is still a report', () => {
    const secret = 'hunter2hunter2';
    const text = `password=${secret}`;
    const report = reportSchema.parse({
      source: 'elephant_alpha',
      target: text,
      error: { type: text, message: text, traceback: `x\n${text}` },
      labels: { note: text, api_key: secret },
      action: { type: 'SSH_CMD', target: text, command: text, note: text },
    });
    const clean = redactReport(report);
    expect(JSON.stringify(clean)).not.toContain(secret);
    expect(reportSchema.parse(clean)).toEqual(clean);
  });

  it('stays within the lengths of a report though marks are longer than secrets', () => {
    const report = reportSchema.parse({ source: 'cli', error: { message: 'pwd=x&'.repeat(16_000) } });
    expect(reportSchema.safeParse(redactReport(report)).success).toBe(true);
  });
});

it('leaves a report valid of which nothing is left to read', () => {
  const signs = '\u200b\u202e\u0007';
  const report = { source: 'api' as const, task: signs, host: signs, error: { message: signs } };
  const clean = redactReport({ ...report, action: { type: signs } });
  expect(reportSchema.safeParse(clean).success).toBe(true);
  expect(clean).toMatchObject({ task: '\uFFFD', host: '\uFFFD', error: { message: '\uFFFD' } });
  expect(redactReport(clean)).toEqual(clean);
});
