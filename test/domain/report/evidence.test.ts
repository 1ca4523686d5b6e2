import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../../domain/report/evidence.ts';

const python = [
  'Traceback (most recent call last):',
  '  File "/app/jobs/boom.py", line 2, in <module>',
  '    load()',
  '    ~~~~^^',
  '  File "/app/jobs/boom.py", line 1, in load',
  '    def load(): return {}["order_id"]',
  '                       ~~^^^^^^^^^^^^',
  "KeyError: 'order_id'",
];
const coloured = [
  'Traceback (most recent call last):',
  '  File \u001b[35m"/app/jobs/boom.py"\u001b[0m, line \u001b[35m2\u001b[0m, in \u001b[35m<module>\u001b[0m',
  '    \u001b[31mload\u001b[0m\u001b[1;31m()\u001b[0m',
  '  File \u001b[35m"/app/jobs/boom.py"\u001b[0m, line \u001b[35m1\u001b[0m, in \u001b[35mload\u001b[0m',
  "\u001b[1;35mKeyError\u001b[0m: \u001b[35m'order_id'\u001b[0m",
];
const shipped = (prefix: (line: string) => string, lines = python) => lines.map(prefix).join('\n');
const root = (text: string) => readEvidence({ message: 'job failed', traceback: text }).links.at(-1);

describe('a traceback is read through what shippers put before it', () => {
  it.each([
    ['nothing', (line: string) => line],
    ['docker compose', (line: string) => `momo-scheduler  | ${line}`],
    ['docker compose with a number', (line: string) => `momo-scheduler-1  | ${line}`],
    ["Docker's times", (line: string) => `2026-04-19T03:00:00.123456789Z ${line}`],
    ['compose and times', (line: string) => `app-1  | 2026-04-19T03:00:00.123456789Z ${line}`],
    ['journald', (line: string) => `Apr 19 03:00:00 ollama-188 momo[811]: ${line}`],
    ['journald with ISO times', (line: string) => `2026-04-19T03:00:00+0800 ollama-188 momo[811]: ${line}`],
    ['syslog', (line: string) => `<11>1 2026-04-19T03:00:00Z host app 811 - - ${line}`],
    ['the kubelet', (line: string) => `2026-04-19T03:00:00.123456789Z stderr F ${line}`],
    ['pm2', (line: string) => `0|momo | ${line}`],
    [
      "Docker's JSON log",
      (line: string) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: 'x' }),
    ],
    ['Celery', (line: string) => `[2026-04-19 03:00:00,001: WARNING/MainProcess] ${line}`],
  ])('%s', (_, prefix) => {
    expect(root(shipped(prefix))).toEqual({
      type: 'KeyError',
      message: "'order_id'",
      place: { file: '/app/jobs/boom.py', function: 'load' },
    });
  });

  it('colours, with and without their escape character', () => {
    expect(root(coloured.join('\n'))).toMatchObject({ type: 'KeyError', message: "'order_id'" });
    expect(root(coloured.join('\n').replaceAll('\u001b', ''))).toMatchObject({ type: 'KeyError' });
  });

  it('a stack in a line of JSON', () => {
    const stack =
      'TypeError: x is not a function\n    at run (/app/job.js:3:9)\n    at main (/app/index.js:1:1)';
    const line = JSON.stringify({ level: 50, msg: 'job failed', err: { type: 'TypeError', stack } });
    expect(root(`{"level":30,"msg":"start"}\n${line}`)).toEqual({
      type: 'TypeError',
      message: 'x is not a function',
      place: { file: '/app/job.js', function: 'run' },
    });
  });
});

