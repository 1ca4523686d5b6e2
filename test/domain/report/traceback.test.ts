import { describe, expect, it } from 'vitest';
import { readTraceback } from '../../../domain/report/traceback.ts';

const lines = (...text: string[]) => text.join('\n');

describe('a traceback', () => {
  it.each([
    [
      'Python, one exception with output around it',
      lines('starting', 'Traceback (most recent call last):', '  File "/app/a.py", line 3, in run', '    x()', '    ^^^', "KeyError: 'price'", ''),
      { type: 'KeyError', message: "'price'", language: 'python' },
    ],
    [
      'Python, a chain by "from"',
      lines('Traceback (most recent call last):', '  File "a.py", line 1, in x', 'psycopg2.OperationalError: could not connect', '', 'The above exception was the direct cause of the following exception:', '', 'Traceback (most recent call last):', '  File "b.py", line 1, in y', 'app.ImportFailed: import failed'),
      { type: 'app.ImportFailed', message: 'import failed', language: 'python' },
    ],
    [
      'Python, a chain while handling, with a message of several lines',
      lines('Traceback (most recent call last):', '  File "a.py", line 1, in x', 'KeyError: 1', '', 'During handling of the above exception, another exception occurred:', '', 'Traceback (most recent call last):', '  File "b.py", line 1, in y', 'psycopg2.OperationalError: could not connect to server: Connection refused', '\tIs the server running on host "db"?', '', 'bye'),
      { type: 'psycopg2.OperationalError', message: 'could not connect to server: Connection refused\nIs the server running on host "db"?', language: 'python' },
    ],
    [
      'Python, without a message',
      lines('Traceback (most recent call last):', '  File "a.py", line 1, in <module>', 'KeyboardInterrupt'),
      { type: 'KeyboardInterrupt', message: '', language: 'python' },
    ],
    [
      'Python, an exception group',
      lines('  + Exception Group Traceback (most recent call last):', '  |   File "a.py", line 1, in <module>', '  | ExceptionGroup: several (1 sub-exception)', '  +-+---------------- 1 ----------------', '    | ValueError: x', '    +------------------------------------'),
      { type: 'ExceptionGroup', message: 'several (1 sub-exception)', language: 'python' },
    ],
    [
      'Node, one error with fields',
      lines('/app/a.js:1', 'Error: connect ECONNREFUSED 127.0.0.1:5432', '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16) {', '  errno: -111,', "  code: 'ECONNREFUSED'", '}', '', 'Node.js v20.20.0'),
      { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5432', language: 'node' },
    ],
    [
      'Node, a cause',
      lines('Error: import failed', '    at run (file:///app/a.js:3:9)', '    at node:internal/main:1:1 {', '  [cause]: TypeError: fetch failed', '      at fetch (node:internal:1:1) {', '    [cause]: Error: getaddrinfo ENOTFOUND db', '        at GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:107:26) {', "      code: 'ENOTFOUND'", '    }', '  }', '}'),
      { type: 'Error', message: 'getaddrinfo ENOTFOUND db', language: 'node' },
    ],
    [
      'Node, an error with a code in brackets',
      lines('TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string', '    at Object.open (node:fs:1:1)'),
      { type: 'TypeError', message: 'The "path" argument must be of type string', language: 'node' },
    ],
    [
      'Java, a chain of causes',
      lines('Exception in thread "main" java.lang.RuntimeException: import failed', '\tat com.momo.Main.run(Main.java:10)', 'Caused by: org.postgresql.util.PSQLException: The connection attempt failed.', '\tat org.postgresql.Driver.connect(Driver.java:2)', '\t... 12 more', 'Caused by: java.net.UnknownHostException: momo-postgres', '\t... 14 more'),
      { type: 'java.net.UnknownHostException', message: 'momo-postgres', language: 'java' },
    ],
    [
      'Java, without a message',
      lines('java.lang.NullPointerException', '\tat com.momo.Main.run(Main.java:10)'),
      { type: 'java.lang.NullPointerException', message: '', language: 'java' },
    ],
    [
      'the last of two languages',
      lines('Error: first', '    at a (b:1:1)', 'Traceback (most recent call last):', '  File "a.py", line 1', 'ValueError: second'),
      { type: 'ValueError', message: 'second', language: 'python' },
    ],
  ])('of %s is read', (_what, text, expected) => {
    expect(readTraceback(text)).toEqual(expected);
    expect(readTraceback(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  }); // prettier-ignore

  it.each([
    '',
    'all is well',
    'Note: look at the docs',
    'Traceback (most recent call last):',
    '    at nowhere',
  ])('is not seen in %j', (text) => {
    expect(readTraceback(text)).toBeNull();
  });
});
