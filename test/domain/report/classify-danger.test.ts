import { describe, expect, it } from 'vitest';
import { classify } from '../../../domain/report/classify.ts';
import type { Report } from '../../../domain/report/report.ts';
import { readPlaybooks } from '../../../settings/read-playbooks.ts';

/** Texts that once led to a wrong restart, a wait for what no wait cures, or a probe of the wrong thing. */
const { rules } = readPlaybooks();
const say = (error: Report['error']) => classify({ source: 'task', error }, rules);
const type = (error: Report['error']) => say(error).errorType;

const keyError = (line: string): Report['error'] => ({
  type: 'KeyError',
  message: "'order_id'",
  traceback: `${line}\nTraceback (most recent call last):\n  File "/app/job.py", line 3, in run\n    row["order_id"]\nKeyError: 'order_id'\n`,
});

describe('a link to documentation', () => {
  it.each([
    [
      'Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool',
    ],
    [
      '2026-01-01 ERROR QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00 (Background on this error at: https://sqlalche.me/e/20/3o7r)',
    ],
    [
      'cURL error 28: Operation timed out after 3001 milliseconds (see https://curl.haxx.se/libcurl/c/libcurl-errors.html)',
    ],
    ['request timed out, for help see https://support.example.com/timeouts'],
    ['Request timeout. Learn more: https://example.com/limits'],
    ['逾時 timeout,詳見 https://example.com/limits'],
    [
      "Client error '504 Gateway Timeout'\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/504",
    ],
  ])('is no address that was called: %s', (message) => {
    expect(say({ message }).facts).not.toHaveProperty('url');
  });

  it.each([
    ['INFO read https://api.example.com/v1/items: timed out'],
    ['background job: GET https://help.example.com/api timed out'],
    ['failed to fetch https://api.example.com/docs/7: request timed out'],
  ])('is told from an address that was called: %s', (message) => {
    expect(say({ message }).facts['url']).toMatch(/^https:/);
  });

  it('does not hide the address that was called', () => {
    const message =
      'GET https://api.example.com/v1/items: request timed out. More info: https://docs.example.com/t';
    expect(say({ message }).facts).toEqual({ url: 'https://api.example.com/v1/items' });
  });
});

describe('an older line', () => {
  it.each([
    ['INFO momo-redis Up 3 hours (unhealthy)'],
    ['INFO container tmp-7 exited'],
    ['INFO oom-killer was last seen 12 days ago'],
    ['INFO dial tcp 10.0.0.3:5432: connect: connection refused, retrying'],
    ['ERROR no space left on device, cleaned up'],
    ['WARNING FATAL: password authentication failed for user "old", as expected'],
  ])('decides nothing where an exception ends the output: %s', (line) => {
    expect(type(keyError(line))).toBe('CODE_ERROR');
  });

  it('never restarts, not even where nothing else is known', () => {
    const traceback =
      'INFO momo-redis Up 3 hours (unhealthy)\nTraceback (most recent call last):\n  File "/app/job.py", line 3, in run\n    stop()\napp.Stopped: enough\n';
    expect(type({ type: 'app.Stopped', message: 'enough', traceback })).toBe('UNKNOWN');
  });
});

describe('a number', () => {
  it.each([
    ["2026-05-01 10:15:03,502 ERROR fetched https://feeds.example.com/a.xml but KeyError: 'price'"],
    ['order 415031 from https://shop.example.com/x has no price'],
    ['order 503 from https://shop.example.com/x has no price'],
    ['row 08001: cannot connect the parts'],
    ['42 of 429 rows were not imported'],
    ['invoice code: 4031 was not found'],
    ['item 137 exited the queue'],
  ])('is a status only where it stands as one: %s', (message) => {
    expect(['UNKNOWN', 'CODE_ERROR']).toContain(type({ message }));
  });

  it.each([
    ['UPSTREAM_TIMEOUT', '502 Server Error: Bad Gateway for url: https://api.example.com/x'],
    ['UPSTREAM_TIMEOUT', 'https://api.example.com/x answered with status code 503'],
    ['UPSTREAM_TIMEOUT', 'GET https://api.example.com/x: HTTP/1.1 504'],
  ])('that is a status says %s: %s', (expected, message) => {
    expect(type({ message })).toBe(expected);
  });
});

