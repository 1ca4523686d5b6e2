import type { PauseScope } from '../../domain/guard/guard.ts';
import type { Recipient } from '../../domain/message/notice.ts';
import type { ScopeProblem } from './read-scope.ts';
import type { Locale } from '../../domain/message/words.ts';

/** What the bot says, in both languages. */
export interface BotWords {
  help: string;
  notAnAdmin: (id: string) => string;
  anonymous: string;
  tooOld: string;
  noneOpen: string;
  status: (open: number, waiting: number, messages: number) => string;
  waitingForYou: (count: number) => string;
  open: (count: number) => string;
  /** An incident's state. */
  state: (status: string) => string;
  scope: (scope: PauseScope) => string;
  wantsIncident: string;
  wantsText: string;
  wantsNote: string;
  wantsMute: string;
  muted: (until: string) => string;
  unmuted: string;
  nothingFound: string;
  notSearched: (why: string) => string;
  notKnown: (id: string) => string;
  notOurs: string;
  oldButton: string;
  resolvedByHand: string;
  recipient: (one: Recipient) => string;
  joinInPrivate: string;
  noSuchCode: string;
  joined: (name: string, isAdmin: boolean) => string;
  /** What Telegram suggests while somebody types. */
  commands: Record<string, string>;
  wantsIdAndCode: string;
  wantsId: string;
  wantsPause: (problem: ScopeProblem['problem'], word: string) => string;
  wantsResume: (problem: ScopeProblem['problem'], word: string) => string;
  decided: (accepted: boolean, approve: boolean, reason: string) => string;
  acknowledged: (done: boolean) => string;
  paused: (what: string, until: string | null) => string;
  pausedAlready: (what: string, by: string, until: string | null) => string;
  resumed: (what: string, was: boolean) => string;
  failed: (why: string) => string;
}

const pauseForm = {
  en: '/pause target:NAME 2h REASON, or host:NAME, or estate for everything – stop healing',
  zh: '/pause target:名稱 2h 原因（或 host:名稱；estate 代表全部）– 暫停自動修復',
};
const resumeForm = {
  en: '/resume target:NAME, or host:NAME, or estate for everything – go on healing',
  zh: '/resume target:名稱（或 host:名稱；estate 代表全部）– 恢復自動修復',
};

const scopeProblem: Record<Locale, (problem: ScopeProblem['problem'], word: string) => string> = {
  en: (problem, word) =>
    ({
      missing: 'Something is missing, so nothing was changed.',
      unread: `“${word}” is not understood here, so nothing was changed.`,
      unknown: `${word} is not in the estate file, so nothing was changed.`,
      length: `“${word}” is no length of time, so nothing was changed.`,
    })[problem],
  'zh-TW': (problem, word) =>
    ({
      missing: '內容不完整，未做任何變更。',
      unread: `看不懂「${word}」，未做任何變更。`,
      unknown: `estate 檔案中沒有 ${word}，未做任何變更。`,
      length: `「${word}」不是時間長度，未做任何變更。`,
    })[problem],
};

