import type { Locale } from './words.ts';

/**
 * Why an incident stands as it does, in the words of each language: made in one place, so that a message has no
 * sentence of another language but what it quotes. Records, Temporal's UI and verdicts have the English one.
 */

type Args = Readonly<Record<string, string | number>>;
type Words<A extends Args> = Record<Locale, (args: A) => string>;

const reason = <A extends Args>(en: (args: A) => string, zhTW: (args: A) => string): Words<A> => ({
  en,
  'zh-TW': zhTW,
});

/** Taipei's time, to the minute, as messages show it. */
const at = (iso: string): string => {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')}（台北時間）`;
};

const results: Record<string, string> = {
  success: '成功',
  failure: '失敗',
  skipped: '略過',
  refused: '已拒絕',
  unknown: '結果不明',
};

/** What a wait waits for, by its probe. */
const awaited: Record<string, Words<{ container: string }>> = {
  none: reason(
    () => 'the cause to pass',
    () => '原因消失',
  ),
  resolve: reason(
    () => 'the name to resolve',
    () => '名稱可以解析',
  ),
  database: reason(
    () => 'the database to accept connections',
    () => '資料庫接受連線',
  ),
  port: reason(
    () => 'the port to open',
    () => '連接埠開啟',
  ),
  http: reason(
    () => 'the service to answer',
    () => '服務回應',
  ),
  container: reason<{ container: string }>(
    ({ container }) => `${container === '' ? 'the container' : container} to be well`,
    ({ container }) => `${container === '' ? '容器' : container} 恢復正常`,
  ),
};

export const awaitedIn = (locale: Locale, probe: string, container: string): string =>
  (awaited[probe] ?? awaited['none'])?.[locale]({ container }) ?? probe;