describe("what libpq says behind 'failed:'", () => {
  const failed = (why: string) =>
    type({
      type: 'psycopg2.OperationalError',
      message: `connection to server at "db" (172.18.0.3), port 5432 failed: ${why}`,
    });
  it.each([
    ['CODE_ERROR', 'FATAL:  database "shop" does not exist'],
    ['CODE_ERROR', 'server does not support SSL, but SSL was required'],
    ['CERT_EXPIRED', 'SSL error: certificate verify failed: certificate has expired'],
    ['AUTH_FAILED', 'fe_sendauth: no password supplied'],
    ['AUTH_FAILED', 'FATAL:  password authentication failed for user "app"'],
    ['AUTH_FAILED', 'FATAL:  no pg_hba.conf entry for host "172.18.0.9"'],
    ['AUTH_FAILED', 'FATAL:  role "app" does not exist'],
    ['AUTH_FAILED', 'FATAL:  permission denied for database "shop"'],
    ['DB_UNREACHABLE', 'FATAL:  the database system is starting up'],
    ['DB_UNREACHABLE', 'FATAL:  sorry, too many clients already'],
    [
      'DB_UNREACHABLE',
      'Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?',
    ],
    ['DB_UNREACHABLE', 'timeout expired'],
    ['DB_UNREACHABLE', 'server closed the connection unexpectedly'],
  ])('decides: %s for %s', (expected, why) => {
    expect(failed(why)).toBe(expected);
  });

  it.each([
    ['FATAL:  unsupported startup parameter: extra_float_digits'],
    ['SSL error: certificate verify failed'],
  ])('is no outage: %s', (why) => {
    expect(['UNKNOWN', 'CODE_ERROR', 'CERT_EXPIRED']).toContain(failed(why));
  });
});

describe('a name in an error of the program', () => {
  it.each([
    [
      'org.postgresql.util.PSQLException',
      'ERROR: column "closed_at" of relation "connections" does not exist',
    ],
    ['AttributeError', "module 'redis.exceptions' has no attribute 'ConnectionRefusedError'"],
    ['ImportError', "cannot import name 'TimeoutError' from 'redis'"],
    ['TypeError', "connect() got an unexpected keyword argument 'connection_timeout'"],
    ['KeyError', "'ECONNREFUSED'"],
    ['AssertionError', 'expected "ECONNREFUSED", got "ETIMEDOUT"'],
    ['NameError', "name 'RateLimitError' is not defined"],
    ['ModuleNotFoundError', "No module named 'no_space_left_on_device'"],
  ])('is no outage: %s: %s', (name, message) => {
    expect(type({ type: name, message })).toBe('CODE_ERROR');
  });

  it('does not hide what the program could not reach', () => {
    const traceback =
      'TypeError: fetch failed\n    at node:internal/deps/undici/undici:13185:13 {\n  [cause]: Error: connect ECONNREFUSED 10.0.0.7:8080\n      at TCPConnectWrap.afterConnect (node:net:1494:16)\n}\n';
    expect(type({ type: 'TypeError', message: 'fetch failed', traceback })).toBe('CONNECTION_REFUSED');
  });
});

describe('a container', () => {
  it.each([
    ['CONTAINER_EXITED', 'app-web-1 exited with code 137'],
    ['CONTAINER_EXITED', 'container momo-web exited with code 137'],
    ['CONTAINER_EXITED', 'container migrate-job exited with code 0'],
    ['UNKNOWN', 'app-migrate-1 exited with code 0'],
    ['CONTAINER_UNHEALTHY', 'container momo-scheduler is not responding'],
    ['CONTAINER_UNHEALTHY', 'container momo-web is hung'],
    ['CONTAINER_UNHEALTHY', 'unhealthy: momo-web'],
    ['OOM_KILLED', 'container momo-web was OOMKilled'],
    ['OOM_KILLED', '{"OOMKilled":true,"ExitCode":137}'],
  ])('is said to be %s by "%s"', (expected, message) => {
    expect(type({ message })).toBe(expected);
  });

  it("in compose's progress is not what failed", () => {
    const message =
      ' Container app-web-1  Stopping\n Container app-web-1  Stopped\nError response from daemon: toomanyrequests: You have reached your pull rate limit.';
    expect(type({ message })).toBe('RATE_LIMITED');
  });
});

describe("the operator's first example", () => {
  it.each([
    ['could not translate host name "momo-postgres"'],
    ['could not translate host name "momo-postgres" to address: Name or service not known'],
    ['psycopg2.OperationalError: could not translate host name "momo-postgres" to addr…'],
  ])('is DNS_FAIL, cut or whole: %s', (message) => {
    expect(say({ message })).toMatchObject({ errorType: 'DNS_FAIL', facts: { name: 'momo-postgres' } });
  });
});