const en: BotWords = {
  help: [
    '/incidents – what waits for a person, and what is open; /incident ID – one of them',
    '/status – how it stands; /search TEXT – past cases like it',
    '/approve ID CODE, /deny ID CODE REASON – decide on a request',
    '/ack ID – you have taken it over: the others are told, repeats stop',
    pauseForm.en,
    resumeForm.en,
    '/resolve ID NOTE – it is resolved by hand; /mute 2h – no quiet messages; /recipients – who is told',
  ].join('\n'),
  notAnAdmin: (id) => `Only active admins may do this, each by their own Telegram id. Yours is ${id}.`,
  anonymous:
    'Anonymous admins and channels decide nothing, so nothing was done: switch “remain anonymous” off for yourself, or write to me directly.',
  tooOld: 'This was sent more than 10 minutes ago, so nothing was done. Send it again if you still want it.',
  noneOpen: 'No incident is open.',
  status: (open, waiting, messages) =>
    `${open} incident(s) open, ${waiting} waiting for a person, ${messages} message(s) still to be sent.`,
  waitingForYou: (count) => `Waiting for a person: ${count}`,
  open: (count) => `Open, being healed: ${count}`,
  state: (status) => status.replace('_', ' '),
  scope: ({ kind, name }) => (kind === 'estate' ? 'the estate' : `${kind} ${name}`),
  wantsIncident: 'Give the incident’s id: /incident ID',
  wantsText: 'Say what to look for: /search could not translate host name',
  wantsNote: 'Say which incident, and what was done: /resolve ID cleaned the disk',
  wantsMute: 'Say for how long: /mute 2h. /mute 0 ends it.',
  muted: (until) => `Quiet until ${until}. Approvals and escalations still come.`,
  unmuted: 'No longer muted.',
  nothingFound: 'Nothing like it is on record.',
  notSearched: (why) => `It could not be searched properly: ${why}`,
  notKnown: (id) => `No incident ${id} is known here any more.`,
  notOurs: 'This button is not known, so nothing was done.',
  oldButton: 'This button is out of date, so nothing was done. /incidents shows how things stand.',
  resolvedByHand: 'Taken down: resolved by hand.',
  recipient: ({ name, telegramId, isAdmin, minSeverity, level }) =>
    `${name ?? 'no name'} (${telegramId})${isAdmin ? ', admin' : ''}, ${minSeverity} and worse, level ${level}`,
  joinInPrivate: 'Send this to me directly, not in a group: the code is yours alone. Ask for a new one.',
  noSuchCode: 'This code is not valid: it was used, is too old, or was mistyped. Ask for a new one.',
  joined: (name, isAdmin) =>
    `Welcome, ${name}. You are told of incidents from now on${isAdmin ? ', and may decide. /help shows how' : ''}.`,
  commands: {
    incidents: 'what waits for a person, and what is open',
    status: 'how it stands',
    incident: 'one incident: ID',
    search: 'past cases like a text',
    approve: 'allow an action: ID CODE',
    deny: 'refuse it: ID CODE REASON',
    ack: 'take an incident over: ID',
    resolve: 'it is resolved by hand: ID NOTE',
    pause: 'stop healing: target:NAME 2h REASON',
    resume: 'go on healing: target:NAME',
    mute: 'no quiet messages: 2h',
    recipients: 'who is told',
    help: 'all commands',
  },
  wantsIdAndCode: 'Give the incident’s id and the code of the request: /approve ID CODE',
  wantsId: 'Give the incident’s id: /ack ID',
  wantsPause: (problem, word) => `${scopeProblem.en(problem, word)} Write it like this:\n${pauseForm.en}`,
  wantsResume: (problem, word) => `${scopeProblem.en(problem, word)} Write it like this:\n${resumeForm.en}`,
  decided: (accepted, approve, reason) =>
    accepted ? `Taken: ${approve ? 'approved' : 'denied'}.` : `Not taken: ${reason}.`,
  acknowledged: (done) =>
    done ? 'It is yours now: the others are told, and repeats stop.' : 'That incident is not open.',
  paused: (what, until) => `Paused: ${what}, ${until === null ? 'until /resume' : `until ${until}`}.`,
  pausedAlready: (what, by, until) =>
    `${what} is paused by ${by} already${until === null ? '' : `, until ${until}`}.`,
  resumed: (what, was) => (was ? `Healing goes on: ${what}.` : `${what} was not paused.`),
  failed: (why) => `It did not work: ${why}`,
};

const zhStates: Record<string, string> = {
  open: '已開啟',
  waiting: '等待恢復中',
  awaiting_approval: '等待核准',
  acting: '執行中',
  verifying: '確認中',
  resolved: '已修復',
  alerted: '需要人工處理',
  escalated: '已升級',
  suppressed: '未處理',
  refused: '已拒絕',
};

