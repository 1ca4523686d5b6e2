import type { Notice } from './notice.ts';

export type Locale = 'en' | 'zh-TW';
type Kind = Notice['kind'];

/** The fixed words of a message in one language. */
export interface Words {
  title: Record<Kind, string>;
  broke: string;
  where: string;
  task: string;
  target: string;
  host: string;
  unknownPlace: string;
  done: string;
  nothingDone: string;
  playbook: (name: string) => string;
  attempts: (made: number, allowed: number) => string;
  /** Between a label and what it heads. */
  colon: string;
  occurrences: (count: number) => string;
  ended: string;
  takenBy: string;
  output: string;
  similar: string;
  doNow: string;
  /** Heads a playbook's advice where nothing has to be done now. */
  ifNot: string;
  /** What a person must do when the playbook brings no advice of its own. */
  defaultAdvice: Record<Kind, string>;
  until: Record<Kind, string>;
  incident: string;
  temporalUi: string;
  workflow: string;
  /** When it failed. */
  since: string;
  exception: string;
  /** Heads what a person is asked to allow. */
  asked: string;
  decidedBy: string;
  resolvedByHand: (by: string, note: string) => string;
  reminder: (number: number) => string;
  /** A step that was tried, in plain words. */
  tried: (attempt: number, action: string, result: string, why: string | null) => string;
  /** How the same is said in words that are sent to the bot. */
  bySending: string;
  buttons: Record<'approve' | 'deny' | 'acknowledge' | 'resolve' | 'pause' | 'details', string>;
  digest: {
    title: (count: number) => string;
    worst: string;
    more: (count: number) => string;
    list: string;
  };
  timeZone: string;
  /** @param ms how long before now; negative: after now */
  ago: (ms: number) => string;
}

const actionWords: Record<Locale, Record<string, string>> = {
  en: {
    DOCKER_RESTART: 'restart of the container',
    SSH_CMD: 'diagnosis on the host',
    ALERT_ONLY: 'telling people',
    WAIT_RETRY: 'waiting for recovery',
    CODE_FIX: 'code fix',
  },
  'zh-TW': {
    DOCKER_RESTART: '重新啟動容器',
    SSH_CMD: '在主機上診斷',
    ALERT_ONLY: '通知人員',
    WAIT_RETRY: '等待恢復',
    CODE_FIX: '修正程式',
  },
};

const resultWords: Record<Locale, Record<string, string>> = {
  en: {
    success: 'done',
    failure: 'did not help',
    skipped: 'not done',
    refused: 'refused',
    unknown: 'unclear how it ended',
  },
  'zh-TW': {
    success: '完成',
    failure: '沒有效果',
    skipped: '未執行',
    refused: '已拒絕',
    unknown: '結果不明',
  },
};

const units: readonly [number, string, string][] = [
  [86_400_000, 'd', '天'],
  [3_600_000, 'h', '小時'],
  [60_000, 'min', '分鐘'],
  [1000, 's', '秒'],
];

/** The largest whole unit: `12 min`. */
function lengthOf(ms: number, at: 1 | 2): string {
  const size = Math.abs(ms);
  const unit = units.find(([each]) => size >= each) ?? ([1000, 's', '秒'] as const);
  return `${Math.floor(size / unit[0])} ${unit[at]}`;
}

const en: Words = {
  title: {
    resolved: '✅ Resolved',
    alerted: '🔔 Needs a person',
    escalated: '🚨 Escalated',
    refused: '⛔ Action refused',
    waiting: '⏳ Waiting for recovery',
    approval: '✋ Approval needed',
    paused: '⏸ Paused, not healed',
    relapsed: '🔁 Relapse',
    acknowledged: '👤 Taken over',
    decided: '▶️ Decided',
    record_refused: '🗄 Record set aside',
  },
  broke: 'What broke',
  where: 'Where',
  task: 'task',
  target: 'container',
  host: 'host',
  unknownPlace: 'not told by the report',
  done: 'What was done',
  nothingDone: 'nothing',
  playbook: (name) => `playbook ${name}`,
  colon: ':',
  attempts: (made, allowed) => `attempt ${made} of ${allowed}`,
  occurrences: (count) => `reported ${count} times`,
  ended: 'How it stands',
  takenBy: 'Taken over by',
  output: 'Diagnosis',
  similar: 'Similar past cases',
  doNow: 'What to do now',
  ifNot: 'If it comes back, or stays',
  defaultAdvice: {
    resolved: 'Nothing.',
    alerted: 'AutoHeal will not act on this by itself. Look into it and fix the cause.',
    escalated: 'AutoHeal has stopped trying. Log in to the host, find the cause and fix it by hand.',
    refused: 'Nothing was run. If the action is really wanted, a person must do it by hand.',
    waiting: 'Nothing yet. You will be told when it has recovered or when the retries are spent.',
    approval: 'Check the situation, then approve or deny. Without an answer nothing is done.',
    decided: 'Nothing. You will be told how it ends.',
    acknowledged: 'Nothing, unless you are the one who took it over. You will be told how it ends.',
    paused: 'Lift the pause when the maintenance is over, or fix the failure by hand.',
    relapsed:
      'It was healed and is down again. AutoHeal looks once more when the cooldown is over; look into the cause now.',
    record_refused:
      'The database refused this record for good; it is kept on disk. Fix the cause and load it again.',
  },
  until: {
    resolved: 'Until',
    alerted: 'Until',
    escalated: 'Until',
    refused: 'Until',
    waiting: 'It waits until',
    approval: 'Decide before',
    paused: 'Paused until',
    relapsed: 'Looked at again',
    acknowledged: 'Until',
    decided: 'Until',
    record_refused: 'Until',
  },
  incident: 'Incident',
  temporalUi: 'Temporal UI',
  workflow: 'Workflow',
  since: 'Since',
  exception: 'Exception',
  asked: 'What you are asked to allow',
  decidedBy: 'Decided by',
  resolvedByHand: (by, note) => `Resolved by hand, says ${by}${note === '' ? '' : `: ${note}`}`,
  reminder: (number) => `reminder ${number}: nobody has taken it`,
  tried: (attempt, action, result, why) =>
    `${attempt > 0 ? `Try ${attempt}: ` : ''}${actionWords.en[action] ?? action}: ${resultWords.en[result] ?? result}${why === null ? '' : ` (${why})`}`,
  bySending: 'Or send',
  buttons: {
    approve: '✅ Approve',
    deny: '⛔ Deny',
    acknowledge: '👤 I take it',
    resolve: '✔️ Resolved by hand',
    pause: '⏸ Pause 1 h',
    details: '🔎 Details',
  },
  digest: {
    title: (count) => `🌩 ${count} incidents at once`,
    worst: 'The worst',
    more: (count) => `and ${count} more`,
    list: 'All of them: /incidents',
  },
  timeZone: 'UTC',
  ago: (ms) => (ms >= 0 ? `${lengthOf(ms, 1)} ago` : `in ${lengthOf(ms, 1)}`),
};

