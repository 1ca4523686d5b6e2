import { describe, expect, it } from 'vitest';
import { allowlist } from '../../../domain/policy/allowlist.ts';
import { answerIn, inspectedIn, isAnswer } from '../../../domain/policy/answer-shape.ts';

const id = 'd1b42f337ceed24f388df59e51e2e0c444f84fadf627ab15a7a0c7b4071e0cc4';

/** What each command of the allowlist really prints; the first lines are enough. */
const answers: Record<string, string> = {
  'docker ps':
    'CONTAINER ID   IMAGE     COMMAND          CREATED          STATUS          PORTS     NAMES\nd1b42f337cee   bb:1      "sleep 100000"   5 minutes ago    Up 5 minutes              momo-report-1',
  'docker ps -a': 'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES',
  'docker ps --no-trunc': 'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES',
  'docker ps -a --no-trunc': 'CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES',
  'docker ps -q --no-trunc': id,
  'docker ps -a -q --no-trunc': `${id}\n${id}`,
  'docker inspect web': '[\n    {\n        "Id": "x"\n    }\n]',
  'docker container inspect web': '[\n    {\n        "Id": "x"\n    }\n]',
  'docker stats --no-stream':
    'CONTAINER ID   NAME            CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS',
  'docker stats --no-stream web': 'CONTAINER ID   NAME            CPU %     MEM USAGE / LIMIT',
  'docker top web': 'UID                 PID                 PPID                C                   STIME',
  'docker port web': '80/tcp -> 0.0.0.0:8080',
  'docker network ls': 'NETWORK ID     NAME           DRIVER    SCOPE',
  'docker network inspect momo_default': '[\n    {\n        "Name": "momo_default"\n    }\n]',
  'docker volume ls': 'DRIVER    VOLUME NAME',
  'docker image ls': 'REPOSITORY   TAG       IMAGE ID       CREATED          SIZE',
  'docker system df': 'TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE',
  'docker version': 'Client:\n Version:           28.2.2',
  'df -h': 'Filesystem      Size  Used Avail Use% Mounted on\noverlay          63G   33G   28G  55% /',
  'df -i': 'Filesystem      Inodes  IUsed   IFree IUse% Mounted on',
  'free -m': '               total        used        free      shared  buff/cache   available',
  uptime: ' 03:14:15 up 42 days,  3:07,  0 users,  load average: 0.42, 0.23, 0.05',
  'date -u': 'Wed Nov 25 03:14:15 UTC 2026',
  nproc: '2',
  'uname -r': '6.1.0-18-amd64',
  'getent hosts localhost': '127.0.0.1       localhost',
  'ss -ltn': 'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess',
  'ss -s': 'Total: 158\nTCP:   12 (estab 2, closed 4, orphaned 0, timewait 4)',
  'systemctl status docker --no-pager':
    '● docker.service - Docker Application Container Engine\n     Loaded: loaded',
  'systemctl is-active docker': 'inactive',
  'journalctl -u docker -n 50 --no-pager':
    'Nov 25 03:12:01 ollama dockerd[1]: API listen on /run/docker.sock',
  'pg_isready -h momo-postgres': 'momo-postgres:5432 - no response',
  'pg_isready -h momo-postgres -p 5433': 'momo-postgres:5433 - accepting connections',
  'autoheal-gate-probe': 'autoheal-gate 1 in force',
};

/** What login files print: greetings, other commands' output, boxes, brackets. */
const noises = [
  'Welcome to ollama-188',
  'Linux ollama 6.1.0-18-amd64 x86_64\n\nLast login: Wed Nov 25 02:00:00 2026 from 192.0.2.1',
  '[motd] 3 updates can be applied\n[',
  '***********\n* [prod] *\n***********',
  'nvm is not compatible with the npm config "prefix" option\n{"a": [1, 2',
];

describe('an answer behind what a login prints', () => {
  it('is known of every command of the allowlist but a log, which looks like anything', () => {
    const shaped = allowlist
      .map(({ pattern }) => pattern)
      .filter((pattern) => !pattern.startsWith('docker logs'));
    const asked = Object.keys(answers).map((line) => line.split(' ').length);
    expect(asked).toHaveLength(shaped.length);
  });

  it.each(Object.entries(answers))('%s', (command, answer) => {
    expect(answerIn(command, answer)).toEqual({ answer, noise: '' });
    for (const noise of noises) {
      if (/inspect/.test(command) && noise.endsWith('\n[')) continue;
      expect(answerIn(command, `${noise}\n${answer}`), noise).toEqual({ answer, noise });
    }
  });

  it('is left whole where nothing looks like it', () => {
    expect(answerIn('df -h', 'odd\nthings')).toEqual({ answer: 'odd\nthings', noise: '' });
    expect(answerIn('docker logs --tail 5 web', 'Filesystem x\nb')).toMatchObject({ noise: '' });
  });
});

describe('what docker inspect printed', () => {
  const list =
    '[\n    {\n        "Id": "x",\n        "Args": [\n            "[",\n            "]"\n        ],\n        "Env": []\n    }\n]';
  it.each(['', ...noises])('is found behind "%s"', (noise) => {
    const expected = JSON.parse(list) as unknown[];
    expect(inspectedIn(`${noise}\n${list}`)).toEqual(expected);
    expect(inspectedIn(`${noise}\n${list}\n\nlogout, goodbye`)).toEqual(expected);
    expect(inspectedIn(`${noise}\n[]`)).toEqual([]);
  });

  it('is one line where a format or another program made it so', () => {
    expect(inspectedIn('[{"Id":"x"}]')).toEqual([{ Id: 'x' }]);
  });

  it.each(['', '[', list.slice(0, 40), list.slice(0, -2), 'nothing of the kind', '{"Id": "x"}'])(
    'is not there in %j: nothing is made of half an answer',
    (half) => {
      expect(inspectedIn(half)).toBeUndefined();
    },
  );

  it('is looked for in one pass over whatever', () => {
    const begun = performance.now();
    inspectedIn('[\n'.repeat(50_000));
    inspectedIn(']\n'.repeat(50_000));
    inspectedIn(`${'[\n'.repeat(2000)}${']\n'.repeat(2000)}x`);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

it.each([
  ['pg_isready -h x', [0, 1, 2], [3, 127]],
  ['systemctl is-active docker', [0, 3], [1, 2, 127]],
  ['systemctl status docker --no-pager', [0, 3, 4], [1, 127]],
  ['getent hosts x', [0, 2], [1, 3, 127]],
  ['docker logs --tail 5 web', [0], [1]],
  ['df -h', [0], [1]],
])('%s answers by its exit code: %j do, %j do not', (command, yes, no) => {
  for (const code of yes) expect(isAnswer(command, code), String(code)).toBe(true);
  for (const code of no) expect(isAnswer(command, code), String(code)).toBe(false);
});
