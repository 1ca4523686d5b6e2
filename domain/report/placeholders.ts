/** What is compared of a message: longer ones differ in what nobody reads. */
const longest = 4000;

const month = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const day = '(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}';
const clock = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[ap]m\b)?`;
const zone = String.raw`(?:\s?(?:z|gmt|utc|[+-]\d{2}:?\d{2})(?![a-z\d]))?`;

/**
 * Parts of a message that differ from one occurrence to the next, by what they are, most specific first. What names
 * a thing stays: ports, statuses and other codes, numbered names (`web01`, `shard 3`, `v2`), quoted words.
 */
const placeholders: readonly (readonly [RegExp, string])[] = [
  // statements and values
  [
    /\[sql: [\s\S]{0,4000}?\](?=\s|$)|\(sql: [\s\S]{0,4000}?\)\s*(?=$|\n|in )|\[parameters: [\s\S]{0,4000}?\](?=\s|$)/g,
    '<sql>',
  ],
  [
    /\bline \d{1,9}: (?:select|insert|update|delete|with|create|alter|drop)\b[^\n]{0,400}(?:\n\s*\^)?/g,
    '<sql>',
  ],
  [/(?<=\)=)\([^()\n]{0,500}\)|(?<=failing row contains )\([^\n]{0,500}?\)(?=[.\s]|$)/g, '(<value>)'],
  [/(?<=duplicate entry )'[^'\n]{0,300}'/g, '<value>'],
  [/(?<=invalid input syntax for (?:type )?[a-z ]{2,30}: )"[^"\n]{0,300}"/g, '<value>'],
  // where it stands in a source
  [
    /(\.(?:py|[cm]?[jt]sx?|go|php|rb|rs|java|kt|cs|cpp|c|h|sh|sql|ya?ml|conf|html?|erb|vue))(?::\d{1,7}){1,2}/g,
    '$1:<n>',
  ],
  // who asked
  [
    /<requestid>[^<]{1,100}<\/requestid>|\b(?:request|trace|correlation|span|invocation|transaction|session)[ _-]?id\b["']?\s{0,2}[:=]?\s{0,2}["']?[\w.:/+=-]{4,100}/g,
    '<request id>',
  ],
  [/(?<![\w.+-])[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,6}(?![\w-])/g, '<mail>'],
  [
    /\b(user|username|login|account)(?: name)?(?:[:=]\s?["']?|\s["'«»“]\s?)[\w.@-]{1,80}\s?["'«»”]?/g,
    '$1 <user>',
  ],
  [/\bfor (user|login|account) [\w.@-]{1,80}/g, 'for $1 <user>'],
  // where it stands in a file system that is made anew each time
  [
    /(?<![\w/])\/(?:tmp|var\/tmp|private\/tmp|var\/folders|run\/user\/\d+|dev\/shm)\/[^\s"'`,;:()]{1,300}/g,
    '<path>',
  ],
  [/(?<![\w/])\/proc\/\d+/g, '/proc/<n>'],
  [/\b[a-z]:\\(?:[^\\\s"']{1,100}\\){0,8}te?mp\\[^\s"']{1,300}/g, '<path>'],
  [/(?<=https?:\/\/[^\s"'<>?#]{1,500})[?#][^\s"'<>)\]]{0,2000}/g, '<query>'],
  [/(?<=\/[\w./-]{0,200})\?[\w%.~-]{1,60}=[^\s"'<>)\]]{0,2000}/g, '<query>'],
  // times, in every usual form
  [
    new RegExp(
      `\\b${day},? (?:\\d{1,2} (?:${month})[a-z]{0,6} \\d{2,4}|(?:${month})[a-z]{0,6} {1,2}\\d{1,2})(?:,? \\d{4})?,? {0,2}${clock}${zone}(?: \\d{4})?`,
      'g',
    ),
    '<time>',
  ],
  [new RegExp(`\\b\\d{1,2}[/ -](?:${month})[a-z]{0,6}[/ -]\\d{4}[: ]${clock}${zone}`, 'g'), '<time>'],
  [new RegExp(`\\b(?:${month})[a-z]{0,6}\\.? {1,2}\\d{1,2},?(?: \\d{4},?)? ${clock}${zone}`, 'g'), '<time>'],
  [new RegExp(`(?<!\\d)\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}(?:[t ]|, )${clock}${zone}`, 'g'), '<time>'],
  [new RegExp(`(?<!\\d)\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4},? ${clock}${zone}`, 'g'), '<time>'],
  [/(?<![0-9a-fx])(?:19|20)\d{6}t?[-_]?\d{6}z?(?![0-9a-f])/g, '<time>'],
  [
    new RegExp(
      `\\b(?:${day},? )?\\d{1,2}\\.? (?:${month})[a-z]{0,6} \\d{4}\\b|\\b(?:${month})[a-z]{0,6} \\d{1,2},? \\d{4}\\b`,
      'g',
    ),
    '<date>',
  ],
  [
    /(?<!\d)(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{1,2}\.\d{1,2}\.\d{4})(?!\d)/g,
    '<date>',
  ],
  [/\d{4}年\d{1,2}月\d{1,2}日(?:\s?\d{1,2}[:時时]\d{1,2}(?:[:分]\d{1,2}秒?)?)?/g, '<time>'],
  [/(?<![0-9a-fx])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![0-9a-f])/g, '<date>'],
  [/(?<![\d:])\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?![\d:])/g, '<time>'],
  // ids
  [/(?<![a-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![a-z0-9])/g, '<uuid>'],
  [/(?<![a-z0-9])0x[0-9a-f]{1,64}(?![a-z0-9])/g, '<hex>'],
  // a deployment's pod, a compose replica
  [/-[0-9a-f]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9])/g, '-<pod>'],
  [/(\bcontainer "?[a-z0-9]{1,60}(?:[-_][a-z][a-z0-9]{0,60}){1,6})[-_]\d{1,3}(?![\w.-])/g, '$1-<n>'],
  [/^([a-z0-9]{1,60}(?:[-_][a-z][a-z0-9]{0,60}){1,6})[-_]\d{1,3}(?= exited with)/gm, '$1-<n>'],
  // addresses: a server's with its port names the server, a client's is another one each time
  [
    /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}:(?:3276[89]|327[7-9]\d|32[89]\d{2}|3[3-9]\d{3}|[4-6]\d{4})(?!\d)/g,
    '<address>',
  ],
  [
    /(?<![0-9a-z:.])(?:[0-9a-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{1,4})(?![0-9a-z:])/g,
    '<address>',
  ],
  [/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]|:\d)/g, '<address>'],
  [
    /(?<=@|addr|client|peer|from[ "=:/]{0,3}\S{0,60})(:)(?:3276[89]|327[7-9]\d|32[89]\d{2}|3[3-9]\d{3}|[4-6]\d{4})(?!\d)/g,
    '$1<port>',
  ],
  [
    /(?<![a-z0-9_-])(?=\d{0,128}[a-f])(?=[a-f]{0,128}\d)[0-9a-f]{7,128}(?![a-z0-9_-])|(?<![a-z0-9])(?=\d{0,128}[a-f])(?=[a-f]{0,128}\d)[0-9a-f]{10,128}(?![a-z0-9])|(?<![a-z0-9_-])[a-f]{8,128}(?![a-z0-9_-])/g,
    '<hash>',
  ],
  [
    /(?<![a-z0-9+/=_-])(?=[a-z+/_-]{0,64}\d)(?=(?:[a-z+/_-]{0,64}\d){3})(?!(?:[a-z]{1,40}[-_]?){1,4}\d{1,4}(?![\w-]))(?=[\d+/_-]{0,64}[a-z])[a-z0-9+/]{16,200}={0,2}(?![a-z0-9+/=_-])/g,
    '<id>',
  ],
  [
    /(?<![a-z0-9])(?=\d{0,64}[a-z])(?=(?:[a-z]{0,64}\d){3})(?![a-z]{1,60}\d{1,4}(?![a-z0-9]))[a-z0-9]{8,64}(?![a-z0-9])/g,
    '<id>',
  ],
  [/(?<=\b[a-z]{2,20}[_-])\d{5,20}(?![\w-])/g, '<id>'],
  // amounts
  [
    /\d+(?:[.,]\d+)*\s?(?:ns|us|[µμ]s|ms|msecs?|milliseconds?|microseconds?|secs?|seconds?|s|mins?|minutes?|m|hours?|hrs?|h|days?|d)(?![a-z\d])/g,
    '<duration>',
  ],
  [/\d+(?:[.,]\d+)*\s?(?:bytes?|[kmgtp]i?b|octets)(?![a-z\d])/g, '<size>'],
  [/\d+(?:[.,]\d+)*\s?%/g, '<percent>'],
];

/** A number that is part of a name: it says which. */
const naming =
  /(?:^|[^a-z])(?:port|shard|partition|node|replica|broker|worker|slot|disk|cpu|core|gpu|rank|zone|region|queue|topic|step|stage|phase|version|v|schema|protocol|tier|rack|instance|table|channel|db|database|index|member|server|host)[ #:=]{0,2}$/;
/** Behind a colon stands a port, unless what stands before it counts. */
const counting =
  /(?:^|[^a-z])(?:\w{0,12}id|line|row|job|task|order|count|total|size|len|length|col|column|user|time|ts|attempt|retry|seq|offset|pos|position|item|no|nr|num)["']?:$/;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function isKept(number: string, before: string, after: string): boolean {
  // Letters right beside it: a name.
  if (/[a-z_]$/.test(before) || /[a-z_]/.test(after)) return true;
  if (ipv4.test(number)) return after === ':';
  if (number.length > 5) return false;
  return naming.test(before) || (/[\w\])"']:$/.test(before) && !counting.test(before));
}

const words = /\d+(?:[.,]\d+)*/g;

/** A message with what changes from one occurrence to the next replaced by what it is. */
export function withPlaceholders(message: string): string {
  const start =
    message.length <= longest ? message : `${message.slice(0, 1000)}\n${message.slice(1000 - longest)}`;
  let text = start.normalize('NFKC').toLowerCase();
  for (const [pattern, word] of placeholders) text = text.replace(pattern, word);
  text = text.replace(words, (number, at: number) =>
    isKept(number, text.slice(Math.max(0, at - 24), at), text[at + number.length] ?? '') ? number : '<n>',
  );
  return text.replace(/\s+/g, ' ').trim();
}
