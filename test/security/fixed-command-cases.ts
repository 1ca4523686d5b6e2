/** What the policy for fixed commands (tasks, code fix) and the gate must answer. `rule`: null where it may run. */
export interface FixedCommandCase {
  line: string;
  rule: string | null;
}

/** The estate's own names for programs in these cases. */
export const programs = {
  python: '/usr/bin/python3',
  node: '/usr/local/bin/node',
  engine: '/usr/bin/docker',
  worker: '/usr/bin/ionice',
};

const may = (line: string): FixedCommandCase => ({ line, rule: null });
const mayNot = (rule: string, ...lines: string[]): FixedCommandCase[] =>
  lines.map((line) => ({ line, rule }));

const id = '27042e217c11';

export const fixedCommandCases: readonly FixedCommandCase[] = [
  may('python -m jobs.auto_import'),
  may('python -u -m jobs.weekly_strategy --since 2026-04-01 --mode=watch'),
  may('/usr/bin/python3.11 /srv/momo/script.py time-series'),
  may('/srv/momo/venv/bin/python -Wignore jobs/run.py --batch 500'),
  may('/opt/momo/bin/import'),
  may('/opt/momo/import.sh --url=postgres.internal:5432 --timeout=30 --env=production'),
  may('/usr/local/bin/momo-import momo-scheduler'),
  may('/usr/bin/uname -r'),
  may('/opt/momo/nightly -c 5 -e prod'),
  may('/usr/local/bin/node --max-old-space-size=4096 /srv/momo/import.js -e prod'),
  may('node jobs/import.mjs'),
  may('/usr/bin/java -Xmx2g -Dmode=import -jar /srv/momo/import.jar --command=all'),
  may('/usr/bin/java -cp /srv/momo/lib com.momo.Import'),
  may('/opt/aider/fix.sh work-branch service-level-report'),
  may('/usr/bin/rsync -a /srv/in/ /srv/out/'),
  may('/opt/jobs/compose-report.py --lang=es --level=nice'),
  may('/usr/bin/perl -w /srv/report.pl'),

  // An engine, however it is dressed.
  ...mayNot('container-engine',
    'docker restart momo-web', '/usr/bin/docker ps', 'engine restart x', '/opt/w/lock /usr/bin/docker.io restart x',
    `/opt/w/anything --run=/usr/bin/podman restart ${id}`, '/usr/bin/python3 /usr/bin/docker-compose restart',
    '/opt/x.sh DOCKER_HOST=tcp.internal', 'python -m docker', '/opt/x.sh compose restart', '/opt/ctr tasks kill x',
    '/opt/wrap nerdctl-full stop x', '/opt/wrap /usr/bin/../bin/DOCKER stop', '/opt/x 127.0.0.1:2375',
    'python -m compose', '/usr/bin/crun kill x', '/opt/x kubectl-1.29', '/usr/bin/ansible-playbook x.yml'),
  ...mayNot('socket',
    '/opt/push --to=/run/engine.sock', '/opt/push /var/run/system_bus_socket', '/usr/bin/curl http://127.0.0.1/restart',
    '/opt/push unix:/run/x', '/opt/wrap nc 127.0.0.1 99'),
  ...mayNot('service-manager',
    'systemctl restart momo', '/opt/wrap service momo restart', '/etc/init.d/momo restart', '/usr/bin/busctl call x',
    '/usr/bin/supervisorctl restart all', '/opt/wrap monit restart momo', '/usr/lib/systemd/systemd-shutdown'),
  ...mayNot('power-button',
    'poweroff', '/sbin/halt', '/opt/wrap reboot', '/sbin/init 0', '/usr/sbin/rtcwake -m off', '/usr/bin/tar --to-command=halt',
    '/usr/bin/tee /proc/sysrq-trigger', '/opt/wrap shutdown now', '/opt/wrap exec=shutdown'),
  ...mayNot('wrapper',
    `nice docker restart -t 0 ${id}`, 'nice docker-compose -p momo restart db', 'nice /opt/x.sh', '/usr/bin/nice -n 5 /opt/x.sh', '/opt/x.sh ionice', 'worker /opt/x.sh', '/usr/bin/env /opt/x.sh',
    '/usr/bin/stdbuf -oL /opt/x.sh', '/usr/bin/setpriv --reuid=1 /opt/x.sh', '/usr/bin/time /opt/x.sh', '/opt/x watch ls',
    '/usr/bin/find /opt -exec /opt/x', '/usr/bin/make restart', '/usr/sbin/chroot / /opt/x.sh', '/usr/bin/script -qc x',
    '/usr/bin/pkexec /opt/x.sh', '/usr/bin/parallel x', '/usr/bin/npx x', '/usr/bin/gtimeout 5 x', '/usr/bin/coreutils --coreutils-prog=x', '/usr/bin/x86_64 /opt/x', '/usr/bin/choom -n 1 x', '/usr/bin/xargs-4.9 x', '/usr/bin/deno eval x',
    '/opt/x.sh WRAP=setsid', '/usr/bin/nsenter-2.38 -t 1', '/usr/bin/run-parts /opt/jobs', '/usr/bin/busybox.static nice x'),
  ...mayNot('shell',
    'bash -c x', '/bin/sh /opt/x.sh', '/bin/bash5 x', '/opt/wrap ksh93 x', '/usr/bin/dash', '/bin/rbash -c x', '/bin/rc x'),
  ...mayNot('inline-code',
    '/usr/bin/awk -f /opt/x.awk', 'python -c x', 'python -Bc x', 'python -', 'python', 'python -m', 'python -m timeit x',
    'python -mpdb x.py', '/usr/bin/python3 -ic x', 'node -e x', 'node --eval=x', 'node -p x', 'node -r /opt/x.js y.js',
    'node --import=data:text/javascript,x', 'node data:text/javascript,x', '/usr/bin/perl -e exec+q,dock,.q,er,',
    '/opt/wrap perl -e exec+q,dock,.q,er,', '/usr/bin/perl5.36-x86_64-linux-gnu -e x', '/usr/bin/perl -MX=y /opt/x.pl',
    '/usr/bin/ruby -e x', '/usr/bin/ruby3.1 -rx y.rb', '/usr/bin/php -r x', '/usr/bin/php8.2 -S x', '/usr/bin/lua -e x',
    '/usr/bin/deno -e x', '/usr/bin/deno run https://example.org/x.ts', '/usr/bin/bun x thing', '/usr/bin/java @/tmp/args',
    '/usr/bin/java -XX:OnOutOfMemoryError=/opt/x -jar y.jar', '/usr/bin/java -javaagent:/opt/x.jar -jar y.jar',
    'python /usr/lib/python3.11/runpy.py x', 'python /usr/lib/python3/dist-packages/supervisor/x.py', '/usr/bin/vim -es x'),
  ...mayNot('destroys', 'rm -r /srv', '/usr/bin/pkill postgres', '/opt/wrap kill 1', '/usr/sbin/mkfs /x'),
  ...mayNot('way-round',
    '/lib64/ld-linux-x86-64.so.2 /opt/x', '/proc/self/root/opt/x', '/opt/x /proc/1/root/opt/y', 'python /dev/stdin'),
  ...mayNot('program-path',
    'uptime', './run.sh', 'jobs/run.sh', '/opt/../opt/x.sh', '/opt//x.sh', '/opt/./x.sh', '/opt/x/', '/', 'A=b /opt/x.sh',
    '-x', '/opt/.hidden/x', 'toString', '__proto__', 'constructor'),

  { line: '/opt/fix.sh momo-db', rule: 'protected-name' },
  { line: '/opt/fix.sh --target=proj_momo-postgres_1', rule: 'protected-name' },
]; // prettier-ignore