const zhTW: Words = {
  title: {
    resolved: '✅ 已自動修復',
    alerted: '🔔 需要人工處理',
    escalated: '🚨 已升級，請人工介入',
    refused: '⛔ 已拒絕執行',
    waiting: '⏳ 等待恢復中',
    approval: '✋ 等待核准',
    paused: '⏸ 暫停中，未執行修復',
    relapsed: '🔁 再次發生',
    acknowledged: '👤 已有人接手',
    decided: '▶️ 已決定',
    record_refused: '🗄 紀錄無法寫入，已另存',
  },
  broke: '故障內容',
  where: '發生位置',
  task: '工作',
  target: '容器',
  host: '主機',
  unknownPlace: '回報內容未提供',
  done: '已嘗試的處置',
  nothingDone: '無',
  playbook: (name) => `處置手冊 ${name}`,
  colon: '：',
  attempts: (made, allowed) => `第 ${made} 次嘗試，上限 ${allowed} 次`,
  occurrences: (count) => `累計回報 ${count} 次`,
  ended: '目前結果',
  takenBy: '接手人員',
  output: '診斷輸出',
  similar: '過往類似案例',
  doNow: '現在該做什麼',
  ifNot: '若再次發生或未恢復',
  defaultAdvice: {
    resolved: '無需處理。',
    alerted: '系統不會自動處理此問題，請查明並排除原因。',
    escalated: '系統已停止自動修復，請登入主機查明原因並手動排除。',
    refused: '系統未執行任何動作。若確實需要，請由人員手動執行。',
    waiting: '目前無需處理。恢復正常或重試次數用盡時會再通知您。',
    approval: '請先確認現況，再決定核准或拒絕；逾時未回覆即不執行。',
    decided: '目前無需處理，結果會再通知您。',
    acknowledged: '若不是您接手，目前無需處理；結果會再通知您。',
    paused: '維護結束後請解除暫停，或手動排除故障。',
    relapsed: '曾自動修復，現又故障。冷卻期結束後系統會再次檢查；請現在查明原因。',
    record_refused: '資料庫拒絕寫入此筆紀錄，內容已保存在磁碟；請排除原因後重新匯入。',
  },
  until: {
    resolved: '期限',
    alerted: '期限',
    escalated: '期限',
    refused: '期限',
    waiting: '最晚等到',
    approval: '請於此時間前決定',
    paused: '暫停至',
    relapsed: '再次檢查時間',
    acknowledged: '期限',
    decided: '期限',
    record_refused: '期限',
  },
  incident: '事件編號',
  temporalUi: 'Temporal UI',
  workflow: '工作流程',
  since: '發生時間',
  exception: '例外',
  asked: '請您核准的動作',
  decidedBy: '決定者',
  resolvedByHand: (by, note) => `${by} 表示已人工排除${note === '' ? '' : `：${note}`}`,
  reminder: (number) => `第 ${number} 次提醒：尚無人接手`,
  tried: (attempt, action, result, why) =>
    `${attempt > 0 ? `第 ${attempt} 次：` : ''}${actionWords['zh-TW'][action] ?? action}，${resultWords['zh-TW'][result] ?? result}${why === null ? '' : `（${why}）`}`,
  bySending: '或傳送',
  buttons: {
    approve: '✅ 核准',
    deny: '⛔ 拒絕',
    acknowledge: '👤 由我接手',
    resolve: '✔️ 已人工排除',
    pause: '⏸ 暫停 1 小時',
    details: '🔎 詳細資料',
  },
  digest: {
    title: (count) => `🌩 同時有 ${count} 個事件`,
    worst: '最嚴重的',
    more: (count) => `另有 ${count} 個`,
    list: '全部列表：/incidents',
  },
  timeZone: 'Asia/Taipei',
  ago: (ms) => (ms >= 0 ? `${lengthOf(ms, 2)}前` : `${lengthOf(ms, 2)}後`),
};

export const wordsOf = (locale: Locale): Words => (locale === 'zh-TW' ? zhTW : en);
