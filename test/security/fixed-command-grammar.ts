/** Makes fixed command lines at random: the same seed makes the same lines. */
export interface LineMaker {
  /** Reaches an engine, a service manager or the power button, if it were run as it stands. */
  hostile(): string;
  /** A program of the operator's own, with arguments. */
  plain(): string;
  /** Anything of both. */
  mixed(): string;
}

const wrappers =
  `/usr/bin/nice /usr/bin/env /usr/bin/flock /usr/bin/setpriv /usr/bin/ionice /usr/bin/stdbuf /usr/bin/timeout
  /usr/bin/chronic /opt/w/anything /usr/local/bin/run-it /usr/bin/xargs /usr/bin/find /usr/bin/script /usr/bin/watch
  /usr/bin/parallel /usr/bin/make /sbin/runuser /usr/bin/sudo-rs /usr/bin/unknown-wrapper /usr/bin/python3 /usr/bin/perl
  /usr/bin/sh /bin/busybox.static /usr/bin/tar /usr/bin/rsync /usr/bin/git /lib64/ld-linux-x86-64.so.2 nice env`.split(
    /\s+/,
  );
const between = [
  '-n',
  '5',
  '--',
  '-c',
  '-e',
  '-m',
  '-exec',
  '--to-command',
  '/tmp/lock',
  'A=b',
  '-oL',
  '--user=1',
  'x',
];
const engines =
  `docker /usr/bin/docker /usr/bin/docker.io /snap/bin/docker docker-compose /usr/libexec/docker/cli-plugins/docker-compose
  podman nerdctl ctr crictl kubectl /usr/bin/crun /opt/bin/podman-remote /usr/bin/dockerd /usr/bin/containerd-shim /var/run/docker.sock
  /run/podman/podman.sock systemctl /bin/systemctl supervisorctl /usr/bin/busctl /etc/init.d/x poweroff reboot halt shutdown
  /sbin/telinit /usr/sbin/rtcwake /proc/sysrq-trigger tcp://127.0.0.1:2375 unix:/run/x.sock lxc incus`.split(
    /\s+/,
  );
const verbs = ['restart', 'stop', 'kill', 'exec', 'compose', 'rm', '-t', '0', 'up', 'call', 'now'];
const targets = ['27042e217c11', 'app', 'x', 'momo-web', 'ab12', 'all'];
const own =
  `/opt/momo/import.sh /srv/jobs/report /usr/local/bin/momo-import /opt/tool/bin/sync /srv/momo/a.b-c_d`.split(
    /\s+/,
  );
const ownArguments =
  `--since=2026-04-01 -v report --mode=watch --level=nice --lang=es 500 a.b.c /srv/in/x.csv key=value momo-web
  import-2 http-status --timeout=30 10.0.0.1:8080 user@example.org 50% a+b`.split(/\s+/);
const interpreted = [
  '/usr/bin/python3 -m jobs.x',
  '/usr/bin/python3 -u /srv/x.py',
  '/usr/local/bin/node /srv/x.mjs',
];

export function random(seed: number): LineMaker {
  let state = seed >>> 0 || 1;
  const next = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const one = (list: readonly string[]): string => list[next(list.length)] ?? '';
  const some = (list: readonly string[], most: number): string[] =>
    Array.from({ length: next(most + 1) }, () => one(list));
  const dressed = (word: string): string => {
    const ways = [
      word,
      word.toUpperCase(),
      `--run=${word}`,
      `X=${word}`,
      `a,${word}`,
      `${word}:x`,
      `-I${word.startsWith('/') ? word : `/usr/bin/${word}`}`,
      word.startsWith('/') ? `/opt/..${word}` : `/opt/x/../${word}`,
    ];
    return ways[next(ways.length)] ?? word;
  };
  const plain = (): string =>
    [next(4) === 0 ? one(interpreted) : one(own), ...some(ownArguments, 4)].join(' ');
  const hostile = (): string => {
    const begin = next(5) === 0 ? [] : [one([...wrappers, ...own]), ...some(between, 3)];
    return [...begin, dressed(one(engines)), ...some(verbs, 3), ...some(targets, 2)].join(' ');
  };
  const mixed = (): string =>
    [
      one([...wrappers, ...own, ...interpreted]),
      ...some([...between, ...ownArguments, ...verbs, ...wrappers], 5),
    ].join(' ');
  return { hostile, plain, mixed };
}
