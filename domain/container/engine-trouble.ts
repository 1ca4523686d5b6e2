import type { SshFailureReason } from '../policy/remote.ts';

/**
 * Why Docker on a host gave no answer. `away`: its engine does not run, or is just starting. `silent`: it took the
 * question and never answered. `denied`: AutoHeal's user may not use it. `missing`: there is no docker program.
 * `refused`: the host's gate does not let this question through. `unreadable`: it answered something else.
 */
export const engineTroubles = ['away', 'silent', 'denied', 'missing', 'refused', 'unreadable'] as const;
export type EngineTrouble = (typeof engineTroubles)[number];

/** The line in which Docker, the shell or the gate says what is wrong; others may print around it. */
const telling =
  /docker daemon|docker API|docker socket|docker endpoint|permission denied|not found|not installed|Error response from daemon|error during connect|containerd|autoheal-gate: |deadline exceeded|docker: /i;

/** Reads what came instead of an answer. @returns what is wrong, and the one line that says so */
export function engineTroubleOf(exitCode: number, stderr: string): { trouble: EngineTrouble; words: string } {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const said = lines.filter((line) => telling.test(line)).at(-1) ?? lines.at(-1) ?? 'it said nothing';
  return { trouble: kindOf(exitCode, said), words: said.slice(0, 300) };
}

function kindOf(exitCode: number, said: string): EngineTrouble {
  if (/^autoheal-gate: refused/.test(said)) return 'refused';
  if (exitCode === 127 || /not installed on this host$/.test(said)) return 'missing';
  if (/permission denied/i.test(said)) return 'denied';
  return 'away';
}

/** The engine was never asked, so nothing that was sent can have had an effect. */
export const isBeforeAsking = (exitCode: number, stderr: string): boolean =>
  exitCode === 127 ||
  /^autoheal-gate: /m.test(stderr) ||
  /Cannot connect to the Docker daemon|failed to connect to the docker API|permission denied while trying to connect/i.test(
    stderr,
  );

/** The connection to the engine broke while it was at work: what it did has to be looked up. */
export const isBroken = (stderr: string): boolean =>
  /error during connect|unexpected EOF|: EOF\b|connection reset|broken pipe|context deadline exceeded/i.test(
    stderr,
  );

/** Ways to a host that open again by themselves; a key or a host's own key has to be put right by a person. */
const passingFailures: readonly SshFailureReason[] = [
  'bastion_unreachable',
  'target_unreachable',
  'timed_out',
  'connection_lost',
];

/** How long a look that saw nothing is taken again, at most, in seconds. */
export const waitForLookSec = (trouble: EngineTrouble | null, reason: SshFailureReason): number =>
  trouble === null ? (passingFailures.includes(reason) ? 60 : 15) : waitForEngineSec[trouble];

/** How long it is waited for, at most, in seconds: an engine comes back by itself, rights don't. */
export const waitForEngineSec: Record<EngineTrouble, number> = {
  away: 300,
  silent: 300,
  // A package that is being upgraded takes its program away for some seconds.
  denied: 45,
  missing: 45,
  refused: 20,
  unreadable: 45,
};

/** What a person can do about it, per locale. */
export const adviceForEngine: Record<EngineTrouble, Record<string, string>> = {
  away: {
    en: 'Start the engine on the host (`systemctl start docker`) and read `journalctl -u docker`. Containers come back by their restart policy; those without one have to be started.',
    'zh-TW':
      '請在主機上啟動 Docker 引擎(`systemctl start docker`),並查看 `journalctl -u docker`。有 restart policy 的容器會自行恢復,其餘需手動啟動。',
  },
  silent: {
    en: 'The engine runs and does not answer. Read `journalctl -u docker` on the host, look at its disk and memory (`df -h`, `free -m`), then restart the engine when you can do without it for a minute.',
    'zh-TW':
      'Docker 引擎在執行但沒有回應。請在主機上查看 `journalctl -u docker`、磁碟與記憶體(`df -h`、`free -m`),再找時間重新啟動引擎。',
  },
  denied: {
    en: "AutoHeal's user may not use Docker there. On the host: `sudo usermod -aG docker USER`; new logins have the right, and AutoHeal's open connection ends after ten minutes unused.",
    'zh-TW':
      'AutoHeal 的使用者沒有使用 Docker 的權限。請在主機上執行 `sudo usermod -aG docker USER`;重新登入後生效,AutoHeal 既有的連線閒置十分鐘後會結束。',
  },
  missing: {
    en: "There is no `docker` for AutoHeal's user there. Install the CLI, or put it onto the PATH of logins without a terminal (`ssh HOST command -v docker` shows it).",
    'zh-TW':
      '該主機上 AutoHeal 的使用者找不到 `docker` 指令。請安裝 Docker CLI,或將它加入非互動登入的 PATH(可用 `ssh HOST command -v docker` 確認)。',
  },
  refused: {
    en: "The host's gate does not let this question through. Install the gate of this version there (deploy/host-gate), and read its log in syslog.",
    'zh-TW': '主機上的 gate 拒絕了這個查詢。請安裝此版本的 gate(deploy/host-gate),並查看 syslog 中的記錄。',
  },
  unreadable: {
    en: 'What came back is no answer of Docker. Run `docker container inspect NAME` there as AutoHeal’s user, without a terminal, and compare.',
    'zh-TW':
      '收到的內容不是 Docker 的回覆。請在主機上以 AutoHeal 的使用者(非互動方式)執行 `docker container inspect NAME` 並比對。',
  },
};