const zhTw: BotWords = {
  help: [
    '/incidents – 等待處理與未結的事件；/incident 事件ID – 查看其中一個',
    '/status – 目前狀況；/search 內容 – 查詢類似案例',
    '/approve 事件ID 代碼、/deny 事件ID 代碼 原因 – 核准或拒絕',
    '/ack 事件ID – 由您接手：其他人會收到通知，不再重複提醒',
    pauseForm.zh,
    resumeForm.zh,
    '/resolve 事件ID 說明 – 已人工排除；/mute 2h – 暫停一般通知；/recipients – 通知對象',
  ].join('\n'),
  notAnAdmin: (id) => `只有啟用中的管理員本人可以這麼做。您的 Telegram ID 是 ${id}。`,
  anonymous: '匿名管理員與頻道無法下指令，因此未執行。請關閉自己的「匿名」設定，或直接私訊機器人。',
  tooOld: '這則訊息已超過 10 分鐘，因此未執行。若仍需要，請重新傳送。',
  noneOpen: '目前沒有未結的事件。',
  status: (open, waiting, messages) =>
    `未結事件 ${open} 個，等待人員處理 ${waiting} 個，尚未送出的訊息 ${messages} 則。`,
  waitingForYou: (count) => `等待人員處理：${count}`,
  open: (count) => `處理中：${count}`,
  state: (status) => zhStates[status] ?? status,
  scope: ({ kind, name }) => (kind === 'estate' ? '全部' : `${kind === 'host' ? '主機' : '容器'} ${name}`),
  wantsIncident: '請提供事件 ID：/incident 事件ID',
  wantsText: '請輸入要查詢的內容：/search could not translate host name',
  wantsNote: '請說明哪個事件、做了什麼：/resolve 事件ID 清理了磁碟',
  wantsMute: '請說明時間長度：/mute 2h。/mute 0 可解除。',
  muted: (until) => `靜音至 ${until}。核准請求與升級通知仍會送達。`,
  unmuted: '已解除靜音。',
  nothingFound: '沒有類似的紀錄。',
  notSearched: (why) => `無法完整查詢：${why}`,
  notKnown: (id) => `這裡已沒有事件 ${id} 的資料。`,
  notOurs: '無法辨識這個按鈕，未執行任何動作。',
  oldButton: '這個按鈕已失效，未執行任何動作。請用 /incidents 查看現況。',
  resolvedByHand: '已記錄：人工排除。',
  recipient: ({ name, telegramId, isAdmin, minSeverity, level }) =>
    `${name ?? '未命名'}（${telegramId}）${isAdmin ? '，管理員' : ''}，${minSeverity} 以上，第 ${level} 線`,
  joinInPrivate: '請直接私訊機器人，不要在群組中傳送：這組代碼只屬於您。請重新索取一組。',
  noSuchCode: '代碼無效：已使用、已過期或輸入錯誤。請重新索取。',
  joined: (name, isAdmin) =>
    `歡迎，${name}。之後會通知您事件${isAdmin ? '，您也可以做決定。輸入 /help 查看用法' : ''}。`,
  commands: {
    incidents: '等待處理與未結的事件',
    status: '目前狀況',
    incident: '查看一個事件：ID',
    search: '查詢類似案例',
    approve: '核准動作：ID 代碼',
    deny: '拒絕動作：ID 代碼 原因',
    ack: '由我接手：ID',
    resolve: '已人工排除：ID 說明',
    pause: '暫停自動修復：target:名稱 2h 原因',
    resume: '恢復自動修復：target:名稱',
    mute: '暫停一般通知：2h',
    recipients: '通知對象',
    help: '所有指令',
  },
  wantsIdAndCode: '請提供事件 ID 與請求的代碼：/approve 事件ID 代碼',
  wantsId: '請提供事件 ID：/ack 事件ID',
  wantsPause: (problem, word) => `${scopeProblem['zh-TW'](problem, word)}請這樣寫：\n${pauseForm.zh}`,
  wantsResume: (problem, word) => `${scopeProblem['zh-TW'](problem, word)}請這樣寫：\n${resumeForm.zh}`,
  decided: (accepted, approve, reason) =>
    accepted ? `已受理：${approve ? '核准' : '拒絕'}。` : `未受理：${reason}`,
  acknowledged: (done) => (done ? '已由您接手：其他人會收到通知，不再重複提醒。' : '這個事件已經結束。'),
  paused: (what, until) => `已暫停：${what}，${until === null ? '直到以 /resume 解除' : `到 ${until}`}。`,
  pausedAlready: (what, by, until) => `${what} 已由 ${by} 暫停${until === null ? '' : `，到 ${until}`}。`,
  resumed: (what, was) => (was ? `已恢復自動修復：${what}。` : `${what}並未暫停。`),
  failed: (why) => `未成功：${why}`,
};

export const botWords: Record<Locale, BotWords> = { en, 'zh-TW': zhTw };