const catalogue = {
  /** What a program, a host or a policy said, in its own words. */
  quoted: reason<{ text: string }>(
    ({ text }) => text,
    ({ text }) => `系統訊息：「${text}」`,
  ),
  no_playbook: reason(
    () => 'no playbook matches this failure',
    () => '沒有符合此故障的處置手冊',
  ),
  unknown_type: reason(
    () => 'the failure is of no known type',
    () => '無法辨識此故障的類型',
  ),
  playbook_matches: reason<{ playbook: string }>(
    ({ playbook }) => `playbook ${playbook} matches`,
    ({ playbook }) => `符合處置手冊 ${playbook}`,
  ),
  paused: reason<{ owner: string; until: string; reason: string }>(
    (a) => `paused by ${a.owner} ${a.until === '' ? 'until it is lifted' : `until ${a.until}`}: ${a.reason}`,
    (a) =>
      `已由 ${a.owner} 暫停，${a.until === '' ? '直到解除為止' : `至 ${at(a.until)}`}；原因：「${a.reason}」`,
  ),
  paused_meanwhile: reason<{ owner: string; until: string; reason: string }>(
    (a) =>
      `paused meanwhile by ${a.owner} ${a.until === '' ? 'until it is lifted' : `until ${a.until}`}: ${a.reason}`,
    (a) =>
      `處理期間由 ${a.owner} 暫停，${a.until === '' ? '直到解除為止' : `至 ${at(a.until)}`}；原因：「${a.reason}」`,
  ),
  waiting_for: reason<{ probe: string; container: string; because: string }>(
    (a) => `${a.because}; waiting for ${awaitedIn('en', a.probe, a.container)}`,
    (a) => `正在等待${awaitedIn('zh-TW', a.probe, a.container)}（「${a.because}」）`,
  ),
  asked: reason<{ action: string; target: string; host: string; situation: string }>(
    (a) =>
      `${a.action} of ${a.target === '' ? 'the target' : a.target} on ${a.host === '' ? 'its host' : a.host} (${a.situation})`,
    (a) => `對 ${a.host} 上的 ${a.target} 執行 ${a.action}（現況：「${a.situation}」）`,
  ),
  record_refused: reason<{ what: string }>(
    ({ what }) => `The database refuses a record for good, so it was set aside on the worker's disk: ${what}`,
    ({ what }) => `資料庫永久拒絕此筆紀錄，已另存於 worker 的磁碟：「${what}」`,
  ),
  /** One attempt; of number 0 what was not done. */
  tried: reason<{ attempt: number; action: string; result: string; error: string }>(
    (a) => `attempt ${a.attempt}, ${a.action}: ${a.result}${a.error === '' ? '' : ` (${a.error})`}`,
    (a) =>
      `${a.attempt === 0 ? '' : `第 ${a.attempt} 次，`}${a.action}：${results[a.result] ?? a.result}${a.error === '' ? '' : `（「${a.error}」）`}`,
  ),
  cancelled: reason(
    () => 'a person cancelled the run in Temporal',
    () => '有人在 Temporal 取消了這次執行',
  ),
  step_failed: reason<{ step: string; error: string }>(
    ({ step, error }) => `the step ${step} could not be carried out: ${error}`,
    ({ step, error }) => `步驟 ${step} 無法執行：「${error}」`,
  ),
  cooling_down: reason<{ until: string }>(
    ({ until }) => `the playbook fired for this target already and is cooling down until ${until}`,
    ({ until }) => `處置手冊已對此目標執行過，冷卻至 ${at(until)}`,
  ),
  healed_meanwhile: reason<{ seen: string }>(
    ({ seen }) => `healed meanwhile by another incident: ${seen}`,
    ({ seen }) => `處理期間已由另一事件修復：「${seen}」`,
  ),
  relapsed: reason<{ playbook: string; seen: string; until: string }>(
    (a) =>
      `a relapse: ${a.playbook} had healed it, and it is down again (${a.seen}); looked at again at ${a.until}, when the cooldown is over`,
    (a) =>
      `復發：處置手冊 ${a.playbook} 修復後再次故障（「${a.seen}」）；冷卻結束後將於 ${at(a.until)} 再次查看`,
  ),
  budget_spent: reason<{ scope: string; limit: number; windowMin: number }>(
    (a) => `the restart budget of ${a.scope} is spent (${a.limit} in ${a.windowMin} min)`,
    (a) => `${a.scope} 的重新啟動額度已用完（${a.windowMin} 分鐘內 ${a.limit} 次）`,
  ),
  storm: reason<{ limit: number; windowMin: number }>(
    (a) =>
      `a storm: more than ${a.limit} different targets failed inside ${a.windowMin} min, so nothing is restarted`,
    (a) => `故障風暴：${a.windowMin} 分鐘內超過 ${a.limit} 個目標故障，因此不重新啟動任何容器`,
  ),
  flapping: reason<{ limit: number; hours: number }>(
    (a) => `flapping: healed ${a.limit} times in ${a.hours} h, and failing again`,
    (a) => `反覆故障：${a.hours} 小時內已修復 ${a.limit} 次，仍再次故障`,
  ),
  restarts_spent: reason<{ attempts: number; playbook: string }>(
    (a) => `${a.attempts} attempt(s) of ${a.playbook} did not help`,
    (a) => `處置手冊 ${a.playbook} 已嘗試 ${a.attempts} 次，仍未恢復`,
  ),
  still_there: reason<{ waits: number; seen: string }>(
    (a) => `the cause was still there after ${a.waits} wait(s): ${a.seen}`,
    (a) => `等待 ${a.waits} 次後，原因仍未排除：「${a.seen}」`,
  ),
  failed_again_each_time: reason<{ waits: number }>(
    (a) => `the task failed again after each of ${a.waits} wait(s)`,
    (a) => `等待 ${a.waits} 次後重新執行工作，每次仍然失敗`,
  ),
  still_reported: reason<{ waits: number; seen: string }>(
    (a) =>
      `it was still being reported after ${a.waits} wait(s), and its cause could not be looked at: ${a.seen}`,
    (a) => `等待 ${a.waits} 次後仍持續收到回報，且無法查看其原因：「${a.seen}」`,
  ),
  nobody_decided: reason<{ asked: string; until: string }>(
    ({ asked, until }) => `nobody decided on ${asked} until ${until}`,
    ({ asked, until }) => `至 ${at(until)} 仍無人決定：「${asked}」`,
  ),
  denied: reason<{ by: string; asked: string }>(
    ({ by, asked }) => `${by} denied ${asked}`,
    ({ by, asked }) => `${by} 已拒絕：「${asked}」`,
  ),
  approval_void: reason<{ before: string; after: string }>(
    (a) => `the situation changed after the approval, which is void (then: ${a.before}; now: ${a.after})`,
    (a) => `核准後情況已改變，該核准失效（當時：「${a.before}」；現在：「${a.after}」）`,
  ),
  code_fix_ran: reason(
    () => 'the code fix ran; its work branch waits for a review',
    () => '程式修正已執行，工作分支等待審查',
  ),
  diagnosed: reason<{ command: string }>(
    ({ command }) => `diagnosed with ${command}; a person has to act`,
    ({ command }) => `已執行診斷「${command}」，需由人員處理`,
  ),
  not_diagnosed: reason<{ command: string }>(
    ({ command }) => `${command} could not be run`,
    ({ command }) => `無法執行診斷「${command}」`,
  ),
};

type Catalogue = typeof catalogue;
export type ReasonCode = keyof Catalogue;
type ArgsOf<C extends ReasonCode> = Parameters<Catalogue[C]['en']>[0];

/** A reason as data: it travels in histories and records, and gets its words where it is read. */
export type Reason = { [C in ReasonCode]: { code: C; args: ArgsOf<C> } }[ReasonCode];

export const reasonCodes = Object.keys(catalogue) as ReasonCode[];

export const because = <C extends ReasonCode>(code: C, args: ArgsOf<C>): Reason => ({ code, args }) as Reason;

/** What somebody else said, whatever its language. */
export const quoted = (text: string): Reason => because('quoted', { text });

/** The reason in words; null for one of a version that this one does not know. */
export function say({ code, args }: { code: string; args: Args }, locale: Locale): string | null {
  if (!Object.hasOwn(catalogue, code)) return null;
  const words = catalogue[code as ReasonCode] as Words<Args>;
  return words[locale](args);
}

/** The same with each text changed: without its secrets, for example. */
export const withArgs = ({ code, args }: Reason, change: (text: string) => string): Reason =>
  ({
    code,
    args: Object.fromEntries(
      Object.entries(args as Args).map(([name, value]) => [
        name,
        typeof value === 'string' ? change(value) : value,
      ]),
    ),
  }) as Reason;

/** What a notice has of it. */
export const inWords = (why: Reason): { reason: string; why: Reason } => ({ reason: inEnglish(why), why });

export const inEnglish = (why: Reason): string => say(why, 'en') ?? why.code;
