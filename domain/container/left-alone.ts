import type { Container } from './container.ts';
import type { Condition } from './judge.ts';

/** What a person can do about a container that AutoHeal leaves alone, per locale. */
export const adviceWhenLeft: Record<
  Extract<Condition, 'finished' | 'held' | 'unknown'>,
  Record<string, string>
> = {
  finished: {
    en: 'It ended with exit code 0 and was not restarted. If it should always run, say so: `service: true` at its target in the estate file, or a restart policy.',
    'zh-TW':
      '容器以結束代碼 0 結束,因此未重新啟動。若它應持續運作,請在 estate 檔的該目標加上 `service: true`,或設定 restart policy。',
  },
  held: {
    en: 'Somebody stopped, paused or is removing it, so it was not touched. When that is done, start it again (`docker start NAME`, `docker unpause NAME`).',
    'zh-TW':
      '有人停止、暫停或正在移除此容器,因此系統未做任何動作。作業完成後,請自行恢復(`docker start NAME`、`docker unpause NAME`)。',
  },
  unknown: {
    en: 'What Docker says of it could not be understood, so nothing was done. Look at `docker inspect NAME` on the host.',
    'zh-TW': '無法理解 Docker 對此容器的回覆,因此未做任何動作。請在主機上查看 `docker inspect NAME`。',
  },
};

/** One time that it stands like this: people are told once of each. */
export function episodeOf({ id, status, startedAt, finishedAt }: Container): string {
  return `${id.slice(0, 12)}/${status}/${status === 'exited' ? finishedAt : startedAt}`;
}
