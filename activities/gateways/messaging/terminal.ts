import type { Messenger } from '../../../domain/message/messenger.ts';

/**
 * Messages to whoever watches the process: where no Telegram token is set, and where nobody else can be told.
 * @param write takes one finished text; stderr by default, so that a command's own output stays clean
 */
export const openTerminal = (
  write: (text: string) => void = (text) => void process.stderr.write(text),
): Messenger => ({
  send: ({ chatId, plain }) => {
    const rule = '─'.repeat(60);
    write(`\n${rule}\nTo ${chatId}:\n${plain}\n${rule}\n`);
    return Promise.resolve({ kind: 'sent', messageId: null });
  },
});
