import type { ScopeProblem } from './read-scope.ts';
import type { Locale } from '../../domain/message/words.ts';

/** What the bot says, in both languages. */
export interface BotWords {
  help: string;
  notAnAdmin: (id: string) => string;
  anonymous: string;
  tooOld: string;
  noneOpen: string;
  wantsIdAndCode: string;
  wantsId: string;
  wantsPause: (problem: ScopeProblem['problem'], word: string) => string;
  wantsResume: (problem: ScopeProblem['problem'], word: string) => string;
  decided: (accepted: boolean, reason: string) => string;
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
    '/incidents – what is open',
    '/approve ID CODE, /deny ID CODE – decide on a request',
    '/ack ID – you have taken it over: the others are told, repeats stop',
    pauseForm.en,
    resumeForm.en,
  ].join('\n'),
  notAnAdmin: (id) => `Only active admins may do this, each by their own Telegram id. Yours is ${id}.`,
  anonymous:
    'Anonymous admins and channels decide nothing, so nothing was done: switch “remain anonymous” off for yourself, or write to me directly.',
  tooOld: 'This was sent more than 10 minutes ago, so nothing was done. Send it again if you still want it.',
  noneOpen: 'No incident is open.',
  wantsIdAndCode: 'Give the incident’s id and the code of the request: /approve ID CODE',
  wantsId: 'Give the incident’s id: /ack ID',
  wantsPause: (problem, word) => `${scopeProblem.en(problem, word)} Write it like this:\n${pauseForm.en}`,
  wantsResume: (problem, word) => `${scopeProblem.en(problem, word)} Write it like this:\n${resumeForm.en}`,
  decided: (accepted, reason) => (accepted ? `Taken: ${reason}.` : `Not taken: ${reason}.`),
  acknowledged: (done) =>
    done ? 'It is yours now: the others are told, and repeats stop.' : 'That incident is not open.',
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
    '/ack 事件ID – 由您接手：其他人會收到通知，不再重複提醒',
    pauseForm.zh,
    resumeForm.zh,
  ].join('\n'),
  notAnAdmin: (id) => `只有啟用中的管理員本人可以這麼做。您的 Telegram ID 是 ${id}。`,
  anonymous: '匿名管理員與頻道無法下指令，因此未執行。請關閉自己的「匿名」設定，或直接私訊機器人。',
  tooOld: '這則訊息已超過 10 分鐘,因此未執行。若仍需要,請重新傳送。',
  noneOpen: '目前沒有未結的事件。',
  wantsIdAndCode: '請提供事件 ID 與請求的代碼:/approve 事件ID 代碼',
  wantsId: '請提供事件 ID:/ack 事件ID',
  wantsPause: (problem, word) => `${scopeProblem['zh-TW'](problem, word)}請這樣寫：\n${pauseForm.zh}`,
  wantsResume: (problem, word) => `${scopeProblem['zh-TW'](problem, word)}請這樣寫：\n${resumeForm.zh}`,
  decided: (accepted, reason) => (accepted ? `已受理:${reason}` : `未受理:${reason}`),
  acknowledged: (done) => (done ? '已由您接手：其他人會收到通知，不再重複提醒。' : '這個事件已經結束。'),
  paused: (what, until) => `已暫停:${what},${until === null ? '直到 /resume' : `直到 ${until}`}。`,
  pausedAlready: (what, by, until) => `${what} 已由 ${by} 暫停${until === null ? '' : `,直到 ${until}`}。`,
  resumed: (what, was) => (was ? `已恢復自動修復:${what}。` : `${what} 並未暫停。`),
  failed: (why) => `未成功:${why}`,
};

export const botWords: Record<Locale, BotWords> = { en, 'zh-TW': zhTw };