describe('the chain of exceptions', () => {
  const links = (text: string) => readEvidence({ message: 'job failed', traceback: text }).chain?.links ?? [];
  const names = (text: string) => links(text).map(({ type, message }) => `${type}: ${message}`);

  it('of Python: causes, and what was being handled apart from them', () => {
    const text = [
      'Traceback (most recent call last):',
      '  File "/app/net.py", line 3, in call',
      'ConnectionRefusedError: [Errno 111] Connection refused',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "/app/cache.py", line 9, in get',
      'KeyError: 7',
      '',
      'The above exception was the direct cause of the following exception:',
      '',
      'Traceback (most recent call last):',
      '  File "/app/job.py", line 3, in run',
      'app.JobFailed: no prices',
    ].join('\n');
    const { chain } = readEvidence({ message: 'job failed', traceback: text });
    expect(chain?.links.map(({ type }) => type)).toEqual(['app.JobFailed', 'KeyError']);
    expect(chain?.context.map(({ type }) => type)).toEqual(['ConnectionRefusedError']);
  });

  it('of a Python group, with notes', () => {
    const text = [
      '  + Exception Group Traceback (most recent call last):',
      '  |   File "/app/job.py", line 12, in main',
      '  |     async with asyncio.TaskGroup() as group:',
      '  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)',
      '  +-+---------------- 1 ----------------',
      '    | Traceback (most recent call last):',
      '    |   File "/app/job.py", line 6, in fetch',
      '    |     raise OSError(28, "No space left on device")',
      '    | OSError: [Errno 28] No space left on device',
      '    | while writing prices.csv',
      '    +------------------------------------',
    ].join('\n');
    expect(names(text)).toEqual([
      'ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)',
      'OSError: [Errno 28] No space left on device\nwhile writing prices.csv',
    ]);
  });

  it('of Node, with the fields in its braces', () => {
    const text = [
      'TypeError: fetch failed',
      '    at node:internal/deps/undici/undici:13185:13',
      '    at async sync (/app/sync.js:10:15) {',
      '  [cause]: Error: connect ECONNREFUSED 10.0.0.7:8080',
      '      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1494:16) {',
      '    errno: -111,',
      "    code: 'ECONNREFUSED',",
      '  }',
      '}',
    ].join('\n');
    const { chain, end } = readEvidence({ message: 'job failed', traceback: text });
    expect(chain?.links).toMatchObject([
      { type: 'TypeError', place: { file: '/app/sync.js' } },
      { type: 'Error', message: 'connect ECONNREFUSED 10.0.0.7:8080' },
    ]);
    expect(end.codes.errno).toEqual(['ECONNREFUSED']);
  });

  it('of Java, with the exceptions that Spring prints into a message', () => {
    const text = [
      'Exception in thread "main" org.x.StartException: no context; nested exception is java.net.UnknownHostException: db',
      '\tat org.springframework.boot.Run.go(Run.java:5)',
      '\tat com.example.Main.main(Main.java:3)',
      'Caused by: java.io.IOException: closed',
      '\tat com.example.Net.read(Net.java:8)',
      '\t... 12 more',
    ].join('\n');
    expect(links(text)).toMatchObject([
      { type: 'org.x.StartException', place: { file: 'com.example.Main', function: 'main' } },
      { type: 'java.net.UnknownHostException', message: 'db' },
      { type: 'java.io.IOException', place: { file: 'com.example.Net', function: 'read' } },
    ]);
  });

  it('of .NET', () => {
    const text = [
      'Unhandled exception. System.Net.Http.HttpRequestException: Connection refused (api:80)',
      ' ---> System.Net.Sockets.SocketException (111): Connection refused',
      '   at System.Net.Sockets.Socket.Connect(EndPoint remote)',
      '   --- End of inner exception stack trace ---',
      '   at Shop.Orders.Load(Int32 id) in /src/Orders.cs:line 31',
    ].join('\n');
    expect(names(text)).toEqual([
      'System.Net.Http.HttpRequestException: Connection refused (api:80)',
      'System.Net.Sockets.SocketException: Connection refused',
    ]);
  });

  it.each([
    [
      'Go',
      'panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\nmain.load(...)\n\t/app/load.go:9 +0x1d\nmain.main()\n\t/app/main.go:4 +0x2\nexit status 2',
      {
        type: 'runtime error',
        message: 'index out of range [5] with length 3',
        place: { file: '/app/load.go', function: 'main.load' },
      },
    ],
    [
      'Go, an error that was thrown',
      'panic: dial tcp 10.0.0.3:6379: connect: connection refused\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:4 +0x2',
      { type: 'panic', message: 'dial tcp 10.0.0.3:6379: connect: connection refused' },
    ],
    [
      'PHP',
      'PHP Fatal error:  Uncaught TypeError: price must be float in /app/a.php:3\nStack trace:\n#0 /app/run.php(10): load()\n#1 {main}\n  thrown in /app/a.php on line 3',
      { type: 'TypeError', message: 'price must be float', place: { file: '/app/a.php' } },
    ],
    [
      'Ruby',
      "/app/order.rb:12:in `total': undefined method `price' for nil (NoMethodError)\n\tfrom /app/order.rb:30:in `each'\n\tfrom bin/run:3:in `<main>'",
      {
        type: 'NoMethodError',
        message: "undefined method `price' for nil",
        place: { file: '/app/order.rb', function: 'total' },
      },
    ],
    [
      'Rust',
      "thread 'main' panicked at src/main.rs:4:10:\nindex out of bounds: the len is 3 but the index is 7\nnote: run with `RUST_BACKTRACE=1`",
      {
        type: 'runtime error',
        message: 'index out of bounds: the len is 3 but the index is 7',
        place: { file: 'src/main.rs' },
      },
    ],
    [
      'an older Rust',
      "thread 'main' panicked at 'called `Result::unwrap()` on an `Err` value: Os { code: 111 }', src/net.rs:4:10",
      { type: 'panic', place: { file: 'src/net.rs' } },
    ],
  ])('of %s', (_, text, link) => {
    expect(links(text).at(-1)).toMatchObject(link);
  });

  it('of PHP, whose root is printed first', () => {
    const text =
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /app/db.php:3\nStack trace:\n#0 {main}\n\nNext RuntimeException: no database in /app/run.php:9\nStack trace:\n#0 {main}\n  thrown in /app/run.php on line 9';
    expect(links(text).map(({ type }) => type)).toEqual(['RuntimeException', 'PDOException']);
  });

  it('is not what a program went on for long behind', () => {
    const after = Array.from({ length: 30 }, (_, at) => `step ${at} done`).join('\n');
    expect(
      readEvidence({ message: 'job failed', traceback: `${python.join('\n')}\n${after}` }).chain,
    ).toBeNull();
  });

  it('is read in time linear in the text', () => {
    const started = performance.now();
    for (const part of [
      ...python,
      '    at a (b:1:1)',
      'Caused by: x.Y: z',
      "E: 'a",
      '\u001b[3',
      '{"a',
      '  | ',
    ])
      readEvidence({ message: part.repeat(10_000), traceback: `${part}\n`.repeat(10_000) });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('a long message', () => {
  it('counts at its end as well as at its head', () => {
    const text = `${'x'.repeat(60_000)}\nOSError: [Errno 28] No space left on device`;
    expect(readEvidence({ message: text }).end.codes.errno).toEqual(['ENOSPC']);
  });
});

describe('standard codes', () => {
  const codes = (message: string) => readEvidence({ message }).end.codes;
  it.each([
    ['PDOException: SQLSTATE[HY000] [1045] Access denied', { sqlstate: ['HY000'], mysql: ['1045'] }],
    ["error: … {\n  severity: 'FATAL',\n  code: '28P01',\n}", { sqlstate: ['28P01'] }],
    ['SQL Error [57014]: ERROR: canceling statement', { sqlstate: ['57014'] }],
    ['ORA-01017: invalid username/password', { oracle: ['01017'] }],
    ['[Errno 111] Connection refused', { errno: ['ECONNREFUSED'] }],
    ['tcp connect error: Connection timed out (os error 110)', { errno: ['ETIMEDOUT'] }],
    ['[WinError 10061] refusé', { errno: ['ECONNREFUSED'] }],
    ['upstream timed out (110: Connection timed out) while connecting', { errno: ['ETIMEDOUT'] }],
    ['504 Server Error: Gateway Time-out for url: x', { http: ['504'] }],
    ['rpc error: code = DeadlineExceeded desc = late', { grpc: ['DEADLINE_EXCEEDED'] }],
    ['An error occurred (Throttling) when calling X', { cloud: ['Throttling'] }],
    ["code: 'P1001'", { prisma: ['P1001'] }],
    ['getaddrinfo EAI_AGAIN db', { dns: ['EAI_AGAIN'] }],
    ['task: non-zero exit (137)', { exit: ['137'] }],
    ['killed by signal 9', { signal: ['SIGKILL'] }],
  ])('of %s', (message, expected) => {
    expect(codes(message)).toMatchObject(expected);
  });

  it.each([
    ['order 415031 is late'],
    ['2026-05-01 10:15:03,502 feed is late'],
    ['row 08001 has 429 fields'],
    ['item 28 of 111'],
    ['5432 rows, 137 skipped'],
  ])('are not just numbers: %s', (message) => {
    expect(codes(message)).toEqual({});
  });
});
