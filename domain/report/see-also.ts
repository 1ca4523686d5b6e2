/**
 * An address in a failure's text has a role: the one that was called, or one that a person should read. The second
 * kind is told by the words before it, by its host or by its path, and is no evidence: it answers whatever is broken.
 */
const address = /https?:\/\/[^\s"'<>`|]{1,500}/gi;

/** The words that lead to something to read, before the address and in the same line. */
const leadsToReading =
  /(?:\b(?:see|docs?|documentation|faq|please visit|visit \S{1,30} for|background (?:on|about)|details? (?:at|on|in)|for (?:more )?details?|refer to|consult|learn more|read (?:more|about|the)|(?:more|further|for|additional) info(?:rmation)?|for help|troubleshooting|report (?:this|the) (?:issue|bug|error)|siehe|voir|consulte|подробнее|см\.?)(?!\w)|詳見|請參[閱考]|参[见考照]|詳細|更多資訊|更多信息|詳しくは)[^\n]{0,60}$/iu;
/** The words that say of the address right behind them that it was called. */
const wasCalled =
  /(?:\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|url|endpoint|request(?:ing)?|calling|fetch(?:ing|ed)?)\b[:= ]*(?:to |for |from )?)["'(<]{0,2}$/i;

const readingHost =
  /^(?:docs?|help|support|wiki|kb|learn)\.|(?:^|\.)(?:readthedocs\.(?:io|org)|pris\.ly|sqlalche\.me|curl\.(?:haxx\.)?se|aka\.ms|go\.microsoft\.com|stackoverflow\.com|errors\.pydantic\.dev|nodejs\.org|docs\.python\.org|developer\.mozilla\.org|wikipedia\.org|github\.io)$/i;
const readingPath =
  /^\/(?:[^/?#]{1,40}\/){0,2}(?:docs|documentation|help|faq|wiki|manual|guides?|troubleshooting|issues|increase-rate-limit)(?:[/?#.]|$)/i;

/** The text with each such address replaced by a word that no pattern takes for one. Linear in the text. */
export function withoutSeeAlso(text: string): string {
  return text.replace(address, (found, at: number) =>
    isToRead(found, text.slice(Math.max(0, at - 100), at)) ? '<see also>' : found,
  );
}

function isToRead(found: string, before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (wasCalled.test(line)) return false;
  if (leadsToReading.test(line)) return true;
  if (!URL.canParse(found)) return false;
  const { hostname, pathname } = new URL(found);
  return readingHost.test(hostname) || readingPath.test(pathname);
}
