import type { Locale } from '../../domain/message/words.ts';

/** What the bot says, in both languages. */
export interface BotWords {
  help: string;
  notAnAdmin: (id: string) => string;
  tooOld: string;
  noneOpen: string;
  wantsIdAndCode: string;
  wantsId: string;
  wantsPause: string;
  noSuchTarget: (name: string) => string;
  decided: (accepted: boolean, reason: string) => string;
  acknowledged: (done: boolean) => string;
  paused: (what: string, until: string | null) => string;
  pausedAlready: (what: string, by: string, until: string | null) => string;
  resumed: (what: string, was: boolean) => string;
  failed: (why: string) => string;
}

const en: BotWords = {
  help: [
    '/incidents – what is open',
    '/approve ID CODE, /deny ID CODE – decide on a request',
    '/ack ID – you have taken it over: its messages stop',
    '/pause [host:NAME|target:NAME] 2h REASON – stop healing; without a scope, everywhere',
    '/resume [host:NAME|target:NAME] – go on',
  ].join('\n'),
  notAnAdmin: (id) => `Only active admins of telegram_users may do this. Your id is ${id}.`,
  tooOld: 'This was sent more than 10 minutes ago, so nothing was done. Send it again if you still want it.',
  noneOpen: 'No incident is open.',
  wantsIdAndCode: 'Give the incident’s id and the code of the request: /approve ID CODE',
  wantsId: 'Give the incident’s id: /ack ID',
  wantsPause: 'Say for how long and why: /pause 2h moving its volume',
  noSuchTarget: (name) => `${name} is not in the estate file.`,
  decided: (accepted, reason) => (accepted ? `Taken: ${reason}.` : `Not taken: ${reason}.`),
  acknowledged: (done) =>
    done ? 'It is yours now; it sends no more messages.' : 'That incident is not open.',
  paused: (what, until) => `Paused: ${what}, ${until === null ? 'until /resume' : `until ${until}`}.`,
  pausedAlready: (what, by, until) =>
    `${what} is paused by ${by} already${until === null ? '' : `, until ${until}`}.`,
  resumed: (what, was) => (was ? `Healing goes on: ${what}.` : `${what} was not paused.`),
  failed: (why) => `It did not work: ${why}`,
};

const zhTw: BotWords = {
  help: [
    '/incidents – 目前未結的事件',
    '/approve 事件ID 代碼、/deny 事件ID 代碼 – 核准或拒絕',
    '/ack 事件ID – 由您接手,不再發送該事件的訊息',
    '/pause [host:名稱|target:名稱] 2h 原因 – 暫停自動修復;未指定範圍時為全部',
    '/resume [host:名稱|target:名稱] – 恢復自動修復',
  ].join('\n'),
  notAnAdmin: (id) => `只有 telegram_users 中啟用的管理員可以這麼做。您的 ID 是 ${id}。`,
  tooOld: '這則訊息已超過 10 分鐘,因此未執行。若仍需要,請重新傳送。',
  noneOpen: '目前沒有未結的事件。',
  wantsIdAndCode: '請提供事件 ID 與請求的代碼:/approve 事件ID 代碼',
  wantsId: '請提供事件 ID:/ack 事件ID',
  wantsPause: '請說明時間與原因:/pause 2h 搬移磁碟區',
  noSuchTarget: (name) => `estate 檔案中沒有 ${name}。`,
  decided: (accepted, reason) => (accepted ? `已受理:${reason}` : `未受理:${reason}`),
  acknowledged: (done) => (done ? '已由您接手,不再發送訊息。' : '該事件不是未結狀態。'),
  paused: (what, until) => `已暫停:${what},${until === null ? '直到 /resume' : `直到 ${until}`}。`,
  pausedAlready: (what, by, until) => `${what} 已由 ${by} 暫停${until === null ? '' : `,直到 ${until}`}。`,
  resumed: (what, was) => (was ? `已恢復自動修復:${what}。` : `${what} 並未暫停。`),
  failed: (why) => `未成功:${why}`,
};

export const botWords: Record<Locale, BotWords> = { en, 'zh-TW': zhTw };
