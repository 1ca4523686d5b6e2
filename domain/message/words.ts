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
  approve: string;
  deny: string;
  until: Record<Kind, string>;
  incident: string;
  temporalUi: string;
  workflow: string;
  /** @param at an ISO time */
  time: (at: string) => string;
}

const stamp = (at: string, offsetHours: number): string | null => {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return null;
  return new Date(ms + offsetHours * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
};

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
    acknowledged: 'Nothing, unless you are the one who took it over. You will be told how it ends.',
    paused: 'Lift the pause when the maintenance is over, or fix the failure by hand.',
    relapsed:
      'It was healed and is down again. AutoHeal looks once more when the cooldown is over; look into the cause now.',
    record_refused:
      'The database refused this record for good; it is kept on disk. Fix the cause and load it again.',
  },
  approve: 'Approve',
  deny: 'Deny',
  until: {
    resolved: 'Until',
    alerted: 'Until',
    escalated: 'Until',
    refused: 'Until',
    waiting: 'Next try',
    approval: 'Decide before',
    paused: 'Paused until',
    relapsed: 'Looked at again',
    acknowledged: 'Until',
    record_refused: 'Until',
  },
  incident: 'Incident',
  temporalUi: 'Temporal UI',
  workflow: 'Workflow',
  time: (at) => {
    const text = stamp(at, 0);
    return text === null ? at : `${text} UTC`;
  },
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
    record_refused: '🗄 紀錄無法寫入，已另存',
  },
  broke: '故障內容',
  where: '發生位置',
  task: '排程',
  target: '容器',
  host: '主機',
  unknownPlace: '回報內容未提供',
  done: '已執行的處置',
  nothingDone: '無',
  playbook: (name) => `處置手冊 ${name}`,
  attempts: (made, allowed) => `第 ${made} 次嘗試，上限 ${allowed} 次`,
  occurrences: (count) => `累計回報 ${count} 次`,
  ended: '目前結果',
  takenBy: '接手人員',
  output: '診斷輸出',
  similar: '過往類似案例',
  doNow: '請您現在處理',
  ifNot: '若再次發生或未恢復',
  defaultAdvice: {
    resolved: '無需處理。',
    alerted: '系統不會自動處理此問題，請查明並排除原因。',
    escalated: '系統已停止自動修復，請登入主機查明原因並手動排除。',
    refused: '系統未執行任何動作。若確實需要，請由人員手動執行。',
    waiting: '目前無需處理。恢復正常或重試次數用盡時會再通知您。',
    approval: '請先確認現況，再決定核准或拒絕；逾時未回覆即不執行。',
    acknowledged: '若不是您接手，目前無需處理；結果會再通知您。',
    paused: '維護結束後請解除暫停，或手動排除故障。',
    relapsed: '曾自動修復，現又故障。冷卻期結束後系統會再次檢查；請現在查明原因。',
    record_refused: '資料庫拒絕寫入此筆紀錄，內容已保存在磁碟；請排除原因後重新匯入。',
  },
  approve: '核准',
  deny: '拒絕',
  until: {
    resolved: '期限',
    alerted: '期限',
    escalated: '期限',
    refused: '期限',
    waiting: '下次重試',
    approval: '請於此時間前決定',
    paused: '暫停至',
    relapsed: '再次檢查時間',
    acknowledged: '期限',
    record_refused: '期限',
  },
  incident: '事件編號',
  temporalUi: 'Temporal UI',
  workflow: '工作流程',
  time: (at) => {
    const text = stamp(at, 8);
    return text === null ? at : `${text}（台北時間）`;
  },
};

export const wordsOf = (locale: Locale): Words => (locale === 'zh-TW' ? zhTW : en);
