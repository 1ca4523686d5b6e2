import { rootOf, type Language } from './chain.ts';
import { readLines } from './lines.ts';
import { readChain } from './read-chain.ts';

/** The exception that a traceback ends in: of a chain, the last one printed. */
export interface TracebackEnd {
  type: string;
  message: string;
  language: Language;
}

/** Only the end is read: output before it can be of any length. */
const tailLength = 32_768;

/**
 * Type and message of the last exception in a program's output, in any language that is read
 * (domain/report/read-chain.ts), as people quote it: of Python the one that ended the program, of others the root of
 * its causes. Null where the text holds none.
 */
export function readTraceback(text: string): TracebackEnd | null {
  const chain = readChain(readLines(text.slice(-tailLength)));
  const link = chain?.language === 'python' ? chain.links[0] : chain && rootOf(chain);
  if (chain === null || link === undefined || link === null || link.type === '') return null;
  return { type: link.type, message: link.message, language: chain.language };
}
